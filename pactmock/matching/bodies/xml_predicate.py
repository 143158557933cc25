"""A quick yes for XML bodies, compiled from the expected document and its rules.

Most requests match, and to see that, no values need to be made of what the parser found, no path and no text. So each
expected element becomes a small function that looks at an element of the parser itself. It says yes only where
`xml.py` finds nothing, which a property test holds; whatever it does not know well enough is a no, and that walk says
what is wrong, if anything is: a child or an attribute that is not expected, be it allowed, and rules on elements
but those that compare names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from math import inf
from operator import eq
from typing import TypeAlias

from lxml import etree

from pactmock.matching import budget
from pactmock.matching.bodies.xml_expected import ExpectedElement, ExpectedGroup, ExpectedText
from pactmock.matching.budget import OutOfBudget
from pactmock.matching.values.checks import anything, bounds
from pactmock.matching.values.elements import split_name

_Spend: TypeAlias = Callable[[], None]
_ElementFits: TypeAlias = Callable[[etree._Element, _Spend], bool]
"""Looks at an element whose name is the expected one."""

_TextFits: TypeAlias = Callable[[str], bool]


class _Unknown(Exception):
    """An element is one that only the walk knows: for the rules on it, or its many attributes."""


class Predicate:
    """Says of root elements whether they surely fit. What is below one is compiled when a request first comes there."""

    def __init__(self, root: ExpectedGroup) -> None:
        self._root = _Group(root)
        self._tag = _tag(root.name)
        self._is_of_use = self._root.least <= 1 <= self._root.most

    def fits(self, actual: etree._Element) -> bool:
        """Tell whether the walk would surely find nothing.

        Raises:
            OutOfBudget: when the budget is a tentative one, and has ended.
        """
        if not self._is_of_use or actual.tag != self._tag:
            return False
        given = budget.current()
        try:
            return self._root.fitting(0)(actual, given.spend)
        except _Unknown:
            self._is_of_use = False
        except OutOfBudget:
            # The walk has an order of its own, and may find a difference before it comes to what takes so long.
            if given.gives_back:
                raise
        return False


def _tag(name: str) -> str:
    uri, local = split_name(name)
    return f"{{{uri}}}{local}" if uri else local


# Text.


def _text(expected: ExpectedText) -> _TextFits | None:
    """Compile the comparison with a text; None where every text fits."""
    text, rule_list, cascaded = expected.text, expected.rules, expected.cascaded
    if rule_list is None:
        return partial(eq, text)
    if len(rule_list.rules) != 1:
        return lambda actual: not rule_list.string_problems(text, actual, cascaded)
    check = rule_list.rules[0].string
    return None if check is anything else lambda actual: check(text, actual, cascaded) is None


def _joined(element: etree._Element) -> str:
    """Return the texts directly in an element, each trimmed."""
    pieces = (element.text, *(child.tail for child in element))
    return "".join([piece.strip() for piece in pieces if piece])


# Elements.

_MOST_ATTRIBUTES = 16
"""Of how many a predicate asks: the parser looks for one among all that are there."""

_Attributes: TypeAlias = Sequence[tuple[str, _TextFits | None]]


def _element(expected: ExpectedElement) -> _ElementFits:
    if not expected.needs_name_only or len(expected.attributes) > _MOST_ATTRIBUTES:
        raise _Unknown
    attributes = tuple((_tag(name), _text(wanted)) for name, wanted in expected.attributes.items())
    groups = {_tag(name): _Group(group) for name, group in expected.children.items()}
    return _branch(attributes, groups, expected.text) if groups else _leaf(attributes, expected.text)


def _attributes_fit(wanted: _Attributes, actual: etree._Element) -> bool:
    if len(actual.keys()) != len(wanted):
        return False
    for name, fits in wanted:
        received: str | None = actual.get(name)
        if received is None or not (fits is None or fits(received)):
            return False
    return True


def _leaf(attributes: _Attributes, expected: ExpectedText) -> _ElementFits:
    text_fits = _text(expected)

    def check(actual: etree._Element, spend: _Spend) -> bool:
        spend()
        if len(actual) or not _attributes_fit(attributes, actual):
            return False
        return text_fits is None or text_fits((actual.text or "").strip())

    return check


class _Group:
    """The elements of one name: what each of them must pass, and how many there may be."""

    __slots__ = ("_compiled", "_members", "is_alike", "least", "most")

    def __init__(self, expected: ExpectedGroup) -> None:
        self._members = expected.members
        self._compiled: list[_ElementFits | None] = [None] * len(expected.members)
        self.is_alike = expected.place.has_type_rule
        """Whether the first is what all are compared with."""
        self.least, self.most = _bounds(expected)
        if not self.is_alike:
            self.least, self.most = max(self.least, len(self._members)), min(self.most, len(self._members))

    def fitting(self, position: int) -> _ElementFits:
        """Return what the element must pass that is at this position among those of its name."""
        if self.is_alike:
            position = 0
        compiled = self._compiled[position]
        if compiled is None:
            compiled = self._compiled[position] = _element(self._members[position])
        return compiled


def _bounds(expected: ExpectedGroup) -> tuple[float, float]:
    """Return how many elements of a name there may be by all of the rules on them, be it enough to pass one or not."""
    rule_list = expected.place.rules
    if rule_list is None or expected.place.cascaded:
        return 1, inf
    pairs = [bounds(item.rule) for item in rule_list.rules]
    least = max([0 if expected.may_be_none else 1, *(low for low, _ in pairs)])
    return least, min([inf, *(high for _, high in pairs if high is not None)])


def _branch(attributes: _Attributes, groups: Mapping[str, _Group], expected: ExpectedText) -> _ElementFits:
    text_fits = _text(expected)
    needed = tuple((tag, group.least) for tag, group in groups.items())

    def check(actual: etree._Element, spend: _Spend) -> bool:
        spend()
        if not _attributes_fit(attributes, actual):
            return False
        counts: dict[str, int] = {}
        for child in actual:
            tag = child.tag
            group = groups.get(tag)
            if group is None:
                return False
            position = counts.get(tag, 0)
            if position >= group.most or not group.fitting(position)(child, spend):
                return False
            counts[tag] = position + 1
        for tag, least in needed:
            if counts.get(tag, 0) < least:
                return False
        return text_fits is None or text_fits(_joined(actual))

    return check
