"""Pacts are what the Ruby service writes (reference/ruby-api.md §8)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from pactmock.pact.json.values import in_order
from pactmock.ruby_api.errors import RubyError
from pactmock.ruby_api.files import MERGE, NONE, OVERWRITE, UPDATE, Writing, write
from pactmock.ruby_api.interaction import Interaction
from pactmock.ruby_api.versions import V1, V2, V3, Version, named
from pactmock.ruby_api.writing import interaction_document
from tests.ruby_api.given import document, each_like, interaction, like, regexp, term

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TYPE = {"match": "type"}


def pattern(source: str) -> dict[str, str]:
    return {"match": "regex", "regex": source}


def test_matchers_become_rules_beside_examples_in_the_order_of_the_document() -> None:
    request = {
        "method": "Post",
        "path": term("/x/1", r"^/x/\d$"),
        "query": {"a": term("1", r"\d"), "b": each_like("y z", 2), "c": ["1", like("é")], "f": {"g": like("1")}},
        "headers": {"X-A": term("v/1", r"v/\d"), "X-B": like("b")},
        "body": {
            "l": like({"a": 1, "b": [like("x")]}),
            "arr": each_like({"k": term("1", "1/?"), "m": each_like("z", 2)}, 2),
            "ll": like(each_like("q")),
            "aa": each_like(each_like("w")),
            "dotted.key": like(1),
            "with space": like(1),
            "r": regexp("^a$"),
            "n": None,
        },
    }
    written = interaction_document(interaction(request, {"body": each_like({"id": like(1)}, 0)}), V2)["request"]
    rules = written.pop("matchingRules")
    assert in_order(written).decode() == (
        '{"method":"Post","path":"/x/1","query":"a=1&b=y+z&b=y+z&c=1&c=%C3%A9&f[g]=1",'
        '"headers":{"X-A":"v/1","X-B":"b"},"body":{"l":{"a":1,"b":["x"]},'
        '"arr":[{"k":"1","m":["z","z"]},{"k":"1","m":["z","z"]}],"ll":["q"],"aa":[["w"]],'
        '"dotted.key":1,"with space":1,"r":"a","n":null}}'
    )
    assert list(rules.items()) == [
        ("$.path", pattern(r"^\/x\/\d$")),
        ("$.query.a[0]", pattern(r"\d")),
        ("$.query.b", {"min": 2}),
        ("$.query.b[*].*", TYPE),
        ("$.query.c[1]", TYPE),
        ("$.query.f[g][0]", TYPE),
        ("$.headers.X-A", pattern(r"v\/\d")),
        ("$.headers.X-B", TYPE),
        ("$.body.l", TYPE),
        ("$.body.l.b[0]", TYPE),
        ("$.body.arr", {"min": 2}),
        ("$.body.arr[*].*", TYPE),
        ("$.body.arr[*].k", pattern(r"1\/?")),
        ("$.body.arr[*].m", {"min": 2}),
        ("$.body.arr[*].m[*].*", TYPE),
        ("$.body.ll", {"match": "type", "min": 1}),
        ("$.body.ll[*].*", TYPE),
        ("$.body.aa", {"min": 1}),
        ("$.body.aa[*].*", TYPE),
        ("$.body.aa[*]", {"min": 1}),
        ("$.body.aa[*][*].*", TYPE),
        ("$.body['dotted.key']", TYPE),
        ("$.body.with space", TYPE),
    ]


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ({"query": "b=1&a=x%20y", "headers": {}, "body": None}, {"query": "b=1&a=x%20y", "headers": {}, "body": None}),
        ({"query": ""}, {"query": ""}),
        ({"query": {}}, {"query": ""}),
        ({"query": {"s": "a&b=c~*-._ é/"}}, {"query": "s=a%26b%3Dc%7E*-._+%C3%A9%2F"}),
        ({"query": term("a=1", "a")}, {"query": "a=1", "matchingRules": {"$.query": pattern("a")}}),
        ({"body": {"a": "1", "b": ["x", "y z"]}, "headers": FORM}, {"headers": FORM, "body": "a=1&b=x&b=y+z"}),
        ({"options": {"allow_unexpected_keys_in_body": True}, "other": 1}, {}),
    ],
)
def test_members_of_a_request_are_written_as_they_were_given(given: Any, written: Any) -> None:
    assert interaction_document(interaction(given), V2)["request"] == {"method": "get", "path": "/x", **written}


def test_a_response_always_has_headers() -> None:
    assert interaction_document(interaction(), V2)["response"] == {"status": 200, "headers": {}}


def test_only_a_state_that_is_there_is_written() -> None:
    assert "providerState" not in interaction_document(interaction(), V2)
    assert interaction_document(interaction(provider_state=""), V2)["providerState"] == ""


def test_options_of_patterns_are_written_inside_of_them() -> None:
    written = interaction_document(interaction({"body": term("AB", "^a/?b$", 1)}), V2)
    assert written["request"]["matchingRules"] == {"$.body": pattern(r"(?i:^a\/?b$)")}


def test_version_1_keeps_the_matchers_of_responses_and_no_others() -> None:
    body = {"a": each_like(term("1", "1"), 2)}
    written = interaction_document(interaction({"body": body}, {"body": body}), V1)
    assert written["request"] == {"method": "get", "path": "/x", "body": {"a": ["1", "1"]}}
    assert written["response"] == {"status": 200, "headers": {}, "body": body}


def test_version_3_is_version_2_but_for_its_name() -> None:
    given = interaction({"query": {"a": "1"}, "body": like(1)}, providerState="s")
    assert interaction_document(given, V3) == interaction_document(given, V2)


@pytest.mark.parametrize(
    ("text", "number"),
    [("2", "2.0.0"), ("2.0.0", "2.0.0"), ("1.1.0", "1.0.0"), ("3", "3.0.0"), ("4", "4.0.0"), ("", "2.0.0")],
)
def test_only_the_first_digit_of_a_version_counts(text: str, number: str) -> None:
    assert named(text).number == number


# Files.


def writing(directory: Path, mode: str = OVERWRITE, version: Version = V2, **names: str) -> Writing:
    consumer, provider = names.get("consumer", "Shop"), names.get("provider", "The  Prov")
    return Writing({"name": consumer}, {"name": provider}, version, mode, directory)


def in_file(directory: Path) -> list[Any]:
    return [
        item["description"] for item in json.loads((directory / "shop-the__prov.json").read_bytes())["interactions"]
    ]


def some(*descriptions: str, status: int = 200) -> Sequence[Interaction]:
    return [interaction({}, {"status": status}, description=name) for name in descriptions]


def test_a_pact_is_written_whole_and_returned(tmp_path: Path) -> None:
    written = write(some("b", "a"), writing(tmp_path / "new"))
    text = (tmp_path / "new" / "shop-the__prov.json").read_text()
    assert json.loads(text) == written
    assert list(written) == ["consumer", "provider", "interactions", "metadata"]
    assert written["metadata"] == {"pactSpecification": {"version": "2.0.0"}}
    assert text.startswith('{\n  "consumer": {\n    "name": "Shop"\n  },\n')


def test_overwriting_leaves_nothing_of_what_was_there(tmp_path: Path) -> None:
    write(some("a", "b"), writing(tmp_path))
    write(some("c"), writing(tmp_path))
    assert in_file(tmp_path) == ["c"]


def test_an_unknown_mode_overwrites(tmp_path: Path) -> None:
    write(some("a", "b"), writing(tmp_path))
    write(some("c"), writing(tmp_path, "smart"))
    assert in_file(tmp_path) == ["c"]


def test_updating_replaces_in_place_and_appends(tmp_path: Path) -> None:
    write(some("a", "b"), writing(tmp_path))
    written = write(some("c", "a", status=201), writing(tmp_path, UPDATE))
    assert in_file(tmp_path) == ["a", "b", "c"]
    assert [item["response"]["status"] for item in written["interactions"]] == [201, 200, 201]


def test_merging_refuses_what_says_otherwise_and_leaves_the_file(tmp_path: Path) -> None:
    write(some("a"), writing(tmp_path))
    before = (tmp_path / "shop-the__prov.json").read_bytes()
    with pytest.raises(RubyError, match="but a different response status has already been used"):
        write(some("b", "a", status=201), writing(tmp_path, MERGE))
    assert (tmp_path / "shop-the__prov.json").read_bytes() == before


def test_merging_what_is_there_already_changes_nothing(tmp_path: Path) -> None:
    request = {"path": term("/a/1", r"^/a/\d$"), "query": "b=1&a=2", "body": {"l": each_like({"k": like(1)}, 2)}}
    given = [interaction(request, {"body": [like(1)]}, providerState="s")]
    for version in (V1, V2, V3):
        write(given, writing(tmp_path, version=version))
        before = (tmp_path / "shop-the__prov.json").read_bytes()
        write(given, writing(tmp_path, MERGE, version))
        assert (tmp_path / "shop-the__prov.json").read_bytes() == before


def test_what_others_wrote_stays_as_it_is(tmp_path: Path) -> None:
    rules = {"$.body.a": {"match": "date", "date": "yyyy"}}
    other = document({"body": {"a": "2000"}, "matchingRules": rules}, description="theirs")
    whole = {"interactions": [other], "metadata": {"pactSpecification": {"version": "2.0.0"}}}
    (tmp_path / "shop-the__prov.json").write_bytes(in_order(whole))
    assert write(some("a"), writing(tmp_path, UPDATE))["interactions"][0] == other


def test_a_file_that_cannot_be_read_is_replaced_and_the_log_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "shop-the__prov.json").write_text("{")
    write(some("a"), writing(tmp_path, UPDATE))
    assert in_file(tmp_path) == ["a"]
    assert "cannot be read and is replaced" in caplog.text


@pytest.mark.parametrize(("used", "mode"), [(["a"], NONE), ([], OVERWRITE)])
def test_no_file_is_touched_where_nothing_was_used_or_none_is_wanted(
    tmp_path: Path, used: list[str], mode: str
) -> None:
    written = write(some(*used), writing(tmp_path / "new", mode))
    assert len(written["interactions"]) == len(used)
    assert not (tmp_path / "new").exists()


def test_names_lead_nowhere_else(tmp_path: Path) -> None:
    write(some("a"), writing(tmp_path / "pacts", consumer="../../up", provider="a/b"))
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.json")] == ["pacts/______up-a_b.json"]


def test_many_writers_lose_nothing_of_each_other(tmp_path: Path) -> None:
    names = [f"interaction {number}" for number in range(24)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda name: write(some(name), writing(tmp_path, MERGE)), names))
    assert sorted(in_file(tmp_path)) == sorted(names)
