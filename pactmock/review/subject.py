"""What an inspection looks at: an interaction, and what it has to know of the pact that it is in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeAlias

from pactmock.errors import Steps
from pactmock.matching.budget import Budget
from pactmock.pact.model import (
    AsynchronousMessage,
    HttpInteraction,
    Interaction,
    MessageContents,
    Request,
    Response,
    body_of,
    content_type_of,
    message_charset,
    part_charset,
)
from pactmock.pact.parts.body import Body
from pactmock.pact.parts.charset import to_utf8
from pactmock.pact.parts.content_type import ContentType
from pactmock.pact.specification import Specification
from pactmock.pact.value import value
from pactmock.pact.warnings import PactWarning
from pactmock.plugins.binding.bound_pact import BoundPact

Part: TypeAlias = Request | Response | MessageContents


@value
class Subject:
    """An interaction of a pact that is to be written in a version of the specification.

    `asked` is what the consumer sends: what the mock server compares, and the verifier sends. `answered` is what the
    provider sends: what the mock server makes up, and the verifier compares. `parts` are all of it. The `allowance` is
    for comparing, in the whole pact.
    """

    interaction: Interaction
    bound: BoundPact
    version: Specification
    asked: tuple[Part, ...]
    answered: tuple[Part, ...]
    parts: tuple[Part, ...]
    allowance: Budget

    @classmethod
    def of(cls, interaction: Interaction, bound: BoundPact, version: Specification, allowance: Budget) -> Subject:
        """Take an interaction apart, once for all who look at it."""
        asked: tuple[Part, ...] = () if isinstance(interaction, AsynchronousMessage) else (interaction.request,)
        if isinstance(interaction, HttpInteraction):
            answered: tuple[Part, ...] = (interaction.response,)
        elif isinstance(interaction, AsynchronousMessage):
            answered = (interaction.message,)
        else:
            answered = interaction.responses
        return cls(interaction, bound, version, asked, answered, asked + answered, allowance)

    @property
    def place(self) -> Steps:
        """The place of the interaction in the posted document."""
        return self.parts[0].place[:2]


Inspection: TypeAlias = Callable[[Subject], Iterable[PactWarning]]
"""Looks at an interaction for one kind of warning."""


def content_of(part: Part) -> bytes:
    """Return the bytes of a request or a response, or of a message: what is cheap to look at."""
    return body_of(part).content


def ruled_headers(part: Request | Response) -> frozenset[str]:
    """Return the headers that there are rules for, in lower case."""
    entries = part.matching_rules.get("header", ())
    return frozenset(str(token).lower() for entry in entries for token in entry.path.tokens[:1])


@value
class Payload:
    """The body of a part, a text in UTF-8, with the type that it has, and its place in the posted document."""

    body: Body
    content_type: ContentType
    place: Steps


def payload_of(part: Part) -> Payload:
    """Return the body of a request or a response, or the contents of a message."""
    body, content_type = body_of(part), content_type_of(part)
    charset = message_charset(part) if isinstance(part, MessageContents) else part_charset(part)
    content = to_utf8(body.content, charset, is_json=content_type.is_json)
    if content is not body.content:
        body = replace(body, content=content)
    return Payload(body, content_type, (*part.place, "contents" if isinstance(part, MessageContents) else "body"))
