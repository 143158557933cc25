"""What an explanation shows is cut to a size, and says that it was."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock.matching.texts.rendering import debug_json, plain_list, shown, stringified, stringified_map
from pactmock.matching.texts.shortening import VALUE, cut, cut_content, fitted, size
from pactmock.pact.json.values import compact

scalars = (
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.text(max_size=9)
)
documents = st.recursive(
    scalars | st.builds(lambda text, times: text * times, st.text(max_size=5), st.integers(0, 900)),
    lambda inner: (
        st.lists(inner, max_size=20)
        | st.dictionaries(st.text(max_size=9), inner, max_size=20)
        | st.builds(lambda item, times: [item] * times, scalars, st.integers(0, 900))
    ),
    max_leaves=30,
)
texts = st.builds(lambda text, times: text * times, st.text(max_size=40), st.integers(0, 400))


@given(texts, st.integers(64, 3000))
def test_a_text_that_fits_stays_and_one_that_does_not_is_cut_to_the_room(text: str, room: int) -> None:
    found = cut(text, room)
    assert size(found) <= room
    assert (found == text) is (size(text) <= room)


def test_a_text_that_is_cut_says_how_long_it_was() -> None:
    """Row 78: the reference shows all of it."""
    assert cut("é" * 5000, 64) == "é" * 20 + "… (5,000 characters)"


def test_bytes_are_cut_between_characters_and_say_how_many_they_were() -> None:
    found = cut_content("€".encode() * 2000)
    assert found.startswith("€€€")
    assert found.endswith("€… (6,000 bytes)")
    assert size(found) <= VALUE


@pytest.mark.parametrize(
    ("content", "found"), [(b"\xff", "no text"), (b"a" * 99 + b"\xff" + b"a" * 9999, "no text"), (b"ab", "ab")]
)
def test_bytes_that_are_no_text_are_not_shown(content: bytes, found: str) -> None:
    assert cut_content(content, "no text") == found


@given(documents, st.integers(200, 5000))
def test_a_value_is_fitted_into_its_room_and_stays_as_it_is_where_it_has_it(value: Any, room: int) -> None:
    found = fitted(value, room)
    assert size(found) <= room
    assert (found == value) is (size(value) <= room)


def test_lists_and_objects_say_what_is_left_out() -> None:
    found = fitted({"a": list(range(1000)), "b": 1}, 300)
    assert found["a"][-1].endswith(" more")
    assert found["…"] == "1 more"


@given(documents)
def test_what_is_rendered_is_the_whole_of_a_small_value_and_a_bounded_part_of_a_large_one(value: Any) -> None:
    assert size(shown(value)) <= VALUE
    assert size(debug_json(value)) <= VALUE
    if size(compact(value)) <= VALUE:
        assert json.loads(shown(value)) == json.loads(compact(value))
    if isinstance(value, list):
        assert size(plain_list(value)) <= VALUE
        assert size(stringified(value)) <= VALUE
    if isinstance(value, dict):
        assert size(stringified_map(value)) <= VALUE


def test_a_large_list_is_rendered_as_far_as_it_is_shown() -> None:
    assert shown([[1, 2]] * 9000).endswith("[1,2],[1,2],[1… (9,000 items)")
