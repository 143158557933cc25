"""XML documents as small trees of their own, as no parser gives control over prefixes, sections and comments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from xml.sax.saxutils import escape, quoteattr

from parity.case import Json
from parity.draw import values
from parity.draw.bodies import v4
from parity.draw.dice import Dice
from parity.draw.expected import RuleList, step
from parity.draw.rules import bounded, rule_list, text_rules

NAMES = ("a", "b", "item", "name", "n:a", "n:b", "m:a")
ATTRIBUTES = ("id", "x", "n:id", "m:id", "x-y")
URIS = {"n": "urn:n", "m": "urn:m"}


@dataclass(frozen=True)
class Node:
    """An element. `pieces` are its children and, ready to be written, its texts, comments and sections."""

    name: str
    attributes: tuple[tuple[str, str], ...] = ()
    pieces: tuple[Node | str, ...] = ()

    def write(self) -> str:
        attributes = "".join(f" {name}={quoteattr(value)}" for name, value in self.attributes)
        inside = "".join(piece if isinstance(piece, str) else piece.write() for piece in self.pieces)
        return f"<{self.name}{attributes}>{inside}</{self.name}>" if inside else f"<{self.name}{attributes}/>"

    @property
    def children(self) -> tuple[Node, ...]:
        return tuple(piece for piece in self.pieces if isinstance(piece, Node))


def _text(dice: Dice) -> str:
    content = escape("".join(c for c in values.text(dice) if c.isprintable()))
    forms = (
        content,
        content,
        content,
        f" {content}\n",
        f"<![CDATA[{content}]]>",
        f"<!-- note -->{content}",
        f"{content}<?go on?>",
    )
    return dice.one(forms)


def _node(dice: Dice, depth: int) -> Node:
    attributes = (
        tuple((name, values.plain_text(dice)) for name in dice.some(ATTRIBUTES, 0, 2)) if dice.chance(0.5) else ()
    )
    pieces: list[Node | str] = []
    if depth and dice.chance(0.7):
        pieces += dice.times(1, 3, lambda: _node(dice, depth - 1))
        if dice.chance(0.3):
            pieces = [piece for child in pieces for piece in (child, child)][:3]
    if not pieces or dice.chance(0.2):
        pieces.insert(dice.randint(0, len(pieces)), _text(dice))
    return Node(dice.one(NAMES[:4]) if dice.chance(0.85) else dice.one(NAMES), attributes, tuple(pieces))


@dataclass(frozen=True)
class XmlBody:
    """An XML document; the root declares the namespaces."""

    root: Node
    content_type: str | None = "application/xml"
    declared: bool = True
    default_namespace: str = ""
    raw: str | None = None

    def text(self) -> str:
        if self.raw is not None:
            return self.raw
        spaces = tuple((f"xmlns:{prefix}", uri) for prefix, uri in URIS.items() if f"{prefix}:" in self.root.write())
        if self.default_namespace:
            spaces = (*spaces, ("xmlns", self.default_namespace))
        root = replace(self.root, attributes=spaces + self.root.attributes)
        return ('<?xml version="1.0" encoding="UTF-8"?>' if self.declared else "") + root.write()

    def member(self) -> Json:
        return self.text()

    def member_v4(self) -> Json:
        return v4(self.text(), self.content_type)

    def content(self) -> bytes:
        return self.text().encode()

    def edited(self, dice: Dice) -> XmlBody:
        if dice.chance(0.03):
            text = self.text()
            return replace(self, raw=dice.one((text[: dice.randrange(len(text))], text + "<", "no xml", "<a>&b;</a>")))
        target = dice.randrange(sum(1 for _ in _nodes(self.root)))
        return replace(self, root=_edit_at(dice, self.root, target))

    def rules(self, dice: Dice) -> dict[str, RuleList]:
        """Draw rules for places of this document."""
        places = list(self._places())
        chosen = dice.times(1, 3, lambda: dice.one(places))
        rules = {_generalised(dice, path): text_rules(dice, value) for path, value in chosen}
        return {path: entry if _is_of_text(path) else _of_element(dice, entry) for path, entry in rules.items()}

    def _places(self) -> Iterator[tuple[tuple[str, ...], str]]:
        for path, node in _walk(self.root, (), self.default_namespace):
            yield path, node.name
            for name, value in node.attributes:
                yield (*path, "@" + _qualified(name, "")), value
            yield (*path, "#text"), "".join(piece for piece in node.pieces if isinstance(piece, str))


def _qualified(name: str, default: str) -> str:
    prefix, colon, local = name.partition(":")
    uri = URIS[prefix] if colon else default
    return f"{uri}:{local if colon else name}" if uri else name


def _walk(node: Node, above: tuple[str, ...], default: str) -> Iterator[tuple[tuple[str, ...], Node]]:
    path = (*above, _qualified(node.name, default))
    yield path, node
    for child in node.children:
        yield from _walk(child, path, default)


def _generalised(dice: Dice, path: tuple[str, ...]) -> str:
    written = "$"
    for part in path:
        if dice.chance(0.07) and not part.startswith(("@", "#")):
            written += ".*"
        else:
            written += f"['{part}']" if part.startswith(("@", "#")) or ":" in part else step(part)
        if dice.chance(0.04):
            written += dice.one(("[*]", "[0]"))
    return written


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _nodes(child)


def _edit_at(dice: Dice, root: Node, target: int) -> Node:
    """Edit the element of a number, in the order of the document."""
    count = -1

    def walk(node: Node) -> Node:
        nonlocal count
        count += 1
        if count == target:
            return _edit(dice, node)
        return replace(node, pieces=tuple(walk(p) if isinstance(p, Node) else p for p in node.pieces))

    return walk(root)


def _edit(dice: Dice, node: Node) -> Node:
    pieces = list(node.pieces)
    position = dice.randint(0, len(pieces))
    throw = dice.random()
    if throw < 0.3:
        return replace(node, pieces=(*node.children, _text(dice)))
    if throw < 0.45:
        return replace(node, attributes=_edited_attributes(dice, node.attributes))
    if throw < 0.55 and pieces:
        del pieces[position - 1]
    elif throw < 0.7 and node.children:
        pieces.insert(position, dice.one(node.children))
    elif throw < 0.8:
        pieces.insert(position, _node(dice, 1))
    elif throw < 0.87:
        return replace(node, name=dice.one(NAMES))
    elif throw < 0.94:
        dice.shuffle(pieces)
    else:
        pieces.insert(position, dice.one((" \n ", "<!--c-->", "<?p i?>", "<![CDATA[]]>")))
    return replace(node, pieces=tuple(pieces))


def _edited_attributes(dice: Dice, attributes: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    changed = dict(attributes)
    if changed and dice.chance(0.6):
        name = dice.one(list(changed))
        del changed[name]
        if dice.chance(0.5):
            changed[name] = values.plain_text(dice)
    else:
        changed[dice.one(ATTRIBUTES)] = values.plain_text(dice)
    return tuple(changed.items())


def draw(dice: Dice) -> XmlBody:
    """Draw a document."""
    return XmlBody(
        _node(dice, 2),
        content_type=dice.one(
            ("application/xml", "text/xml", "application/soap+xml", "application/xml; charset=utf-8")
        ),
        declared=dice.chance(0.5),
        default_namespace="urn:d" if dice.chance(0.15) else "",
    )


def loose_rules(dice: Dice) -> dict[str, RuleList]:
    """Draw rules that need not fit any place."""
    path, entry = dice.one(("$.a", "$.*", "$.a.b['#text']", "$", "$.a['@id']")), rule_list(dice, None)
    return {path: entry if _is_of_text(path) else _of_element(dice, entry)}


def _is_of_text(path: str) -> bool:
    return "['@" in path or "['#" in path


ELEMENT_PATTERNS = (".*", r"item|name", r"n\w*e", r"[A-Z]\d")
"""Patterns that some names match, and no text does."""


def _of_element(dice: Dice, entry: RuleList) -> RuleList:
    """Let patterns on elements match names alone: that one may match the text instead is not the reference's."""
    if dice.chance(0.1):
        return {**entry, "matchers": [bounded(dice)]}
    matchers = [
        {**rule, "regex": dice.one(ELEMENT_PATTERNS)} if "regex" in rule else rule for rule in entry["matchers"]
    ]
    return {**entry, "matchers": matchers}
