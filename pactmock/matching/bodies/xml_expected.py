"""An expected XML document as it is compared: each element with the rules that hold where it stands.

An element stands at one place whatever is received, so what its rules are is found once, when the walk first comes
there, and not for every request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from pactmock.matching import budget
from pactmock.matching.bodies.xml_document import Prefixes
from pactmock.matching.rule_set import Place, RuleList
from pactmock.matching.values.elements import Element, compares_names, element_problem, name_problem, split_name
from pactmock.matching.values.location import Location
from pactmock.pact.value import value

Elements: TypeAlias = Sequence[Element]
Step: TypeAlias = Callable[..., Place]
"""Gives the place of a child, or of an attribute: see `stepping`."""


def stepping(prefixes: Prefixes) -> Step:
    """Return what gives the place of a child of a name, or with the mark `@` that of an attribute.

    Rules name it by its namespace URI. Those made from integration JSON name it as the expected document writes it,
    with a prefix or without, and find nothing in the reference (reference/matching.md §11 row 19, F): they hold where
    no rule has the URI.
    """

    def step(place: Place, name: str, mark: str = "") -> Place:
        uri, local = split_name(name)
        written_as = prefixes.get(uri)
        if not written_as:
            return place.field(mark + name)
        unnamed = place.field("")
        written = (f"{prefix}:{local}" if prefix else local for prefix in written_as if prefix or not mark)
        places = (place.field(mark + each) for each in (name, *written))
        return next((found for found in places if found is not unnamed), unnamed)

    return step


@value
class ExpectedText:
    """The text of an element or of an attribute, with the rules on it."""

    text: str
    rules: RuleList | None
    cascaded: bool
    location: Location

    def problems(self, actual: str) -> Sequence[str]:
        """Return what is wrong with a text that was received there."""
        if self.rules is not None:
            return self.rules.string_problems(self.text, actual, self.cascaded)
        return () if self.text == actual else (f"Expected '{actual}' to be equal to '{self.text}'",)


class ExpectedElement:
    """An element with the rules on it."""

    __slots__ = ("_children", "_step", "attributes", "element", "location", "needs_name_only", "place", "text")

    def __init__(self, element: Element, place: Place, location: Location, step: Step) -> None:
        self.element = element
        self.place = place
        self.location = location
        self.text = _text(element.text, place.field("#text"), (location, "#text"))
        self.attributes: Mapping[str, ExpectedText] = {
            name: _text(text, step(place, name, "@"), (location, f"@{name}"))
            for name, text in element.attributes.items()
        }
        self.needs_name_only = place.rules is None or all(compares_names(item.rule) for item in place.rules.rules)
        self._step = step
        self._children: Mapping[str, ExpectedGroup] | None = None

    @property
    def children(self) -> Mapping[str, ExpectedGroup]:
        """The children, grouped and sorted by their names."""
        if self._children is None:
            self._children = {
                name: ExpectedGroup(elements, self.place_of(name), (self.location, name), self._step)
                for name, elements in by_name(self.element.children).items()
            }
        return self._children

    def place_of(self, name: str) -> Place:
        """Return the place of the children of a name."""
        return self._step(self.place, name)

    def problems(self, actual: Element) -> Sequence[str]:
        """Return what is wrong with an element that was received there, but for what is inside of it."""
        if self.needs_name_only and actual.name == self.element.name:
            return ()
        rule_list = self.place.rules
        if rule_list is None:
            problem = name_problem(self.element, actual)
            return () if problem is None else (problem,)
        cascaded = self.place.cascaded
        return rule_list.combine(
            [element_problem(item.rule, self.element, actual, cascaded) for item in rule_list.rules]
        )


class ExpectedGroup:
    """The children of one name, which stand at the same place."""

    __slots__ = ("elements", "location", "members", "place")

    def __init__(self, elements: Elements, place: Place, location: Location, step: Step) -> None:
        self.elements = elements
        self.place = place
        self.location = location
        self.members: list[ExpectedElement] = []
        """Those that others are compared with: under a type rule, that is the first one only."""
        given = budget.current()
        for element in elements[:1] if place.has_type_rule else elements:
            given.spend(1 + len(element.attributes))
            self.members.append(ExpectedElement(element, place, location, step))

    @property
    def name(self) -> str:
        return self.elements[0].name

    @property
    def may_be_none(self) -> bool:
        """Whether a rule that is written for the elements of this name says that there need not be any: `min` 0."""
        rule_list = None if self.place.cascaded else self.place.rules
        return rule_list is not None and any(getattr(item.rule, "min", None) == 0 for item in rule_list.rules)


def root_group(element: Element, rules: Place, step: Step) -> ExpectedGroup:
    """Return the root of a document as the one element of its name."""
    return ExpectedGroup((element,), step(rules, element.name), (None, element.name), step)


def by_name(children: Elements) -> Mapping[str, Elements]:
    """Group elements by their names, in the order of these."""
    groups: dict[str, list[Element]] = {}
    for child in children:
        group = groups.get(child.name)
        if group is None:
            groups[child.name] = [child]
        else:
            group.append(child)
    return dict(sorted(groups.items())) if len(groups) > 1 else groups


def _text(text: str, place: Place, location: Location) -> ExpectedText:
    return ExpectedText(text, place.rules, place.cascaded, location)
