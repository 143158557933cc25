"""Generators in XML documents (reference/matching.md §7.6).

A path is the names of the elements from the root, with their prefixes as written, and `@name` or `#text` at its end;
elements that repeat are all meant. The whole document is written anew, as the reference does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from lxml import etree

from pactmock.generators.context import GeneratorContext
from pactmock.generators.maker import BodyMaker, CannotGenerate, Entry
from pactmock.matching import budget
from pactmock.pact.path_expression import Token, Wildcard

_TEXT = ("#text", Wildcard.ANY)
_DECLARATION = b"<?xml version='1.0'?>"
_XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace"


def compile_xml(content: bytes, entries: tuple[Entry, ...]) -> BodyMaker:
    """Compile the generators of an XML body.

    Raises:
        CannotGenerate: when the body is not XML, or has a document type.
    """
    _parse(content)

    def make(context: GeneratorContext) -> bytes:
        root = _parse(content)
        filling = _Filling(context)
        for entry in entries:
            filling.apply(root, entry)
        if not filling.changed:
            return content
        return _DECLARATION + etree.tostring(root.getroottree(), encoding="unicode").encode()

    return make


def _parse(content: bytes) -> etree._Element:
    # A parser is not shared: it belongs to the document that it reads.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise CannotGenerate(f"this is not XML: {error}") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise CannotGenerate("a document type is not read")
    return root


class _Filling:
    """One document on its way; `changed` says whether a value was made."""

    def __init__(self, context: GeneratorContext) -> None:
        self.context = context
        self.changed = False

    def apply(self, root: etree._Element, entry: Entry) -> None:
        """Apply one generator to all places that its path means."""
        *names, last = entry.path.tokens or ("",)
        for element in _elements(root, names) if names else ():
            if last in _TEXT:
                # An element without a text gets one at its end.
                places = [(element, "text"), *((child, "tail") for child in element)]
                filled = [(node, name) for node, name in places if getattr(node, name)]
                for node, name in filled or places[-1:]:
                    self._put(entry, getattr(node, name) or "", partial(setattr, node, name))
                continue
            for key, value in element.attrib.items():
                if f"@{_attribute_name(element, str(key))}" == last:
                    self._put(entry, str(value), partial(element.set, key))

    def _put(self, entry: Entry, example: str, put: Callable[[str], None]) -> None:
        text = entry.text(example, self.context)
        if text is None:
            return
        try:
            put(text)
        except ValueError as error:  # XML has no place for most control characters, and the old text is gone
            put(example)
            entry.log(error)
        else:
            self.changed = True


def _elements(element: etree._Element, names: Sequence[Token]) -> Iterator[etree._Element]:
    """Find the elements that a path means, this one being its first step."""
    if names[0] not in (_qualified(element.prefix, element.tag), Wildcard.ANY):
        return
    if len(names) == 1:
        yield element
        return
    spend = budget.current().spend
    for child in element.iterchildren(etree.Element):
        spend()
        yield from _elements(child, names[1:])


def _qualified(prefix: str | None, name: str) -> str:
    local = name.rpartition("}")[2]
    return f"{prefix}:{local}" if prefix else local


def _attribute_name(element: etree._Element, key: str) -> str:
    """Write an attribute's name with the prefix of its namespace."""
    uri, brace, _ = key.removeprefix("{").rpartition("}")
    if not brace:
        return key
    prefixes = (prefix for prefix, known in element.nsmap.items() if prefix and known == uri)
    return _qualified("xml" if uri == _XML_NAMESPACE else next(prefixes, None), key)
