"""JSON bodies (reference/matching.md §4.4, §3.5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import MappingProxyType
from typing import TypeAlias

from pactmock.errors import NotJson
from pactmock.matching import budget
from pactmock.matching.bodies.json_predicate import ItemsFit, Predicate, PredicateCompiler
from pactmock.matching.bodies.reading import Unreadable, compile_read
from pactmock.matching.budget import OutOfBudget
from pactmock.matching.mismatch import BodyMismatch, UndecidedMismatch
from pactmock.matching.parts import lists
from pactmock.matching.parts.part import BodyCheck, BodyMismatches, ExpectedPart, Part
from pactmock.matching.rule_set import NO_RULES, CompiledRule, Place, RuleList
from pactmock.matching.texts.rendering import key_set, names, plain_list, shown, stringified, stringified_map, text_of
from pactmock.matching.undecided import undecided
from pactmock.matching.values import scalars
from pactmock.matching.values.location import Location, render
from pactmock.matching.values.objects import object_problem
from pactmock.pact.json.values import Json, parse


def compile_body(expected: ExpectedPart) -> BodyCheck:
    """Compile the comparison with an expected JSON body, which is parsed once."""

    def compile_comparison(document: Json) -> Callable[[Json], BodyMismatches]:
        rules, strict = expected.rules, expected.strict
        compiler = predicate_compiler(strict=strict)
        fits, items_fit = compiler.compile(document, rules), compiler.items_fit
        return lambda received: () if fits(received) else compare(document, received, rules, items_fit, strict=strict)

    return compile_read(expected, _read, compile_comparison, same_bytes_pass=expected.rules is NO_RULES)


def _read(part: Part) -> Json:
    try:
        return parse(part.body.content)
    except NotJson as error:
        raise Unreadable(error.reason) from None


def predicate_compiler(*, strict: bool) -> PredicateCompiler:
    """Return what compiles of a document what says quickly whether another fits: just when `compare` finds nothing."""

    def walk(expected: Json, actual: Json, place: Place) -> bool:
        return not compare(expected, actual, place, strict=strict)

    return PredicateCompiler(walk, strict=strict)


_NOTHING_KNOWN: ItemsFit = MappingProxyType({})


def compare(
    expected: Json, actual: Json, rules: Place, items_fit: ItemsFit = _NOTHING_KNOWN, *, strict: bool
) -> list[BodyMismatch | UndecidedMismatch]:
    """Compare two documents; each difference is named once, however many rules of a list found it.

    `items_fit` is what `predicate_compiler` has compiled of the lists of just this expected document.

    Raises:
        OutOfBudget: when the budget ends before a difference was found.
    """
    walk = _Walk(strict, items_fit)
    try:
        walk.compare(expected, actual, rules, None)
    except OutOfBudget as error:
        if not walk.found:
            raise
        rest = undecided("body", "The rest of the body", "", "", error)
        return [*dict.fromkeys(walk.found), rest]
    return list(dict.fromkeys(walk.found))


_MOST_LEVELS = 3
"""In how many lists, one in the other, the items are asked whether they fit: one that does not is asked about, and then
walked through, and so are those inside of it."""

_ItemLocation: TypeAlias = tuple[Location, int]


class _Walk:
    """One walk through two documents."""

    def __init__(self, strict: bool, items_fit: ItemsFit) -> None:
        self.strict = strict
        self.found: list[BodyMismatch] = []
        self._budget = budget.current()
        self._spend = self._budget.spend
        self._items_fit = items_fit
        self._levels = 0
        """In how many lists the walk is of which it asks for each item whether it fits."""

    def compare(self, expected: Json, actual: Json, place: Place, location: Location) -> None:
        self._spend()
        if isinstance(expected, dict):
            if isinstance(actual, dict):
                self._objects(expected, actual, place, location)
            else:
                self._type_mismatch(expected, actual, location)
        elif isinstance(expected, list):
            if isinstance(actual, list):
                self._lists(expected, actual, place, location)
            else:
                self._type_mismatch(expected, actual, location)
        else:
            if place.rules is None:
                problem = scalars.equality(expected, actual)
                problems = [] if problem is None else [problem]
            else:
                problems = place.rules.scalar_problems(expected, actual, place.cascaded)
            for problem in problems:
                self._add(location, shown(expected), shown(actual), problem)

    def _add(self, location: Location, expected: str, actual: str, text: str) -> None:
        self.say(location, expected.encode(), actual.encode(), text)

    def say(self, location: Location, expected: bytes, actual: bytes, text: str) -> None:
        """Add a mismatch."""
        self._spend()
        self.found.append(BodyMismatch(render(location), expected, actual, text))

    def _type_mismatch(self, expected: Json, actual: Json, location: Location) -> None:
        text = f"Type mismatch: {scalars.type_mismatch(expected, actual)}"
        self._add(location, text_of(expected), text_of(actual), text)

    def _lists(self, expected: list[Json], actual: list[Json], place: Place, location: Location) -> None:
        if place.rules is not None:
            items_fit = self._items_fit.get((id(expected), place))
            lists.compare(_JsonLists(self, location, items_fit), place, place.rules, expected, actual)
        elif not expected and actual:
            text = f"Expected an empty List but received {shown(actual)}"
            self._add(location, shown(expected), shown(actual), text)
        else:
            self._list_items(expected, actual, place, location)

    def _list_items(self, expected: list[Json], actual: list[Json], place: Place, location: Location) -> None:
        items_fit = self._items_fit.get((id(expected), place))
        for index, item in enumerate(expected[: len(actual)]):
            self.item(items_fit, item, actual[index], place.index(index), (location, index))
        if len(expected) == len(actual):
            return
        whole = shown(expected).encode(), shown(actual).encode()
        for index in range(len(actual), len(expected)):
            if place.index(index).rules is None:
                self.say(location, *whole, f"Expected {text_of(expected[index])} but was missing")
        text = f"Expected a List with {len(expected)} elements but received {len(actual)} elements"
        self.say(location, *whole, text)

    def item(
        self, items_fit: Sequence[Predicate] | None, expected: Json, actual: Json, place: Place, location: _ItemLocation
    ) -> None:
        """Compare two items of lists, which have nothing to be found in where the predicate for them says so."""
        if items_fit is None or self._levels >= _MOST_LEVELS:
            self.compare(expected, actual, place, location)
            return
        index = location[1]
        if not self._fits(items_fit[index if index < len(items_fit) else 0], actual):
            self._levels += 1
            self.compare(expected, actual, place, location)
            self._levels -= 1

    def _fits(self, predicate: Predicate, actual: Json) -> bool:
        try:
            return predicate(actual)
        except OutOfBudget:
            # The walk has an order of its own, and may find a difference before it comes to what takes so long.
            if self._budget.gives_back:
                raise
            return False

    def _objects(self, expected: dict[str, Json], actual: dict[str, Json], place: Place, location: Location) -> None:
        if not expected and self.strict and actual:
            text = f"Expected an empty Map but received {shown(actual)}"
            self._add(location, shown(expected), shown(actual), text)
        elif place.rules is None:
            self._keys(expected, actual, place, location)
            self._members(expected, actual, place, location)
        else:
            # With OR, one rule that finds nothing is enough; the reference ignores OR for objects (§11 row 15, F).
            place.rules.apply(lambda rule: self._apply_to_objects(rule, expected, actual, place, location), self.found)

    def _apply_to_objects(
        self,
        compiled: CompiledRule,
        expected: dict[str, Json],
        actual: dict[str, Json],
        place: Place,
        location: Location,
    ) -> None:
        if compiled.rule.is_for_every_value and not place.cascaded:
            self._values(expected, actual, compiled.inner or place, location)
            return
        problem = object_problem(compiled.rule, expected, actual, place.cascaded)
        if problem is not None:
            self._add(location, stringified_map(expected), stringified_map(actual), problem)
        self._keys(expected, actual, place, location)
        self._members(expected, actual, place, location)

    def _values(self, expected: dict[str, Json], actual: dict[str, Json], place: Place, location: Location) -> None:
        """Compare every received value with the one of the same key, or with the first (§11 row 8)."""
        if not expected:
            return
        first = expected[min(expected)]
        for key in sorted(actual):
            self.compare(expected.get(key, first), actual[key], place.field(key), (location, key))

    def _members(self, expected: dict[str, Json], actual: dict[str, Json], place: Place, location: Location) -> None:
        for key in sorted(expected.keys() & actual.keys()):
            self.compare(expected[key], actual[key], place.field(key), (location, key))

    def _keys(self, expected: dict[str, Json], actual: dict[str, Json], place: Place, location: Location) -> None:
        if not place.is_keyed:
            text = self._key_problem(expected, actual)
            if text is not None:
                self._add(location, key_set(expected), key_set(actual), text)
        if place.rules is not None and place.is_direct:  # also where they came down, beside a weaker rule of this place
            self._each_key(place.rules, actual, location)

    def _key_problem(self, expected: dict[str, Json], actual: dict[str, Json]) -> str | None:
        if self.strict:
            if expected.keys() == actual.keys():
                return None
            return f"Expected a Map with keys [{names(expected)}] but received one with keys [{names(actual)}]"
        missing = expected.keys() - actual.keys()
        return f"Actual map is missing the following keys: {names(missing)}" if missing else None

    def _each_key(self, rule_list: RuleList, actual: dict[str, Json], location: Location) -> None:
        for compiled in rule_list.rules:
            for check in compiled.keys:
                for key in sorted(actual):
                    self._spend()
                    problem = check("", key, False)
                    if problem is not None:
                        self._add((location, key), "", key, problem)


class _JsonLists:
    """The lists of a JSON document, for the algorithm of all lists."""

    def __init__(self, walk: _Walk, location: Location, items_fit: Sequence[Predicate] | None) -> None:
        self.walk = walk
        self.location = location
        self.found = walk.found
        self._items_fit = items_fit

    def display(self, items: Sequence[Json]) -> str:
        return plain_list(items)

    def stringified(self, items: Sequence[Json]) -> str:
        return stringified(items)

    def fail(self, text: str, expected: str, actual: str) -> None:
        self.walk.say(self.location, expected.encode(), actual.encode(), text)

    def item(self, place: Place, index: int, expected: Json, actual: Json) -> None:
        self.walk.item(self._items_fit, expected, actual, place.index(index), (self.location, index))

    def variant(self, root: Place, expected: Json, actual: Json) -> None:
        self.walk.compare(expected, actual, root, None)
