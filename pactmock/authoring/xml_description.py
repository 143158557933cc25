"""XML bodies described in JSON: `{"root": {"name", "attributes", "children"}}` (reference/matching.md §10.2).

An element with `pact:matcher:type` has the element itself under `value`; with `examples` it is there several times.
A text is `{"content", "matcher"}`. Rules name what is in a namespace by its URI. The native library names it as it is
written, with a prefix, and its verifier never finds what such a rule is for (§11 row 19, F); generators it finds so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.sax.saxutils import escape

from lxml import etree

from pactmock.authoring.collector import Collector
from pactmock.authoring.generator import TYPE as GENERATOR
from pactmock.authoring.generator import read_generator
from pactmock.authoring.integration_json import Processed
from pactmock.authoring.matcher import is_matcher, read_matcher
from pactmock.errors import InvalidPact, InvalidRule, Steps
from pactmock.pact import path_expression
from pactmock.pact.json.values import Json, compact, to_text
from pactmock.pact.path_expression import PathExpression
from pactmock.pact.value import value


def read_xml(description: Mapping[str, Json], collector: Collector) -> Processed:
    """Make a document of its description; the value is its content.

    Raises:
        InvalidPact: for what makes no XML; the collector knows where. The reference crashes on most of that.
        InvalidRule: for a matcher that cannot be read.
    """
    compact(description)  # refuses what is nested too deep to be walked
    root = description.get("root")
    with collector.below("root"):
        if not isinstance(root, dict) or "content" in root:
            raise InvalidPact("The description of an XML document has its root element under 'root'")
        content = f"<?xml version='1.0'?>{_Writer(collector).element(root, _ABOVE)}".encode()
    parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False)
    try:
        etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise InvalidPact(f"The description makes no XML document: {error.msg}") from None
    return Processed(content, collector.rules(), collector.generators())


_MOST_EXAMPLES = 1000
_MOST_CHARACTERS = 10_000_000


@value
class _Place:
    """Where an element, attribute or text stands, and the namespaces that hold there."""

    names: tuple[str, ...]
    """The names on the way to it as rules have them: `{URI}:{local name}` for what is in a namespace."""
    written: tuple[str, ...]
    """The same names as the document has them."""
    default: str
    prefixes: Mapping[str, str]

    def element(self, name: str, attributes: Json) -> _Place:
        """Return the place of an element in this one, which declares namespaces by its attributes.

        A default namespace names elements without prefix only, and passes through all others (§4.5).
        """
        declared = _declared(attributes)
        own = declared.pop("", None)
        prefixes = {**self.prefixes, **declared} if declared else self.prefixes
        prefix, _, local = name.rpartition(":")
        uri = prefixes.get(prefix, "") if prefix else self.default if own is None else own
        default = self.default if prefix else own or self.default
        full = f"{uri}:{local}" if uri else name
        return _Place((*self.names, full), (*self.written, name), default, prefixes)

    def attribute(self, name: str) -> _Place:
        """Return the place of an attribute of this element; without a prefix it is in no namespace."""
        prefix, _, local = name.rpartition(":")
        uri = self.prefixes.get(prefix)
        return self._below(f"@{uri}:{local}" if uri else f"@{name}", f"@{name}")

    def text(self) -> _Place:
        """Return the place of the text of this element."""
        return self._below("#text", "#text")

    def _below(self, name: str, written: str) -> _Place:
        return _Place((*self.names, name), (*self.written, written), self.default, self.prefixes)


_ABOVE = _Place((), (), "", {"xml": "http://www.w3.org/XML/1998/namespace"})


def _declared(attributes: Json) -> dict[str, str]:
    """Return the namespaces that attributes declare, by their prefixes; that of the default namespace is empty."""
    given = attributes if isinstance(attributes, dict) else {}
    return {
        name.removeprefix("xmlns").removeprefix(":"): to_text(uri)
        for name, uri in given.items()
        if (name == "xmlns" or name.startswith("xmlns:")) and not is_matcher(uri)
    }


class _Writer:
    """Writes one document, and gathers the rules on the way."""

    def __init__(self, collector: Collector) -> None:
        self.collector = collector
        self.below = collector.below

    def element(self, given: dict[str, Json], above: _Place) -> str:
        """Write an element that stands in another one."""
        element, steps = self._unwrapped(given)
        name = to_text(element.get("name"))
        if not _NAME.fullmatch(name):
            raise InvalidPact(f"An element needs a name, and '{name}' is none").below(*steps, "name")
        place = above.element(name, element.get("attributes"))
        if is_matcher(given):
            self._add(given, place)
        with self.below(*steps, "attributes"):
            attributes = self._attributes(element.get("attributes", {}), place)
        with self.below(*steps, "children"):
            children = self._children(element.get("children", []), place)
        return f"<{name}{attributes}/>" if children is None else f"<{name}{attributes}>{children}</{name}>"

    def _unwrapped(self, given: dict[str, Json]) -> tuple[dict[str, Json], Steps]:
        """Return the element that a matcher holds, or that is written without one, and the steps to it."""
        if not is_matcher(given):
            return given, ()
        element = given.get("value")
        if not isinstance(element, dict):
            raise InvalidPact("The matcher of an element has the element under 'value'")
        return element, ("value",)

    def _add(self, members: dict[str, Json], place: _Place) -> Json:
        matcher = read_matcher(members)
        in_namespace = place.names != place.written
        path = path_expression.of_tokens(place.names) if in_namespace else _path(place.names)
        self.collector.add(path, matcher.rules, None)
        if matcher.generator is not None:
            self.collector.add(_path(place.written), (), matcher.generator)
        return matcher.example if matcher.has_example else None

    def _attributes(self, given: Json, place: _Place) -> str:
        if not isinstance(given, dict):
            raise InvalidPact("Attributes are an object of names")
        written = []
        for name in sorted(given):
            with self.below(name):
                written.append(f" {name}='{self._attribute(name, given[name], place)}'")
        return "".join(written)

    def _attribute(self, name: str, given: Json, place: _Place) -> str:
        if not _NAME.fullmatch(name):
            raise InvalidPact(f"'{name}' cannot be the name of an attribute")
        value = given
        if is_matcher(given):
            value = self._add(given, place.attribute(name))
            if value is None and "value" not in given:
                raise InvalidRule("A matcher needs an example here: add a 'value'")
        return escape(_characters(value), _IN_ATTRIBUTES)

    def _children(self, given: Json, place: _Place) -> str | None:
        if not isinstance(given, list):
            raise InvalidPact("The children of an element are a list")
        written = []
        for i, child in enumerate(given):
            with self.below(i):
                written += self._child(child, place)
        if sum(map(len, written)) > _MOST_CHARACTERS:
            raise InvalidPact(f"This element has more than {_MOST_CHARACTERS} characters")
        return "".join(written) if written else None

    def _child(self, given: Json, place: _Place) -> list[str]:
        if not isinstance(given, dict):
            raise InvalidPact('A child is an element or a text: {"name"} or {"content"}')
        if "content" in given and not is_matcher(given):
            return [self._text(given, place)]
        examples = given.get("examples", 1)
        if not isinstance(examples, int) or isinstance(examples, bool) or not 0 <= examples <= _MOST_EXAMPLES:
            raise InvalidPact(f"'examples' is a number from 0 to {_MOST_EXAMPLES}").below("examples")
        return [self.element(given, place)] * examples

    def _text(self, given: dict[str, Json], place: _Place) -> str:
        matcher = given.get("matcher")
        if is_matcher(matcher):
            text = place.text()
            with self.below("matcher"):
                self._add(matcher, text)
            if GENERATOR in given:
                # Its name stands beside the text, its attributes with those of the rule.
                merged = {**matcher, GENERATOR: given[GENERATOR]}
                self.collector.add(_path(text.written), (), read_generator(merged))
        with self.below("content"):
            return escape(_characters(given["content"]), _IN_TEXTS)


_NAME = re.compile(r"[^\W\d][\w.\-]*(?::[^\W\d][\w.\-]*)?")
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_IN_TEXTS = {"\r": "&#13;"}
_IN_ATTRIBUTES = {"'": "&apos;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}


def _characters(value: Json) -> str:
    text = to_text(value)
    found = _NOT_IN_XML.search(text)
    if found:
        raise InvalidPact(f"The character {found[0]!a} cannot be in an XML document")
    return text


def _path(names: tuple[str, ...]) -> PathExpression:
    """Return the path as the reference writes it, `$.ns:a.b['@id']`, where that reads back as just these names."""
    steps = (f"['{name}']" if name.startswith("@") else f".{name}" for name in names)
    return path_expression.spelled("$" + "".join(steps), names)
