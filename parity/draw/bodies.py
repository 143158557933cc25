"""Bodies of the simple kinds, as drafts that can be written into a pact, sent and changed."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, replace
from urllib.parse import quote, quote_plus

from parity.case import Json
from parity.draw import edits, values
from parity.draw.dice import Dice


def v4(content: Json, content_type: str | None, encoded: Json = False) -> Json:
    """Write a body of a V4 file; without a type, it is left to be found."""
    typed = {} if content_type is None else {"contentType": content_type}
    return {"content": content, **typed, "encoded": encoded}


@dataclass(frozen=True)
class JsonBody:
    """A JSON document. `raw` stands for its text where that is broken on purpose."""

    value: Json
    content_type: str | None = "application/json"
    raw: bytes | None = None

    def member(self) -> Json:
        return self.value

    def member_v4(self) -> Json:
        return v4(self.value, self.content_type)

    def content(self) -> bytes:
        if self.raw is not None:
            return self.raw
        return json.dumps(self.value, ensure_ascii=False).encode(errors="replace")

    def edited(self, dice: Dice) -> JsonBody:
        if dice.chance(0.02):
            content = self.content()
            broken = (content[: dice.randrange(len(content) + 1)], content + b"}", content.replace(b'"', b"'"), b"")
            return replace(self, raw=dice.one(broken))
        if dice.chance(0.1):
            text = json.dumps(self.value)
            spelled = (json.dumps(self.value, indent=1), text.replace("0.0", "0e0"), text.replace("-0.0", "-0"))
            return replace(self, raw=dice.one(spelled).encode())
        return replace(self, value=edits.edited(dice, self.value))


@dataclass(frozen=True)
class TextBody:
    """A text of any type."""

    text: str
    content_type: str | None = "text/plain"

    def member(self) -> Json:
        return self.text

    def member_v4(self) -> Json:
        return v4(self.text, self.content_type)

    def content(self) -> bytes:
        return self.text.encode()

    def edited(self, dice: Dice) -> TextBody:
        return replace(self, text=edited_text(dice, self.text))


def edited_text(dice: Dice, text: str) -> str:
    """Change a text a little, or take another one."""
    position = dice.randint(0, len(text))
    forms = (
        values.text(dice),
        values.text(dice),
        text[:position] + values.text(dice) + text[position:],
        text[:position] + text[position + 1 :],
        text.swapcase(),
        f"{text}\n",
        "",
    )
    return dice.one(forms)


@dataclass(frozen=True)
class BinaryBody:
    """Bytes; in a pact file they are base64."""

    data: bytes
    content_type: str | None = "application/octet-stream"

    def member(self) -> Json:
        return base64.b64encode(self.data).decode()

    def member_v4(self) -> Json:
        return v4(base64.b64encode(self.data).decode(), self.content_type, "base64")

    def content(self) -> bytes:
        return self.data

    def edited(self, dice: Dice) -> BinaryBody:
        position = dice.randint(0, len(self.data))
        forms = (
            self.data[:position] + bytes([dice.randrange(256)]) + self.data[position:],
            self.data[:position],
            dice.one(SIGNATURES) + self.data,
            dice.one(SIGNATURES),
            values.text(dice).encode(),
        )
        return replace(self, data=dice.one(forms))


SIGNATURES = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    b"GIF89a\x01\x00\x01\x00",
    b"\xff\xd8\xff\xe0\x00\x10JFIF\x00",
    b"%PDF-1.7\n",
    b"PK\x03\x04\x14\x00\x00\x00",
    b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
    b"BM\x1e\x00\x00\x00",
    b"RIFF\x24\x00\x00\x00WAVEfmt ",
    b"\x00\x01\x02\xff\xfe",
    b"\xc3\x28",
    b"plain text",
    b"{}",
    b'{"a": 1}',
    b"<?xml version='1.0'?><a/>",
    b"<a/>",
    b"100",
    b"Rar!\x1a\x07\x00",
    b"\x00\x00\x01\x00",
    b"BC",
    b"<!-- a -->",
    b"#!/bin/sh",
)
"""Starts of files whose type can be told from them, and some whose type cannot."""


@dataclass(frozen=True)
class FormBody:
    """The fields of a form, with repeated names in their order."""

    fields: tuple[tuple[str, str], ...]
    content_type: str | None = "application/x-www-form-urlencoded"
    raw: str | None = None

    @property
    def text(self) -> str:
        if self.raw is not None:
            return self.raw
        return "&".join(f"{quote(name, safe='[]')}={quote_plus(value)}" for name, value in self.fields)

    def member(self) -> Json:
        return self.text

    def member_v4(self) -> Json:
        return v4(self.text, self.content_type)

    def content(self) -> bytes:
        return self.text.encode()

    def edited(self, dice: Dice) -> FormBody:
        if dice.chance(0.1):
            return replace(
                self, raw=dice.one(("a", "&", "a=1&&b", "=1", "a=%zz", "a=1;b=2", "a==", "%61=%62", "a+b=c+d"))
            )
        pairs = edited_pairs(dice, self.fields)
        return replace(self, fields=tuple((name, value or "") for name, value in pairs))


Pair = tuple[str, str | None]


def edited_pairs(dice: Dice, pairs: tuple[Pair, ...]) -> tuple[Pair, ...]:
    """Change a list of names and values, as of a query or a form, in one place."""
    changed = list(pairs)
    throw = dice.random()
    position = dice.randrange(len(changed)) if changed else 0
    if not changed or throw < 0.2:
        name = dice.one(changed)[0] if changed and dice.chance(0.6) else dice.one(NAMES)
        changed.insert(position, (name, values.text(dice)))
    elif throw < 0.4:
        del changed[position]
    elif throw < 0.8:
        changed[position] = (changed[position][0], dice.one((values.text(dice), values.text(dice), "", None)))
    elif throw < 0.9:
        changed[position] = (dice.one(NAMES), changed[position][1])
    else:
        dice.shuffle(changed)
    return tuple(changed)


NAMES = ("q", "a", "b", "page", "Q1", "x-y", "_id", "a.b", "b[]", "two words", "1", "é")
"""Names of parameters and fields, the odd ones at the end."""


def name(dice: Dice) -> str:
    """Draw the name of a parameter or a field."""
    return dice.one(NAMES[:5]) if dice.chance(0.85) else dice.one(NAMES)
