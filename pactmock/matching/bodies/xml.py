"""XML bodies (reference/matching.md §4.5).

The paths of rules name elements and attributes without indexes: `$.animals.dog['@id']`, `$['urn:zoo:dog']['#text']`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import TypeAlias

from pactmock.matching import budget
from pactmock.matching.bodies.reading import compile_read
from pactmock.matching.bodies.turns import check_nodes, turn
from pactmock.matching.bodies.xml_document import Document, Prefixes, count_nodes
from pactmock.matching.budget import OutOfBudget
from pactmock.matching.mismatch import BodyMismatch
from pactmock.matching.parts.part import BodyCheck, BodyMismatches, ExpectedPart, Part
from pactmock.matching.rule_set import NO_RULES, Place
from pactmock.matching.texts.rendering import quoted
from pactmock.matching.undecided import undecided
from pactmock.matching.values.elements import Element, count_problem, element_problem, name_problem, split_name
from pactmock.matching.values.location import Location, render


def compile_body(expected: ExpectedPart) -> BodyCheck:
    """Compile the comparison with an expected document, which is parsed once."""

    def compile_comparison(wanted: Document) -> Callable[[Document], BodyMismatches]:
        prefixes = wanted.prefixes

        def compare(received: Document) -> BodyMismatches:
            walk = _Walk(prefixes, expected.strict)
            try:
                walk.compare_roots(wanted.element, received.element, expected.rules)
            except OutOfBudget as error:
                if not walk.found:
                    raise
                return [*walk.found, undecided("body", "The rest of the body", "", "", error)]
            return walk.found

        return compare

    def read(part: Part | ExpectedPart) -> Document:
        if part is not expected:
            check_nodes(count_nodes(part.content))
        return Document(part.content)

    compare = compile_read(expected, read, compile_comparison, same_bytes_pass=expected.rules is NO_RULES)

    def compare_in_turn(actual: Part) -> BodyMismatches:
        with turn(count_nodes(actual.content)):
            return compare(actual)

    return compare_in_turn


_Attributes: TypeAlias = Mapping[str, str]
_Elements: TypeAlias = Sequence[Element]
_Pair: TypeAlias = tuple[Element, Element, Place, Location]


class _Walk:
    """One walk through two documents."""

    def __init__(self, prefixes: Prefixes, strict: bool) -> None:
        self.prefixes = prefixes
        self.strict = strict
        self.found: list[BodyMismatch] = []
        self._spend = budget.current().spend

    def step(self, place: Place, name: str, mark: str = "") -> Place:
        """Return the place of a child, or with the mark `@` of an attribute.

        Rules name it by its namespace URI. Those made from integration JSON name it as the expected document writes
        it, with a prefix or without, and find nothing in the reference (§11 row 19, F): they hold where no rule has
        the URI.
        """
        uri, local = split_name(name)
        prefixes = self.prefixes.get(uri)
        if not prefixes:
            return place.field(mark + name)
        unnamed = place.field("")
        written = (f"{prefix}:{local}" if prefix else local for prefix in prefixes if prefix or not mark)
        places = (place.field(mark + each) for each in (name, *written))
        return next((found for found in places if found is not unnamed), unnamed)

    def compare_roots(self, expected: Element, actual: Element, rules: Place) -> None:
        place, location = self.step(rules, expected.name), (None, expected.name)
        self._count([expected], [actual], _names([actual]), place, location)
        self.compare(expected, actual, place, location)

    def compare(self, expected: Element, actual: Element, place: Place, location: Location) -> None:
        """Compare two elements: what is inside them only when they themselves agree."""
        self._spend(1 + len(actual.attributes))
        problems = _element_problems(expected, actual, place)
        for problem in problems:
            self._add(location, expected.name, actual.name, problem)
        if problems:
            return
        if expected.attributes or actual.attributes:
            self._attributes(expected, actual, place, location)
        if expected.children or actual.children:
            for pair in self._children(expected, actual, place, location):
                self.compare(*pair)
        self._text(expected.text, actual.text, place.field("#text"), (location, "#text"))

    def _add(self, location: Location, expected: str, actual: str | None, text: str) -> None:
        self._say(location, expected.encode(), None if actual is None else actual.encode(), text)

    def _say(self, location: Location, expected: bytes, actual: bytes | None, text: str, times: int = 1) -> None:
        self._spend(times)
        self.found += [BodyMismatch(render(location), expected, actual, text)] * times

    def _text(self, expected: str, actual: str, place: Place, location: Location) -> None:
        if place.rules is not None:
            problems = place.rules.string_problems(expected, actual, place.cascaded)
        else:
            problems = [] if expected == actual else [f"Expected '{actual}' to be equal to '{expected}'"]
        for problem in problems:
            self._add(location, expected, actual, problem)

    def _attributes(self, expected: Element, actual: Element, place: Place, location: Location) -> None:
        problem = self._attribute_count_problem(expected.attributes, actual.attributes)
        if problem is not None:
            self._add(location, _debug(expected.attributes), _debug(actual.attributes), problem)
        for name, value in expected.attributes.items():
            where = (location, f"@{name}")
            received = actual.attributes.get(name)
            if received is None:
                self._add(where, name, None, f"Expected attribute '{name}'='{value}' but was missing")
            else:
                self._text(value, received, self.step(place, name, "@"), where)

    def _attribute_count_problem(self, expected: _Attributes, actual: _Attributes) -> str | None:
        wanted, received = len(expected), len(actual)
        if self.strict and not wanted and received:
            return f"Did not expect any attributes but received {_debug(actual)}"
        if self.strict and wanted != received:
            return f"Expected {wanted} attribute(s) but received {received} attribute(s)"
        if wanted > received:
            return f"Expected at least {wanted} attribute(s) but received {received} attribute(s)"
        return None

    def _children(self, expected: Element, actual: Element, place: Place, location: Location) -> Iterator[_Pair]:
        """Pair the children, name by name; report those that have no counterpart."""
        if self.strict and actual.children and not expected.children:
            text = f"Expected no children but received [{_names(actual.children).decode()}]"
            self._say(location, _names(()), _names(actual.children), text)
            return
        wanted, received = _by_name(expected.children), _by_name(actual.children)
        names = _names(expected.children), _names(actual.children)
        for name, group in received.items():
            below = self.step(place, name)
            if name in wanted:
                yield from self._group(wanted[name], group, names[1], below, (location, name))
            elif self.strict or below.has_type_rule:
                self._say(location, *names, f"Unexpected child <{name}/>")
        for name in wanted:
            if name not in received and not _may_be_none(self.step(place, name)):
                self._say(location, *names, f"Expected child <{name}/> but was missing")

    def _group(
        self, wanted: _Elements, received: _Elements, siblings: bytes, place: Place, location: Location
    ) -> Iterator[_Pair]:
        """Pair children of one name: in order, or under a type rule each with the first expected one."""
        self._count(wanted, received, siblings, place, location)
        if place.has_type_rule:
            yield from ((wanted[0], actual, place, location) for actual in received)
            return
        yield from ((expected, actual, place, location) for expected, actual in zip(wanted, received, strict=False))
        missing, name = len(wanted) - len(received), wanted[0].name
        # Those that are left differ in nothing that is said of them, so one mismatch stands for each.
        if missing > 0:
            self._say(location, _names(wanted), siblings, f"Expected child <{name}/> but was missing", missing)
        elif missing < 0 and self.strict:
            self._say(location, _names(wanted), siblings, f"Unexpected child <{name}/>", -missing)

    def _count(self, wanted: _Elements, received: _Elements, siblings: bytes, place: Place, location: Location) -> None:
        if place.rules is None or place.cascaded:
            return
        outcomes = [count_problem(item.rule, wanted[0].name, len(received)) for item in place.rules.rules]
        for problem in place.rules.combine(outcomes):
            self._say(location, _names(wanted), siblings, problem)


def _may_be_none(place: Place) -> bool:
    """Tell whether a rule that is written for the elements of a name says that there need not be any: `min` 0."""
    rule_list = None if place.cascaded else place.rules
    return rule_list is not None and any(getattr(item.rule, "min", None) == 0 for item in rule_list.rules)


def _element_problems(expected: Element, actual: Element, place: Place) -> list[str]:
    rule_list = place.rules
    if rule_list is None:
        problem = name_problem(expected, actual)
        return [] if problem is None else [problem]
    outcomes = [element_problem(item.rule, expected, actual, place.cascaded) for item in rule_list.rules]
    return rule_list.combine(outcomes)


def _by_name(children: _Elements) -> dict[str, list[Element]]:
    groups: dict[str, list[Element]] = {}
    for child in sorted(children, key=attrgetter("name")):
        groups.setdefault(child.name, []).append(child)
    return groups


_MOST_NAMES = 100


def _names(children: _Elements) -> bytes:
    # Cut short, as the list of all children stands in the mismatch of each child that is too many.
    names = ", ".join([child.name for child in children[:_MOST_NAMES]])
    rest = len(children) - _MOST_NAMES
    return (f"{names} and {rest} more" if rest > 0 else names).encode()


def _debug(attributes: _Attributes) -> str:
    return "{" + ", ".join(f"{quoted(name)}: {quoted(value)}" for name, value in attributes.items()) + "}"
