"""People read sentences, where programs get the words of the reference's parsers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock.errors import InvalidRule
from pactmock.matching.dates.validity import compile_pattern
from pactmock.reports.plain import plain

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
            "Unable to match <a/> using Integer",
        ),
        (
            'Unable to match Element { name: QName { namespace_uri: Some("urn:x"), local_part: "a" } } using Integer',
            "Unable to match <urn:x:a/> using Integer",
        ),
        ("Expected 'Error(s)' to be equal to 'x'", "Expected 'Error(s)' to be equal to 'x'"),
    ],
)
def test_other_words_of_programs_become_plain(text: str, said: str) -> None:
    assert plain(text) == said
