"""Messages and responses are compared as the reference does it (reference/matching.md §3.7, §4.3, §5.4, §5.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from pactmock.matching import compare_message, compare_response
from pactmock.pact import specification
from pactmock.pact.documents import reading
from pactmock.pact.json.values import compact

Json = Mapping[str, Any]


def _message(expected: Json, actual: Json) -> list[str]:
    version = specification.V4
    found = compare_message(*(reading.read_contents(dict(side), version) for side in (expected, actual)))
    return [str(item.mismatch) for item in found]


def _response(expected: Json, actual: Json) -> list[str]:
    version = specification.V3
    found = compare_response(*(reading.read_response(dict(side), version) for side in (expected, actual)))
    return [item.mismatch for item in found]


def _metadata(rule: Json | None, expected: Any, actual: Any) -> list[str]:
    rules = {} if rule is None else {"matchingRules": {"metadata": {"$.k": {"matchers": [rule]}}}}
    return _message({"metadata": {"k": expected}, **rules}, {"metadata": {"k": actual}})


SIZED: list[tuple[Json, Any, Any, str | None]] = [
    ({"match": "type", "min": 2}, [1], [1], "Expected '[1]' to have at least 2 item(s)"),
    ({"match": "type", "min": 2}, [1], [1, 2], None),
    ({"match": "type", "max": 1}, [1], [1, 2], "Expected '[1,2]' to have at most 1 item(s)"),
    ({"match": "type", "max": 1}, [1], [1], None),
    ({"match": "type", "min": 1, "max": 2}, [1], [1, 2, 3], "Expected '[1,2,3]' to have at most 2 item(s)"),
    ({"match": "type", "min": 1, "max": 2}, [1], [], "Expected '[]' to have at least 1 item(s)"),
    ({"match": "type", "min": 1}, 1, 2, None),
]
OTHERS: list[tuple[Json | None, Any, Any, str | None]] = [
    (None, "a", "b", "Expected 'b' to be equal to 'a'"),
    (None, 1, 1.0, "Expected 1.0 to be equal to 1"),
    (None, "a", "a", None),
    ({"match": "type"}, "a", "b", None),
    ({"match": "type"}, "a", 1, "Expected 1 (Integer) to be the same type as 'a' (String)"),
    ({"match": "notEmpty"}, [1], [], "Expected [] (Array) to not be empty"),
    ({"match": "notEmpty"}, {"a": 1}, {}, "Expected {} (Object) to not be empty"),
]


@pytest.mark.parametrize(("rule", "expected", "actual", "text"), [*OTHERS, *SIZED])
def test_metadata_is_compared_by_rule_or_for_equality(
    rule: Json | None, expected: Any, actual: Any, text: str | None
) -> None:
    prefix = f"Expected metadata key 'k' to have value '{compact(expected)}' but was '{compact(actual)}' - "
    assert _metadata(rule, expected, actual) == ([] if text is None else [prefix + text])


def test_metadata_that_is_missing_is_told_and_more_of_it_is_fine() -> None:
    assert _message({"metadata": {"k": "v"}}, {"metadata": {"other": 1}}) == [
        "Expected message metadata 'k' but was missing"
    ]


def test_the_content_type_in_metadata_is_compared_with_its_parameters() -> None:
    assert _message({"metadata": {"Content-Type": "a/b; x=1"}}, {"metadata": {"Content-Type": "a/b;y=2;x=1"}}) == []
    (text,) = _message({"metadata": {"Content-Type": "a/b; x=1"}}, {"metadata": {"Content-Type": "a/b"}})
    assert text == (
        "Expected metadata key 'Content-Type' to have value '\"a/b; x=1\"' but was '\"a/b\"' - Expected metadata"
        " 'Content-Type' to have value 'a/b; x=1' but was 'a/b'"
    )


def test_contents_must_be_of_an_equivalent_type() -> None:
    """Row 58: messages know none of the leniency of HTTP bodies."""
    expected = {"contents": {"content": "a", "contentType": "text/plain", "encoded": False}}
    actual = {"contents": {"content": "a", "contentType": "text/csv", "encoded": False}}
    first, second = _message(expected, actual)
    assert first == "Expected message with content type text/plain but was text/csv"
    assert second.endswith("Expected metadata 'contentType' to have value 'text/plain' but was 'text/csv'")


def test_contents_may_have_more_members_than_expected() -> None:
    expected = {"contents": {"content": {"a": 1}, "contentType": "application/json"}}
    assert _message(expected, {"contents": {"content": {"a": 1, "b": 2}, "contentType": "application/json"}}) == []


def _status(rule: Json, expected: int, actual: int) -> list[str]:
    return _response({"status": expected, "matchingRules": {"status": {"matchers": [rule]}}}, {"status": actual})


@pytest.mark.parametrize(
    ("rule", "actual", "text"),
    [
        ({"match": "equality"}, 201, "Expected 201 to be equal to 200"),
        ({"match": "regex", "regex": "2.1"}, 202, "Expected '202' to match '2.1'"),
        ({"match": "include", "value": "9"}, 201, "Expected 201 to include '9'"),
        ({"match": "decimal"}, 201, "Expected 201 to match a decimal number"),
        ({"match": "boolean"}, 201, "Unable to match 201 using Boolean"),
        ({"match": "statusCode", "status": "error"}, 201, "Expected status code 201 to be a Error response (>= 400)"),
        ({"match": "statusCode", "status": [204, 205]}, 201, "Expected status code 201 to be a 204, 205"),
    ],
)
def test_status_rules_refuse_with_the_text_of_the_reference(rule: Json, actual: int, text: str) -> None:
    assert _status(rule, 200, actual) == [text]


@pytest.mark.parametrize(
    ("status", "first", "last"),
    [
        ("info", 100, 199),
        ("success", 200, 299),
        ("redirect", 300, 399),
        ("clientError", 400, 499),
        ("serverError", 500, 599),
        ("nonError", 100, 399),
        ("error", 400, 599),
    ],
)
def test_status_classes_end_where_they_say(status: str, first: int, last: int) -> None:
    rule = {"match": "statusCode", "status": status}
    assert _status(rule, 200, first) == _status(rule, 200, last) == []
    for outside in (first - 1, last + 1):
        if 100 <= outside <= 599:
            assert _status(rule, 200, outside) != []


def test_a_status_without_a_rule_must_be_equal_and_one_of_two_rules_is_enough_with_or() -> None:
    assert _response({"status": 200}, {"status": 201}) == ["expected 200 but was 201"]
    rules = {"combine": "OR", "matchers": [{"match": "equality"}, {"match": "include", "value": "1"}]}
    assert _response({"status": 200, "matchingRules": {"status": rules}}, {"status": 201}) == []
    assert len(_response({"status": 200, "matchingRules": {"status": rules}}, {"status": 202})) == 2


def test_responses_are_compared_body_status_headers() -> None:
    expected = {"status": 200, "headers": {"X-A": "1"}, "body": {"a": 1}}
    assert _response(expected, {"status": 201, "headers": {"x-a": "2"}, "body": {"a": 2, "b": 3}}) == [
        "Expected 2 (Integer) to be equal to 1 (Integer)",
        "expected 200 but was 201",
        "Mismatch with header 'X-A': Expected '2' to be equal to '1'",
    ]
