"""Hexadecimal digits, letters, UUIDs, and types that are not known."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock.generators.context import repeatable
from pactmock.generators.kinds import KINDS, compile_generator
from pactmock.generators.maker import CannotGenerate, maker
from pactmock.pact.generators import Generator
from pactmock.pact.json.values import Json

SEEDS = st.integers(0, 2**32)
UUIDS = {
    "simple": r"[0-9a-f]{32}",
    "lower-case-hyphenated": r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "upper-case-hyphenated": r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}",
    "URN": r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
}


def make(kind: str, example: Json = "", seed: int = 1, **attributes: Json) -> Json:
    context = repeatable(seed, datetime(2000, 1, 1, tzinfo=UTC))
    return compile_generator(Generator(kind, attributes)).json(example, context)


@given(SEEDS, st.integers(0, 200))
def test_row_42_hexadecimal_texts_are_as_long_as_asked_and_digits_come_again(seed: int, digits: int) -> None:
    text = make("RandomHexadecimal", seed=seed, digits=digits)
    assert re.fullmatch(f"[0-9A-F]{{{digits}}}", text)
    assert digits <= 16 or len(set(text)) < digits


@given(SEEDS, st.integers(0, 200))
def test_random_texts_are_letters_and_digits(seed: int, size: int) -> None:
    assert re.fullmatch(f"[A-Za-z0-9]{{{size}}}", make("RandomString", seed=seed, size=size))


@pytest.mark.parametrize("size", [None, -1, "5", 2.0, True])
def test_a_length_that_is_none_counts_as_ten(size: Json) -> None:
    assert len(make("RandomString", size=size)) == 10


def test_a_length_has_a_limit() -> None:
    assert len(make("RandomString", size=10**12)) == 65535


@given(SEEDS, st.sampled_from(sorted(UUIDS)))
def test_uuids_have_their_format_and_are_random_ones(seed: int, form: str) -> None:
    text = make("Uuid", "e", seed, format=form)
    assert re.fullmatch(UUIDS[form], text)
    assert UUID(text).version == 4


@pytest.mark.parametrize(("example", "form"), [("e", "other"), ("e", None), (5, "simple"), (None, "URN")])
def test_other_uuids_are_plain(example: Json, form: Json) -> None:
    assert re.fullmatch(UUIDS["lower-case-hyphenated"], make("Uuid", example, format=form))


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("Fortune", "'Fortune' is not a standard generator"),
        ("Regex", "no 'regex'"),
        ("ProviderState", "no 'expression'"),
    ],
)
def test_what_makes_nothing_says_why(kind: str, reason: str) -> None:
    with pytest.raises(CannotGenerate, match=reason):
        make(kind)


def test_a_table_of_kinds_can_be_given_with_those_of_plugins_in_it() -> None:
    kinds = {**KINDS, "Shout": lambda _attributes: maker(lambda example, _context: example.upper())}
    compiled = compile_generator(Generator("Shout", {}), kinds)
    assert compiled.text("hi", repeatable(1, datetime(2000, 1, 1, tzinfo=UTC))) == "HI"
