"""Whoever verifies compares requests, responses and messages without a mock server, and is told what differs."""

from __future__ import annotations

import re
import textwrap
from typing import Any

import pytest

import pactmock.matching
from pactmock.errors import InvalidRule
from pactmock.matching import compare_message, compare_request, compare_response
from pactmock.matching.budget import Budget
from pactmock.pact.documents import reading
from pactmock.pact.specification import V4

SLOW = {"match": "regex", "regex": "(a|aa)+$"}
"""A pattern that takes for ever on many a and something else."""


def _request(**members: Any) -> Any:
    return reading.read_request({"method": "POST", "path": "/", **members}, V4)


def _of_header(rule: Any) -> Any:
    return {"header": {"X": {"combine": "AND", "matchers": [rule]}}}


def test_the_example_of_the_docstring_prints_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    source = textwrap.dedent((pactmock.matching.__doc__ or "").partition("\n\n    ")[2].join(("    ", "")))
    exec(compile(source, "pactmock.matching", "exec"), {})  # noqa: S102  our own docstring
    assert capsys.readouterr().out.splitlines() == re.findall(r"print\(.*\)  # (.*)", source)


def test_what_differs_comes_in_the_order_of_the_reference_with_its_json() -> None:
    expected = _request(query={"q": ["1"]}, headers={"X-A": "1"}, body={"content": {"a": 1}})
    actual = reading.read_request({"method": "PUT", "path": "/b", "body": {"content": {"a": 2}}}, V4)
    found = compare_request(expected, actual)
    assert [item.type for item in found] == [
        "MethodMismatch",
        "PathMismatch",
        "QueryMismatch",
        "HeaderMismatch",
        "BodyMismatch",
    ]
    assert found[0].to_json() == {
        "type": "MethodMismatch",
        "expected": "POST",
        "actual": "PUT",
        "mismatch": "expected POST but was PUT",
    }


def test_names_of_headers_are_compared_in_any_case() -> None:
    assert compare_request(_request(headers={"x-a": "1"}), _request(headers={"X-A": "1", "X-More": "2"})) == ()


def test_a_request_may_not_have_more_members_than_expected_a_response_and_a_message_may() -> None:
    less, more = ({"content": content, "contentType": "application/json"} for content in ({"a": 1}, {"a": 1, "b": 2}))
    assert compare_request(_request(body=less), _request(body=more))
    read = reading.read_response
    assert compare_response(read({"body": less}, V4), read({"body": more}, V4)) == ()
    assert compare_message(*(reading.read_contents({"contents": item}, V4) for item in (less, more))) == ()


def test_what_cannot_be_compared_within_the_budget_is_undecided() -> None:
    long = "a" * 60 + "!"
    with Budget(0.05):
        (of_request,) = compare_request(
            _request(headers={"X": "a"}, matchingRules=_of_header(SLOW)), _request(headers={"X": long})
        )
        (of_message,) = compare_message(
            reading.read_contents(
                {"metadata": {"k": "a"}, "matchingRules": {"metadata": {"$.k": {"matchers": [SLOW]}}}}, V4
            ),
            reading.read_contents({"metadata": {"k": long}}, V4),
        )
    assert (of_request.type, of_message.type) == ("UndecidedMismatch", "UndecidedMismatch")
    assert of_message.description().startswith("The metadata 'k' could not be compared: ")


def test_a_rule_that_cannot_work_is_refused_with_its_place() -> None:
    with pytest.raises(InvalidRule):
        compare_request(_request(matchingRules=_of_header({"match": "regex", "regex": "("})), _request())
