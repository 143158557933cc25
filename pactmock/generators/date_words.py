"""The words of date expressions and what each of them does to a moment (reference/matching.md §7.7)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from pactmock.generators import calendar_steps as steps
from pactmock.generators.calendar_steps import Step
from pactmock.pact.made_once import made_once

Change: TypeAlias = Callable[[datetime], datetime]

OPERATORS = {"+": 1, "-": -1}
DIRECTIONS = {"next": 1, "last": -1}
HALVES: dict[str, Callable[[int], Change]] = {
    # Twelve o'clock am is midnight and pm is noon; in the reference am is noon, and pm changes nothing (§11 row 49, F).
    "am": lambda hour: steps.o_clock(hour % 12),
    "pm": lambda hour: steps.o_clock(hour % 12 + 12),
}


def repeat(step: Step, count: int) -> Change:
    """Make the change of a step that is taken so many times, backwards when the count is negative."""
    return lambda moment: step(moment, count)


@dataclass(frozen=True)
class Grammar:
    """The words of dates, or of times, and what errors call them."""

    bases: Mapping[str, Change]
    units: Mapping[str, Step]
    offsets: Mapping[str, Step]
    a_start: str
    a_unit: str
    an_offset: str
    clock: tuple[str, ...] = ()
    """The words of a full hour, for times only."""

    @made_once
    def tokens(self) -> re.Pattern[str]:
        """What reads the next token: a word or a number, the longest that fits, or else the text up to a space."""
        words = {*self.bases, *self.units, *self.offsets, *self.clock, *OPERATORS, *DIRECTIONS}
        longest_first = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
        return re.compile(rf"[ \t\n\f]*(?:(?P<word>{longest_first})|(?P<number>[0-9]+)|(?P<other>[^ \t\n\f]+))")


def _plural(units: Mapping[str, Step]) -> dict[str, Step]:
    return {name + ending: step for name, step in units.items() for ending in ("", "s")}


def _abbreviated(names: Mapping[str, str], make: Callable[[int], Step]) -> dict[str, Step]:
    """List names, from short to full form, which count from zero."""
    found: dict[str, Step] = {}
    for number, (short, rest) in enumerate(names.items()):
        found[short] = found[short + rest] = make(number)
    return found


def _unchanged(moment: datetime) -> datetime:
    return moment


_WEEKDAYS = {
    "mon": "day", "tues": "day", "wed": "nesday", "thurs": "day", "fri": "day", "sat": "urday", "sun": "day",
}  # fmt: skip
_MONTHS = {
    "jan": "uary", "feb": "ruary", "mar": "ch", "apr": "il", "may": "", "jun": "e", "jul": "y", "aug": "ust",
    "sep": "tember", "oct": "ober", "nov": "ember", "dec": "ember",
}  # fmt: skip
_DATE_UNITS: dict[str, Step] = {"day": steps.days, "week": steps.weeks, "month": steps.months, "year": steps.years}
_TIME_UNITS = _plural(
    {
        "hour": steps.span(timedelta(hours=1)),
        "minute": steps.span(timedelta(minutes=1)),
        "second": steps.span(timedelta(seconds=1)),
        "millisecond": steps.span(timedelta(milliseconds=1)),
    }
)

DATE = Grammar(
    bases={
        "now": _unchanged,
        "today": _unchanged,
        "yesterday": repeat(steps.days, -1),
        "tomorrow": repeat(steps.days, 1),
    },
    units=_plural(_DATE_UNITS),
    offsets={
        **_DATE_UNITS,
        "fortnight": steps.fortnights,
        **_abbreviated(_WEEKDAYS, steps.weekday),
        **_abbreviated(_MONTHS, lambda number: steps.month_start(number + 1)),
    },
    a_start="one of now, today, yesterday, tomorrow, +, -, next or last",
    a_unit="a duration type (day(s), week(s), etc.)",
    an_offset="an offset type (month, week, tuesday, february, etc.)",
)
TIME = Grammar(
    bases={"now": _unchanged, "midnight": steps.o_clock(0), "noon": steps.o_clock(12)},
    units=_TIME_UNITS,
    offsets=_TIME_UNITS,
    a_start="one of now, midnight, noon, 1-12 o'clock, +, -, next or last",
    a_unit="a duration type (hour(s), minute(s), etc.)",
    an_offset="an offset type (hour, minute, second, etc.)",
    clock=("o'clock", *HALVES),
)
