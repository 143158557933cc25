"""The parity tool is fair: it draws the same cases again, overlooks only what it should, and makes cases small."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace

import pytest

from pactmock.errors import InvalidPact, InvalidRule
from pactmock.pact.documents import reading
from pactmock.pact.json.values import parse
from parity import known
from parity.answer import Answer, Phase, Reply
from parity.case import Case, Json, Wire
from parity.comparing import compare
from parity.draw.cases import draw_all
from parity.draw.edits import paths, without
from parity.draw.kinds import KINDS
from parity.explaining import is_undecided
from parity.known import Disagreement
from parity.path import covers
from parity.players import VARIABLE, find_reference
from parity.report import Finding, Tally, findings, table
from parity.shrinking import forms, shrink
from tests.patience import HANG

MATCHED = Reply(200, body=b"{}")
REFUSED = Reply(500, "Request-Mismatch")


def case(**request: Json) -> Case:
    interaction = {"description": "one", "request": {"method": "POST", "path": "/", **request}, "response": {}}
    return Case("json", "a case", "V3", (interaction,), (Wire("POST", "/", (), b'{"a": 1, "b": [1, 2]}'),))


def mismatch(text: str = "Expected 1 (Integer) to be null", **fields: str) -> Json:
    return {"type": "BodyMismatch", "path": "$", "expected": "1", "actual": "2", "mismatch": text, **fields}


def answer(*mismatches: Json, reply: Reply = REFUSED, **more: Json) -> Answer:
    entry = {"type": "request-mismatch", "method": "POST", "path": "/", "mismatches": list(mismatches), **more}
    return Answer((Phase((reply,), 422, (entry,)),))


def disagreement(reference: Answer, own: Answer, of: Case) -> Disagreement:
    return Disagreement(of, reference, own, compare(reference, own, known.mend))


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_draws_the_same_cases(kind: str) -> None:
    assert list(draw_all(kind, 9, seed=3)) == list(draw_all(kind, 9, seed=3))
    assert list(draw_all(kind, 9, seed=3)) != list(draw_all(kind, 9, seed=4))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_drawn_are_pacts_with_requests(kind: str) -> None:
    refused = 0
    for drawn in draw_all(kind, 60, seed=1):
        assert drawn.first
        assert drawn.then
        try:
            pact = reading.read_pact(parse(json.dumps(drawn.pact())))
        except (InvalidPact, InvalidRule):
            refused += 1
        else:
            assert pact.specification == drawn.version
            assert len(pact.interactions) == len(drawn.interactions)
    assert refused < 6, "cases that are refused show nothing"


def test_both_servers_get_the_same_bytes() -> None:
    wire = Wire("POST", "/a?b=%20", (("X-A", "1"), ("x-a", "é")), b"\xff")
    assert wire.to_bytes() == (
        b"POST /a?b=%20 HTTP/1.1\r\nHost: parity\r\nX-A: 1\r\nx-a: \xe9\r\nContent-Length: 1\r\n\r\n\xff"
    )


def test_the_order_of_mismatches_and_what_pactmock_adds_do_not_count() -> None:
    first, second = mismatch("one"), mismatch("two")
    comparison = compare(answer(first, second), answer(second, first, first, interaction={"index": 0}))
    assert comparison.agrees
    assert (comparison.verdict, comparison.texts, comparison.written) == (True, True, None)


def test_another_reply_is_another_verdict() -> None:
    comparison = compare(answer(mismatch()), Answer((Phase((MATCHED,), 204),)))
    assert not comparison.verdict
    assert comparison.signature[0] == "verdict"


def test_other_words_are_the_same_verdict() -> None:
    comparison = compare(answer(mismatch("one")), answer(mismatch("two")))
    assert comparison.verdict
    assert not comparison.texts
    assert comparison.only_own == ('BodyMismatch {"actual": "2", "expected": "1", "mismatch": "two", "path": "$"}',)


def test_a_reply_that_only_one_server_refused_as_http_is_named_alone() -> None:
    comparison = compare(answer(mismatch(), reply=Reply(500, body=b"Found an invalid header")), answer(mismatch("two")))
    assert comparison.signature == ("verdict", "reference: odd reply 500  Found an invalid header")


def test_disagreements_are_of_one_class_whatever_the_values() -> None:
    one = compare(answer(mismatch("Expected 'a' (String) to be a number")), answer())
    two = compare(answer(mismatch("Expected 'b' (String) to be a number", path="$.x[3]")), answer())
    assert one.signature == two.signature
    assert one.signature != compare(answer(mismatch("Expected 'a' (String) to be null")), answer()).signature


def test_written_pacts_are_compared_without_their_writers() -> None:
    def written(**metadata: Json) -> Answer:
        pact = {"provider": {"name": "api"}, "consumer": {"name": "c1"}, "interactions": [{"a": 1}, {"b": 2}]}
        return Answer((Phase((MATCHED,), 204, (), {**pact, "metadata": {"pactSpecification": "V3", **metadata}}),))

    assert compare(written(pactRust="1"), written()).written is True
    assert compare(written(pactSpecification="V4"), written()).written is False


def test_a_pact_that_both_refuse_is_agreed_on() -> None:
    assert compare(Answer(refused="no"), Answer(refused="because")).agrees
    assert compare(Answer(refused="no"), answer()).signature[0] == "refused"


@pytest.mark.parametrize(
    ("expression", "path", "expected"),
    [
        ("$", "$.a[0]", True),
        ("$.a[*]", "$.a[0].b", True),
        ("$.*", "$['a b']", True),
        ("$['a b']", "$['a b'].c", True),
        ("$.a.b", "$.a", False),
        ("$.a", "$.b", False),
    ],
)
def test_a_rule_covers_what_is_below_it(expression: str, path: str, expected: bool) -> None:
    assert covers(expression, path) is expected


def test_known_names_of_lists_are_taken_out_and_all_else_is_still_compared() -> None:
    theirs = {"type": "QueryMismatch", "parameter": "$.q", "expected": "1", "actual": "2", "mismatch": "Expected"}
    ours = {**theirs, "parameter": "q"}
    found = known.find(disagreement(answer(theirs), answer(ours), case()))
    assert [row.number for row in found] == [27]
    assert known.find(disagreement(answer(theirs), answer({**ours, "actual": "3"}), case())) == []


def test_or_explains_only_what_is_below_it() -> None:
    rules = {"body": {"$.a": {"combine": "OR", "matchers": [{"match": "type"}, {"match": "null"}]}}}
    below, beside = mismatch(path="$.a.b"), mismatch(path="$.b")
    found = known.find(disagreement(answer(below, beside), answer(beside), case(matchingRules=rules)))
    assert [row.number for row in found] == [15]
    assert known.find(disagreement(answer(below, beside), answer(below), case(matchingRules=rules))) == []


def test_quotes_of_a_text_explain_only_themselves() -> None:
    def missing(body: str) -> Answer:
        entry = {"type": "missing-request", "method": "PUT", "path": "/", "request": {"path": "/", "body": body}}
        return Answer((Phase((REFUSED,), 422, (entry,)),))

    quoted = disagreement(missing("a\tb"), missing(json.dumps("a\tb")), case())
    assert [row.number for row in known.find(quoted)] == [73]
    assert known.find(disagreement(missing("a\tb"), missing(json.dumps("a")), case())) == []


SAME_TO_US = [
    (
        19,
        {"body": "<a/>", "matchingRules": {"body": {"$.a[*].b": {"matchers": [{"match": "type"}]}}}},
        {"body": "<a/>", "matchingRules": {"body": {"$.a.b": {"matchers": [{"match": "type"}]}}}},
    ),
    (19, {"matchingRules": {"$.body.a[*]": {"min": 1}}}, {"matchingRules": {"$.body.a": {"min": 1}}}),
    (
        10,
        {"matchingRules": {"body": {"$": {"matchers": [{"match": "eachKey", "rules": [{"match": "eachValue"}]}]}}}},
        {"matchingRules": {"body": {"$": {"matchers": [{"match": "eachKey", "rules": [{"match": "values"}]}]}}}},
    ),
    (
        38,
        {"matchingRules": {"$.query['b[]']": {"match": "type"}, "$.path": {"regex": "a"}, "$.body.a": {"min": 1}}},
        {
            "matchingRules": {
                "query": {"b[]": {"matchers": [{"match": "type"}]}},
                "path": {"matchers": [{"regex": "a"}]},
                "body": {"$.a": {"matchers": [{"min": 1}]}},
            }
        },
    ),
]


@pytest.mark.parametrize(("number", "request_", "told"), SAME_TO_US)
def test_the_reference_is_told_in_its_own_words_what_pactmock_understands(
    number: int, request_: Json, told: Json
) -> None:
    tells = [row.tell for row in known.KNOWN if row.number == number and row.tell]
    assert [tell(case(**request_)).interactions for tell in tells] == [case(**told).interactions]


BINARY = find_reference()


@pytest.mark.skipif(BINARY is None, reason=f"there is no Rust server: name the binary of pact-cli in {VARIABLE}")
def test_both_servers_agree_on_some_cases_of_each_kind() -> None:
    command = [sys.executable, "-m", "parity", "--cases", "6", "--seed", "7", "--keep-going"]
    played = subprocess.run(command, capture_output=True, text=True, timeout=HANG, check=False)
    assert played.returncode == 0, played.stdout + played.stderr
    lines = played.stdout.splitlines()
    assert [line.rpartition(" 6 ")[0].strip() for line in lines[1 : len(KINDS) + 1]] == list(KINDS)
    assert lines[-1].endswith("0 kind(s) of disagreement are unexplained")


def test_a_reference_that_contradicts_itself_is_undecided() -> None:
    one, two = answer(mismatch("one")), answer(mismatch("two"))
    assert is_undecided([one, two, one], two)
    assert not is_undecided([one, one], two)
    assert not is_undecided([one, two], answer(mismatch("three")))


def test_every_smaller_form_is_smaller_in_one_thing() -> None:
    body = {"a": 1, "b": [1, 2]}
    whole = case(body=body, headers={"X": "1"}, query={"q": ["1"]})
    whole = replace(whole, first=(Wire("POST", "/?q=1", (("X", "1"),), json.dumps(body).encode()),))
    smaller = list(forms(whole))
    assert all(form != whole for form in smaller)
    assert next(without(body, path) for path in paths(body) if path) in [
        form.interactions[0]["request"].get("body") for form in smaller
    ]


async def test_shrinking_keeps_what_matters() -> None:
    async def still_shows(cases: Sequence[Case]) -> list[bool]:
        return [b'"a"' in item.requests[0].body and "a" in str(item.interactions) for item in cases]

    smallest = await shrink(case(body={"a": 1, "b": [1, 2]}, headers={"X": "1"}), still_shows)
    assert smallest.requests[0].body == b'{"a": 1}'
    assert "headers" not in smallest.interactions[0]["request"]


def test_the_report_names_what_is_unexplained_first_and_what_is_too_little() -> None:
    tally = Tally("json", cases=1000, verdicts=994, texts=994)
    assert "99.40%" in table([tally])[1]
    assert table([tally])[1].endswith("under the threshold")
    assert Tally("json", cases=1000, verdicts=994, texts=994, known_verdicts=6, known_texts=6).is_good
    shown = disagreement(answer(mismatch()), answer(), case())
    lines = findings([Finding(shown, known.KNOWN[0], 5, {"json"}), Finding(shown, None, 1, {"json"})])
    titles = [line for line in lines if "times, in json" in line]
    assert titles[0].startswith("UNEXPLAINED (1 times")
    assert titles[1].startswith("row 7")
