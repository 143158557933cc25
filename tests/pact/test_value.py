"""Values compare, hash, show and copy like frozen dataclasses, from the first of them on."""

from __future__ import annotations

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, fields, replace
from inspect import signature
from typing import ClassVar

import pytest

from pactmock.pact.value import value


@value
class Point:
    kind: ClassVar[str] = "point"

    x: int
    y: int = 0
    notes: list[str] = field(default_factory=list, compare=False, repr=False)

    def __post_init__(self) -> None:
        self.notes.append(f"made at {self.x}")


@value
class Named(Point):
    name: str = "?"
    y: int = 7


@dataclass(frozen=True)
class _Like:
    x: int
    y: int = 0
    notes: list[str] = field(default_factory=list, compare=False, repr=False)


def test_values_are_equal_and_of_one_hash_when_the_fields_that_count_are() -> None:
    assert Point(1) == Point(1, 0, ["other"])
    assert hash(Point(1)) == hash(Point(1, 0, ["other"]))
    assert Point(1) != Point(2)
    assert Point(1) != Named(1, 0)
    assert len({Point(1), Point(1), Point(2)}) == 2


def test_values_show_what_a_dataclass_shows() -> None:
    assert repr(Point(1, 2)) == "Point(x=1, y=2)"
    assert repr(Named(1)) == "Named(x=1, y=7, name='?')"


def test_each_value_has_defaults_of_its_own() -> None:
    one, other = Point(1), Point(1)
    one.notes.append("more")
    assert other.notes == ["made at 1"]
    assert Point.kind == "point"


def test_fields_of_a_base_class_come_first_and_can_be_given_another_default() -> None:
    assert [item.name for item in fields(Named)] == ["x", "y", "notes", "name"]
    assert (Named(3).y, Named(3, 4, name="a").name) == (7, "a")


def test_values_take_no_more_memory_than_their_fields() -> None:
    assert not hasattr(Named(1), "__dict__")


def test_values_can_be_replaced_copied_and_sent() -> None:
    named = Named(1, name="b")
    assert replace(named, x=2) == Named(2, name="b")
    assert copy.copy(named) == pickle.loads(pickle.dumps(named)) == named  # noqa: S301  our own


def test_values_match_by_position() -> None:
    match Named(1, 2):
        case Point(x, y):
            assert (x, y) == (1, 2)
        case _:
            pytest.fail("it did not match")


def test_a_class_of_values_says_before_there_are_any_how_they_are_made() -> None:
    @value
    class Unmade:
        x: int
        y: int = 0

    assert list(signature(Unmade).parameters) == list(signature(_Like).parameters)[:2]

    @value
    class AlsoUnmade(Unmade):
        z: int = 1

    assert [item.name for item in fields(AlsoUnmade)] == ["x", "y", "z"]


def test_wrong_arguments_are_a_type_error_that_names_them() -> None:
    with pytest.raises(TypeError, match="'x'"):
        Point()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="'z'"):
        Point(1, z=1)  # type: ignore[call-arg]


def test_the_first_values_of_a_class_may_be_made_in_many_threads_at_once() -> None:
    def first() -> bool:
        @value
        class Late:
            x: int
            notes: list[str] = field(default_factory=list)

        with ThreadPoolExecutor(8) as pool:
            made = list(pool.map(Late, range(16)))
        return [item.x for item in made] == list(range(16)) and len({id(item.notes) for item in made}) == 16

    assert all(first() for _ in range(20))
