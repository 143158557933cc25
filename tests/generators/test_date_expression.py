"""Date and time expressions: the table of reference/matching.md §7.7, its laws and its errors."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock.errors import InvalidRule
from pactmock.generators.date_expression import DateExpression, parse_date, parse_date_time, parse_time

BASE = datetime(2000, 1, 1, 10, tzinfo=UTC)
PARSERS = (parse_date, parse_time, parse_date_time)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("", "2000-01-01T10:00"),
        ("now", "2000-01-01T10:00"),
        ("today", "2000-01-01T10:00"),
        ("yesterday", "1999-12-31T10:00"),
        ("tomorrow", "2000-01-02T10:00"),
        ("+ 1 day", "2000-01-02T10:00"),
        ("+1day", "2000-01-02T10:00"),
        ("+ 1 week", "2000-01-08T10:00"),
        ("- 2 weeks", "1999-12-18T10:00"),
        ("+ 4 years", "2004-01-01T10:00"),
        ("tomorrow+ 4 years", "2004-01-02T10:00"),
        ("next week", "2000-01-08T10:00"),
        ("last month", "1999-12-01T10:00"),
        ("next fortnight", "2000-01-15T10:00"),
        ("next monday", "2000-01-03T10:00"),
        ("next saturday", "2000-01-08T10:00"),
        ("last sat", "1999-12-25T10:00"),
        ("last wednesday", "1999-12-29T10:00"),
        ("next mon", "2000-01-03T10:00"),
        ("last december", "1999-12-01T10:00"),
        ("last jan", "1999-01-01T10:00"),
        ("next jan", "2001-01-01T10:00"),
        ("next june + 2 weeks", "2000-06-15T10:00"),
        ("last mon + 2 weeks", "2000-01-10T10:00"),
        ("+ 1 day - 2 weeks", "1999-12-19T10:00"),
        ("last december + 2 weeks + 4 days", "1999-12-19T10:00"),
        ("@", "2000-01-01T10:00"),
        ("now@", "2000-01-01T10:00"),
        ("@ now", "2000-01-01T10:00"),
        ("@ midnight", "2000-01-01T00:00"),
        ("@ noon", "2000-01-01T12:00"),
        ("@ 2 o'clock", "2000-01-01T14:00"),
        ("@ 1 o'clock pm", "2000-01-01T13:00"),
        ("@ 1 o'clock am", "2000-01-01T01:00"),
        ("@ + 1 hour", "2000-01-01T11:00"),
        ("@ - 2 minutes", "2000-01-01T09:58"),
        ("@ + 4 seconds", "2000-01-01T10:00:04"),
        ("@ + 4 milliseconds", "2000-01-01T10:00:00.004"),
        ("@ midnight+ 4 minutes", "2000-01-01T00:04"),
        ("@ next hour", "2000-01-01T11:00"),
        ("@ last minute", "2000-01-01T09:59"),
        ("@ now + 2 hours - 4 minutes", "2000-01-01T11:56"),
        ("today @ 1 o'clock", "2000-01-01T13:00"),
        ("yesterday @ midnight - 1 hour", "1999-12-30T23:00"),
        ("+ 1 week @ +1 hour", "2000-01-08T11:00"),
        ("- 2 weeks\n@ now + 1 hour", "1999-12-18T11:00"),
        ("tomorrow+ 4 years @ 3 o'clock + 40 milliseconds", "2004-01-02T15:00:00.040"),
        ("last month @ last hour", "1999-12-01T09:00"),
    ],
)
def test_the_table_of_expressions(expression: str, expected: str) -> None:
    assert parse_date_time(expression).apply(BASE) == at(expected)


@pytest.mark.parametrize(
    ("base", "expression", "expected"),
    [
        ("2023-01-31", "+ 1 month", "2023-02-01"),
        ("2023-03-31", "- 1 month", "2023-02-28"),
        ("2024-03-30", "- 1 month", "2024-02-29"),
        ("2000-04-13", "+ 10 months", "2001-02-13"),
        ("2000-04-13", "- 10 months", "1999-06-13"),
        ("2000-04-13", "+ 0 months", "2000-04-13"),
        ("2024-02-29", "+ 1 year", "2024-02-29"),
        ("2024-02-29", "+ 4 years", "2028-02-29"),
        ("2024-07-15", "last july", "2023-07-01"),
        ("2024-07-15", "next july", "2025-07-01"),
        ("2024-07-15", "next august", "2024-08-01"),
    ],
)
def test_months_and_years_follow_the_calendar(base: str, expression: str, expected: str) -> None:
    assert parse_date(expression).apply(at(base)) == at(expected)


@pytest.mark.parametrize(
    ("hour", "expression", "expected"),
    [
        (9, "12 o'clock am", 0),
        (15, "12 o'clock am", 0),
        (9, "12 o'clock pm", 12),
        (15, "12 o'clock pm", 12),
        (9, "12 o'clock", 12),
        (15, "12 o'clock", 12),
        (9, "3 o'clock", 15),
        (15, "3 o'clock", 3),
    ],
)
def test_row_49_twelve_am_is_midnight_and_twelve_pm_is_noon(hour: int, expression: str, expected: int) -> None:
    moment = BASE.replace(hour=hour, minute=42)
    assert parse_time(expression).apply(moment) == BASE.replace(hour=expected)


WHATS = {
    parse_date: [
        ("monday", 1, "one of now, today, yesterday, tomorrow, +, -, next or last"),
        ("  ", 3, "one of now, today, yesterday, tomorrow, +, -, next or last"),
        ("NOW", 1, "one of now, today, yesterday, tomorrow, +, -, next or last"),
        ("now today", 5, "+ or -"),
        ("now x", 5, "+ or -"),
        ("+ x", 3, "an integer value"),
        ("+ 99999999999999999999 days", 3, "an integer value"),
        ("+1", 3, "a duration type (day(s), week(s), etc.)"),
        ("+ 1 monday", 5, "a duration type (day(s), week(s), etc.)"),
        ("next", 5, "an offset type (month, week, tuesday, february, etc.)"),
        ("next weeks", 6, "an offset type (month, week, tuesday, february, etc.)"),
        ("+ 1 day 2", 9, "no more tokens"),
        ("today @ noon", 7, "+ or -"),
    ],
    parse_time: [
        ("today", 1, "one of now, midnight, noon, 1-12 o'clock, +, -, next or last"),
        ("44 o'clock", 1, "hour 1 to 12"),
        ("0 o'clock", 1, "hour 1 to 12"),
        ("4", 2, "o'clock"),
        ("4 am", 3, "o'clock"),
        ("4 o'clock next", 11, "am, pm, + or -"),
        ("4 o'clock am pm", 14, "+ or -"),
        ("+ 1 day", 5, "a duration type (hour(s), minute(s), etc.)"),
        ("last day", 6, "an offset type (hour, minute, second, etc.)"),
    ],
    parse_date_time: [
        ("x@now", 1, "one of now, today, yesterday, tomorrow, +, -, next or last"),
        ("now@ 4", 7, "o'clock"),
        ("now @ ", 7, "one of now, midnight, noon, 1-12 o'clock, +, -, next or last"),
        ("now @ noon @", 12, "+ or -"),
    ],
}


@pytest.mark.parametrize(
    ("parse", "expression", "position", "what"),
    [(parse, *case) for parse, cases in WHATS.items() for case in cases],
)
def test_errors_say_what_is_expected_and_where(
    parse: Callable[[str], DateExpression], expression: str, position: int, what: str
) -> None:
    with pytest.raises(InvalidRule) as caught:
        parse(expression)
    lines = caught.value.message.split("\n")
    assert lines[0] == f"Error: Expected {what}"
    assert lines[2].index("^") == position + 1
    assert lines[2].endswith(f"at character {position} of the expression")


WORDS = [
    "now", "today", "yesterday", "tomorrow", "+", "-", "next", "last", "day", "days", "week", "months", "year",
    "fortnight", "mon", "tuesday", "may", "december", "@", "midnight", "noon", "o'clock", "am", "pm", "hour", "hours",
    "minute", "second", "milliseconds", "1", "12", "0", "31", "99999", "999999999999", "!", "²",
]  # fmt: skip
MOMENTS = st.datetimes(
    datetime.fromisoformat("1900-01-01"), datetime.fromisoformat("2100-01-01"), timezones=st.just(UTC)
)


@given(st.sampled_from(PARSERS), st.one_of(st.text(), st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)))
def test_any_text_is_an_expression_or_refused(parse: Callable[[str], DateExpression], text: str) -> None:
    try:
        moment = parse(text).apply(BASE)
    except (InvalidRule, OverflowError):
        return
    assert moment.tzinfo is UTC


@given(MOMENTS, st.integers(0, 400))
def test_forward_and_back_is_where_it_was(moment: datetime, count: int) -> None:
    for unit in ("days", "weeks"):
        assert parse_date(f"+ {count} {unit} - {count} {unit}").apply(moment) == moment
    assert parse_time(f"+ {count} hours - {count} hours").apply(moment) == moment


@given(
    MOMENTS,
    st.sampled_from(["mon", "tues", "wed", "thurs", "fri", "sat", "sun"]),
)
def test_the_next_such_day_is_one_to_seven_days_away(moment: datetime, name: str) -> None:
    later, earlier = (parse_date(f"{word} {name}").apply(moment) for word in ("next", "last"))
    assert f"{later:%a}".lower() == f"{earlier:%a}".lower() == name[:3]
    assert timedelta(days=1) <= later - moment <= timedelta(days=7)
    assert later - earlier in (timedelta(days=7), timedelta(days=14))


@given(MOMENTS, st.integers(0, 60))
def test_months_count_months(moment: datetime, count: int) -> None:
    later = parse_date(f"+ {count} months").apply(moment)
    assert (later.year * 12 + later.month) - (moment.year * 12 + moment.month) == count
    assert later.day in (moment.day, 1)


def test_a_day_is_24_hours_where_the_clock_changes() -> None:
    berlin = datetime(2024, 3, 30, 12, tzinfo=ZoneInfo("Europe/Berlin"))
    assert parse_date("+ 1 day").apply(berlin).isoformat() == "2024-03-31T13:00:00+02:00"


@pytest.mark.parametrize("expression", ["+ 9000 years", "- 3000 years", "+ 9999999999 days", "+ 99999999 months"])
def test_leaving_the_calendar_is_an_overflow(expression: str) -> None:
    with pytest.raises(OverflowError):
        parse_date(expression).apply(BASE)


def test_whitespace_is_four_characters_only() -> None:
    assert parse_date("\t+\n1\fday ").apply(BASE) == at("2000-01-02T10:00")
    with pytest.raises(InvalidRule, match=re.escape("a duration type")):
        parse_date("+1\u00a0day")
