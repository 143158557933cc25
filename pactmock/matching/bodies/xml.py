"""XML bodies (reference/matching.md §4.5).

The paths of rules name elements and attributes without indexes: `$.animals.dog['@id']`, `$['urn:zoo:dog']['#text']`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from pactmock.matching import budget
from pactmock.matching.bodies.reading import compile_read
from pactmock.matching.bodies.turns import check_nodes, turn
from pactmock.matching.bodies.xml_document import Document, Parsed, count_nodes, parse
from pactmock.matching.bodies.xml_expected import (
    Elements,
    ExpectedElement,
    ExpectedGroup,
    ExpectedText,
    by_name,
    root_group,
    stepping,
)
from pactmock.matching.bodies.xml_predicate import Predicate
from pactmock.matching.budget import OutOfBudget
from pactmock.matching.mismatch import BodyMismatch
from pactmock.matching.parts.part import BodyCheck, BodyMismatches, ExpectedPart, Part
from pactmock.matching.rule_set import NO_RULES
from pactmock.matching.texts.rendering import quoted
from pactmock.matching.undecided import undecided
from pactmock.matching.values.elements import Element, count_problem
from pactmock.matching.values.location import Location, render


def compile_body(expected: ExpectedPart) -> BodyCheck:
    """Compile the comparison with an expected document, which is parsed once."""

    def compile_comparison(parsed: Parsed) -> Callable[[Parsed], BodyMismatches]:
        wanted = Document(parsed)
        root = root_group(wanted.element, expected.rules, stepping(wanted.prefixes))
        predicate = Predicate(root)

        def compare_parsed(received: Parsed) -> BodyMismatches:
            if not received.has_sections and predicate.fits(received.root):
                return ()
            return compare(root, Document(received), strict=expected.strict)

        return compare_parsed

    def read(part: Part | ExpectedPart) -> Parsed:
        if part is not expected:
            check_nodes(count_nodes(part.content))
        return parse(part.content)

    check = compile_read(expected, read, compile_comparison, same_bytes_pass=expected.rules is NO_RULES)

    def compare_in_turn(actual: Part) -> BodyMismatches:
        with turn(count_nodes(actual.content)):
            return check(actual)

    return compare_in_turn


def compare(expected: ExpectedGroup, received: Document, *, strict: bool) -> BodyMismatches:
    """Compare two documents the long way, and say what differs.

    Raises:
        OutOfBudget: when the budget ends before a difference was found.
    """
    walk = _Walk(strict)
    try:
        walk.compare_roots(expected, received.element)
    except OutOfBudget as error:
        if not walk.found:
            raise
        return [*walk.found, undecided("body", "The rest of the body", "", "", error)]
    return walk.found


_Attributes: TypeAlias = Mapping[str, str]
_Pair: TypeAlias = tuple[ExpectedElement, Element]


class _Walk:
    """One walk through two documents."""

    def __init__(self, strict: bool) -> None:
        self.strict = strict
        self.found: list[BodyMismatch] = []
        self._spend = budget.current().spend
        self._listed: dict[int, bytes] = {}
        """The names of children that stand in mismatches, each list once, by its identity."""

    def compare_roots(self, expected: ExpectedGroup, actual: Element) -> None:
        self._count(expected, (actual,), (actual,))
        self.compare(expected.members[0], actual)

    def compare(self, expected: ExpectedElement, actual: Element) -> None:
        """Compare two elements: what is inside them only when they themselves agree."""
        self._spend(1 + len(actual.attributes))
        problems = expected.problems(actual)
        for problem in problems:
            self._add(expected.location, expected.element.name, actual.name, problem)
        if problems:
            return
        if expected.attributes or actual.attributes:
            self._attributes(expected, actual)
        if expected.element.children or actual.children:
            for pair in self._children(expected, actual):
                self.compare(*pair)
        self._compare_text(expected.text, actual.text)

    def _add(self, location: Location, expected: str, actual: str | None, text: str) -> None:
        self._say(location, expected.encode(), None if actual is None else actual.encode(), text)

    def _say(self, location: Location, expected: bytes, actual: bytes | None, text: str, times: int = 1) -> None:
        self._spend(times)
        self.found += [BodyMismatch(render(location), expected, actual, text)] * times

    def _compare_text(self, expected: ExpectedText, actual: str) -> None:
        for problem in expected.problems(actual):
            self._add(expected.location, expected.text, actual, problem)

    def _attributes(self, expected: ExpectedElement, actual: Element) -> None:
        if len(expected.attributes) != len(actual.attributes):
            problem = self._attribute_count_problem(expected.element.attributes, actual.attributes)
            if problem is not None:
                self._add(expected.location, _debug(expected.element.attributes), _debug(actual.attributes), problem)
        for name, wanted in expected.attributes.items():
            received = actual.attributes.get(name)
            if received is None:
                text = f"Expected attribute '{name}'='{wanted.text}' but was missing"
                self._add(wanted.location, name, None, text)
            else:
                self._compare_text(wanted, received)

    def _attribute_count_problem(self, expected: _Attributes, actual: _Attributes) -> str | None:
        wanted, received = len(expected), len(actual)
        if self.strict and not wanted and received:
            return f"Did not expect any attributes but received {_debug(actual)}"
        if self.strict and wanted != received:
            return f"Expected {wanted} attribute(s) but received {received} attribute(s)"
        if wanted > received:
            return f"Expected at least {wanted} attribute(s) but received {received} attribute(s)"
        return None

    def _children(self, expected: ExpectedElement, actual: Element) -> Iterator[_Pair]:
        """Pair the children, name by name; report those that have no counterpart."""
        children = expected.element.children, actual.children
        if self.strict and actual.children and not expected.element.children:
            text = f"Expected no children but received [{self._names(actual.children).decode()}]"
            self._say_children(expected.location, *children, text)
            return
        wanted, received = expected.children, by_name(actual.children)
        for name, elements in received.items():
            group = wanted.get(name)
            if group is not None:
                yield from self._group(group, elements, actual.children)
            elif self.strict or expected.place_of(name).has_type_rule:
                self._say_children(expected.location, *children, f"Unexpected child <{name}/>")
        for name, group in wanted.items():
            if name not in received and not group.may_be_none:
                self._say_children(expected.location, *children, f"Expected child <{name}/> but was missing")

    def _group(self, wanted: ExpectedGroup, received: Elements, siblings: Elements) -> Iterator[_Pair]:
        """Pair children of one name: in order, or under a type rule each with the first expected one."""
        self._count(wanted, received, siblings)
        if wanted.place.has_type_rule:
            first = wanted.members[0]
            yield from ((first, actual) for actual in received)
            return
        yield from zip(wanted.members, received, strict=False)
        missing = len(wanted.elements) - len(received)
        # Those that are left differ in nothing that is said of them, so one mismatch stands for each.
        if missing > 0:
            text = f"Expected child <{wanted.name}/> but was missing"
            self._say_children(wanted.location, wanted.elements, siblings, text, missing)
        elif missing < 0 and self.strict:
            self._say_children(
                wanted.location, wanted.elements, siblings, f"Unexpected child <{wanted.name}/>", -missing
            )

    def _count(self, wanted: ExpectedGroup, received: Elements, siblings: Elements) -> None:
        rule_list = wanted.place.rules
        if rule_list is None or wanted.place.cascaded:
            return
        outcomes = [count_problem(item.rule, wanted.name, len(received)) for item in rule_list.rules]
        for problem in rule_list.combine(outcomes):
            self._say_children(wanted.location, wanted.elements, siblings, problem)

    def _say_children(
        self, location: Location, expected: Elements, actual: Elements, text: str, times: int = 1
    ) -> None:
        self._say(location, self._names(expected), self._names(actual), text, times)

    def _names(self, children: Elements) -> bytes:
        found = self._listed.get(id(children))
        if found is None:
            found = self._listed[id(children)] = _names(children)
        return found


_MOST_NAMES = 100


def _names(children: Elements) -> bytes:
    # Cut short, as the list of all children stands in the mismatch of each child that is too many.
    names = ", ".join([child.name for child in children[:_MOST_NAMES]])
    rest = len(children) - _MOST_NAMES
    return (f"{names} and {rest} more" if rest > 0 else names).encode()


def _debug(attributes: _Attributes) -> str:
    return "{" + ", ".join(f"{quoted(name)}: {quoted(value)}" for name, value in attributes.items()) + "}"
