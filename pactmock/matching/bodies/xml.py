"""XML bodies (reference/matching.md §4.5).

A document is read by a parser that reaches nothing outside of it, into plain values that hold what is compared.
The paths of rules name elements and attributes without indexes: `$.animals.dog['@id']`, `$['urn:zoo:dog']['#text']`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import attrgetter
from types import MappingProxyType
from typing import Any, TypeAlias, cast

from lxml import etree

from pactmock.matching import budget
from pactmock.matching.bodies.reading import Unreadable, compile_read
from pactmock.matching.bodies.turns import check_nodes, turn
from pactmock.matching.budget import OutOfBudget
from pactmock.matching.mismatch import BodyMismatch
from pactmock.matching.parts.part import BodyCheck, BodyMismatches, ExpectedPart, Part
from pactmock.matching.rule_set import NO_RULES, Place
from pactmock.matching.texts.rendering import quoted
from pactmock.matching.undecided import undecided
from pactmock.matching.values import utf8
from pactmock.matching.values.elements import Element, element_problem, name_problem, split_name
from pactmock.matching.values.location import Location, render


def compile_body(expected: ExpectedPart) -> BodyCheck:
    """Compile the comparison with an expected document, which is parsed once."""

    def compile_comparison(wanted: _Document) -> Callable[[_Document], BodyMismatches]:
        prefixes = _prefixes(wanted.root)

        def compare(received: _Document) -> BodyMismatches:
            walk = _Walk(prefixes, expected.strict)
            name = wanted.element.name
            try:
                walk.compare(wanted.element, received.element, walk.step(expected.rules, name), (None, name))
            except OutOfBudget as error:
                if not walk.found:
                    raise
                return [*walk.found, undecided("body", "The rest of the body", "", "", error)]
            return walk.found

        return compare

    def read(part: Part | ExpectedPart) -> _Document:
        if part is not expected:
            check_nodes(_nodes(part.content))
        return _Document(part.content)

    compare = compile_read(expected, read, compile_comparison, same_bytes_pass=expected.rules is NO_RULES)

    def compare_in_turn(actual: Part) -> BodyMismatches:
        with turn(_nodes(actual.content)):
            return compare(actual)

    return compare_in_turn


def _nodes(content: bytes) -> int:
    """Count the elements and attributes of a document, without parsing it: never too few."""
    if len(content) < _FEW_BYTES:
        return 0
    return content.count(b"<") - content.count(b"</") + content.count(b"=")


_FEW_BYTES = 64 * 1024


_PARSER_OPTIONS: dict[str, Any] = {
    # Bodies of pact files are UTF-8, whatever the declaration inside the document says.
    "encoding": "utf-8",
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "strip_cdata": False,
}
_PARSER = etree.XMLParser(**_PARSER_OPTIONS)
_DOCUMENT_TYPE = re.compile(rb"(?:\xef\xbb\xbf)?(?>\s+|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE", re.DOTALL)
_MOST_LEVELS = 256
"""How deep elements may be nested, as documents are read and compared by recursion."""
_TOO_DEEP = f"the elements are nested more than {_MOST_LEVELS} levels deep"


def _parse(content: bytes) -> etree._Element:
    try:
        content.decode()
    except UnicodeDecodeError as error:
        raise Unreadable(utf8.reason(error)) from None
    if _DOCUMENT_TYPE.match(content):
        raise Unreadable("a DOCTYPE is not allowed, as it can define entities and refer to other files")
    try:
        root = etree.fromstring(content, _PARSER)
    except etree.XMLSyntaxError as error:
        reason = str(error.msg).replace("\n", "")
        raise Unreadable(_TOO_DEEP if reason.startswith("Excessive depth") else reason) from None
    if b"xmlns" in content and _ODD_DEFAULT.search(content):
        _rename(root, "", _declared_defaults(content))
    return root


# <n:a … xmlns="…">, or xmlns="" anywhere; what looks like it in a text or a comment costs time only.
_ODD_DEFAULT = re.compile(rb"""<[^\s<>/:"']+:[^<]*?\sxmlns\s*=|\sxmlns\s*=\s*(?:""|'')""")


def _declared_defaults(content: bytes) -> Iterator[str | None]:
    """Yield the default namespace that each element declares itself, in document order; None where it does not."""
    parser = etree.XMLPullParser(("start-ns", "start"), **_PARSER_OPTIONS)
    parser.feed(content)
    declared = None
    spend = budget.current().spend
    for event, value in cast("Iterator[tuple[str, Any]]", parser.read_events()):
        spend()
        if event == "start":
            yield declared
            declared = None
        elif not value[0]:
            declared = value[1]


def _rename(element: etree._Element, default: str, declared: Iterator[str | None]) -> None:
    """Name elements as the reference does: a default namespace holds below those elements only that are in it.

    That is not so in XML, where one that an element with a prefix declares holds for its children, and an empty one
    for all that is below.
    """
    own = next(declared)
    if not element.prefix:
        local = etree.QName(element).localname
        uri = default if own is None else own
        default = own or default
        element.tag = f"{{{uri}}}{local}" if uri else local
    for child in element.iterchildren("*"):
        _rename(child, default, declared)


class _Document:
    """What the parser made of a body, and the values that are compared."""

    def __init__(self, content: bytes) -> None:
        self.root = _parse(content)
        self._has_sections = b"<![CDATA[" in content
        self._spend = budget.current().spend
        self._names: dict[str, str] = {}
        self.element = self._element(self.root, 1)

    def _element(self, element: etree._Element, level: int) -> Element:
        if level > _MOST_LEVELS:
            raise Unreadable(_TOO_DEEP)
        self._spend()
        children, pieces = [], [element.text]
        for child in element:
            if isinstance(child.tag, str):
                children.append(self._element(child, level + 1))
            pieces.append(child.tail)
        texts = _texts(element) if self._has_sections else [piece for piece in pieces if piece]
        text = "".join([piece.strip() for piece in texts])
        tag = element.tag
        name = self._names.get(tag) or self._names.setdefault(tag, _name(tag))
        return Element(name, _attributes(element), tuple(children), text, len(element) + len(texts))


_find_texts = etree.XPath("text()", smart_strings=False)


def _texts(element: etree._Element) -> list[str]:
    # A CDATA section is a text of its own, which the `text` of the parser's element joins to its neighbours.
    return cast("list[str]", _find_texts(element))


_NO_ATTRIBUTES: Mapping[str, str] = MappingProxyType({})


def _attributes(element: etree._Element) -> Mapping[str, str]:
    if not element.attrib:
        return _NO_ATTRIBUTES
    if len(element.attrib) > _FEW_ATTRIBUTES:
        return _many_attributes(element)
    return dict(sorted([(_name(str(name)), str(value)) for name, value in element.items()]))


_FEW_ATTRIBUTES = 16
_find_attributes = etree.XPath("@*")


def _many_attributes(element: etree._Element) -> dict[str, str]:
    # For each of its items, lxml looks through all attributes of an element: 95,000 of them took a minute.
    found = cast("list[Any]", _find_attributes(element))
    return dict(sorted([(_name(str(value.attrname)), str(value)) for value in found]))


def _name(tag: str) -> str:
    if not tag.startswith("{"):
        return tag
    uri, _, local = tag[1:].rpartition("}")
    return f"{uri}:{local}"


_Prefixes: TypeAlias = Mapping[str, Sequence[str]]
"""Namespace URI to the prefixes that a document gives it; the empty one is that of the default namespace."""


def _prefixes(root: etree._Element) -> _Prefixes:
    found = {(uri, prefix or "") for element in root.iter("*") for prefix, uri in element.nsmap.items()}
    found.add(("http://www.w3.org/XML/1998/namespace", "xml"))
    return {uri: [prefix for other, prefix in sorted(found) if other == uri] for uri, _ in found}


_Attributes: TypeAlias = Mapping[str, str]
_Elements: TypeAlias = Sequence[Element]
_Pair: TypeAlias = tuple[Element, Element, Place, Location]


class _Walk:
    """One walk through two documents."""

    def __init__(self, prefixes: _Prefixes, strict: bool) -> None:
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
        for problem in _text_problems(expected, actual, place):
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
            if name not in received:
                self._say(location, *names, f"Expected child <{name}/> but was missing")

    def _group(
        self, wanted: _Elements, received: _Elements, siblings: bytes, place: Place, location: Location
    ) -> Iterator[_Pair]:
        """Pair children of one name: in order, or under a type rule each with the first expected one."""
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


def _element_problems(expected: Element, actual: Element, place: Place) -> list[str]:
    rule_list = place.rules
    if rule_list is None:
        problem = name_problem(expected, actual)
        return [] if problem is None else [problem]
    outcomes = [element_problem(item.rule, expected, actual, place.cascaded) for item in rule_list.rules]
    return rule_list.combine(outcomes)


def _text_problems(expected: str, actual: str, place: Place) -> list[str]:
    if place.rules is not None:
        return place.rules.string_problems(expected, actual, place.cascaded)
    return [] if expected == actual else [f"Expected '{actual}' to be equal to '{expected}'"]


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
