"""Lists under matching rules: JSON arrays, the values of a query parameter, of a header (reference/matching.md §3.4).

The three differ in how an item is rendered and compared; `ListWalk` is that difference, the algorithm is one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Generic, Protocol, TypeVar

from pactmock.matching import budget
from pactmock.matching.compiling import compile_entries
from pactmock.matching.rule_set import CompiledRule, Place, RuleList
from pactmock.matching.texts.rendering import debug_rule, json_texts, plain_texts
from pactmock.matching.values.checks import RuleTable, size_problem
from pactmock.pact import matching_rules as rules
from pactmock.pact.json_value import equal

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)


class ListWalk(Protocol[T_contra]):
    """One comparison of two lists of the same kind, which collects what it finds in `found`."""

    found: list[Any]

    def display(self, items: Sequence[T_contra]) -> str:
        """Render a list for texts about its size."""

    def stringified(self, items: Sequence[T_contra]) -> str:
        """Render a list for the `expected` and `actual` of a mismatch."""

    def fail(self, text: str, expected: str, actual: str) -> None:
        """Add a mismatch of the list as a whole."""

    def item(self, place: Place, index: int, expected: T_contra, actual: T_contra) -> None:
        """Compare two items; `place` is that of the list."""

    def variant(self, root: Place, expected: T_contra, actual: T_contra) -> None:
        """Compare two items as documents of their own, under the rules of a variant."""


def compare(walk: ListWalk[T], place: Place, rule_list: RuleList, expected: Sequence[T], actual: Sequence[T]) -> None:
    """Compare two lists under the rules that hold at `place`.

    With an expected list that is empty every rule passes (§11 row 12).
    """
    if expected:
        rule_list.apply(_Algorithm(walk, place, expected, actual).apply, walk.found)


class _Algorithm(Generic[T]):
    """One rule applied to two lists."""

    def __init__(self, walk: ListWalk[T], place: Place, expected: Sequence[T], actual: Sequence[T]) -> None:
        self.walk = walk
        self.place = place
        self.expected = expected
        self.actual = actual

    def apply(self, compiled: CompiledRule) -> None:
        if isinstance(compiled.rule, rules.ArrayContains):
            self._contains(compiled)
        elif isinstance(compiled.rule, rules.EachValue):
            if not self.place.cascaded:
                self._items(compiled.inner or self.place)
        else:
            problem = _LIST_CHECKS[type(compiled.rule)](self, compiled.rule)
            if problem is not None:
                self._fail(problem)
            self._items(self.place)

    def _fail(self, text: str) -> None:
        self.walk.fail(text, self.walk.stringified(self.expected), self.walk.stringified(self.actual))

    def _items(self, place: Place) -> None:
        """Compare item by item; what is beyond the expected list is compared with its first item."""
        first = self.expected[0]
        known = len(self.expected)
        given = budget.current()
        for index, actual in enumerate(self.actual):
            given.spend()
            self.walk.item(place, index, self.expected[index] if index < known else first, actual)

    def _contains(self, compiled: CompiledRule) -> None:
        variants = compiled.variants or tuple((index, _equal_everywhere()) for index in range(len(self.expected)))
        for index, root in variants:
            if index >= len(self.expected):
                self._fail(
                    f"ArrayContains: variant {index} is missing from the expected list,"
                    f" which has {len(self.expected)} items"
                )
            elif not self._is_any_variant(root, self.expected[index]):
                shown = self.walk.display([self.expected[index]])[1:-1]
                self.walk.fail(
                    f"Variant at index {index} ({shown}) was not found in the actual list",
                    shown,
                    self.walk.stringified(self.actual),
                )

    def _is_any_variant(self, root: Place, expected: T) -> bool:
        given, found = budget.current(), self.walk.found
        start = len(found)
        for item in self.actual:
            given.spend()
            try:
                self.walk.variant(root, expected, item)
                if len(found) == start:
                    return True
            finally:
                del found[start:]
        return False


@cache
def _equal_everywhere() -> Place:
    """Return what a variant without rules of its own is compared by."""
    return compile_entries((rules.equality_everywhere(),))


_Check = Callable[[_Algorithm[Any], Any], str | None]


def _sized(lists: _Algorithm[Any], rule: Any) -> str | None:
    if lists.place.cascaded:
        return None
    return size_problem(rule, len(lists.actual), lambda: lists.walk.display(lists.actual))


def _equality(lists: _Algorithm[Any], _rule: object) -> str | None:
    budget.current().check()  # so that what is compared again at every level below does not add up
    if equal(list(lists.expected), list(lists.actual)):
        return None
    walk = lists.walk
    return f"Expected {walk.stringified(lists.actual)} to be equal to {walk.stringified(lists.expected)}"


def _never(lists: _Algorithm[Any], rule: rules.MatchingRule) -> str:
    return f"Unable to match {lists.walk.stringified(lists.actual)} using {debug_rule(rule)}"


def _plugin(lists: _Algorithm[Any], rule: rules.Plugin) -> str | None:
    if rule.apply is None:
        return _never(lists, rule)
    if lists.place.cascaded or isinstance(lists.walk, RendersTexts):  # the values of a header are single values
        return None
    return rule.apply(list(lists.expected), list(lists.actual), False)


_LIST_CHECKS: RuleTable[_Check] = RuleTable(
    {
        rules.MinType: _sized,
        rules.MaxType: _sized,
        rules.MinMaxType: _sized,
        rules.Equality: _equality,
        rules.NotEmpty: lambda lists, _rule: None if lists.actual else "Expected [] (Array) to not be empty",
        rules.Null: _never,
        rules.StatusCode: _never,
        rules.Plugin: _plugin,
    },
    otherwise=lambda _lists, _rule: None,
)
"""What the rules that are left out say of a list, they say of its items."""


class RendersTexts:
    """How lists of texts are rendered: the half of a `ListWalk` that query and header values share."""

    def display(self, items: Sequence[str]) -> str:
        return plain_texts(items)

    def stringified(self, items: Sequence[str]) -> str:
        return json_texts(items)
