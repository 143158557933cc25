"""What happens when a request cannot be decided within its budget: it fails, says why, and others are still decided."""

from __future__ import annotations

import json
import threading
import time
import tracemalloc
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pactmock.matching.bodies.turns import turn
from pactmock.matching.book import Book
from pactmock.matching.budget import Budget, OutOfBudget
from pactmock.matching.mismatch import UndecidedMismatch
from pactmock.matching.verdict import Outcome, Verdict
from pactmock.pact import specification
from pactmock.pact.documents import reading
from pactmock.pact.model import Request
from pactmock.pact.parts.received_headers import received
from tests.pacts import interaction, pact, rules

SLASHED = {"match": "regex", "regex": "/(a|aa)+$"}
SLOW = {"match": "regex", "regex": "(a|aa)+$"}
HOSTILE = "a" * 64 + "!"


def _book(*requests: dict[str, Any]) -> Book:
    items = [interaction(f"interaction {index}", request) for index, request in enumerate(requests)]
    return Book(reading.read_pact(pact(*items)).http_interactions)


def _request(**document: Any) -> Request:
    read = reading.read_request(document, specification.V3)
    return replace(read, headers=received(read.headers))


def _ruled(category: str, name: str | None = None, rule: dict[str, Any] = SLOW) -> dict[str, Any]:
    rule_list = {"matchers": [rule]}
    return {"matchingRules": {category: rule_list if name is None else {name: rule_list}}}


def _decide(book: Book, request: Request, seconds: float = 0.1) -> Verdict:
    with Budget(seconds):
        return book.match(request)


IN_EACH_PART: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("path", {"path": "/a", **_ruled("path", rule=SLASHED)}, {"path": f"/{HOSTILE}"}),
    ("query", {"query": {"q": ["a"]}, **_ruled("query", "q")}, {"query": {"q": [HOSTILE]}}),
    ("headers", {"headers": {"X": "a"}, **_ruled("header", "X")}, {"headers": {"X": HOSTILE}}),
    ("body", {"body": {"n": "a"}, **_ruled("body", "$.n")}, {"body": {"n": HOSTILE}}),
]


@pytest.mark.parametrize(("part", "expected", "received"), IN_EACH_PART)
def test_a_pattern_that_is_given_up_leaves_its_part_undecided_and_is_named(
    part: str, expected: dict[str, Any], received: dict[str, Any]
) -> None:
    verdict = _decide(_book(expected), _request(**received))
    assert verdict.outcome is Outcome.UNDECIDED
    (found,) = verdict.mismatches
    assert isinstance(found, UndecidedMismatch)
    assert found.part == part
    assert "(a|aa)+$' was given up on" in found.mismatch
    assert found.mismatch.endswith("second(s) of work: simplify the pattern")


def test_it_counts_as_received_only_when_method_and_path_are_known_to_be_its_own() -> None:
    received = {part: _decide(_book(expected), _request(**sent)) for part, expected, sent in IN_EACH_PART}
    assert {part: verdict.counts_as_received for part, verdict in received.items()} == {
        "path": False, "query": True, "headers": True, "body": True,
    }  # fmt: skip


def test_an_interaction_that_matches_wins_over_one_that_is_undecided_whatever_their_order() -> None:
    slow, plain = {"path": "/a", **_ruled("path", rule=SLASHED)}, {"path": f"/{HOSTILE}"}
    for book in (_book(slow, plain), _book(plain, slow)):
        verdict = _decide(book, _request(path=f"/{HOSTILE}"))
        assert verdict.outcome is Outcome.MATCHED
        assert verdict.nearest is not None
        assert verdict.nearest.path_rules is None


def test_what_is_known_to_differ_is_a_mismatch_though_more_could_not_be_compared() -> None:
    expected = {"headers": {"X": "a", "Y": "b"}, **_ruled("header", "X")}
    verdict = _decide(_book(expected), _request(headers={"X": HOSTILE, "Y": "c"}))
    assert verdict.outcome is Outcome.MISMATCH
    assert [type(item) is UndecidedMismatch for item in verdict.mismatches] == [True, False]


def test_the_undecided_one_is_the_nearest_though_another_scores_higher() -> None:
    fields = dict.fromkeys("XYZ", "a")
    book = _book({"headers": {**fields, "W": "b"}}, {"headers": {"X": "a"}, **_ruled("header", "X")})
    verdict = _decide(book, _request(headers={**fields, "W": "c", "X": HOSTILE}))
    assert verdict.outcome is Outcome.UNDECIDED
    assert verdict.nearest is not None
    assert verdict.nearest.index == 1


def test_one_slow_pattern_leaves_time_for_the_others() -> None:
    slow = [{"headers": {"X": "a"}, **_ruled("header", "X")} for _ in range(3)]
    fine = {"headers": {"X": "a"}, **_ruled("header", "X", {"match": "regex", "regex": "(a|!)+"})}
    assert _decide(_book(*slow, fine), _request(headers={"X": HOSTILE}), 0.4).outcome is Outcome.MATCHED


@pytest.mark.parametrize(("part", "expected", "received"), IN_EACH_PART)
def test_a_tentative_budget_passes_the_request_on(
    part: str, expected: dict[str, Any], received: dict[str, Any]
) -> None:
    book = _book(expected)
    with Budget(0.02, tentative=True), pytest.raises(OutOfBudget):
        book.match(_request(**received))
    assert _decide(book, _request(**received)).outcome is Outcome.UNDECIDED, part


def test_a_cancelled_budget_gives_no_verdict() -> None:
    budget = Budget(5)
    budget.cancel()
    with budget, pytest.raises(OutOfBudget):
        _book(IN_EACH_PART[1][1]).match(_request(**IN_EACH_PART[1][2]))


def test_a_body_that_is_too_large_to_be_parsed_is_undecided_unless_it_is_the_expected_one() -> None:
    body = {"n": "a" * 200}
    book = _book({"body": body})
    with Budget(parsed_bytes=100):
        assert book.match(_request(body=body)).outcome is Outcome.MATCHED
        verdict = book.match(_request(body={"n": "b" * 200}))
    assert verdict.outcome is Outcome.UNDECIDED
    assert verdict.mismatches[0].mismatch == (
        "The body could not be compared: it has 208 bytes, and no more than 100 bytes are parsed:"
        " raise --max-parsed-body"
    )


def test_what_differs_before_the_budget_ends_is_told_with_what_could_not_be_compared() -> None:
    wanted, sent = [{"a": i, "b": "x"} for i in range(20_000)], [{"a": -i, "b": "y"} for i in range(20_000)]
    book = _book({"body": wanted})
    request = _request(body=sent)
    book.match(request)  # compiled once, which no request pays for
    verdict = _decide(book, request, 0.1)
    assert verdict.outcome is Outcome.MISMATCH
    assert isinstance(verdict.mismatches[-1], UndecidedMismatch)
    assert "$[1].a" in verdict.mismatches[0].description() or "$[0].b" in verdict.mismatches[0].description()


def _array_contains(variants: int) -> dict[str, Any]:
    listed = [{"index": i, "rules": {"$.n": {"matchers": [{"match": "equality"}]}}} for i in range(variants)]
    return {"body": {"$": {"matchers": [{"match": "arrayContains", "variants": listed}]}}}


HOSTILE_FAMILY: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "a slow path": (IN_EACH_PART[0][1], IN_EACH_PART[0][2]),
    "ten slow headers": (
        {"headers": {f"X{i}": "a" for i in range(10)}, "matchingRules": {
            "header": {f"X{i}": {"matchers": [SLOW]} for i in range(10)}}},
        {"headers": {f"X{i}": HOSTILE for i in range(10)}},
    ),
    "a list of a thousand slow strings": (
        {"body": ["a"], **_ruled("body", "$[*]")},
        {"body": [HOSTILE] * 1000},
    ),
    "slow keys": (
        {"body": {"a": 1}, **_ruled("body", "$", {"match": "eachKey", "rules": [SLOW]})},
        {"body": {f"{HOSTILE}{i}": 1 for i in range(100)}},
    ),
    "many variants in a long list": (
        {"body": [{"n": i} for i in range(200)], "matchingRules": _array_contains(200)},
        {"body": [{"n": -i} for i in range(20_000)]},
    ),
    "lists in lists": (
        {"body": json.loads("[" * 100 + "]" * 100), "matchingRules": rules(**{"$": {"match": "arrayContains",
         "variants": []}})},
        {"body": json.loads("[" * 100 + "1," * 5000 + "1" + "]" * 100)},
    ),
    "a form of one name": (
        {"headers": {"Content-Type": "application/x-www-form-urlencoded"}, "body": "a"},
        {"headers": {"Content-Type": "application/x-www-form-urlencoded"}, "body": "a&" * 120_000},
    ),
    "a query of one name": ({"query": {"a": ["1"]}}, {"query": {"a": ["2"] * 30_000}}),
    "slow XML texts": (
        {"headers": {"Content-Type": "application/xml"}, "body": "<a><b>a</b></a>",
         **_ruled("body", "$.a.b['#text']")},
        {"headers": {"Content-Type": "application/xml"}, "body": f"<a>{f'<b>{HOSTILE}</b>' * 200}</a>"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE_FAMILY)
def test_every_hostile_request_ends_within_its_budget(name: str) -> None:
    expected, received = HOSTILE_FAMILY[name]
    book, request = _book(expected), _request(**received)
    started = time.thread_time()
    verdict = _decide(book, request, 0.2)
    assert time.thread_time() - started < 4  # without a budget, minutes
    assert verdict.outcome in {Outcome.UNDECIDED, Outcome.MISMATCH}


_values = st.sampled_from(["a", "aa", "b", "1", HOSTILE[:20]])
_parts = st.fixed_dictionaries(
    {"path": st.sampled_from(["/a", "/b"])},
    optional={
        "query": st.dictionaries(st.sampled_from("pq"), st.lists(_values, min_size=1, max_size=3)),
        "headers": st.dictionaries(st.sampled_from("XY"), _values),
        "body": st.recursive(_values, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_values, inner)),
    },
)
_ruled_parts = st.tuples(_parts, st.sampled_from([{}, _ruled("body", "$[*]"), _ruled("header", "X"), _ruled("path")]))


@settings(max_examples=200, deadline=None)
@given(st.lists(_ruled_parts, min_size=1, max_size=4), _parts, st.floats(0.00005, 0.01))
def test_a_decision_within_a_budget_is_the_decision_without_one(
    expected: list[tuple[dict[str, Any], dict[str, Any]]], received: dict[str, Any], seconds: float
) -> None:
    book, request = _book(*(parts | ruled for parts, ruled in expected)), _request(**received)
    with Budget(60):
        unbounded = book.match(request)
    try:
        with Budget(seconds, tentative=True):
            verdict = book.match(request)
    except OutOfBudget:
        return  # it is decided again, with more
    assert (verdict.outcome, verdict.nearest) == (unbounded.outcome, unbounded.nearest)
    assert verdict.mismatches == unbounded.mismatches


def test_a_query_of_many_names_is_decided_as_far_as_the_budget_goes() -> None:
    request = Request("GET", "/", query={f"k{number}": ("1",) for number in range(50_000)})
    verdict = _decide(_book({"path": "/"}), request, 0.01)
    assert verdict.outcome is Outcome.MISMATCH
    assert verdict.mismatches[0].mismatch.startswith("The rest of the query could not be compared: it was given up")


def test_an_element_of_many_attributes_is_compared_in_a_moment() -> None:
    """A megabyte of attributes took more than a minute."""
    headers = {"Content-Type": "application/xml"}
    body = "<a " + " ".join(f'a{number}="1"' for number in range(50_000)) + "/>"
    book = _book({"headers": headers, "body": body, **_ruled("body", "$.a", {"match": "type"})})
    with Budget(30) as given_budget:
        assert book.match(_request(headers=headers, body=body)).outcome is Outcome.MATCHED
        assert given_budget.left > 25


XML: Any = {"headers": {"Content-Type": "application/xml"}}


def test_a_megabyte_of_elements_that_are_too_many_is_decided_in_a_few_megabytes() -> None:
    """It took 2.6 seconds and 280 MB, as what was said of each element was kept for each."""
    book = _book({**XML, "body": "<a><b/></a>"})
    request = _request(**XML, body=f"<a>{'<b/>' * 250_000}</a>")
    with Budget(20):
        tracemalloc.start()
        try:
            verdict = book.match(request)
            largest = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert verdict.outcome is Outcome.MISMATCH
    assert len(verdict.mismatches) == 249_999
    assert largest < 100 * 1024 * 1024


@pytest.mark.parametrize("item", ["<b/>", "<b c='' d=''/>", "<!-- -->"])
def test_a_document_of_more_elements_and_attributes_than_are_compared_is_undecided(item: str) -> None:
    book = _book({**XML, "body": "<a><b/></a>"})
    verdict = _decide(book, _request(**XML, body=f"<a>{item * 400_000}</a>"), 2)
    assert verdict.outcome is Outcome.UNDECIDED
    assert "no more than 400,000 are compared: send less" in verdict.mismatches[0].mismatch


def test_such_a_document_matches_as_the_same_bytes() -> None:
    document = f"<a>{'<b/>' * 400_000}</a>"
    verdict = _decide(_book({**XML, "body": document}), _request(**XML, body=document), 20)
    assert verdict.outcome is Outcome.MATCHED


def test_large_documents_are_compared_one_at_a_time_and_small_ones_meanwhile() -> None:
    book = _book({**XML, "body": "<a><b/></a>"})
    large = _request(**XML, body=f"<a>{'<b/>' * 50_000}</a>")
    done: list[Outcome] = []
    with turn(50_000):
        waiting = threading.Thread(target=lambda: done.append(_decide(book, large, 20).outcome))
        waiting.start()
        small = _request(**XML, body=f"<a>{'<b/>' * 20_000}</a>")
        assert _decide(book, small, 20).outcome is Outcome.MISMATCH
        with Budget(20, tentative=True), pytest.raises(OutOfBudget):
            book.match(large)
        waiting.join(0.3)
        assert not done
    waiting.join(20)
    assert done == [Outcome.MISMATCH]


def test_what_a_neighbour_expects_is_looked_for_only_for_a_moment() -> None:
    book = _book(IN_EACH_PART[0][1])
    started = time.thread_time()
    assert book.find(_request(**IN_EACH_PART[0][2])) is None
    assert book.find(_request(path="/aaaa")) is not None
    assert time.thread_time() - started < 2  # without its own, shorter budget, minutes
