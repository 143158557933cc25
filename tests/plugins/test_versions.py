"""Which version of a plugin is the newest, and which will do."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from semver import Version

from pactmock.plugins.installed import versions

NUMBERS = st.tuples(st.integers(0, 20), st.integers(0, 20), st.integers(0, 20))
IN_ORDER = (
    "0.0.9",
    "0.1.0-alpha",
    "0.1.0-alpha.1",
    "0.1.0-beta.2",
    "0.1.0-beta.11",
    "0.1.0-rc.1",
    "0.1.0",
    "0.1.10",
    "0.2",
    "1",
    "10.0.0",
)


def dotted(numbers: tuple[int, ...]) -> str:
    return ".".join(map(str, numbers))


def test_versions_are_ordered_by_their_numbers_and_a_pre_release_comes_before_its_release() -> None:
    shuffled = random.Random(7).sample(IN_ORDER, len(IN_ORDER))  # noqa: S311  only an order
    assert sorted(shuffled, key=versions.parse) == [*IN_ORDER]


@pytest.mark.parametrize(
    ("text", "version"),
    [("1", "1.0.0"), ("1.2", "1.2.0"), ("v1.2.3", "1.2.3"), (" 1.2.3 ", "1.2.3"), ("01.02", "1.2.0"),
     ("1.2-beta.1", "1.2.0-beta.1"), ("1.2.3+build", "1.2.3+build")],
)  # fmt: skip
def test_versions_of_one_to_three_numbers_are_read(text: str, version: str) -> None:
    assert versions.parse(text) == Version.parse(version)


@pytest.mark.parametrize("text", ["", "latest", "1.2.3.4", "1..2", "-1", "1.2.3-", "1.2.3-01", "1.2.3 4"])
def test_what_is_no_version_counts_as_the_oldest(text: str) -> None:
    assert versions.parse(text) == Version(0)


@given(NUMBERS, NUMBERS)
def test_a_version_will_do_when_it_is_at_least_the_one_asked_for(
    installed: tuple[int, ...], required: tuple[int, ...]
) -> None:
    """There is no upper bound: a new major version will do, too."""
    assert versions.satisfies(dotted(installed), dotted(required)) == (installed >= required)


@given(NUMBERS, NUMBERS)
def test_an_exact_request_takes_that_version_only(installed: tuple[int, ...], required: tuple[int, ...]) -> None:
    assert versions.satisfies(dotted(installed), f"={dotted(required)}") == (installed == required)


@given(st.text())
def test_any_version_will_do_for_who_asks_for_none_and_for_who_asks_for_its_very_text(installed: str) -> None:
    assert versions.satisfies(installed, None)
    assert versions.satisfies(installed, installed)


@pytest.mark.parametrize(
    ("installed", "required", "will_do"),
    [
        ("0.0.6", "0.0.3", True),
        ("2.0.0", "1.9", True),
        ("0.1.0-beta.1", "0.1.0", False),
        ("0.1.0-beta.1", "0.0.6", True),
        ("0.1.0", "0.1.0-beta.1", True),
        ("0.1.0-rc.1", "0.1.0-beta.1", False),
        ("1.0.0", "= 1.0.0", True),
        ("1.0.0", "=1", True),
        ("1.0.0-beta", "=1.0.0", False),
        ("nightly", "=nightly", True),
        ("nightly", "=weekly", False),
        ("0.0.0", "=nightly", False),
    ],
)
def test_pre_releases_and_exact_requests(installed: str, required: str, will_do: bool) -> None:
    assert versions.satisfies(installed, required) is will_do
