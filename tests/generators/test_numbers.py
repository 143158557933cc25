"""Numbers and booleans."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock.errors import InvalidRule
from pactmock.generators.context import repeatable
from pactmock.generators.kinds import compile_generator
from pactmock.generators.maker import CannotGenerate
from pactmock.pact.generators import Generator
from pactmock.pact.json.values import Json

SEEDS = st.integers(0, 2**32)


def make(kind: str, example: Json, seed: int = 1, **attributes: Json) -> Json:
    context = repeatable(seed, datetime(2000, 1, 1, tzinfo=UTC))
    return compile_generator(Generator(kind, attributes)).json(example, context)


@given(SEEDS, st.integers(-(2**31), 2**31 - 1), st.integers(0, 2**31))
def test_an_integer_lies_between_min_and_max(seed: int, low: int, width: int) -> None:
    assert low <= make("RandomInt", 5, seed, min=low, max=low + width) <= low + width


@given(SEEDS)
def test_an_integer_goes_from_0_to_10_when_nothing_is_said(seed: int) -> None:
    assert make("RandomInt", None, seed, min="3", max=4.5) in range(11)


def test_both_ends_of_the_range_are_used() -> None:
    assert {make("RandomInt", 5, seed, min=1, max=3) for seed in range(50)} == {1, 2, 3}


@pytest.mark.parametrize(("example", "expected"), [("7", "3"), (7, 3), (None, 3), ([], 3), (True, 3), (1.5, 3)])
def test_an_integer_is_a_text_only_where_the_example_is_one(example: Json, expected: Json) -> None:
    made = make("RandomInt", example, min=3, max=3)
    assert (made, type(made)) == (expected, type(expected))


def test_an_empty_range_is_refused_when_the_pact_is_posted() -> None:
    with pytest.raises(InvalidRule, match="RandomInt has a min of 20 and a max of 10"):
        make("RandomInt", 5, min=20)


DECIMALS = {0: "", 1: r"\d", 2: r"\d\.\d", 3: r"\d\.\d\d", 4: r"\d\.\d{3}|[1-9]\d\.\d\d"}


@given(SEEDS, st.sampled_from(sorted(DECIMALS)))
def test_decimals_have_the_shapes_of_the_table(seed: int, digits: int) -> None:
    assert re.fullmatch(DECIMALS[digits], make("RandomDecimal", "1.0", seed, digits=digits))


@given(SEEDS, st.integers(3, 40))
def test_a_decimal_has_its_digits_a_point_and_no_leading_zero_too_many(seed: int, digits: int) -> None:
    text = make("RandomDecimal", "1.0", seed, digits=digits)
    assert re.fullmatch(r"(\d|[1-9]\d+)\.\d\d+", text)
    assert len(text) == digits + 1


@given(SEEDS, st.integers(1, 12))
def test_a_number_in_a_document_becomes_a_decimal_number(seed: int, digits: int) -> None:
    assert type(make("RandomDecimal", 5, seed, digits=digits)) is float


@pytest.mark.parametrize("digits", [0, 60_000])
def test_what_is_no_json_number_is_not_made(digits: int) -> None:
    with pytest.raises(CannotGenerate):
        make("RandomDecimal", 5, digits=digits)


def test_booleans_are_both_and_texts_of_them_are_lower_case() -> None:
    assert {make("RandomBoolean", "x", seed) for seed in range(20)} == {True, False}
    context = repeatable(1, datetime(2000, 1, 1, tzinfo=UTC))
    assert compile_generator(Generator("RandomBoolean", {})).text("x", context) in ("true", "false")
