"""What did not match is explained: the nearest interactions, part by part, the rule that decided, and some advice."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from pactmock.matching.book import Book
from pactmock.matching.explaining.explain import explain
from pactmock.pact import specification
from pactmock.pact.documents import reading
from pactmock.pact.model import Request
from pactmock.pact.parts.received_headers import received
from pactmock.reports import json as json_report
from tests.pacts import interaction, pact

JSON = {"Content-Type": "application/json"}


def _request(document: dict[str, Any]) -> Request:
    read = reading.read_request(document, specification.V3)
    return replace(read, headers=received(read.headers))


def _near(actual: dict[str, Any], *expected: dict[str, Any]) -> list[dict[str, Any]]:
    items = [interaction(f"interaction {index}", request) for index, request in enumerate(expected)]
    book = Book(reading.read_pact(pact(*items)).http_interactions)
    return json_report.near_misses(explain(book.match(_request(actual))))


def _ruled(category: str, name: str, *rules: dict[str, Any]) -> dict[str, Any]:
    return {"matchingRules": {category: {name: {"matchers": list(rules)}}}}


def test_the_three_nearest_are_ranked() -> None:
    expected = [{"path": f"/{index}", "headers": {"A": "1", "B": str(index)}} for index in range(5)]
    near = _near({"path": "/3", "headers": {"A": "1", "B": "1"}}, *expected)
    assert [item["interaction"]["index"] for item in near] == [1, 3, 0]
    assert [item["score"] for item in near] == [2, 2, 0]


def test_every_part_says_whether_it_matched() -> None:
    expected = {"method": "POST", "path": "/a", "headers": JSON, "body": {"n": 1}}
    (near,) = _near(expected | {"query": {"q": ["1"]}, "body": {"n": 2}}, expected)
    assert [(part["part"], part["matched"]) for part in near["parts"]] == [
        ("method", True),
        ("path", True),
        ("query", False),
        ("headers", True),
        ("body", False),
    ]


@pytest.mark.parametrize(
    ("expected", "actual", "part", "rule"),
    [
        (
            {"path": "/1", "matchingRules": {"path": {"matchers": [{"match": "regex", "regex": r"/\d"}]}}},
            {"path": "/x"},
            "path",
            {"path": "", "combine": "AND", "matchers": [{"match": "regex", "regex": r"/\d"}]},
        ),
        (
            {"query": {"q": ["1"]}, **_ruled("query", "q", {"match": "integer"})},
            {"query": {"q": ["x"]}},
            "query",
            {"path": "$.q", "combine": "AND", "matchers": [{"match": "integer"}]},
        ),
        (
            {"headers": {"X-A": "1"}, **_ruled("header", "X-A", {"match": "integer"})},
            {"headers": {"x-a": "x"}},
            "headers",
            {"path": "$['X-A']", "combine": "AND", "matchers": [{"match": "integer"}]},
        ),
        (
            {"headers": JSON, "body": {"a": [{"b": 1}]}, **_ruled("body", "$.a[*].b", {"match": "integer"})},
            {"headers": JSON, "body": {"a": [{"b": "x"}]}},
            "body",
            {"path": "$.a[*].b", "combine": "AND", "matchers": [{"match": "integer"}]},
        ),
        ({"headers": JSON, "body": {"a": 1}}, {"headers": JSON, "body": {"a": 2}}, "body", None),
    ],
)
def test_a_mismatch_names_the_rule_that_decided(
    expected: dict[str, Any], actual: dict[str, Any], part: str, rule: Any
) -> None:
    (near,) = _near(actual, expected)
    (found,) = [item for item in near["parts"] if item["part"] == part]
    assert [item["rule"] for item in found["mismatches"]] == [rule]


ADVICE: list[tuple[dict[str, Any], dict[str, Any], str | None]] = [
    ({"path": "/a"}, {"path": "/a/"}, "The paths differ only in the slash at the end: send /a."),
    ({"path": "/Users"}, {"path": "/users"}, "The paths differ only in upper and lower case: send /Users."),
    ({"path": "/a%20b"}, {"path": "/a+b"}, None),
    ({"path": "/a/b"}, {"path": "/a%2Fb"}, "The paths differ only in what is percent-encoded: send /a/b."),
    ({"path": "/a"}, {"path": "/a%3Fq=1"}, "The query was sent as part of the path: the `?` must not be encoded."),
    (
        {"method": "POST", "path": "/a"},
        {"path": "/a"},
        "The path is the expected one: send it with POST instead of GET.",
    ),
    (
        {"headers": {"Accept": "application/json"}},
        {},
        "The request has no header Accept: set it, for example to `application/json`.",
    ),
    (
        {"body": {"a": 1}},
        {"headers": {"Content-Type": "text/plain"}, "body": "x"},
        "The body was sent as text/plain: set the header Content-Type to application/json.",
    ),
    (
        {"headers": {"Content-Type": "text/csv;charset=utf-8"}},
        {"headers": {"Content-Type": "text/csv"}},
        "The Content-Types differ only in the charset: send text/csv;charset=utf-8.",
    ),
    (
        {"headers": {"Content-Type": "text/csv;charset=utf-8;header=absent"}},
        {"headers": {"Content-Type": "text/csv;charset=utf-8"}},
        None,
    ),
    ({"query": {"Q": ["1"]}}, {"query": {"q": ["1"]}}, "The query parameter was sent as `q`: it is expected as `Q`."),
    (
        {"query": {"q": ["1"]}},
        {"query": {"q[]": ["1"]}},
        "The query parameter was sent as `q[]`: it is expected as `q`.",
    ),
    (
        {"headers": JSON, "body": {"a": {"b": 1}}},
        {"headers": JSON, "body": {"a": [1]}},
        "$.a is a list where an object was expected.",
    ),
    (
        {"headers": JSON, "body": {"a": 1}},
        {"headers": JSON, "body": {"a": "1"}},
        "$.a is a number inside a text: send 1 without the quotes.",
    ),
    (
        {"headers": JSON, "body": {"a": "1"}},
        {"headers": JSON, "body": {"a": 1}},
        '$.a is a number where a text was expected: send "1" in quotes.',
    ),
    ({"headers": JSON, "body": {"a": "x"}}, {"headers": JSON, "body": {"a": "y"}}, None),
    ({"path": "/a"}, {"path": "/b"}, None),
]


@pytest.mark.parametrize(("expected", "actual", "advice"), ADVICE)
def test_advice_is_given_where_the_cause_is_known(
    expected: dict[str, Any], actual: dict[str, Any], advice: str | None
) -> None:
    (near,) = _near(actual, expected)
    assert near["advice"] == advice


def test_a_request_that_matches_has_no_near_misses() -> None:
    assert _near({"path": "/a"}, {"path": "/a"}) == []


def test_a_pact_without_interactions_has_no_near_misses() -> None:
    assert _near({"path": "/a"}) == []


def test_three_mismatches_of_a_part_are_all_told() -> None:
    """They were left out while they were only estimated, at several times what they take."""
    book = _semver_book()
    verdict = book.match(Request("GET", "/q", query={"q": ("", "1e5", "2000-02-01T14:30:00Z")}))
    (part,) = (part for part in explain(verdict).near[0].parts if part.part == "query")
    assert (len(part.differences), part.more) == (3, 0)


def _semver_book() -> Book:
    rule = {"matchingRules": {"query": {"q": {"matchers": [{"match": "semver"}]}}}}
    document = pact(interaction("q", {"path": "/q", "query": {"q": ["2000-02-01T14:30:00Z"]}, **rule}))
    return Book(reading.read_pact(document).http_interactions)


def test_what_differs_late_in_a_long_text_is_not_cut_off() -> None:
    text = "\n".join(f"line {number} é" for number in range(2000))
    kind = {"headers": {"Content-Type": "text/plain"}}
    (near,) = _near({**kind, "body": text.replace("line 1500 ", "another ")}, {**kind, "body": text})
    ((found,),) = [part["mismatches"] for part in near["parts"] if part["part"] == "body"]
    assert "line 1500 é" in found["expected"]
    assert "another é" in found["actual"]
    assert found["expected"].startswith("… (")
    assert len(json.dumps(found["expected"], ensure_ascii=False).encode()) <= 1024
