"""The steps of date expressions: what `+ 1 month` or `last tuesday` does to a moment (reference/matching.md §7.7).

Days and weeks are spans of time; months and years are dates of the calendar. Every step takes a signed count and
raises OverflowError where it leaves the years 1 to 9999.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import MAXYEAR, UTC, datetime, timedelta
from typing import TypeAlias

Step: TypeAlias = Callable[[datetime, int], datetime]


def span(unit: timedelta) -> Step:
    """Make the step of an exact span of time, also across a change of the clock."""

    def step(moment: datetime, count: int) -> datetime:
        return (moment.astimezone(UTC) + unit * count).astimezone(moment.tzinfo)

    return step


days = span(timedelta(days=1))
weeks = span(timedelta(weeks=1))
fortnights = span(timedelta(weeks=2))


def months(moment: datetime, count: int) -> datetime:
    """Go to the same day of another month; where that has no such day, to its end that is nearer.

    One month after 31 January is 1 February, one month before 31 March is the last of February.
    """
    year, month = divmod(moment.year * 12 + moment.month - 1 + count, 12)
    last_day = monthrange(_valid(year), month + 1)[1]
    day = moment.day if moment.day <= last_day else 1 if count > 0 else last_day
    return moment.replace(year=year, month=month + 1, day=day)


def years(moment: datetime, count: int) -> datetime:
    """Go to the same date of another year; 29 February stays where the other year has none."""
    try:
        return moment.replace(year=_valid(moment.year + count))
    except ValueError:
        return moment


def weekday(number: int) -> Step:
    """Make the step to another such day of the week, Monday being 0; the day of the moment does not count."""

    def step(moment: datetime, count: int) -> datetime:
        distance = (number - moment.weekday()) * count % 7 or 7
        return days(moment, distance * count)

    return step


def month_start(number: int) -> Step:
    """Make the step to the first day of another such month; the month of the moment does not count."""

    def step(moment: datetime, count: int) -> datetime:
        is_beyond = number <= moment.month if count > 0 else number >= moment.month
        return moment.replace(year=_valid(moment.year + is_beyond * count), month=number, day=1)

    return step


def _valid(year: int) -> int:
    if 1 <= year <= MAXYEAR:
        return year
    raise OverflowError(f"the year {year} is out of range")


def o_clock(hour: int) -> Callable[[datetime], datetime]:
    """Make the change to a full hour of the same day."""
    return lambda moment: moment.replace(hour=hour, minute=0, second=0, microsecond=0)


def next_o_clock(hour: int) -> Callable[[datetime], datetime]:
    """Make the change of `n o'clock`: in the afternoon when it is not noon yet, else in the morning, as it was.

    Twelve is noon either way; the reference leaves the time alone before noon (§11 row 49, F).
    """

    def change(moment: datetime) -> datetime:
        return o_clock(hour % 12 + 12 if moment.hour < 12 or hour == 12 else hour)(moment)

    return change
