"""XML documents as plain values: read by a parser that reaches nothing outside of them (reference/matching.md §4.5)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias, cast

from lxml import etree

from pactmock.matching import budget
from pactmock.matching.bodies import utf8
from pactmock.matching.bodies.reading import Unreadable
from pactmock.matching.values.elements import Element
from pactmock.pact.parts.charset import charset_named, decode

Prefixes: TypeAlias = Mapping[str, Sequence[str]]
"""Namespace URI to the prefixes that a document gives it."""


def count_nodes(content: bytes) -> int:
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
_DECLARED = re.compile(rb"""<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z][\w.-]*)["']""")
"""The encoding that a document names itself, which counts where it is not UTF-8 (RFC 7303)."""
_MOST_LEVELS = 256
"""How deep elements may be nested, as documents are read and compared by recursion."""
_TOO_DEEP = f"the elements are nested more than {_MOST_LEVELS} levels deep"


class Parsed(NamedTuple):
    """A document as the parser gives it."""

    root: etree._Element
    has_sections: bool
    """Whether there may be CDATA in it."""


def parse(content: bytes) -> Parsed:
    """Parse a document.

    Raises:
        Unreadable: of what cannot be read.
        OutOfBudget: when that takes too long.
    """
    return Parsed(_root(content), b"<![CDATA[" in content)


def _root(content: bytes) -> etree._Element:
    try:
        content.decode()
    except UnicodeDecodeError as error:
        declared = _DECLARED.match(content)
        text = decode(content, charset_named(declared[1].decode()) if declared else None)
        if text is None:
            raise Unreadable(utf8.reason(error)) from None
        content = text.encode()
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


class Document:
    """An element that is a document, as values that are compared, and what its namespaces are called in it.

    Raises:
        Unreadable: when it is nested too deep.
        OutOfBudget: when to take it apart takes too long.
    """

    def __init__(self, parsed: Parsed) -> None:
        self._root, self._has_sections = parsed
        self._spend = budget.current().spend
        self._names: dict[str, str] = {}
        self.element = self._element(self._root, self._root.tag, 1)

    def _element(self, element: etree._Element, tag: str, level: int) -> Element:
        if level > _MOST_LEVELS:
            raise Unreadable(_TOO_DEEP)
        self._spend()
        name = self._names.get(tag) or self._names.setdefault(tag, _name(tag))
        if not (len(element) or self._has_sections):  # as most elements are
            text = element.text
            return Element(name, _attributes(element), (), text.strip() if text else "", 1 if text else 0)
        children, pieces = [], [element.text]
        for child in element:
            child_tag = child.tag
            if isinstance(child_tag, str):
                children.append(self._element(child, child_tag, level + 1))
            pieces.append(child.tail)
        # A CDATA section is a text of its own, which the `text` of the parser's element joins to its neighbours.
        texts = cast("list[str]", _find_texts(element)) if self._has_sections else list(filter(None, pieces))
        text = "".join([piece.strip() for piece in texts])
        return Element(name, _attributes(element), tuple(children), text, len(element) + len(texts))

    @property
    def prefixes(self) -> Prefixes:
        """What the document calls its namespaces; the empty prefix is that of the default namespace."""
        found = {(uri, prefix or "") for element in self._root.iter("*") for prefix, uri in element.nsmap.items()}
        found.add(("http://www.w3.org/XML/1998/namespace", "xml"))
        return {uri: [prefix for other, prefix in sorted(found) if other == uri] for uri, _ in found}


_find_texts = etree.XPath("text()", smart_strings=False)


_NO_ATTRIBUTES: Mapping[str, str] = MappingProxyType({})


def _attributes(element: etree._Element) -> Mapping[str, str]:
    names = element.keys()
    if not names:
        return _NO_ATTRIBUTES
    if len(names) == 1:
        return {_name(str(name)): str(value) for name, value in element.items()}
    pairs: Iterable[tuple[Any, Any]]
    if len(names) <= _FEW_ATTRIBUTES:
        pairs = element.items()
    else:  # for each of its items, lxml looks through all attributes of an element: 95,000 of them took a minute
        pairs = ((value.attrname, value) for value in cast("list[Any]", _find_attributes(element)))
    return dict(sorted([(_name(str(name)), str(value)) for name, value in pairs]))


_FEW_ATTRIBUTES = 16
_find_attributes = etree.XPath("@*")


def _name(tag: str) -> str:
    if not tag.startswith("{"):
        return tag
    uri, _, local = tag[1:].rpartition("}")
    return f"{uri}:{local}"
