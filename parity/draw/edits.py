"""Edits of JSON values: a request differs from the expected one in a place or two."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from parity.case import Json
from parity.draw import values
from parity.draw.dice import Dice

Path: TypeAlias = tuple[str | int, ...]
"""The steps from the root of a JSON value to one inside it."""


def paths(value: Json, start: Path = ()) -> Iterator[Path]:
    """Yield the path of every value inside a value, its own first."""
    yield start
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in items:
        yield from paths(item, (*start, step))


def at(value: Json, path: Path) -> Json:
    """Return the value at a path."""
    for step in path:
        value = value[step]
    return value


def replaced(value: Json, path: Path, new: Callable[[Json], Json]) -> Json:
    """Return a copy in which the value at a path is made anew from the old one; the rest is shared."""
    if not path:
        return new(value)
    inner = replaced(value[path[0]], path[1:], new)
    return with_item(value, path[0], inner)


def with_item(value: Json, step: str | int, item: Json) -> Json:
    """Return a copy of an object or a list with one item set."""
    if isinstance(value, dict):
        return {**value, step: item}
    return [item if index == step else old for index, old in enumerate(value)]


def without(value: Json, path: Path) -> Json:
    """Return a copy without the value at a path."""

    def cut(parent: Json) -> Json:
        if isinstance(parent, dict):
            return {name: item for name, item in parent.items() if name != path[-1]}
        return [item for index, item in enumerate(parent) if index != path[-1]]

    return replaced(value, path[:-1], cut)


def edited(dice: Dice, value: Json) -> Json:
    """Return a copy that differs in one place, mostly."""
    path = dice.one(list(paths(value)))
    return replaced(value, path, lambda old: _edit(dice, old))


def _edit(dice: Dice, old: Json) -> Json:
    if isinstance(old, dict) and dice.chance(0.85):
        return dice.one(_OBJECT_EDITS)(dice, old)
    if isinstance(old, list) and dice.chance(0.85):
        return dice.one(_LIST_EDITS)(dice, old)
    return dice.one(_EDITS)(dice, old)


def _same_kind(dice: Dice, old: Json) -> Json:
    if isinstance(old, bool):
        return not old
    if isinstance(old, int | float):
        return values.number(dice)
    return values.text(dice) if isinstance(old, str) else values.scalar(dice)


def _neighbour(dice: Dice, old: Json) -> Json:
    """Something that looks like the old value but is of another type."""
    if isinstance(old, str):
        return int(old) if old.isdecimal() and old.isascii() else f"{old} "
    if isinstance(old, int | float) and not isinstance(old, bool):
        small = old if abs(old) < 1e300 else 0
        return dice.one((str(old), float(small), int(small), old + 1))
    return str(old).lower()


_EDITS: tuple[Callable[[Dice, Json], Json], ...] = (
    _same_kind,
    _same_kind,
    _neighbour,
    lambda dice, _: values.scalar(dice),
    lambda dice, _: values.json_value(dice, 2),
    lambda _dice, old: [old],
    lambda _dice, _old: None,
)


def _with_member(dice: Dice, old: dict[str, Json]) -> Json:
    item = dice.one(list(old.values())) if old and dice.chance(0.6) else values.json_value(dice, 1)
    return {**old, values.key(dice): item}


def _without_member(dice: Dice, old: dict[str, Json]) -> Json:
    return without(old, (dice.one(list(old)),)) if old else {}


def _renamed(dice: Dice, old: dict[str, Json]) -> Json:
    chosen = dice.one(list(old)) if old else ""
    return {(values.key(dice) if name == chosen else name): item for name, item in old.items()}


_OBJECT_EDITS: tuple[Callable[[Dice, Json], Json], ...] = (_with_member, _without_member, _renamed, lambda *_: {})


def _with_copy(dice: Dice, old: list[Json]) -> Json:
    return [*old, dice.one(old)] if old else [values.json_value(dice, 1)]


def _with_new(dice: Dice, old: list[Json]) -> Json:
    position = dice.randint(0, len(old))
    return [*old[:position], values.json_value(dice, 1), *old[position:]]


def _shuffled(dice: Dice, old: list[Json]) -> Json:
    return dice.sample(old, len(old))


_LIST_EDITS: tuple[Callable[[Dice, Json], Json], ...] = (
    _with_copy,
    _with_copy,
    _with_new,
    lambda dice, old: without(old, (dice.randrange(len(old)),)) if old else [],
    _shuffled,
    lambda *_: [],
)
