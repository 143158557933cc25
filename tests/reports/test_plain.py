"""People read sentences, where programs get the words of the reference's parsers."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock.errors import InvalidRule
from pactmock.matching import compare_request
from pactmock.matching.dates.validity import compile_pattern
from pactmock.pact import specification
from pactmock.pact.documents import reading
from pactmock.reports.plain import plain
from tests.pacts import interaction, pact, rules

FORMAT = "Expected '{value}' to match a timestamp pattern of '{format}': {reason}"
OFFSETS = "; of offsets, Z to ZZZ read +0100, and XXX reads +01:00"


def of_date(pattern: str, value: str) -> str:
    reason = compile_pattern(pattern).problem(value)
    assert reason is not None
    return plain(FORMAT.format(value=value, format=pattern, reason=reason)).partition("': ")[2]


@pytest.mark.parametrize(
    ("pattern", "value", "text"),
    [
        ("yyyy-MM-dd'T'HH:mmZZ", "2018-12-08T12:05+01:00", f"at ':00' it is not as the format has it{OFFSETS}"),
        ("HH:mmXXX", "12:05+0100", f"at '00' it is not as the format has it{OFFSETS}"),
        ("yyyy-MM-dd", "2018/12/08", "at '/12/08' it is not as the format has it"),
        ("yyyy-MM-dd", "2018-12", "it ends before the format does"),
        ("yyyy-MM-dd", "2018-13-08", "'13' is no month"),
        ("yyyy-MM-dd", "2018-12-32", "'32' is no day of a month"),
        ("HH:mm", "25:00", "'25' is no hour"),
        ("HH:mm z", "12:00 XYZ", "'XYZ' is no time zone"),
        ("yyyy-MM-dd", "2018-12-08T10:00", "it goes on with 'T10:00' where the format ends"),
        ("yyyy-MM-dd", '2018-12-08 "x\\y"', "it goes on with ' \"x\\y\"' where the format ends"),
        ("zzzz", "UTC", "full names of time zones, as zzzz asks for, are not read"),
    ],
)
def test_why_a_date_is_not_valid_is_a_sentence(pattern: str, value: str, text: str) -> None:
    assert of_date(pattern, value) == text


@given(
    st.sampled_from(["yyyy-MM-dd", "HH:mm:ss.SSSX", "EEE, d MMM yyyy", "yyyy-DDD", "QQ w W F e a VV"]),
    st.text(max_size=20),
)
def test_no_word_of_a_parser_is_left(pattern: str, value: str) -> None:
    try:
        reason = compile_pattern(pattern).problem(value)
    except InvalidRule:
        return
    words = ("Error(", "Nom(", "TakeWhile", "Invalid")
    assert reason is None or not any(word in plain(reason).replace(value, "") for word in words)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            'Unable to match ["1"] using Plugin { name: "regx", values: Object {"regex": String("a}b")} }',
            "Unable to match [\"1\"] using the rule 'regx', which nothing here knows",
        ),
        (
            "Could not apply the 'regx' matching rule - No catalogue entry found for key 'regx'",
            "Nothing here knows the matching rule 'regx'",
        ),
        (
            'Unable to match Element { name: QName { namespace_uri: None, local_part: "a" } } using Integer',
            "Unable to match <a/> by the rule 'integer'",
        ),
        (
            'Unable to match Element { name: QName { namespace_uri: Some("urn:x"), local_part: "a" } } using Integer',
            "Unable to match <urn:x:a/> by the rule 'integer'",
        ),
        ("Expected 'Error(s)' to be equal to 'x'", "Expected 'Error(s)' to be equal to 'x'"),
    ],
)
def test_other_words_of_programs_become_plain(text: str, said: str) -> None:
    assert plain(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            'Unable to match {"a": String("\\"Null\\""), "b": Array [Null, Bool(true), Object {}]} using Date("yyyy")',
            'Unable to match {"a":"\\"Null\\"","b":[null,true,{}]} by the rule \'date\' (yyyy)',
        ),
        ('Unable to match ["1","\\"a\\""] using Null', "Unable to match [1,\"a\"] by the rule 'null'"),
        (
            "Unable to match 'Number(1) using Null' using Regex(\"a using B\")",
            "Unable to match 'Number(1) using Null' by the rule 'regex' (a using B)",
        ),
        (
            "Mismatch with header 'A': Unable to match 'x' using StatusCode(Success) - invalid digit found in string",
            "Mismatch with header 'A': Unable to match 'x' by the rule 'statusCode': it is no number",
        ),
        (
            'Unable to match <a/> using EachKey(MatchingRuleDefinition { value: "", rules: [Left(Regex("^z$"))] })',
            "Unable to match <a/> by the rule 'eachKey'",
        ),
        (
            'Expected {"a": Number(1)} (size 1) to have minimum size of 3',
            'Expected {"a":1} (size 1) to have minimum size of 3',
        ),
        ("Expected [GET, put] (size 2) to have minimum size of 3",) * 2,
        ('Expected {} to be equal to {"a": String("x")}', 'Expected {} to be equal to {"a":"x"}'),
        ('Expected [] to be equal to ["1","{\\"a\\":2}"]', 'Expected [] to be equal to [1,{"a":2}]'),
        ('Expected ["x"] to be equal to ["x","y"]',) * 2,
        ("Expected [1] (Array) to be equal to 'Null' (String)",) * 2,
        ("Unable to match 'x using Null' to y",) * 2,
        (
            "Expected body Present(12 bytes, application/json) but was empty",
            "Expected a body of 12 bytes (application/json) but was empty",
        ),
        ("Expected empty body but received Present(2 bytes)", "Expected an empty body but received 2 bytes"),
    ],
)
def test_values_and_rules_are_said_as_a_pact_has_them(text: str, said: str) -> None:
    assert plain(text) == said


RULES: list[Any] = [
    *({"match": name} for name in ("type", "integer", "null", "boolean", "semver", "notEmpty", "values")),
    {"match": "type", "min": 3},
    {"match": "date", "date": "yyyy"},
    {"match": "include", "value": "Null"},
    {"match": "contentType", "value": "image/png"},
    {"match": "statusCode", "status": "success"},
    {"match": "eachKey", "rules": [{"match": "regex", "regex": "^z$"}]},
    {"match": "arrayContains", "variants": [{"index": 0, "rules": {"$": {"matchers": [{"match": "type"}]}}}]},
]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | st.sampled_from(["", "x"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["a", "b"]), inner),
)


@given(st.sampled_from(RULES), VALUES, VALUES)
def test_no_word_of_a_programmer_is_left_of_any_rule(rule: Any, expected: Any, actual: Any) -> None:
    typed = {"Content-Type": "application/json"}
    one = interaction("a", {"headers": typed, "body": {"k": expected}, "matchingRules": rules(**{"$.k": rule})})
    (request,) = (item.request for item in reading.read_pact(pact(one)).http_interactions)
    sent = reading.read_request({"method": "GET", "headers": typed, "body": {"k": actual}}, specification.V3)
    for mismatch in compare_request(request, sent):
        said = plain(mismatch.mismatch)
        assert not re.search(r"(String|Number|Bool|Left)\(|(Object|Array) [{\[]|using [A-Z]|\{ ", said), said
