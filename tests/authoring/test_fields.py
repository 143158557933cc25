"""Path, status, headers, query parameters and metadata can hold matchers (reference/matching.md §10.3)."""

from __future__ import annotations

from typing import Any

import pytest

from pactmock.authoring.collector import Collector
from pactmock.authoring.fields import (
    process_headers,
    process_metadata,
    process_path,
    process_query,
    process_status,
)
from pactmock.authoring.integration_json import Processed
from pactmock.errors import InvalidPact
from tests.authoring.matchers import generated, matcher

DIGIT = matcher("regex", "1", regex=r"\d")


def rules_of(processed: Processed) -> dict[str, list[Any]]:
    return {entry.path.text: [rule.to_json() for rule in entry.rules] for entry in processed.rules}


def generators_of(processed: Processed) -> dict[str, str]:
    return {entry.path.text: entry.generator.type for entry in processed.generators}


REGEX = [{"match": "regex", "regex": r"\d"}]


@pytest.mark.parametrize(
    ("given", "path", "rules"),
    [
        ("/a", "/a", {}),
        ({"value": "/a"}, "/a", {}),
        (matcher("regex", "/1", regex=r"\d"), "/1", {"": REGEX}),
        (matcher("matching(regex, '\\d', '/1')"), "/1", {"": REGEX}),
        (
            matcher([matcher("type"), matcher("include", "/")], "/1"),
            "/1",
            {"": [{"match": "type"}, {"match": "include", "value": "/"}]},
        ),
    ],
)
def test_a_path_is_a_text_and_its_rules_hold_for_all_of_it(given: Any, path: str, rules: dict[str, Any]) -> None:
    processed = process_path(given, Collector())
    assert (processed.value, rules_of(processed)) == (path, rules)


def test_a_path_can_have_a_generator() -> None:
    processed = process_path(generated("ProviderState", "/1", expression="/${id}"), Collector())
    assert generators_of(processed) == {"": "ProviderState"}


@pytest.mark.parametrize(
    ("given", "status", "rules"),
    [
        (201, 201, {}),
        ("404", 404, {}),
        (matcher("statusCode", 204, status="success"), 204, {"$": [{"match": "statusCode", "status": "success"}]}),
    ],
)
def test_a_status_is_a_number_however_it_is_written(given: Any, status: int, rules: dict[str, Any]) -> None:
    processed = process_status(given, Collector())
    assert (processed.value, rules_of(processed)) == (status, rules)


QUERIES: list[tuple[Any, Any, dict[str, Any]]] = [
    ("a=1&a&b=%20", {"a": ("1", None), "b": (" ",)}, {}),
    ("", None, {}),
    ({}, None, {}),
    ({"q": "a"}, {"q": ("a",)}, {}),
    ({"q": 5, "r": True, "s": None}, {"q": ("5",), "r": ("true",), "s": (None,)}, {}),
    ({"q": '["1"]'}, {"q": ('["1"]',)}, {}),
    ({"q": ["1", None]}, {"q": ("1", None)}, {}),
    ({"q": {"value": ["1", "2"]}}, {"q": ("1", "2")}, {}),
    ({"x[]": DIGIT}, {"x[]": ("1",)}, {"$['x[]']": REGEX}),
    ({"q": matcher("regex", ["1", "2"], regex=r"\d")}, {"q": ("1", "2")}, {"$.q": REGEX}),
    (
        {"q": matcher("atLeast(1)", [DIGIT, "x"])},
        {"q": ("1", "x")},
        {"$.q[*]": REGEX, "$.q": [{"match": "type", "min": 1}]},
    ),
    ({"q": [DIGIT, "2"]}, {"q": ("1", "2")}, {"$.q": REGEX}),
    ({"q": ["2", DIGIT]}, {"q": ("2", "1")}, {"$.q[1]": REGEX}),
    (
        {"q": [DIGIT, "x", matcher("type", "y")]},
        {"q": ("1", "x", "y")},
        {"$.q[2]": [{"match": "type"}], "$.q[0]": REGEX},
    ),
]


@pytest.mark.parametrize(("given", "query", "rules"), QUERIES)
def test_a_query_parameter_has_one_value_or_several_with_rules_for_one_or_all(
    given: Any, query: Any, rules: dict[str, Any]
) -> None:
    processed = process_query(given, Collector())
    assert processed.value == query
    assert rules_of(processed) == rules


def test_row_41_the_rule_that_says_most_comes_last_as_a_file_keeps_only_that_one() -> None:
    several = [DIGIT, matcher("type", "2"), matcher("type", "3")]
    by_index = process_query({"q": several}, Collector())
    assert list(rules_of(by_index)) == ["$.q[2]", "$.q[1]", "$.q[0]"]
    of_all = process_headers({"X-A": matcher("type", [DIGIT])}, Collector())
    assert list(rules_of(of_all)) == ["$['X-A'][*]", "$['X-A']"]


def test_generators_of_values_stand_under_their_index() -> None:
    values = [generated("Uuid", "a"), generated("RandomInt", 1)]
    assert generators_of(process_query({"q": values}, Collector())) == {"$.q[1]": "RandomInt", "$.q": "Uuid"}


HEADERS: list[tuple[Any, Any, dict[str, Any]]] = [
    ({"Accept": "a/b, c/d", "X-A": " a, b "}, {"Accept": ("a/b", "c/d"), "X-A": ("a, b",)}, {}),
    ({"Accept": ["a/b, c/d", " e"]}, {"Accept": ("a/b, c/d", " e")}, {}),
    ({"X-A": 5}, {"X-A": ("5",)}, {}),
    ({"X-A": DIGIT}, {"X-A": ("1",)}, {"$['X-A']": REGEX}),
    ({"Vary": matcher("type", "a, b")}, {"Vary": ("a", "b")}, {"$.Vary": [{"match": "type"}]}),
    ({"X-A": matcher("type", ["a, b", "c"])}, {"X-A": ("a, b", "c")}, {"$['X-A']": [{"match": "type"}]}),
    ({"X-A": matcher("type", [])}, {"X-A": ()}, {"$['X-A']": [{"match": "type"}]}),
]


@pytest.mark.parametrize(("given", "headers", "rules"), HEADERS)
def test_one_header_text_is_split_as_http_says_and_a_list_is_not(
    given: Any, headers: Any, rules: dict[str, Any]
) -> None:
    processed = process_headers(given, Collector())
    assert processed.value == headers
    assert rules_of(processed) == rules


METADATA: list[tuple[Any, Any, dict[str, Any]]] = [
    ({"k": [1, None], "l": {"a": 1}}, {"k": [1, None], "l": {"a": 1}}, {}),
    ({"k": DIGIT}, {"k": "1"}, {"k": REGEX}),
    ({"a-b": {"c": DIGIT}, "d": [DIGIT]}, {"a-b": {"c": "1"}, "d": ["1"]}, {"a-b.c": REGEX, "d[0]": REGEX}),
    (
        {"a.b": DIGIT, "$": DIGIT, "x y": DIGIT},
        {"a.b": "1", "$": "1", "x y": "1"},
        {"$['a.b']": REGEX, "$['$']": REGEX, "$['x y']": REGEX},
    ),
]


@pytest.mark.parametrize(("given", "metadata", "rules"), METADATA)
def test_metadata_is_json_with_rules_under_its_keys(given: Any, metadata: Any, rules: dict[str, Any]) -> None:
    processed = process_metadata(given, Collector())
    assert processed.value == metadata
    assert rules_of(processed) == rules


REFUSED = [
    (process_path, "a", "The path 'a' does not start with a slash", "/here"),
    (process_path, "/a?b=1", "holds a query: put it under 'query'", "/here"),
    (process_path, None, "A text is needed here, this is null", "/here"),
    (process_path, ["/a"], 'A text is needed here, this is ["/a"]', "/here"),
    (process_path, {"values": "/a"}, "An object here has 'pact:matcher:type'", "/here"),
    (process_path, {"value": ["/a"]}, "An object here has 'pact:matcher:type'", "/here"),
    (process_path, matcher("type"), "A matcher needs an example here: add a 'value'", "/here"),
    (process_path, matcher("type", {"a": 1}), "A text is needed here", "/here"),
    (process_status, "abc", "'abc' is not a status code", "/here"),
    (process_status, 1000, "'1000' is not a status code", "/here"),
    (process_status, 100, "'100' is not a status code", "/here"),
    (process_status, 200.0, "'200.0' is not a status code", "/here"),
    (process_headers, [], "The headers are []: use an object", "/here"),
    (process_headers, {"a b": "x"}, "'a b' cannot be the name of a header", "/here/a b"),
    (process_headers, {"A": "x\r\nB: y"}, "A header cannot hold line ends", "/here/A"),
    (process_headers, {"A": None}, "A text is needed here, this is null", "/here/A"),
    (process_headers, {"A": "1", "a": "2"}, "The header 'a' is there twice", "/here/a"),
    (process_query, 5, "The query parameters are 5: use an object", "/here"),
    (process_query, {"q": [["1"]]}, "A text is needed here", "/here/q"),
    (process_query, {"q": ["1", matcher("regex", "2")]}, "Regex matcher missing 'regex' field", "/here/q/1"),
    (process_query, {"": DIGIT}, "There can be no matcher under an empty name", "/here/"),
    (process_metadata, "x", 'The metadata are "x": use an object', "/here"),
]


@pytest.mark.parametrize(("process", "given", "problem", "pointer"), REFUSED)
def test_what_cannot_be_sent_is_refused_with_its_place(process: Any, given: Any, problem: str, pointer: str) -> None:
    with pytest.raises(InvalidPact) as caught, Collector("here") as collector:
        process(given, collector)
    assert problem in caught.value.message
    assert caught.value.pointer == pointer
