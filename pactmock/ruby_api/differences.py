"""What differs between what is expected and what came, by the rules of the Ruby service (reference/ruby-api.md §4, §5).

A comparison has no score and no alternatives: it goes through both trees side by side and finds all that differs.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from itertools import chain, islice, repeat
from typing import TypeAlias

from pactmock.errors import Steps
from pactmock.matching import budget
from pactmock.pact.json.values import Json
from pactmock.pact.value import value
from pactmock.ruby_api.tree.equality import same_value
from pactmock.ruby_api.tree.examples import example
from pactmock.ruby_api.tree.matchers import ArrayLike, Regexp, SomethingLike, Term, Tree


class Absent(Enum):
    """What stands in place of a value that is not there; its text, and what Ruby calls its type."""

    KEY = "<key not found>", ""
    ITEM = "<item not found>", "Pact::IndexNotFound"
    NO_KEY = "<key not to exist>", ""
    NO_ITEM = "<item not to exist>", "Pact::UnexpectedIndex"

    @property
    def text(self) -> str:
        return self.value[0]

    @property
    def type_name(self) -> str:
        return self.value[1]


NO_DIFFERENCE = "<no difference at this index>"


class Wanted(Enum):
    """What was wanted of a value."""

    EQUAL = "EXPECTED"
    TYPE = "EXPECTED_TYPE"
    MATCH = "EXPECTED_TO_MATCH"


@value
class Difference:
    """One place that differs: a value, or one of `Absent`, on either side. A pattern is its text."""

    wanted: Wanted
    expected: Json
    actual: Json
    matcher: Tree = None
    """The matcher that decided, where one did."""


Differences: TypeAlias = "Difference | dict[str, Differences] | list[Differences] | None"
"""All that differs in a tree, by its places; None where nothing does."""


@value
class Way:
    """How a comparison goes on from where it stands: by type, and whether members may be there that nobody expects."""

    by_type: bool = False
    is_open: bool = False
    because: Tree = None
    """The matcher that has it go by type."""

    def through(self, matcher: Tree) -> Way:
        return Way(True, self.is_open, matcher)


EXACT = Way()


def compare(expected: Tree, actual: Json, way: Way = EXACT) -> Differences:
    """Find what differs.

    Raises:
        OutOfBudget: when that takes too long.
    """
    budget.spend()
    if isinstance(expected, _MATCHERS):
        return _compare_as_told(expected, actual, way)
    return _compare_values(expected, actual, way)


_MATCHERS = SomethingLike, ArrayLike, Term, Regexp


def _compare_as_told(matcher: SomethingLike | ArrayLike | Term | Regexp, actual: Json, way: Way) -> Differences:
    match matcher:
        case SomethingLike():
            return compare(matcher.contents, actual, way.through(matcher))
        case ArrayLike():
            if not isinstance(actual, list):
                return Difference(Wanted.EQUAL, example(matcher), actual, matcher)
            size = max(matcher.least, len(actual))
            return _compare_items(repeat(matcher.contents, size), size, actual, way.through(matcher))
        case Term():
            return _search(matcher.matcher, actual, matcher)
        case Regexp():
            return _search(matcher, actual, matcher)


def _compare_values(expected: Tree, actual: Json, way: Way) -> Differences:
    if isinstance(expected, dict) and isinstance(actual, dict):
        return _compare_members(expected, actual, way)
    if isinstance(expected, list) and isinstance(actual, list):
        return _compare_items(expected, len(expected), actual, way)
    if not isinstance(expected, dict | list):
        if way.by_type:
            if type(expected) is type(actual) or kind_of(expected) == kind_of(actual):
                return None
            return Difference(Wanted.TYPE, expected, actual, way.because)
        if same_value(expected, actual):
            return None
    return Difference(Wanted.EQUAL, example(expected), actual, way.because)


def _search(pattern: Regexp, actual: Json, matcher: Tree) -> Difference | None:
    if isinstance(actual, str) and pattern.pattern.search(actual) is not None:
        return None
    return Difference(Wanted.MATCH, pattern.shown, actual, matcher)


def _compare_members(expected: dict[str, Tree], actual: dict[str, Json], way: Way) -> Differences:
    found = {key: compare(item, actual.get(key, Absent.KEY), way) for key, item in expected.items()}
    if not way.is_open:
        unexpected = [key for key in actual if key not in expected]
        budget.spend(len(unexpected))
        found |= {key: Difference(Wanted.EQUAL, Absent.NO_KEY, actual[key]) for key in unexpected}
    return {key: item for key, item in found.items() if item is not None} or None


def _compare_items(expected: list[Tree] | repeat[Tree], size: int, actual: list[Json], way: Way) -> Differences:
    pairs = zip(expected, chain(actual, repeat(Absent.ITEM)), strict=False)
    found = [compare(item, other, way) for item, other in pairs]
    budget.spend(max(0, len(actual) - size))
    found += [
        Difference(Wanted.TYPE if way.by_type else Wanted.EQUAL, Absent.NO_ITEM, item, way.because)
        for item in islice(actual, size, None)
    ]
    return found if any(item is not None for item in found) else None


def kind_of(item: Json) -> str:
    """Name the type that has to be the same: all numbers are of one, and so are both booleans."""
    name = type_name(item)
    return _KINDS.get(name, name)


def type_name(item: Json) -> str:
    """Name the class that a value has in Ruby."""
    if isinstance(item, Absent):
        return item.type_name
    return ("TrueClass" if item else "FalseClass") if isinstance(item, bool) else _CLASSES[type(item)]


_CLASSES: dict[type, str] = {
    str: "String",
    int: "Integer",
    float: "Float",
    type(None): "NilClass",
    dict: "Hash",
    list: "Array",
}
_KINDS = {"Float": "Integer", "FalseClass": "TrueClass"}


def each(found: Differences, place: Steps = ()) -> Iterator[tuple[Steps, Difference]]:
    """Yield what differs with the way to it."""
    match found:
        case Difference():
            yield place, found
        case dict():
            for key, item in found.items():
                yield from each(item, (*place, key))
        case list():
            for index, item in enumerate(found):
                yield from each(item, (*place, index))


def document_of(found: Differences) -> Json:
    """Write differences as the `interaction_diffs` of an answer have them (§7)."""
    match found:
        case Difference():
            return _document_of(found)
        case dict():
            return {key: document_of(item) for key, item in found.items()}
        case list():
            return [NO_DIFFERENCE if item is None else document_of(item) for item in found]
    return None


def _document_of(found: Difference) -> dict[str, Json]:
    if found.wanted is Wanted.TYPE:
        name = {found.wanted.value: type_name(found.expected)}
        if found.actual is Absent.KEY:
            return {**name, "ACTUAL": Absent.KEY.text}
        return {**name, "ACTUAL_TYPE": type_name(found.actual)}
    return {found.wanted.value: _shown(found.expected), "ACTUAL": _shown(found.actual)}


def _shown(item: Json) -> Json:
    return item.text if isinstance(item, Absent) else item
