"""Dates and times: formats, bases and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock.errors import InvalidRule
from pactmock.generators.context import GeneratorContext, repeatable
from pactmock.generators.kinds import compile_generator
from pactmock.generators.maker import CannotGenerate
from pactmock.matching.dates.validity import compile_pattern
from pactmock.pact.generators import Generator
from pactmock.pact.json.values import Json

NOW = datetime(2024, 3, 7, 15, 6, 9, 123456, tzinfo=timezone(timedelta(hours=2)))
ISO = {"Date": "yyyy-MM-dd", "Time": "HH:mm:ss", "DateTime": "yyyy-MM-dd'T'HH:mm:ss.SSSZ"}


def make(kind: str, *, values: dict[str, Json] | None = None, now: datetime = NOW, **attributes: Json) -> Json:
    return compile_generator(Generator(kind, attributes)).json(None, repeatable(1, now, values=values))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("Date", "2024-03-07"), ("Time", "15:06:09"), ("DateTime", "2024-03-07T15:06:09.123+0200")],
)
def test_without_a_format_it_is_the_iso_form(kind: str, expected: str) -> None:
    assert make(kind) == make(kind, format=None, expression="") == expected


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("dd/MM/yyyy HH:mm", "07/03/2024 15:06"),
        ("EEE, d MMM yyyy", "Thu, 07 Mar 2024"),
        ("hh:mm a", "03:06 PM"),
        ("yyyy-MM-dd'T'HH:mm:ssXXX", "2024-03-07T15:06:09+02:00"),
    ],
)
def test_formats_are_java_patterns(form: str, expected: str) -> None:
    assert make("DateTime", format=form) == expected


@pytest.mark.parametrize(
    ("kind", "expression", "expected"),
    [
        ("Date", "next monday", "2024-03-11"),
        ("Time", "noon + 1 minute", "12:01:00"),
        ("DateTime", "tomorrow @ midnight", "2024-03-08T00:00:00.000+0200"),
    ],
)
def test_expressions_move_the_moment(kind: str, expression: str, expected: str) -> None:
    assert make(kind, expression=expression) == expected


@given(
    st.datetimes(datetime.fromisoformat("1000-01-02"), timezones=st.just(UTC)),
    st.sampled_from(sorted(ISO)),
)
def test_what_is_made_passes_its_own_rule(now: datetime, kind: str) -> None:
    assert compile_pattern(ISO[kind]).problem(make(kind, now=now)) is None


@pytest.mark.parametrize("kind", sorted(ISO))
def test_a_base_of_the_context_stands_in_for_now(kind: str) -> None:
    made = make(kind, format="yyyy-MM-dd HH:mm", values={f"base{kind}": "2000-01-31T10:00:00Z"})
    assert made == "2000-01-31 12:00"


@pytest.mark.parametrize("base", ["today", "2000-01-31T10:00:00", 5])
def test_a_base_that_is_no_moment_makes_nothing(base: Json) -> None:
    with pytest.raises(CannotGenerate):
        make("Date", values={"baseDate": base})


def test_a_moment_out_of_range_makes_nothing() -> None:
    with pytest.raises(CannotGenerate, match="leads to no date"):
        make("Date", expression="+ 9000 years")


@pytest.mark.parametrize(
    ("kind", "attributes"),
    [
        ("Date", {"expression": "someday"}),
        ("Date", {"expression": "today @ noon"}),
        ("Time", {"expression": "@ noon"}),
        ("DateTime", {"expression": "noon"}),
        ("DateTime", {"format": "yyyy-MM-ddTHH:mm"}),
        ("Time", {"format": "HHH"}),
    ],
)
def test_what_can_never_work_is_refused_when_the_pact_is_posted(kind: str, attributes: dict[str, Json]) -> None:
    with pytest.raises(InvalidRule):
        compile_generator(Generator(kind, attributes))


def test_the_clock_of_this_machine_is_the_default() -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    text = compile_generator(Generator("DateTime", {})).text("", GeneratorContext())
    assert before <= datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z") <= datetime.now(UTC)
