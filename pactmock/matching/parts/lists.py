"""Lists under matching rules: JSON arrays, the values of a query parameter, of a header (reference/matching.md §3.4).

The three differ in how an item is rendered and compared; `ListWalk` is that difference, the algorithm is one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any, Generic, Protocol, TypeVar

from pactmock.matching import budget
from pactmock.matching.compiling import compile_entries
from pactmock.matching.parts.pairing import unpaired
from pactmock.matching.rule_set import CompiledRule, Place, RuleList
from pactmock.matching.texts.rendering import debug_rule, json_texts, plain_texts
from pactmock.matching.values.checks import RuleTable, size_problem
from pactmock.pact import matching_rules as rules
from pactmock.pact.json.values import equal

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

    With an expected list that is empty every rule passes (§11 row 12), but for one that the reference does not know.
    """
    if expected or rule_list.holds(rules.IgnoreOrder):
        rule_list.apply(_Algorithm(walk, place, expected, actual).apply, walk.found)


def concerns_items_only(rule_list: RuleList) -> bool:
    """Tell whether a list has one rule, which says of the list nothing but what it says of each item."""
    return len(rule_list.rules) == 1 and type(rule_list.rules[0].rule) not in _OF_LISTS


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
        elif isinstance(compiled.rule, rules.IgnoreOrder):
            self._in_any_order(compiled.rule)
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

    def _in_any_order(self, rule: rules.IgnoreOrder) -> None:
        """Compare a list in any order, and those inside of it in their own."""
        counts = len(self.expected), len(self.actual)
        problem = size_problem(rule, counts[1], lambda: self.walk.display(self.actual))
        if self.place.cascaded or (rule.min is None and rule.max is None and counts[0] != counts[1]):
            problem = None if counts[0] == counts[1] else f"Expected {counts[0]} item(s) but received {counts[1]}"
        if problem is not None:
            self._fail(problem)
        if self.place.cascaded:
            if self.expected:
                self._items(self.place)
            return
        for index in unpaired(*counts, self._fit):
            shown = self.walk.display([self.expected[index]])[1:-1]
            text = f"Expected {shown} at any place of the list, but no item of its own fits it"
            self.walk.fail(text, shown, self.walk.stringified(self.actual))

    def _fit(self, expected: int, actual: int) -> bool:
        return self._is_silent(
            partial(self.walk.item, self.place, expected, self.expected[expected], self.actual[actual])
        )

    def _contains(self, compiled: CompiledRule) -> None:
        variants = compiled.variants or tuple((index, _equal_everywhere()) for index in range(len(self.expected)))
        for index, root in variants:
            if index >= len(self.expected):
                self._fail(
                    f"ArrayContains: variant {index} is missing from the expected list,"
                    f" which has {len(self.expected)} items"
                )
            elif not any(
                self._is_silent(partial(self.walk.variant, root, self.expected[index], item)) for item in self.actual
            ):
                shown = self.walk.display([self.expected[index]])[1:-1]
                self.walk.fail(
                    f"Variant at index {index} ({shown}) was not found in the actual list",
                    shown,
                    self.walk.stringified(self.actual),
                )

    def _is_silent(self, compare: Callable[[], None]) -> bool:
        """Tell whether a comparison finds nothing; what it finds is forgotten."""
        budget.spend()
        start = len(self.walk.found)
        try:
            compare()
            return len(self.walk.found) == start
        finally:
            del self.walk.found[start:]


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

_OF_LISTS = frozenset({rules.ArrayContains, rules.IgnoreOrder, rules.EachValue, *_LIST_CHECKS})


class RendersTexts:
    """How lists of texts are rendered: the half of a `ListWalk` that query and header values share."""

    def display(self, items: Sequence[str]) -> str:
        return plain_texts(items)

    def stringified(self, items: Sequence[str]) -> str:
        return json_texts(items)
