"""Multipart bodies: fields and files with a boundary."""

from __future__ import annotations

from dataclasses import dataclass, replace

from parity.case import Json
from parity.draw import bodies, values
from parity.draw.bodies import BinaryBody, JsonBody, TextBody, v4
from parity.draw.dice import Dice
from parity.draw.expected import BodyDraft, RuleList, step
from parity.draw.rules import body_rules, text_rules
from parity.draw.xml import draw as draw_xml


@dataclass(frozen=True)
class MimePart:
    """One part: a field, or with a file name a file."""

    name: str | None
    body: BodyDraft
    file: str | None = None
    typed: bool = True
    extra: tuple[tuple[str, str], ...] = ()

    def content(self) -> bytes:
        lines = []
        if self.name is not None:
            file = f'; filename="{self.file}"' if self.file else ""
            lines.append(f'Content-Disposition: form-data; name="{self.name}"{file}')
        if self.typed and self.body.content_type:
            lines.append(f"Content-Type: {self.body.content_type}")
        lines += [f"{name}: {value}" for name, value in self.extra]
        return "\r\n".join([*lines, "", ""]).encode() + self.body.content()


@dataclass(frozen=True)
class MultipartBody:
    """The parts, and how they are held together."""

    parts: tuple[MimePart, ...]
    boundary: str = "xyz"
    cut: int = 0
    """How many bytes are missing at the end."""

    @property
    def content_type(self) -> str | None:
        return f"multipart/form-data; boundary={self.boundary}"

    def content(self) -> bytes:
        mark = f"--{self.boundary}".encode()
        content = b"".join(mark + b"\r\n" + part.content() + b"\r\n" for part in self.parts) + mark + b"--\r\n"
        return content[: len(content) - self.cut]

    def member(self) -> Json:
        return self.content().decode(errors="replace")

    def member_v4(self) -> Json:
        content = self.content()
        try:
            return v4(content.decode(), self.content_type)
        except UnicodeDecodeError:
            return BinaryBody(content, self.content_type).member_v4()

    def edited(self, dice: Dice) -> MultipartBody:
        throw = dice.random()
        if throw < 0.05:
            return replace(self, cut=dice.randint(1, 20))
        if throw < 0.2:
            return replace(self, boundary="other-boundary")
        return replace(self, parts=_edited_parts(dice, self.parts))

    def rules(self, dice: Dice) -> dict[str, RuleList]:
        """Draw rules for the parts and what is in them."""
        rules: dict[str, RuleList] = {}
        for part in dice.some(self.parts, 0, 2):
            key = f"${step(part.name or '0')}"
            if isinstance(part.body, JsonBody) and dice.chance(0.6):
                inner = body_rules(dice, part.body.value, most=2)
                rules |= {key + path.removeprefix("$"): entry for path, entry in inner.items()}
            else:
                rules[key + dice.one(("", "", "", "['content-type']", "['x-extra']"))] = _rules_of(dice, part)
        return rules


def _rules_of(dice: Dice, part: MimePart) -> RuleList:
    if dice.chance(0.4) and part.body.content_type:
        return {"combine": "AND", "matchers": [{"match": "contentType", "value": part.body.content_type}]}
    return text_rules(dice, part.body.content().decode(errors="replace"))


def _edited_parts(dice: Dice, parts: tuple[MimePart, ...]) -> tuple[MimePart, ...]:
    changed = list(parts)
    position = dice.randrange(len(changed))
    part = changed[position]
    throw = dice.random()
    if throw < 0.45:
        changed[position] = replace(part, body=part.body.edited(dice))
    elif throw < 0.55:
        del changed[position]
    elif throw < 0.65:
        changed.insert(position, _part(dice))
    elif throw < 0.72:
        dice.shuffle(changed)
    elif throw < 0.8:
        changed[position] = replace(part, name=dice.one((*bodies.NAMES[:3], None)))
    elif throw < 0.88:
        changed[position] = replace(part, file=None if part.file else "b.txt")
    elif throw < 0.94:
        changed[position] = replace(part, typed=not part.typed)
    else:
        changed[position] = replace(part, extra=(("X-Extra", values.plain_text(dice)),))
    return tuple(changed) or parts


def _part(dice: Dice) -> MimePart:
    name = dice.one(bodies.NAMES[:5]) if dice.chance(0.93) else dice.one(("0", "7", "x y", None))
    if dice.chance(0.5):
        return MimePart(name, TextBody(values.plain_text(dice)), typed=dice.chance(0.4), extra=_extra(dice))
    drafts: tuple[BodyDraft, ...] = (
        JsonBody(values.document(dice)),
        TextBody(values.plain_text(dice)),
        BinaryBody(dice.one(bodies.SIGNATURES), dice.one(("image/png", "application/octet-stream", "application/pdf"))),
        draw_xml(dice),
    )
    return MimePart(name, dice.one(drafts), file="a.bin", typed=dice.chance(0.9), extra=_extra(dice))


def _extra(dice: Dice) -> tuple[tuple[str, str], ...]:
    return (("X-Extra", values.plain_text(dice)),) if dice.chance(0.1) else ()


def draw(dice: Dice) -> MultipartBody:
    """Draw a multipart body."""
    return MultipartBody(tuple(dice.times(1, 3, lambda: _part(dice))))
