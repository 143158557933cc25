"""Dates and times: whether a value is valid for a Java pattern, and a moment written by one (reference/matching.md §8).

A value is read token by token, each as far as it can and with no way back, as the reference does; that decides which
values are valid, and how a reason reads. Three of its limits are lifted (§11 row 47): an offset may have up to
18 hours, a year 366 days, and a zone id any name of the tz database.
"""

from __future__ import annotations

import re
from calendar import isleap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from datetime import datetime, timedelta
from functools import lru_cache
from string import ascii_letters, digits
from typing import TypeAlias

from pactmock.matching.dates.letters import (
    DAYS,
    MONTHS,
    QUARTERS,
    ZONE_ABBREVIATIONS,
    Token,
    Writer,
    by_count,
    tokenise,
    writer,
    zone_ids,
)
from pactmock.matching.texts.rendering import quoted
from pactmock.pact.value import value

Reader: TypeAlias = Callable[[str, int], int]
"""Reads a token from a text at a position and returns where it ends, or raises `_NotValid`."""


class _NotValid(Exception):
    """The reason, in the reference's words, on its way up to `problem`."""


@value
class DatePattern:
    """A compiled pattern. Two are equal when their texts are."""

    text: str
    _is_usual: Callable[[str], object] = field(compare=False, repr=False)
    _readers: tuple[tuple[Reader, str], ...] = field(compare=False, repr=False)
    _write: Writer = field(compare=False, repr=False)

    def problem(self, value: str) -> str | None:
        """Return why a value is not valid, in the reference's words (§8.3), or None when it is."""
        if self._is_usual(value):
            return None
        position = 0
        parts: dict[str, str] = {}
        try:
            for read, part in self._readers:
                end = read(value, position)
                if part:
                    parts.setdefault(part, value[position:end])
                position = end
        except _NotValid as reason:
            return str(reason)
        if position < len(value):
            return f"Remaining data after applying pattern {quoted(value[position:])}"
        return _calendar_problem(parts)

    def format(self, moment: datetime) -> str:
        """Write a moment that knows its zone (§8.4), so that the text is valid for the pattern.

        29 February becomes the 28th where the pattern has no year, or too few digits of it, to make it valid.
        """
        text = self._write(moment)
        if (moment.month, moment.day) == (2, 29) and self.problem(text):
            return self._write(moment - timedelta(days=1))
        return text


@lru_cache(maxsize=4096)
def compile_pattern(pattern: str) -> DatePattern:
    """Compile a pattern; the result is cached for the whole process.

    Raises:
        InvalidRule: with the reference's text, and the letter that is unknown or stands too often in a row.
    """
    tokens = tokenise(pattern)
    return DatePattern(pattern, _usual(tokens), tuple(map(_reader, tokens)), writer(tokens))


# What most values of most patterns look like. Each expression takes all that the token could take, and no day that
# some month lacks, so that a value that fits is valid: one expression then does the work of a dozen readers.
_USUAL_HOURS = "[+-](?:0[0-9]|1[0-8])"
_USUAL = {
    "yyyy": "[0-9]{4}",
    "uuuu": "[0-9]{4}",
    "MM": "(?:0[1-9]|1[0-2])",
    "dd": "(?:0[1-9]|1[0-9]|2[0-8])",
    "HH": "(?:[01][0-9]|2[0-3])",
    "mm": "[0-5][0-9]",
    "ss": "[0-5][0-9]",
    "SSS": "[0-9]{3}",
    "SSSSSS": "[0-9]{6}",
    "XX": f"(?:Z|{_USUAL_HOURS}[0-5][0-9])",
    "XXX": f"(?:Z|{_USUAL_HOURS}:[0-5][0-9])",
    "xxx": f"{_USUAL_HOURS}:[0-5][0-9]",
    "Z": f"{_USUAL_HOURS}[0-5][0-9]",
}


def _usual(tokens: tuple[Token, ...]) -> Callable[[str], object]:
    expressions = [_USUAL.get(token.text, "") if token.letter else re.escape(token.text) for token in tokens]
    return re.compile("".join(expressions)).fullmatch if all(expressions) else lambda _value: None


def _reader(token: Token) -> tuple[Reader, str]:
    if not token.letter:
        return _literal(token.text), ""
    return _READERS[token.letter](len(token.text)), _PARTS.get(token.letter, "")


# The letters whose values make a date that must exist; `L` is not one of them in the reference.
_PARTS = {"d": "day", "M": "month", "y": "year", "Y": "year", "u": "year"}
_DAYS_IN_MONTH = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_SHORT_MONTHS = tuple(name[:3].lower() for name in MONTHS)


def _calendar_problem(parts: Mapping[str, str]) -> str | None:
    day, month, year = parts.get("day"), parts.get("month"), parts.get("year")
    if day is None or month is None:
        return None
    index = int(month) - 1 if month.isdigit() else _SHORT_MONTHS.index(month[:3].lower())
    # Four digits decide whether a year of any length is a leap year; without one it is not.
    is_leap = year is not None and isleap(int(year[-4:]))
    if int(day) <= _DAYS_IN_MONTH[index] + (is_leap and index == 1):
        return None
    reason = f"'{day}' is not a valid day for month '{month}'"
    return reason if year is None else f"{reason} in year {year.lstrip('0') or '0'}"


def _nom(text: str, position: int, parser: str) -> _NotValid:
    return _NotValid(f"Error(Nom({quoted(text[position:])}, {parser}))")


def _literal(expected: str) -> Reader:
    def read(text: str, position: int) -> int:
        if text.startswith(expected, position):
            return position + len(expected)
        raise _nom(text, position, "Tag")

    return read


def _characters(expression: str, parser: str, flags: int = 0) -> Reader:
    match = re.compile(expression, flags).match

    def read(text: str, position: int) -> int:
        found = match(text, position)
        if found is None:
            raise _nom(text, position, parser)
        return found.end()

    return read


def _names(names: Iterable[str]) -> Reader:
    # In ASCII only: a long s is not an s.
    return _characters("|".join(names), "Tag", re.IGNORECASE | re.ASCII)


def _digits(most: int) -> Reader:
    return _characters(f"[0-9]{{1,{most}}}", "TakeWhileMN")


def _number(low: int, high: int, error: str, most: int = 2) -> Reader:
    match = re.compile(f"[0-9]{{1,{most}}}").match

    def read(text: str, position: int) -> int:
        found = match(text, position)
        if found is None:
            raise _nom(text, position, "TakeWhileMN")
        if low <= int(found[0]) <= high:
            return found.end()
        raise _NotValid(f'Error({error}("{found[0]}"))')

    return read


def _all(*readers: Reader) -> Reader:
    def read(text: str, position: int) -> int:
        for reader in readers:
            position = reader(text, position)
        return position

    return read


def _maybe(*readers: Reader) -> Reader:
    read_all = _all(*readers)

    def read(text: str, position: int) -> int:
        try:
            return read_all(text, position)
        except _NotValid:
            return position

    return read


def _or_z(offset: Reader) -> Reader:
    def read(text: str, position: int) -> int:
        return position + 1 if text.startswith("Z", position) else offset(text, position)

    return read


_UPPER_CASE = _characters("[A-Z]{3,4}", "TakeWhileMN")


def _abbreviation(text: str, position: int) -> int:
    end = _UPPER_CASE(text, position)
    if text[position:end] in ZONE_ABBREVIATIONS:
        return end
    raise _invalid_zone(text[position:end])


def _full_zone_name(text: str, position: int) -> int:
    raise _NotValid(f"Error(FullTimezonesNotSupported({quoted(text[position:])}))")


# No id has more parts; without a limit a long value would take quadratic time below.
_ZONE_ID = _characters("[A-Za-z0-9]+(?:[/_+-][A-Za-z0-9]+){0,8}", "AlphaNumeric")


def _zone_id(text: str, position: int) -> int:
    """Read the longest zone id that ends where a word ends."""
    longest = name = text[position : _ZONE_ID(text, position)]
    while name and name not in zone_ids():
        name = name.rstrip(ascii_letters + digits)[:-1]
    if not name:
        raise _invalid_zone(longest)
    return position + len(name)


def _invalid_zone(name: str) -> _NotValid:
    return _NotValid(f'Error(InvalidTimezone("{name}"))')


_MONTH = _number(1, 12, "InvalidMonth")
_QUARTER = _number(1, 4, "InvalidQuarter")
_DAY_NUMBER = _number(1, 7, "InvalidDayOfWeek", most=1)
_SHORT_DAY = _names(name[:3] for name in DAYS)
_FULL_DAY = _names(DAYS)
_FULL_QUARTER = _all(_names(name[:3] for name in QUARTERS), _names((" quarter",)))
_MINUTE = _number(0, 59, "InvalidMinute")
_SECOND = _number(0, 60, "InvalidMinute")
_MANY_DIGITS = _characters("[0-9]+", "Digit")

_COLON = _literal(":")
_GMT = _characters("GMT|UTC", "Tag")
_SIGNED_HOUR = _all(_characters("[+-]+", "IsA"), _number(0, 18, "InvalidHour"))
_HOUR_MINUTE = _all(_SIGNED_HOUR, _MINUTE)
_HOUR_COLON_MINUTE = _all(_SIGNED_HOUR, _COLON, _MINUTE)
_OFFSETS = (
    _all(_SIGNED_HOUR, _maybe(_MINUTE)),
    _HOUR_MINUTE,
    _HOUR_COLON_MINUTE,
    _all(_HOUR_MINUTE, _maybe(_SECOND)),
    _all(_HOUR_COLON_MINUTE, _maybe(_COLON, _SECOND)),
)

_READERS: dict[str, Callable[[int], Reader]] = {
    "G": by_count(_names(("ad", "bc"))),
    "y": _digits,
    "Y": _digits,
    "u": _digits,
    "M": by_count(_MONTH, _MONTH, _names(_SHORT_MONTHS), _names(MONTHS)),
    "L": by_count(_MONTH),
    "d": by_count(_number(1, 31, "InvalidDayInMonth")),
    "D": by_count(_number(1, 366, "InvalidDayInYear", most=3)),
    "Q": by_count(_QUARTER, _QUARTER, _names(("Q1", "Q2", "Q3", "Q4")), _FULL_QUARTER),
    "q": by_count(_QUARTER),
    "w": by_count(_number(1, 56, "InvalidWeekInYear")),
    "W": by_count(_number(1, 5, "InvalidWeekInYear")),
    "F": by_count(_number(0, 4, "InvalidWeekInYear")),
    "E": by_count(_SHORT_DAY, _SHORT_DAY, _SHORT_DAY, _FULL_DAY),
    "e": by_count(_DAY_NUMBER, _DAY_NUMBER, _SHORT_DAY, _FULL_DAY),
    "c": by_count(_DAY_NUMBER),
    "a": by_count(_names(("am", "pm"))),
    "H": by_count(_number(0, 23, "InvalidHour")),
    "k": by_count(_number(1, 24, "InvalidHour")),
    "h": by_count(_number(1, 12, "InvalidHour")),
    "K": by_count(_number(0, 11, "InvalidHour")),
    "m": by_count(_MINUTE),
    "s": by_count(_SECOND),
    "S": _digits,
    "n": by_count(_MANY_DIGITS),
    "A": by_count(_MANY_DIGITS),
    "N": by_count(_MANY_DIGITS),
    "x": by_count(*_OFFSETS),
    "X": by_count(*map(_or_z, _OFFSETS)),
    "Z": by_count(
        *[_HOUR_MINUTE] * 3,
        _all(_GMT, _maybe(_HOUR_COLON_MINUTE)),
        _HOUR_COLON_MINUTE,
    ),
    "O": by_count(*[_all(_GMT, _SIGNED_HOUR, _maybe(_COLON, _MINUTE))] * 3, _all(_GMT, _HOUR_COLON_MINUTE)),
    "z": by_count(*[_abbreviation] * 3, _full_zone_name),
    "V": by_count(_zone_id),
}
