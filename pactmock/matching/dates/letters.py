"""The letters of date and time patterns of Java's `DateTimeFormatter`, and how a moment is written by each of them
(reference/matching.md §8.1 and §8.4).

A moment is written so that the text is valid for its own pattern, which the reference does not always manage
(§11 row 47): it leaves letters out, and writes texts that its own rule refuses. What is valid: `readers`.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TypeAlias, TypeVar

from pactmock.pact.value import value

Writer: TypeAlias = Callable[[datetime], str]
T = TypeVar("T")

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
QUARTERS = ("1st quarter", "2nd quarter", "3rd quarter", "4th quarter")

_ABBREVIATIONS = """
ACDT ACST ADDT ADT AEDT AEST AHDT AHST AKDT AKST AMT APT AST AWDT AWST AWT BDST BDT BMT BST CAST CAT CDDT
CDT CEMT CEST CET CMT CPT CST CWT DMT EAT EDDT EDT EEST EET EMT EPT EST EWT FFMT FMT GDT GMT GST HDT HKST
HKT HKWT HMT HPT HST HWT IDDT IDT IMT IST JDT JMT JST KDT KMT KST LMT LST MDDT MDST MDT MEST MET MMT MPT MSD
MSK MST MWT NDDT NDT NPT NST NWT NZDT NZMT NZST PDDT PDT PKST PKT PLMT PMMT PMT PPMT PPT PST PWT QMT RMT
SAST SDMT SET SJMT SMT SST TBMT TMT WAST WAT WEMT WEST WET WIB WIT WITA WMT YDDT YDT YPT YST YWT
"""
ZONE_ABBREVIATIONS = frozenset(_ABBREVIATIONS.split())
"""What the reference takes for `z`: the abbreviations of the tz database, without `UTC`."""


@lru_cache(maxsize=1)
def zone_ids() -> frozenset[str]:
    """Return every zone id of the tz database; the first call searches the file system."""
    return frozenset(zoneinfo.available_timezones())


@value
class Letter:
    """How a letter is written, given its count, and its limits: the most, and the reference's name for it."""

    write: Callable[[int], Writer]
    limits: tuple[tuple[int, str], ...] = ()


def by_count(*forms: T) -> Callable[[int], T]:
    """Choose the form for a count of letters: the first form for one, the last for any more."""
    return lambda count: forms[min(count, len(forms)) - 1]


def _number(width: int, number: Callable[[datetime], int]) -> Callable[[int], Writer]:
    """Pad to a width that does not depend on the count, which is all that the reference knows."""
    return lambda _count: lambda moment: f"{number(moment):0{width}}"


def _counted(number: Callable[[datetime], int]) -> Callable[[int], Writer]:
    """Pad to the count of letters, as Java does."""
    return lambda count: lambda moment: f"{number(moment):0{count}}"


def _year(count: int) -> Writer:
    # The rule takes no more digits than letters: `y` holds only the last one, and the rest is padded as in Java.
    return lambda moment: f"{moment.year:0{count}}"[-count:]


def _week_of_year(moment: datetime) -> int:
    # Weeks start on Sunday. The reference writes 00 for the days before the first one, and refuses it as a value.
    return max(1, (moment.timetuple().tm_yday + 6 - moment.isoweekday() % 7) // 7)


def _week_of_month(moment: datetime) -> int:
    # Counted from the first day: W is 1 to 5, F is 0 to 4, nothing else is valid.
    return (moment.day - 1) // 7


def _fraction(count: int) -> Writer:
    return lambda moment: f"{moment.microsecond:06}"[:count].ljust(count, "0")


def _nano_of_day(moment: datetime) -> int:
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    return (seconds * 1_000_000 + moment.microsecond) * 1000


def _quarter(moment: datetime) -> int:
    return (moment.month + 2) // 3


def _offset_parts(moment: datetime, *, seconds: bool = False) -> tuple[str, int, int, int]:
    """Return sign, hours, minutes and seconds of the offset; what is not written is cut off, also from the sign."""
    offset = moment.utcoffset()
    if offset is None:
        raise ValueError("a moment without a time zone has no offset")
    total = abs(offset) // timedelta(seconds=1)
    total -= 0 if seconds else total % 60
    sign = "-" if total and offset < timedelta() else "+"
    return sign, total // 3600, total // 60 % 60, total % 60


def _numeric_offset(count: int) -> Writer:
    colon = ":" if count in (3, 5) else ""

    def write(moment: datetime) -> str:
        sign, hours, minutes, seconds = _offset_parts(moment, seconds=count > 3)
        text = f"{sign}{hours:02}"
        if count > 1 or minutes:
            text += f"{colon}{minutes:02}"
        return f"{text}{colon}{seconds:02}" if seconds else text

    return write


def _offset_or_z(count: int) -> Writer:
    numeric = _numeric_offset(count)
    zero = numeric(datetime(2000, 1, 1, tzinfo=UTC))

    def write(moment: datetime) -> str:
        text = numeric(moment)
        return "Z" if text == zero else text

    return write


def _short_gmt_offset(moment: datetime) -> str:
    sign, hours, minutes, _ = _offset_parts(moment)
    # Java writes only GMT for no offset; the rule wants one.
    return f"GMT{sign}{hours}:{minutes:02}" if minutes else f"GMT{sign}{hours}"


def _full_gmt_offset(moment: datetime) -> str:
    return "GMT" + _numeric_offset(3)(moment)


def abbreviation(moment: datetime) -> str | None:
    """Return the abbreviation of a moment's zone where `z` takes it."""
    name = moment.tzname()
    return name if name in ZONE_ABBREVIATIONS else None


def zone_id(moment: datetime) -> str | None:
    """Return the name of a moment's zone where `V` takes it; a fixed offset has none."""
    key = getattr(moment.tzinfo, "key", None)
    return key if key in zone_ids() else None


def _month_name(moment: datetime) -> str:
    return MONTHS[moment.month - 1]


def _day_name(moment: datetime) -> str:
    return DAYS[moment.weekday()]


def _short_day(moment: datetime) -> str:
    return _day_name(moment)[:3]


def _day_number(moment: datetime) -> str:
    return str(moment.isoweekday())


def _month_number(moment: datetime) -> str:
    return f"{moment.month:02}"


_MONTH_LIMIT = (5, "Month ('M' or 'L')")
_WEEK_LIMIT = (2, "Week in Month ('W' or 'F')")
_HOUR_LIMIT = (2, "Hour ('h', 'H', 'k' or 'K')")
_MINUTE_LIMIT = (2, "Minute ('m')")
_QUARTER_LIMIT = (5, "Quarter ('q' or 'Q')")
_DAY_LIMIT = (5, "Day of Week ('e')")
_OFFSET_LIMIT = (5, "Timezone Offset ('x', 'X', 'O', 'z', or 'Z')")

LETTERS: dict[str, Letter] = {
    "G": Letter(by_count(lambda _moment: "AD"), ((5, "Era ('G')"),)),
    "y": Letter(_year),
    "Y": Letter(_year),
    "u": Letter(_year),
    "M": Letter(
        by_count(_month_number, _month_number, lambda moment: _month_name(moment)[:3], _month_name),
        (_MONTH_LIMIT,),
    ),
    "L": Letter(by_count(_month_number), (_MONTH_LIMIT,)),
    "d": Letter(_number(2, lambda moment: moment.day), ((2, "Day in Month ('d')"),)),
    "D": Letter(_number(3, lambda moment: moment.timetuple().tm_yday)),
    "Q": Letter(
        by_count(
            lambda moment: f"{_quarter(moment)}",
            lambda moment: f"{_quarter(moment):02}",
            lambda moment: f"Q{_quarter(moment)}",
            lambda moment: QUARTERS[_quarter(moment) - 1],
        ),
        (_QUARTER_LIMIT,),
    ),
    "q": Letter(_counted(_quarter), (_QUARTER_LIMIT, (2, "Quarter ('q')"))),
    "w": Letter(_number(2, _week_of_year), (_WEEK_LIMIT,)),
    "W": Letter(_counted(lambda moment: _week_of_month(moment) + 1), (_WEEK_LIMIT,)),
    "F": Letter(_counted(_week_of_month), (_WEEK_LIMIT,)),
    "E": Letter(by_count(_short_day, _short_day, _short_day, _day_name), ((5, "Day of Week ('E')"),)),
    "e": Letter(by_count(_day_number, _day_number, _short_day, _day_name), (_DAY_LIMIT,)),
    "c": Letter(by_count(_day_number), (_DAY_LIMIT, (1, "Day of Week ('c')"))),
    "a": Letter(by_count(lambda moment: "AM" if moment.hour < 12 else "PM"), ((1, "AM/PM ('a')"),)),
    "H": Letter(_number(2, lambda moment: moment.hour), (_HOUR_LIMIT,)),
    "k": Letter(_number(2, lambda moment: moment.hour or 24), (_HOUR_LIMIT,)),
    "h": Letter(_number(2, lambda moment: moment.hour % 12 or 12), (_HOUR_LIMIT,)),
    "K": Letter(_number(2, lambda moment: moment.hour % 12), (_HOUR_LIMIT,)),
    "m": Letter(_number(2, lambda moment: moment.minute), (_MINUTE_LIMIT,)),
    "s": Letter(_number(2, lambda moment: moment.second), (_MINUTE_LIMIT,)),
    "S": Letter(_fraction),
    "n": Letter(_number(9, lambda moment: moment.microsecond * 1000)),
    "A": Letter(_counted(lambda moment: _nano_of_day(moment) // 1_000_000)),
    "N": Letter(_counted(_nano_of_day)),
    "x": Letter(_numeric_offset, (_OFFSET_LIMIT,)),
    "X": Letter(_offset_or_z, (_OFFSET_LIMIT,)),
    "Z": Letter(
        by_count(
            *[_numeric_offset(2)] * 3,
            lambda moment: _full_gmt_offset(moment).removesuffix("+00:00"),
            _numeric_offset(3),
        ),
        (_OFFSET_LIMIT,),
    ),
    "O": Letter(by_count(*[_short_gmt_offset] * 3, _full_gmt_offset), (_OFFSET_LIMIT, (4, "Timezone Offset ('O')"))),
    "z": Letter(by_count(lambda moment: abbreviation(moment) or "GMT"), (_OFFSET_LIMIT, (4, "Timezone Offset ('z')"))),
    "V": Letter(by_count(lambda moment: zone_id(moment) or "UTC"), (_OFFSET_LIMIT, (2, "Timezone ID ('V')"))),
}
