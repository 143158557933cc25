"""How far each letter of a date pattern reads into a value, and why it reads no further (reference/matching.md §8.3).

Each takes as much as it can, and never gives any of it back. Three limits of the reference are lifted (§11 row 47): an
offset may have up to 18 hours, a year 366 days, and a zone id any name of the tz database.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from string import ascii_letters, digits
from typing import TypeAlias

from pactmock.matching.dates.letters import DAYS, MONTHS, QUARTERS, ZONE_ABBREVIATIONS, by_count, zone_ids
from pactmock.matching.texts.rendering import quoted

Reader: TypeAlias = Callable[[str, int], int]
"""Reads a token from a text at a position and returns where it ends, or raises `NotValid`."""


SHORT_MONTHS = tuple(name[:3].lower() for name in MONTHS)


class NotValid(Exception):
    """The reason, in the reference's words, on its way up to `problem`."""


def _nom(text: str, position: int, parser: str) -> NotValid:
    return NotValid(f"Error(Nom({quoted(text[position:])}, {parser}))")


def literal(expected: str) -> Reader:
    """Read a text that stands for itself."""

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
        raise NotValid(f'Error({error}("{found[0]}"))')

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
        except NotValid:
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
    raise NotValid(f"Error(FullTimezonesNotSupported({quoted(text[position:])}))")


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


def _invalid_zone(name: str) -> NotValid:
    return NotValid(f'Error(InvalidTimezone("{name}"))')


_MONTH = _number(1, 12, "InvalidMonth")
_QUARTER = _number(1, 4, "InvalidQuarter")
_DAY_NUMBER = _number(1, 7, "InvalidDayOfWeek", most=1)
_SHORT_DAY = _names(name[:3] for name in DAYS)
_FULL_DAY = _names(DAYS)
_FULL_QUARTER = _all(_names(name[:3] for name in QUARTERS), _names((" quarter",)))
_MINUTE = _number(0, 59, "InvalidMinute")
_SECOND = _number(0, 60, "InvalidMinute")
_MANY_DIGITS = _characters("[0-9]+", "Digit")

_COLON = literal(":")
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

READERS: dict[str, Callable[[int], Reader]] = {
    "G": by_count(_names(("ad", "bc"))),
    "y": _digits,
    "Y": _digits,
    "u": _digits,
    "M": by_count(_MONTH, _MONTH, _names(SHORT_MONTHS), _names(MONTHS)),
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
"""For each letter, what reads a run of so many."""
