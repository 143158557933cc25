"""Dates and times: whether a value is valid for a Java pattern, and a moment written by one (reference/matching.md §8).

A value is read token by token, each as far as it can and with no way back, as the reference does; that decides which
values are valid, and how a reason reads.
"""

from __future__ import annotations

import re
from calendar import isleap
from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import datetime, timedelta
from functools import lru_cache

from pactmock.matching.dates.letters import Writer
from pactmock.matching.dates.readers import READERS, SHORT_MONTHS, NotValid, Reader, literal
from pactmock.matching.dates.tokens import tokenise, writer
from pactmock.matching.texts.rendering import quoted
from pactmock.pact.value import value


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
        except NotValid as reason:
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
    usual = [_USUAL.get(token.text, "") if token.letter else re.escape(token.text) for token in tokens]
    is_usual = re.compile("".join(usual)).fullmatch if all(usual) else lambda _value: None
    readers = (READERS[token.letter](len(token.text)) if token.letter else literal(token.text) for token in tokens)
    parts = (_PARTS.get(token.letter, "") for token in tokens)
    return DatePattern(pattern, is_usual, tuple(zip(readers, parts, strict=True)), writer(tokens))


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


# The letters whose values make a date that must exist; `L` is not one of them in the reference.
_PARTS = {"d": "day", "M": "month", "y": "year", "Y": "year", "u": "year"}
_DAYS_IN_MONTH = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _calendar_problem(parts: Mapping[str, str]) -> str | None:
    day, month, year = parts.get("day"), parts.get("month"), parts.get("year")
    if day is None or month is None:
        return None
    index = int(month) - 1 if month.isdigit() else SHORT_MONTHS.index(month[:3].lower())
    # Four digits decide whether a year of any length is a leap year; without one it is not.
    is_leap = year is not None and isleap(int(year[-4:]))
    if int(day) <= _DAYS_IN_MONTH[index] + (is_leap and index == 1):
        return None
    reason = f"'{day}' is not a valid day for month '{month}'"
    return reason if year is None else f"{reason} in year {year.lstrip('0') or '0'}"
