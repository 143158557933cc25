"""A quick yes or no for JSON bodies, compiled from the expected document and its rules.

Most requests match, and to see that, no path, no text and no list of mismatches is needed. So the expected document
becomes a tree of small functions that say whether a received one fits; only when one says no, `json.py` walks both
documents to say why, and passes over the items of lists that fit. Both must always agree: a property test holds them
together, and whatever is not common enough to have a function here asks that walk.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from operator import eq
from typing import TypeAlias

from pactmock.matching import budget
from pactmock.matching.rule_set import CompiledRule, Place, RuleList
from pactmock.matching.values.checks import bounds
from pactmock.pact import matching_rules as rules
from pactmock.pact.json.values import Json, equal

Predicate: TypeAlias = Callable[[Json], bool]
"""Says whether a received value fits where it was compiled for."""

ItemsFit: TypeAlias = Mapping[tuple[int, Place], Sequence[Predicate]]
"""What the items of a list must pass, in their order, by the identity of the expected list and its place.

Items for which there is nothing must pass what the first must. Lists of few items are left out.
"""

Walk: TypeAlias = Callable[[Json, Json, Place], bool]
"""Compares an expected value with a received one at a place the long way."""


class PredicateCompiler:
    """Compiles one document. Equal parts of it share one function, so that a long list of like items stays small."""

    def __init__(self, walk: Walk, *, strict: bool) -> None:
        self._walk = walk
        self._strict = strict
        self._shared: dict[tuple[object, ...], Predicate] = {}
        self._items_fit: dict[tuple[int, Place], tuple[Predicate, ...]] = {}

    @property
    def items_fit(self) -> ItemsFit:
        """What was compiled of lists, which must be alive to be known by it."""
        return self._items_fit

    def compile(self, expected: Json, place: Place) -> Predicate:
        if isinstance(expected, dict):
            return self._object(expected, place)
        if isinstance(expected, list):
            return self._list(expected, place)
        return self._scalar(expected, place)

    def _ask_the_walk(self, expected: Json, place: Place) -> Predicate:
        walk = self._walk
        return lambda actual: walk(expected, actual, place)

    # Scalars.

    def _scalar(self, expected: Json, place: Place) -> Predicate:
        kind, rule_list = type(expected), place.rules
        if rule_list is None:
            # Only a text equals a text; numbers and booleans equal each other and have to be told apart.
            return self._shared.setdefault(("equal", kind, expected), partial(eq if kind is str else equal, expected))
        cascaded = place.cascaded
        if len(rule_list.rules) == 1:
            (compiled,) = rule_list.rules
            types = compiled.rule.types_like(kind)
            if types:
                return self._shared.setdefault(types, _of_types(*types))
            if not compiled.rule.sees_example:
                check = compiled.scalar
                return self._shared.setdefault((place,), lambda actual: check(None, actual, cascaded) is None)
        return self._shared.setdefault(
            (place, kind, expected), lambda actual: not rule_list.scalar_problems(expected, actual, cascaded)
        )

    # Objects.

    def _object(self, expected: dict[str, Json], place: Place) -> Predicate:
        plain = rules.OfType if place.cascaded else rules.Type  # what cascades down does not count members
        if place.is_keyed or not _holds_only(place.rules, plain):
            return self._ask_the_walk(expected, place)
        members = tuple((name, self.compile(value, place.field(name))) for name, value in expected.items())
        make = _strict_object if self._strict else _lenient_object
        return self._shared.setdefault((make, members), make(members))

    # Lists.

    def _list(self, expected: list[Json], place: Place) -> Predicate:
        if place.rules is None:
            items = tuple(self.compile(item, place.index(index)) for index, item in enumerate(expected))
            self._note(expected, place, items)
            return self._shared.setdefault(("list", items), _exact_list(items))
        below = place.below_any_index
        if below is None or not expected or not _holds_only(place.rules, rules.OfType):
            return self._ask_the_walk(expected, place)
        items = tuple(self.compile(item, below) for item in expected)
        is_like = all(item is items[0] for item in items)
        self._note(expected, place, items[:1] if is_like else items)
        low, high = (0, None) if place.cascaded else _bounds(place.rules.rules)
        if is_like:
            return self._shared.setdefault(("like", items[0], low, high), _list_of_like_items(items[0], low, high))
        return self._shared.setdefault(("sized", items, low, high), _sized_list(items, low, high))

    def _note(self, expected: list[Json], place: Place, items: tuple[Predicate, ...]) -> None:
        if len(expected) >= _MANY_ITEMS:
            self._items_fit[id(expected), place] = items


_MANY_ITEMS = 4
"""In how many items it pays to look for those that do not fit."""


def _holds_only(rule_list: RuleList | None, kind: type[rules.MatchingRule]) -> bool:
    if rule_list is None:
        return True
    return not rule_list.any_of and all(isinstance(item.rule, kind) for item in rule_list.rules)


def _bounds(compiled: tuple[CompiledRule, ...]) -> tuple[int, int | None]:
    pairs = [bounds(item.rule) for item in compiled]
    return max((low for low, _ in pairs), default=0), min((high for _, high in pairs if high is not None), default=None)


def _strict_object(members: tuple[tuple[str, Predicate], ...]) -> Predicate:
    names = frozenset(name for name, _ in members)

    def check(actual: Json) -> bool:
        if type(actual) is not dict or actual.keys() != names:
            return False
        for name, fits in members:  # noqa: SIM110  a generator would take half as long again
            if not fits(actual[name]):
                return False
        return True

    return check


def _lenient_object(members: tuple[tuple[str, Predicate], ...]) -> Predicate:
    def check(actual: Json) -> bool:
        if type(actual) is not dict:
            return False
        for name, fits in members:  # noqa: SIM110  as above
            if name not in actual or not fits(actual[name]):
                return False
        return True

    return check


def _exact_list(items: tuple[Predicate, ...]) -> Predicate:
    def check(actual: Json) -> bool:
        if type(actual) is not list or len(actual) != len(items):
            return False
        for fits, item in zip(items, actual, strict=True):  # noqa: SIM110  as above
            if not fits(item):
                return False
        return True

    return check


def _list_of_like_items(fits: Predicate, low: int, high: int | None) -> Predicate:
    def check(actual: Json) -> bool:
        if type(actual) is not list or len(actual) < low or (high is not None and len(actual) > high):
            return False
        if len(actual) > _UNWATCHED:
            return _all_fit(fits, actual)
        for item in actual:  # noqa: SIM110  as above
            if not fits(item):
                return False
        return True

    return check


_UNWATCHED = 64
"""How many items of a received list are compared between two looks at the budget."""


def _all_fit(fits: Predicate, items: list[Json]) -> bool:
    given = budget.current()
    for start in range(0, len(items), _UNWATCHED):
        given.spend(_UNWATCHED)
        if not all(map(fits, items[start : start + _UNWATCHED])):
            return False
    return True


def _sized_list(items: tuple[Predicate, ...], low: int, high: int | None) -> Predicate:
    first, known = items[0], len(items)

    def check(actual: Json) -> bool:
        if type(actual) is not list or len(actual) < low or (high is not None and len(actual) > high):
            return False
        return all(fits(item) for fits, item in zip(items, actual, strict=False)) and _all_fit(first, actual[known:])

    return check


def _of_types(*kinds: type) -> Predicate:
    if len(kinds) == 1:
        (kind,) = kinds
        return lambda actual: type(actual) is kind
    return lambda actual: type(actual) in kinds
