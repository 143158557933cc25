"""Which values are valid for a date pattern, how a refusal reads, and how a moment is written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock.errors import InvalidRule
from pactmock.matching.dates.validity import compile_pattern

# What the released reference library accepts.
ACCEPTED = [
    ("yyyy-MM-dd", "2024-02-29"),
    ("yyyy-MM-dd", "2000-02-29"),
    ("yyyy-MM-dd", "0000-02-29"),
    ("yyyy-MM-dd", "2024-1-5"),
    ("yyyy-MM-dd", "1-1-1"),
    ("yy-MM-dd", "00-02-29"),
    ("yyyyyyyyyy", "2020"),
    ("uuuu/MM/dd", "2021/12/31"),
    ("yyyyMMdd", "20240131"),
    ("yyyy-MM-dd'T'HH:mm:ssXXX", "2020-01-01T23:59:60+11:59"),
    ("yyyy-MM-dd'T'HH:mm:ssXXX", "2020-01-01T00:00:00Z"),
    ("yyyy-MM-dd'T'HH:mm:ss.SSSX", "2020-01-01T00:00:00.1+01"),
    ("EEE, dd MMM yyyy HH:mm:ss Z", "mon, 29 FEB 2024 10:11:12 -0930"),
    ("EEEE d MMMM yyyy", "SUNDAY 1 may 2024"),
    ("dd LL", "30 02"),
    ("dd dd", "31 30"),
    ("dd MM MM", "30 01 02"),
    ("dd MM yyyy yyyy", "29 02 2020 2021"),
    ("yyyy dd", "2021 31"),
    ("D", "356"),
    ("DDDDD", "1"),
    ("G", "Ad"),
    ("GGGGG", "bC"),
    ("LLL", "01"),
    ("Q", "04"),
    ("qq", "1"),
    ("QQQ", "q4"),
    ("QQQQ", "4TH Quarter"),
    ("w", "56"),
    ("WW", "05"),
    ("F", "00"),
    ("ee", "7"),
    ("c", "1"),
    ("eee", "Mon"),
    ("eeee", "tuesday"),
    ("a", "pM"),
    ("H", "00"),
    ("k", "24"),
    ("h", "12"),
    ("K", "0"),
    ("m", "59"),
    ("s", "60"),
    ("S", "1"),
    ("SSSSSSSSS", "123456789"),
    ("n", "1234567890123456789012"),
    ("A", "0"),
    ("N", "86399999999999"),
    ("x", "+1"),
    ("x", "+0130"),
    ("x", "-+01"),
    ("xx", "+013"),
    ("xxx", "+1:3"),
    ("xxxx", "+013060"),
    ("xxxxx", "+01:30:60"),
    ("XXXXX", "Z"),
    ("ZZZ", "+0130"),
    ("ZZZZ", "UTC"),
    ("ZZZZ", "GMT-01:30"),
    ("ZZZZZ", "-01:30"),
    ("O", "GMT+1"),
    ("OOO", "UTC-08:00"),
    ("OOOO", "GMT+08:00"),
    ("z", "NZDT"),
    ("zzz", "EST"),
    ("VV", "Europe/London"),
    ("VV-yyyy", "Europe/London-2024"),
    ("''", "'"),
    ("yyyy''MM", "2020'01"),
    ("'a''b'", "a'b"),
    ("'a''''b'", "a'b"),
    ("''''", "'"),
    ("'''a'", "'a"),
    ('é # "', 'é # "'),
]


@pytest.mark.parametrize(("pattern", "value"), ACCEPTED)
def test_a_value_is_valid_when_the_reference_says_so(pattern: str, value: str) -> None:
    assert compile_pattern(pattern).problem(value) is None


# What the released reference library refuses, and with which words.
REFUSED = [
    ("yyyy-MM-dd", "", 'Error(Nom("", TakeWhileMN))'),
    ("yyyy-MM-dd", "x", 'Error(Nom("x", TakeWhileMN))'),
    ("yyyy-MM-dd", "-1-01-01", 'Error(Nom("-1-01-01", TakeWhileMN))'),
    ("yyyy-MM-dd", "2020/01/01", 'Error(Nom("/01/01", Tag))'),
    ("yyyy-MM-dd", "2020-13-01", 'Error(InvalidMonth("13"))'),
    ("yyyy-MM-dd", "2020-0-01", 'Error(InvalidMonth("0"))'),
    ("yyyy-MM-dd", "2020-01-32", 'Error(InvalidDayInMonth("32"))'),
    ("yyyy-MM-dd", "20201-01-01", 'Error(Nom("1-01-01", Tag))'),
    ("yyyy-MM-dd", "2020-01-01x", 'Remaining data after applying pattern "x"'),
    ("yyyy-MM-dd", "2020-02-30x", 'Remaining data after applying pattern "x"'),
    ("yyyy-MM-dd", "2020-01-01\n", 'Remaining data after applying pattern "\\n"'),
    ("yyyy-MM-dd", '2020-01-01"é\u200b\0', 'Remaining data after applying pattern "\\"é\\u{200b}\\0"'),
    ("yyyy-MM-dd", "2020-02-30", "'30' is not a valid day for month '02' in year 2020"),
    ("yyyy-MM-dd", "1900-02-29", "'29' is not a valid day for month '02' in year 1900"),
    ("yyyy-MM-dd", "0000-02-30", "'30' is not a valid day for month '02' in year 0"),
    ("yyyy-MM-dd", "0001-2-29", "'29' is not a valid day for month '2' in year 1"),
    ("MM-dd", "02-29", "'29' is not a valid day for month '02'"),
    ("d MMM", "31 Apr", "'31' is not a valid day for month 'Apr'"),
    ("dd MMMM yyyy", "30 february 2020", "'30' is not a valid day for month 'february' in year 2020"),
    ("dd dd MM", "30 31 02", "'30' is not a valid day for month '02'"),
    ("dd MM yyyy yyyy", "29 02 2021 2020", "'29' is not a valid day for month '02' in year 2021"),
    ("dd-MM G YYYY", "29-02 BC 2021", "'29' is not a valid day for month '02' in year 2021"),
    ("y", "2024", 'Remaining data after applying pattern "024"'),
    ("d", "٣", 'Error(Nom("٣", TakeWhileMN))'),
    ("MMM", "Sept", 'Remaining data after applying pattern "t"'),
    ("MMM", "1", 'Error(Nom("1", Tag))'),
    ("E", "\u017fun", 'Error(Nom("\u017fun", Tag))'),
    ("EEEE", "mon", 'Error(Nom("mon", Tag))'),
    ("G", "Anno Domini", 'Error(Nom("Anno Domini", Tag))'),
    ("LLL", "Jan", 'Error(Nom("Jan", TakeWhileMN))'),
    ("D", "0", 'Error(InvalidDayInYear("0"))'),
    ("w", "57", 'Error(InvalidWeekInYear("57"))'),
    ("W", "6", 'Error(InvalidWeekInYear("6"))'),
    ("F", "5", 'Error(InvalidWeekInYear("5"))'),
    ("Q", "5", 'Error(InvalidQuarter("5"))'),
    ("QQQ", "Q5", 'Error(Nom("Q5", Tag))'),
    ("QQQQ", "1st half", 'Error(Nom(" half", Tag))'),
    ("e", "01", 'Error(InvalidDayOfWeek("0"))'),
    ("a", "noon", 'Error(Nom("noon", Tag))'),
    ("HH:mm", "24:00", 'Error(InvalidHour("24"))'),
    ("K", "12", 'Error(InvalidHour("12"))'),
    ("k", "0", 'Error(InvalidHour("0"))'),
    ("h", "13", 'Error(InvalidHour("13"))'),
    ("mm", "60", 'Error(InvalidMinute("60"))'),
    ("ss", "61", 'Error(InvalidMinute("61"))'),
    ("SSS", "x", 'Error(Nom("x", TakeWhileMN))'),
    ("SSS", "1234", 'Remaining data after applying pattern "4"'),
    ("n", "x", 'Error(Nom("x", Digit))'),
    ("x", "Z", 'Error(Nom("Z", IsA))'),
    ("X", "z", 'Error(Nom("z", IsA))'),
    ("X", "+99", 'Error(InvalidHour("99"))'),
    ("X", "+0160", 'Remaining data after applying pattern "60"'),
    ("X", "+01:30", 'Remaining data after applying pattern ":30"'),
    ("XX", "+01", 'Error(Nom("", TakeWhileMN))'),
    ("XX", "+0160", 'Error(InvalidMinute("60"))'),
    ("XXX", "+0130", 'Error(Nom("30", Tag))'),
    ("XXX", "+01:30:59", 'Remaining data after applying pattern ":59"'),
    ("XXXX", "+013061", 'Remaining data after applying pattern "61"'),
    ("XXXXX", "+01:30:61", 'Remaining data after applying pattern ":61"'),
    ("ZZZZ", "GMT+1", 'Remaining data after applying pattern "+1"'),
    ("O", "GMT", 'Error(Nom("", IsA))'),
    ("O", "gmt+1", 'Error(Nom("gmt+1", Tag))'),
    ("OOOO", "GMT+1", 'Error(Nom("", Tag))'),
    ("z", "UTC", 'Error(InvalidTimezone("UTC"))'),
    ("z", "ABCDE", 'Error(InvalidTimezone("ABCD"))'),
    ("z", "est", 'Error(Nom("est", TakeWhileMN))'),
    ("zzzz", 'E"T', 'Error(FullTimezonesNotSupported("E\\"T"))'),
    ("VV", "x/y", 'Error(InvalidTimezone("x/y"))'),
    ("VV", "/x", 'Error(Nom("/x", AlphaNumeric))'),
    ("VV", "Europe/Londonx", 'Error(InvalidTimezone("Europe/Londonx"))'),
    ("'T'", "t", 'Error(Nom("t", Tag))'),
]


@pytest.mark.parametrize(("pattern", "value", "reason"), REFUSED)
def test_a_refusal_reads_as_in_the_reference(pattern: str, value: str, reason: str) -> None:
    assert compile_pattern(pattern).problem(value) == reason


FAILURE = "with error - Parsing Failure: TooManyPatternLetters"
UNUSABLE = [
    ("yyyy-MM-ddTHH:mm", "at text 'THH:mm'", "'T' is not a pattern letter"),
    ("yyyyB", "at text 'B'", "'B' is not a pattern letter"),
    ("yyyy1", "at text '1'", "'1' is not a pattern letter"),
    ("[yyyy]", 'with error - Parsing Error: Nom("[yyyy]", IsNot)', "'[' is not a pattern letter"),
    ("", 'with error - Parsing Error: Nom("", IsNot)', "it is empty"),
    ("yyyy'abc", "at text ''abc'", "a single quote is not closed"),
    ("'''", "at text '''", "a single quote is not closed"),
    ("'''''a", "at text ''a'", "a single quote is not closed"),
    ("GGGGGG", f"{FAILURE}(\"Too many pattern letters for Era ('G'): 6\", 6)", "at most 5 'G'"),
    ("yyyyddd", f"{FAILURE}(\"Too many pattern letters for Day in Month ('d'): 3\", 3)", "at most 2 'd'"),
    ("HH:sss", f"{FAILURE}(\"Too many pattern letters for Minute ('m'): 3\", 3)", "at most 2 's'"),
    ("cc", f"{FAILURE}(\"Too many pattern letters for Day of Week ('c'): 2\", 2)", "at most 1 'c'"),
    ("cccccc", f"{FAILURE}(\"Too many pattern letters for Day of Week ('e'): 6\", 6)", "at most 1 'c'"),
    ("zzzzz", f"{FAILURE}(\"Too many pattern letters for Timezone Offset ('z'): 5\", 5)", "at most 4 'z'"),
]


@pytest.mark.parametrize(("pattern", "reference", "advice"), UNUSABLE)
def test_an_unusable_pattern_is_explained(pattern: str, reference: str, advice: str) -> None:
    """The sentence starts with the reference's text and then says which letter is meant and what to do."""
    with pytest.raises(InvalidRule) as caught:
        compile_pattern(pattern)
    assert caught.value.message.startswith(f"Parsing datetime pattern '{pattern}' failed {reference}: {advice}")


LIMITS = {
    **dict.fromkeys("GMLQEexXZ", 5),
    **dict.fromkeys("Oz", 4),
    **dict.fromkeys("dqwWFHkhKmsV", 2),
    **dict.fromkeys("ac", 1),
    **dict.fromkeys("yYuDSnAN", 100),
}


@pytest.mark.parametrize("letter", LIMITS)
def test_each_letter_may_stand_as_often_as_in_the_reference(letter: str) -> None:
    most = LIMITS[letter]
    assert compile_pattern(letter * most).text == letter * most
    if most < 100:
        with pytest.raises(InvalidRule, match=f"at most {most} '{letter}' may stand in a row"):
            compile_pattern(letter * (most + 1))


def test_every_other_letter_must_be_quoted() -> None:
    for letter in set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") - set(LIMITS):
        with pytest.raises(InvalidRule, match=f"'{letter}' is not a pattern letter"):
            compile_pattern(letter)
        assert compile_pattern(f"'{letter}'").problem(letter) is None


def test_a_pattern_is_compiled_once() -> None:
    assert compile_pattern("yyyy-MM-dd") is compile_pattern("yyyy-MM-dd")


def test_a_pattern_shows_its_text_only() -> None:
    assert repr(compile_pattern("yyyy")) == "DatePattern(text='yyyy')"


def test_a_pattern_of_very_many_quotes_is_refused_in_linear_time() -> None:
    with pytest.raises(InvalidRule, match="not closed"):
        compile_pattern("'" * 200_001)


def test_a_value_of_very_many_words_is_refused_in_linear_time() -> None:
    assert compile_pattern("VV").problem("a/" * 1_000_000) == 'Error(InvalidTimezone("a/a/a/a/a/a/a/a/a"))'


@pytest.mark.parametrize("offset", ["+12:00", "+13:00", "+14:00", "-12:00", "+12:45", "+18:00"])
def test_offsets_up_to_18_hours_are_valid_row_47(offset: str) -> None:
    hours, minutes = offset.split(":")
    for pattern, value in [
        ("XXX", offset),
        ("xxxxx", offset),
        ("ZZZZZ", offset),
        ("X", hours + minutes),
        ("xx", hours + minutes),
        ("Z", hours + minutes),
        ("ZZZZ", f"GMT{offset}"),
        ("O", f"GMT{offset}"),
        ("OOOO", f"UTC{offset}"),
        ("yyyy-MM-dd'T'HH:mm:ssXXX", f"2024-01-01T00:00:00{offset}"),
    ]:
        assert compile_pattern(pattern).problem(value) is None


def test_an_offset_of_19_hours_is_still_refused_row_47() -> None:
    assert compile_pattern("XXX").problem("+19:00") == 'Error(InvalidHour("19"))'


def test_a_year_may_have_366_days_row_47() -> None:
    pattern = compile_pattern("yyyy-DDD")
    assert pattern.problem("2024-357") is None
    assert pattern.problem("2024-366") is None
    assert pattern.problem("2024-367") == 'Error(InvalidDayInYear("367"))'


def test_every_zone_id_of_the_tz_database_is_valid_row_47() -> None:
    pattern = compile_pattern("VV")
    assert [zone for zone in sorted(available_timezones()) if pattern.problem(zone) is not None] == []


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        ("VV", "America/New_York"),
        ("V", "UTC"),
        ("VV", "America/Argentina/Buenos_Aires"),
        ("VV", "Etc/GMT+12"),
        ("VVXXX", "America/New_York-05:00"),
        ("VVxx", "UTC+0100"),
        ("VV_yyyy", "America/Port-au-Prince_2024"),
        ("VV/yyyy", "GMT/2024"),
    ],
)
def test_a_zone_id_ends_where_the_longest_known_id_ends_row_47(pattern: str, value: str) -> None:
    assert compile_pattern(pattern).problem(value) is None


def test_an_unknown_zone_id_is_named_whole_row_47() -> None:
    reason = compile_pattern("VV").problem("America/Old_York")
    assert reason == 'Error(InvalidTimezone("America/Old_York"))'


def test_a_year_of_any_length_is_judged_by_the_calendar() -> None:
    """The reference panics at a year above 262143."""
    pattern = compile_pattern("y" * 5000 + "-MM-dd")
    assert pattern.problem("9" * 4996 + "0400-02-29") is None
    reason = pattern.problem("9" * 20 + "-02-29")
    assert reason == f"'29' is not a valid day for month '02' in year {'9' * 20}"


LAST = datetime(2024, 12, 31, 0, 5, 9, 123456, ZoneInfo("America/New_York"))
NOON = datetime(2023, 2, 1, 12, 34, 56, 1000, ZoneInfo("Asia/Kolkata"))

# Letters that the released reference library writes alike.
WRITTEN = [
    ("yyyy-MM-dd", "2024-12-31", "2023-02-01"),
    ("yy-M-d", "24-12-31", "23-02-01"),
    ("EEE, dd MMM yyyy HH:mm:ss Z", "Tue, 31 Dec 2024 00:05:09 -0500", "Wed, 01 Feb 2023 12:34:56 +0530"),
    ("EEEE MMMM LLLL", "Tuesday December 12", "Wednesday February 02"),
    ("G e c", "AD 2 2", "AD 3 3"),
    ("h:mm a", "12:05 AM", "12:34 PM"),
    ("D w", "366 52", "032 05"),
    ("SSS SSSSSS n", "123 123456 123456000", "001 001000 001000000"),
    ("XXX xxx", "-05:00 -05:00", "+05:30 +05:30"),
    ("'it''s' yyyy", "it's 2024", "it's 2023"),
]

# What the reference leaves out, or writes although its own rule refuses it.
WRITTEN_BETTER = [
    ("K k", "00 24", "00 12"),
    ("y yyy yyyyy", "4 024 02024", "3 023 02023"),
    ("Q QQ QQQ QQQQ q qq", "4 04 Q4 4th quarter 4 04", "1 01 Q1 1st quarter 1 01"),
    ("W WW F FF", "5 05 4 04", "1 01 0 00"),
    ("eee eeee", "Tue Tuesday", "Wed Wednesday"),
    ("S SS SSSS SSSSSSSSSSSS", "1 12 1234 123456000000", "0 00 0010 001000000000"),
    ("A", "309123", "45296001"),
    ("N", "309123456000", "45296001000000"),
    ("NNNNNNNNNNNNNNN AAAAAAAAA", "000309123456000 000309123", "045296001000000 045296001"),
    ("X XX XXXX XXXXX", "-05 -0500 -0500 -05:00", "+0530 +0530 +0530 +05:30"),
    ("x xx xxxx xxxxx", "-05 -0500 -0500 -05:00", "+0530 +0530 +0530 +05:30"),
    ("ZZZZ ZZZZZ", "GMT-05:00 -05:00", "GMT+05:30 +05:30"),
    ("O OOOO", "GMT-5 GMT-05:00", "GMT+5:30 GMT+05:30"),
    ("zzz VV", "EST America/New_York", "IST Asia/Kolkata"),
]


@pytest.mark.parametrize(("pattern", "last", "noon"), WRITTEN)
def test_a_moment_is_written_as_by_the_reference(pattern: str, last: str, noon: str) -> None:
    assert compile_pattern(pattern).format(LAST) == last
    assert compile_pattern(pattern).format(NOON) == noon


@pytest.mark.parametrize(("pattern", "last", "noon"), WRITTEN_BETTER)
def test_a_moment_is_written_as_java_does_where_the_reference_fails_row_47(pattern: str, last: str, noon: str) -> None:
    assert compile_pattern(pattern).format(LAST) == last
    assert compile_pattern(pattern).format(NOON) == noon


def test_no_offset_is_written_as_z_row_47() -> None:
    written = compile_pattern("X|XX|XXX|XXXX|XXXXX|x|xx|xxx|Z|ZZZZ|ZZZZZ|O|OOOO").format(LAST.replace(tzinfo=UTC))
    assert written == "Z|Z|Z|Z|Z|+00|+0000|+00:00|+0000|GMT|+00:00|GMT+0|GMT+00:00"


def test_only_the_long_offsets_have_seconds_row_47() -> None:
    moment = datetime(1900, 1, 1, tzinfo=timezone(-timedelta(hours=3, minutes=4, seconds=5)))
    written = compile_pattern("X|XX|XXX|XXXX|XXXXX|Z|ZZZZZ|O").format(moment)
    assert written == "-0304|-0304|-03:04|-030405|-03:04:05|-0304|-03:04|GMT-3:04"


def test_an_offset_of_seconds_is_none_where_seconds_are_not_written_row_47() -> None:
    moment = datetime(1900, 1, 1, tzinfo=timezone(-timedelta(seconds=5)))
    assert compile_pattern("XXX|xxx|XXXX").format(moment) == "Z|+00:00|-000005"


def test_a_zone_without_a_name_is_written_in_utc_row_47() -> None:
    """The reference writes the offset for `z` and `V`, which its own rule refuses."""
    brazil = datetime(2024, 5, 5, 22, 0, tzinfo=ZoneInfo("America/Sao_Paulo"))
    fixed = datetime(2024, 5, 5, 22, 0, tzinfo=timezone(timedelta(hours=-3)))
    assert compile_pattern("d HH:mm z").format(brazil) == "06 01:00 GMT"
    assert compile_pattern("d HH:mm VV").format(brazil) == "05 22:00 America/Sao_Paulo"
    assert compile_pattern("d HH:mm VV").format(fixed) == "06 01:00 UTC"


def test_the_days_before_the_first_sunday_are_in_week_one_row_47() -> None:
    """The reference writes week 00, which its own rule refuses."""
    assert compile_pattern("ww").format(datetime(2022, 1, 1, tzinfo=UTC)) == "01"
    assert compile_pattern("ww").format(datetime(2022, 1, 2, tzinfo=UTC)) == "01"
    assert compile_pattern("ww").format(datetime(2022, 1, 9, tzinfo=UTC)) == "02"


def test_a_leap_day_becomes_the_28th_where_the_pattern_cannot_hold_it_row_47() -> None:
    """The rule judges a pattern without a year by a year of 365 days, and a cut year by the year that is left."""
    leap_day = datetime(2016, 2, 29, tzinfo=UTC)
    assert compile_pattern("dd/MM").format(leap_day) == "28/02"
    assert compile_pattern("dd/MM/y").format(leap_day) == "28/02/6"
    assert compile_pattern("dd/MM/yy").format(leap_day) == "29/02/16"


def test_a_moment_without_a_zone_has_no_offset_to_write() -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        compile_pattern("XXX").format(NOON.replace(tzinfo=None))


MOMENTS = st.datetimes(
    min_value=datetime(1, 1, 3),  # noqa: DTZ001  # hypothesis adds the zone
    max_value=datetime(9999, 12, 29),  # noqa: DTZ001  # the same
    timezones=st.timezones()
    | st.builds(timezone, st.timedeltas(timedelta(hours=-18), timedelta(hours=18)))
    | st.just(UTC),
)
# No value at all is valid for `zzzz`.
RUNS = [letter * count for letter, most in LIMITS.items() for count in range(1, min(most, 12) + 1)]
RUNS.remove("zzzz")
PATTERNS = [
    "yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
    "yyyyMMddHHmmssSSSX",
    "yyyyyMMdd",
    "yMd",
    "d/M/yy",
    "DDDyyyy",
    "EEE, d MMM yyyy h:mm a zzz",
    "EEEE, QQQQ 'of' yyyy G",
    "yyyy-'W'ww-e",
    "KK'o''clock'a",
    "VVxxx",
]


@given(moment=MOMENTS, pattern=st.sampled_from(RUNS) | st.sampled_from(PATTERNS))
def test_a_written_moment_is_valid_for_its_own_pattern_row_47(moment: datetime, pattern: str) -> None:
    compiled = compile_pattern(pattern)
    written = compiled.format(moment)
    assert compiled.problem(written) is None, written


@given(moment=MOMENTS, runs=st.lists(st.sampled_from(RUNS), min_size=1, max_size=8))
def test_a_written_moment_is_valid_for_any_runs_with_spaces_between_row_47(moment: datetime, runs: list[str]) -> None:
    compiled = compile_pattern(" ".join(runs))
    written = compiled.format(moment)
    assert compiled.problem(written) is None, written


@given(value=st.from_regex(r"[12][0-9]{3}-[01][0-9]-[0-3][0-9]T[0-2]?[0-9]:[0-6][0-9](Z|[+-][0-2][0-9]:?[0-6][0-9]x?)"))
def test_the_quick_way_decides_as_token_by_token(value: str) -> None:
    """An era is not in the quick way, so a pattern with one goes token by token."""
    quick = compile_pattern("yyyy-MM-dd'T'HH:mmXXX").problem(value)
    thorough = compile_pattern("Gyyyy-MM-dd'T'HH:mmXXX").problem(f"AD{value}")
    assert quick == thorough


@given(value=st.text())
def test_no_value_breaks_a_pattern(value: str) -> None:
    for pattern in RUNS:
        compile_pattern(pattern).problem(value)
