"""Headers (reference/matching.md §5.3): names in any case, more than expected is fine."""

from __future__ import annotations

from pactmock.matching import budget
from pactmock.matching.budget import OutOfBudget
from pactmock.matching.mismatch import HeaderMismatch, UndecidedMismatch
from pactmock.matching.parts import lists
from pactmock.matching.parts.parameters import parameter_problems
from pactmock.matching.rule_set import NO_RULES, Place
from pactmock.matching.texts.rendering import quoted
from pactmock.matching.undecided import undecided
from pactmock.pact.parts.headers import Headers

HeaderMismatches = dict[str, list[HeaderMismatch | UndecidedMismatch]]
"""Expected header name to what differs; every expected name is there."""

PARAMETERISED = frozenset({"accept", "content-type"})


def compare(expected: Headers, actual: Headers, rules: Place) -> HeaderMismatches:
    """Compare headers. `actual` finds names in lower case, in which the rules' names are too."""
    if not expected:
        return {}
    return {name: _header(name, values, actual.get(name.lower()), rules) for name, values in expected.items()}


def _header(
    name: str, expected: tuple[str, ...], actual: tuple[str, ...] | None, rules: Place
) -> list[HeaderMismatch | UndecidedMismatch]:
    if actual is None:
        text = f"Expected a header '{name}' but was missing"
        return [HeaderMismatch(quoted(", ".join(expected)), "", text, name)]
    if not expected and actual:
        received = ", ".join(actual)
        text = f"Expected an empty header '{name}' but actual value was '{received}'"
        return [HeaderMismatch("", received, text, name)]
    if expected == actual and rules is NO_RULES:
        return []
    walk = _Values(name, rules.field(name.lower()), is_single=len(expected) == len(actual) == 1)
    try:
        walk.compare(expected, actual)
    except OutOfBudget as error:
        found = undecided("headers", f"The header '{name}'", ", ".join(expected), ", ".join(actual), error)
        return [*dict.fromkeys(walk.found), found]
    return list(dict.fromkeys(walk.found))


class _Values(lists.RendersTexts):
    """One comparison of the values of one header."""

    def __init__(self, name: str, place: Place, *, is_single: bool) -> None:
        self.name = name
        self.place = place
        self.is_single = is_single
        self.found: list[HeaderMismatch] = []

    def compare(self, expected: tuple[str, ...], actual: tuple[str, ...]) -> None:
        if self.name.lower() == "cookie" and self.place.rules is None and self.place.index(0).rules is None:
            self._cookies("; ".join(expected), "; ".join(actual))
        elif self.is_single:
            self._value(self.place, 0, expected[0], actual[0])
        elif self.place.rules is not None:
            lists.compare(self, self.place, self.place.rules, expected, actual)
        else:
            self._one_by_one(expected, actual)

    def _cookies(self, expected: str, actual: str) -> None:
        """Compare the pairs of all lines, in any order (§11 row 68, F)."""
        wanted, received = ({_normal_commas(pair.strip()) for pair in text.split(";")} for text in (expected, actual))
        if wanted - {""} != received - {""}:
            self._add(expected, actual, f"Expected '{actual}' to be equal to '{expected}'")

    def _one_by_one(self, expected: tuple[str, ...], actual: tuple[str, ...]) -> None:
        given = budget.current()
        for index, value in enumerate(actual):
            given.spend()
            self._value(self.place, index, expected[index] if index < len(expected) else "", value)
        for index in range(len(actual), len(expected)):
            text = (
                f"Expected value '{expected[index]}' at index {index} but was missing"
                f" (actual has {len(actual)} value(s))"
            )
            self._add(expected[index], "", text)

    def _add(self, expected: str, actual: str, problem: str) -> None:
        text = f"Mismatch with header '{self.name}': {problem}"
        self.found.append(HeaderMismatch(expected, actual, text, self.name))

    def _value(self, place: Place, index: int, expected: str, actual: str) -> None:
        expected, actual = expected.strip(), actual.strip()
        for problem in self._problems(place, index, expected, actual):
            self._add(expected, actual, problem)

    def _problems(self, place: Place, index: int, expected: str, actual: str) -> list[str]:
        at_index = "" if self.is_single else f" for value at index {index}"
        ruled = place if place.rules is not None else place.index(index)
        if ruled.rules is not None:
            problems = ruled.rules.string_problems(expected, actual, False)
            return [f"{problem}{at_index}" for problem in problems]
        if self.name.lower() in PARAMETERISED:
            return parameter_problems("header", self.name, expected, actual, None if self.is_single else index)
        wanted, received = _normal_commas(expected), _normal_commas(actual)
        return [] if wanted == received else [f"Expected '{received}' to be equal to '{wanted}'{at_index}"]

    def fail(self, text: str, expected: str, actual: str) -> None:
        # The reference names the header by its expression here, `$.allow` (§11 row 27, F: the name).
        self.found.append(HeaderMismatch(expected, actual, text, self.name))

    def item(self, place: Place, index: int, expected: str, actual: str) -> None:
        # The reference says index 0 for every value here (§11 row 27, F).
        self._value(place, index, expected, actual)

    def variant(self, root: Place, expected: str, actual: str) -> None:
        self._value(root.field(self.name.lower()), 0, expected, actual)


def _normal_commas(value: str) -> str:
    return ",".join(item.strip() for item in value.split(",")) if "," in value else value
