"""The two sides of a comparison of bodies, and the one signature that all kinds of comparison have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field, replace
from typing import TypeAlias, TypeVar

from pactmock.matching.mismatch import BodyMismatch, BodyTypeMismatch, UndecidedMismatch
from pactmock.matching.rule_set import NO_RULES, Place
from pactmock.pact.model import declared_type
from pactmock.pact.parts.body import Body
from pactmock.pact.parts.charset import charset_of, to_utf8
from pactmock.pact.parts.content_type import ContentType
from pactmock.pact.parts.headers import Headers, find
from pactmock.pact.value import value


@value
class Part:
    """A body with its type, found as reference/matching.md §4.2 says, and the headers it came with."""

    body: Body
    content_type: ContentType
    headers: Headers = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        return self.body.content

    @property
    def type_text(self) -> str:
        """The type as its header says it, for rules on that header; the type itself where there is no header."""
        values = find(self.headers, "Content-Type")
        return ", ".join(values) if values else str(self.content_type)


@value
class ExpectedPart(Part):
    """The expected side: the rules of its body, and whether members that it does not name are refused (`strict`)."""

    rules: Place = NO_RULES
    strict: bool = True


P = TypeVar("P", bound=Part)


def in_utf8(part: P) -> P:
    """Return a part whose text is UTF-8, whatever charset it came in: so bodies are compared (§11 row 70, F)."""
    charset = charset_of(declared_type(part.headers)) or charset_of(part.content_type)
    content = to_utf8(part.content, charset, is_json=part.content_type.is_json)
    return part if content is part.content else replace(part, body=replace(part.body, content=content))


BodyMismatches: TypeAlias = Sequence[BodyMismatch | BodyTypeMismatch | UndecidedMismatch]

BodyCheck: TypeAlias = Callable[[Part], BodyMismatches]
"""Compares a received part with the expected one it was compiled from; it returns what differs, nothing if all fits."""

BodyCompiler: TypeAlias = Callable[[ExpectedPart], BodyCheck]
"""Makes the check of an expected part whose body is present. Does once what need not be done at every request."""


def mismatch(path: str, expected: Part, actual: Part, text: str) -> BodyMismatch:
    """Make a mismatch of two bodies as a whole."""
    return BodyMismatch(path, expected.content, actual.content, text)
