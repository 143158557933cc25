"""Matchers and generators of a contract in Python, and what they are in integration JSON."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock.contract import generate, match
from pactmock.contract.date_format import strftime_to_java
from pactmock.contract.match.matcher import IntegrationJSONEncoder, MatchingRuleJSONEncoder, to_json
from pactmock.contract.types import UNSET

ANYTHING: Any = "1"
T, G = "pact:matcher:type", "pact:generator:type"


@pytest.mark.parametrize(
    ("matcher", "written"),
    [
        (match.int(7), {T: "integer", "value": 7}),
        (match.int(7, min=1), {T: "integer", "value": 7}),
        (match.int(min=1, max=2), {T: "integer", G: "RandomInt", "min": 1, "max": 2}),
        (match.float(precision=3), {T: "decimal", G: "RandomDecimal", "digits": 3}),
        (match.decimal(Decimal("1.5")), {T: "decimal", "value": 1.5}),
        (match.number(7), {T: "number", "value": 7}),
        (match.number(max=9), {T: "number", G: "RandomInt", "max": 9}),
        (match.str(), {T: "type", "value": "string", G: "RandomString"}),
        (match.string("a"), {T: "type", "value": "a"}),
        (match.bool(False), {T: "boolean", "value": False}),
        (match.boolean(), {T: "boolean", G: "RandomBoolean"}),
        (match.null(), {T: "null"}),
        (match.like([1], min=1), {T: "type", "value": [1], "min": 1, "max": None}),
        (match.each_like({"a": match.int(1)}, min=2), {
            T: "type", "value": [{"a": {T: "integer", "value": 1}}, {"a": 1}], "min": 2, "max": None,
        }),
        (match.includes("a"), {T: "include", "value": "a"}),
        (match.array_containing([match.int(1), 2]), {T: "arrayContains", "variants": [{T: "integer", "value": 1}, 2]}),
        (match.each_key_matches({"a": 1}, rules=match.regex("a", regex=".")), {
            T: "eachKey", "value": {"a": 1}, "rules": [{T: "regex", "value": "a", "regex": "."}],
        }),
        (match.content_type("image/png"), {T: "contentType", "value": "image/png"}),
        (match.date(dt.date(2024, 1, 31), "%d.%m.%Y"), {T: "date", "value": "31.01.2024", "format": "dd.MM.yyyy"}),
        (match.time("1:2", "H:m", disable_conversion=True), {T: "time", "value": "1:2", "format": "H:m"}),
        (match.timestamp(), {T: "timestamp", G: "DateTime", "format": "yyyy-MM-dd'T'HH:mm:ssZ"}),
    ],
)  # fmt: skip
def test_a_matcher_is_written_as_integration_json(matcher: Any, written: dict[str, Any]) -> None:
    assert to_json(matcher) == written
    assert json.loads(json.dumps({"a": [matcher]}, cls=IntegrationJSONEncoder)) == {"a": [written]}


def test_a_matcher_is_written_as_a_rule() -> None:
    rules = {"$.a": match.int(7) & match.regex("a", regex="a"), "$.b": match.date("2024-01-31")}
    assert json.loads(json.dumps(rules, cls=MatchingRuleJSONEncoder)) == {
        "$.a": {
            "combine": "AND",
            "matchers": [{"match": "integer", "value": 7}, {"match": "regex", "value": "a", "regex": "a"}],
        },
        "$.b": {"combine": "AND", "matchers": [{"match": "date", "value": "2024-01-31", "format": "yyyy-MM-dd"}]},
    }


@pytest.mark.parametrize(
    ("make", "error", "said"),
    [
        (match.number, ValueError, "At least one of min, max, or precision"),
        (lambda: match.number(ANYTHING), TypeError, "Unsupported number type"),
        (lambda: match.regex("a"), ValueError, "A regex pattern must be provided"),
        (lambda: match.uuid(format="other"), KeyError, "other"),
        (match.type, ValueError, "A generator must be provided"),
        (lambda: match.date(disable_conversion=True), ValueError, "the value must be a string"),
        (lambda: match.int(1) & ANYTHING, TypeError, "unsupported operand"),
        (lambda: to_json({"a": object()}), TypeError, "not JSON serializable"),
        (lambda: to_json(float("nan")), ValueError, "not JSON compliant"),
    ],
)
def test_what_makes_no_sense_is_refused(make: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        make()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: match.str("a", size=3), "There is an example"),
        (lambda: match.str(size=3, generator=generate.str()), "There is a generator"),
        (lambda: match.number(1, precision=2), "precision"),
        (lambda: match.number(1.5, min=2), "bounds"),
        (lambda: match.each_like(1, min=0), "min of 1"),
        (lambda: match.date("3", "%U"), "locale dependent"),
    ],
)
def test_what_says_nothing_is_warned_of(make: Any, said: str) -> None:
    with pytest.warns(UserWarning, match=said):
        make()


@pytest.mark.parametrize(
    ("python", "java"),
    [
        ("%H h %M", "HH 'h 'mm"),
        ("%%Y", "%'Y'"),
        ("'%Y-%m-%d'", "''yyyy-MM-dd''"),
        ("%Y-%m-%dT%H:%M:%S.%f%z", "yyyy-MM-dd'T'HH:mm:ss.SSSSSSZ"),
        ("%a %A %b %B %j %u %I %p %Z %y %G", "EEE EEEE MMM MMMM DDD u hh a z yy YYYY"),
        ("%H%:z", "HHXXX"),
        ("", ""),
    ],
)
def test_a_format_is_written_as_java_has_it(python: str, java: str) -> None:
    assert strftime_to_java(python) == java


@pytest.mark.parametrize(
    ("python", "said"),
    [("%c", "locale-dependent Python format code `%c`"), ("%w", "`%w` is not supported"), ("%D", "Unsupported"),
     ("%-d", "Unsupported Python format code `%-d`"), ("%Y%", "Incomplete")],
)  # fmt: skip
def test_a_format_that_java_cannot_have_is_refused(python: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        strftime_to_java(python)


@given(st.text(alphabet="abcTZ'-: ", max_size=12))
def test_plain_text_in_a_format_is_never_taken_for_codes(text: str) -> None:
    java = strftime_to_java(text)
    assert java.replace("''", "").count("'") in {0, 2}
    assert java.replace("'", "") == text.replace("'", "")


def test_matchers_know_whether_they_have_an_example() -> None:
    assert match.int(1).has_value()
    assert not match.int().has_value()
    assert not UNSET
    assert (match.int() & match.int(0)).has_value()
