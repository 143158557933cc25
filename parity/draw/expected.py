"""The request that an interaction expects, in no version's form, and how each version of a pact file writes it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import quote, quote_plus

from parity.case import Json, Wire
from parity.draw.dice import Dice

RuleList = Json
"""Rules of one path as V3 writes them: `{"combine": ..., "matchers": [...]}`."""


class BodyDraft(Protocol):
    """A body of some kind, which can be written into a pact, sent, and changed a little."""

    @property
    def content_type(self) -> str | None:
        """What its header says, if there is one."""

    def member(self) -> Json:
        """Return the value of `body` in a V2 or V3 file."""

    def member_v4(self) -> Json:
        """Return the value of `body` in a V4 file."""

    def content(self) -> bytes:
        """Return the bytes that a request sends."""

    def edited(self, dice: Dice) -> BodyDraft:
        """Return one that differs in a place."""


@dataclass(frozen=True)
class Expected:
    """The parts of a request. `headers` has a line an item; names come again for several lines."""

    method: str = "GET"
    path: str = "/"
    query: tuple[tuple[str, str | None], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: BodyDraft | None = None
    rules: Mapping[str, Mapping[str, RuleList]] = field(default_factory=dict)
    """Category to path, or name, to rules; the path category has the one path `""`."""

    def to_json(self, version: str) -> Json:
        """Write it as the `request` of a version."""
        written: dict[str, Json] = {"method": self.method, "path": self.path}
        if self.query:
            written["query"] = _query_text(self.query) if version == "V2" else grouped(self.query)
        if self.headers:
            written["headers"] = self._headers(version)
        if self.body is not None:
            written["body"] = self.body.member_v4() if version == "V4" else self.body.member()
        if self.rules:
            written["matchingRules"] = flat(self.rules) if version == "V2" else categories(self.rules)
        return written

    def _headers(self, version: str) -> Json:
        groups = grouped(self.headers)
        if version == "V4":
            return groups
        return {name: items[0] if len(items) == 1 else items for name, items in groups.items()}

    def to_wire(self, dice: Dice) -> Wire:
        """Send it: just as the pact says, in one of the spellings that mean the same."""
        target = self.path + (f"?{_spelled(dice, self.query)}" if self.query else "")
        headers = self.headers
        named = {name.lower() for name, _ in headers}
        if self.body is not None and self.body.content_type and "content-type" not in named:
            headers = (*headers, ("Content-Type", self.body.content_type))
        content = self.body.content() if self.body is not None else b""
        return Wire(self.method, _ascii(target), headers, content)


def grouped(pairs: Sequence[tuple[str, str | None]]) -> dict[str, list[str | None]]:
    """Gather the values of each name."""
    groups: dict[str, list[str | None]] = {}
    for name, value in pairs:
        groups.setdefault(name, []).append(value)
    return groups


def _query_text(query: tuple[tuple[str, str | None], ...]) -> str:
    return "&".join(
        quote(name, safe="[]") + ("" if value is None else f"={quote_plus(value)}") for name, value in query
    )


def _spelled(dice: Dice, query: tuple[tuple[str, str | None], ...]) -> str:
    encode = dice.one((quote, quote_plus))
    pieces = [encode(name) + ("" if value is None else f"={encode(value)}") for name, value in query]
    return dice.one(("&", "&", "&", "&&")).join(pieces)


def _ascii(target: str) -> str:
    return quote(target, safe="".join(map(chr, range(0x21, 0x7F))))


_IDENTIFIER = re.compile(r"[_A-Za-z][_A-Za-z0-9]*")


def step(name: str) -> str:
    """Write a name as a step of a path expression."""
    return f".{name}" if _IDENTIFIER.fullmatch(name) else f"['{name}']"


def categories(rules: Mapping[str, Mapping[str, RuleList]]) -> Json:
    """Write rules as V3 and V4 do."""
    return {name: entries[""] if name == "path" else dict(entries) for name, entries in rules.items() if entries}


_FLAT = {"header": "$.headers", "query": "$.query", "body": "$.body"}


def flat(rules: Mapping[str, Mapping[str, RuleList]]) -> Json:
    """Write rules as V2 does: the first one of each list."""
    written = {}
    for category, entries in rules.items():
        for name, entry in entries.items():
            if category == "path":
                key = "$.path"
            elif category == "body":
                key = "$.body" + name.removeprefix("$")
            else:
                key = _FLAT[category] + step(name)
            written[key] = entry["matchers"][0]
    return written
