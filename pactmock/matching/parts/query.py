"""Query parameters (reference/matching.md §5.1); form bodies are compared the same way (§4.6)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from pactmock.matching import budget
from pactmock.matching.budget import OutOfBudget
from pactmock.matching.mismatch import QueryMismatch, UndecidedMismatch
from pactmock.matching.parts import lists
from pactmock.matching.rule_set import NO_RULES, Place
from pactmock.matching.texts.rendering import quoted_list
from pactmock.matching.undecided import undecided
from pactmock.matching.values.location import field_name, step_of_key
from pactmock.pact.parts.query_string import Query, pieces

QueryMismatches = dict[str, list[QueryMismatch | UndecidedMismatch]]
"""Parameter name to what differs. Expected names are always there, unexpected ones when they were received."""


class ExpectedQuery:
    """A query that is expected, with the rules on its parameters."""

    def __init__(self, expected: Query | None, rules: Place, list_parameter: Callable[[str], str] = str) -> None:
        """Compile the comparison with a query.

        `list_parameter` names a parameter in the mismatches of its values as a whole. The reference says `$.q` there
        (§11 row 27, F: the bare name), and form bodies keep it (row 57, K).
        """
        self._parameters = {
            name: _Parameter(name, values, rules, list_parameter) for name, values in (expected or {}).items()
        }

    def compare(self, actual: Query | None) -> QueryMismatches:
        """Compare a query; the order of parameters does not matter, that of the values of one does."""
        actual = actual or {}
        spend = budget.current().spend
        found = {name: item.compare(actual.get(name), spend) for name, item in self._parameters.items()}
        unexpected = [name for name in actual if name not in self._parameters]
        if unexpected:
            found |= _unexpected(unexpected, actual)
        return found


def _unexpected(names: Sequence[str], actual: Query) -> QueryMismatches:
    spend = budget.current().spend
    found: QueryMismatches = {}
    try:
        for name in names:
            spend()
            text = f"Unexpected query parameter '{name}' received"
            found[name] = [QueryMismatch("", quoted_list(_texts(actual[name])), text, name)]
    except OutOfBudget as error:
        found.setdefault("", []).append(undecided("query", "The rest of the query", "", "", error))
    return found


def compare_texts(expected: str, actual: str) -> QueryMismatches:
    """Compare two queries as V1 does: the same parameters in the same order."""
    if pieces(expected) == pieces(actual):
        return {}
    text = f"Expected query '{expected}' but was '{actual}': a V1 pact wants the same parameters in the same order"
    return {"": [QueryMismatch(expected, actual, text, "")]}


def _texts(values: Iterable[str | None]) -> list[str]:
    # A parameter without a value equals one with an empty value (§11 row 59).
    return [value or "" for value in values]


class _Parameter:
    """A parameter that is expected, with the rules on it."""

    __slots__ = ("_expected", "_has_rules", "_list_parameter", "_name", "_only", "_place", "_texts")

    def __init__(
        self, name: str, expected: Sequence[str | None], rules: Place, list_parameter: Callable[[str], str]
    ) -> None:
        self._name = name
        self._expected = expected
        self._list_parameter = list_parameter
        self._texts = _texts(expected)
        self._has_rules = rules is not NO_RULES
        self._place = rules.field(name)
        is_list = bool(expected) and self._place.rules is not None and lists.concerns_items_only(self._place.rules)
        self._only = self._place.index(0).index(0) if is_list else None
        """Where a value stands that came alone and is all that the rules look at, as of nearly all parameters."""

    def compare(
        self, actual: Sequence[str | None] | None, spend: Callable[[], None]
    ) -> list[QueryMismatch | UndecidedMismatch]:
        if actual is None:
            text = f"Expected query parameter '{self._name}' but was missing"
            return [QueryMismatch(quoted_list(self._texts), "", text, self._name)]
        if self._expected == actual and not self._has_rules:
            return []
        received = _texts(actual)
        walk = _Values(self._name, self._place, self._list_parameter)
        try:
            if self._only is not None and len(received) == 1:
                spend()
                walk.value(self._only, self._texts[0], received[0])
            else:
                walk.compare(self._texts, received)
        except OutOfBudget as error:
            shown = quoted_list(self._texts), quoted_list(received)
            return [
                *dict.fromkeys(walk.found),
                undecided("query", f"The query parameter '{self._name}'", *shown, error),
            ]
        return list(dict.fromkeys(walk.found)) if walk.found else []


class _Values(lists.RendersTexts):
    """One comparison of the values of one parameter."""

    def __init__(self, name: str, place: Place, list_parameter: Callable[[str], str]) -> None:
        self.name = name
        self.list_parameter = list_parameter
        self.place = place
        self.found: list[QueryMismatch] = []

    @property
    def field(self) -> str:
        return field_name(self.name)

    def compare(self, expected: list[str], actual: list[str]) -> None:
        if self.place.rules is not None:
            lists.compare(self, self.place, self.place.rules, expected, actual)
        elif not expected and actual:
            text = f"Expected an empty parameter list for '{self.name}' but received {quoted_list(actual)}"
            self.found.append(QueryMismatch(quoted_list(expected), quoted_list(actual), text, self.name))
        else:
            self._one_by_one(expected, actual)

    def _one_by_one(self, expected: list[str], actual: list[str]) -> None:
        given = budget.current()
        for index, value in enumerate(actual):
            given.spend()
            self.value(self.place.index(index), expected[index] if index < len(expected) else "", value)
        whole = quoted_list(expected), quoted_list(actual)
        for value in expected[len(actual) :]:
            text = f"Expected query parameter '{self.field}' value '{value}' but was missing"
            self.found.append(QueryMismatch(*whole, text, self.field))
        if len(expected) != len(actual):
            text = f"with {len(expected)} value(s) but received {len(actual)} value(s)"
            self.found.append(QueryMismatch(*whole, f"Expected query parameter '{self.name}' {text}", self.name))

    def value(self, place: Place, expected: str, actual: str) -> None:
        if place.rules is not None:
            problems = place.rules.string_problems(expected, actual, place.cascaded)
        elif expected != actual:
            step = step_of_key(self.name)
            problems = [f"Expected query parameter '{step}' with value '{expected}' but was '{actual}'"]
        else:
            return
        self.found += [QueryMismatch(expected, actual, problem, self.field) for problem in problems]

    def fail(self, text: str, expected: str, actual: str) -> None:
        self.found.append(QueryMismatch(expected, actual, text, self.list_parameter(self.name)))

    def item(self, place: Place, index: int, expected: str, actual: str) -> None:
        self.value(place.index(index).index(0), expected, actual)

    def variant(self, root: Place, expected: str, actual: str) -> None:
        self.value(root.index(0), expected, actual)
