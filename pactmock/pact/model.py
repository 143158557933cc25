"""A pact in memory: one shape for all versions of the specification (reference/matching.md §1).

Files of V1 to V3 are upgraded when they are read, so nothing behind `documents` asks for a version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import ClassVar, TypeAlias

from pactmock.errors import Steps
from pactmock.pact.generators import Generators
from pactmock.pact.json.values import Json, to_text
from pactmock.pact.matching_rules.categories import MatchingRules
from pactmock.pact.parts import body as bodies
from pactmock.pact.parts import content_type as types
from pactmock.pact.parts.body import Body
from pactmock.pact.parts.charset import Charset, charset_of
from pactmock.pact.parts.content_type import ContentType
from pactmock.pact.parts.headers import Headers, find
from pactmock.pact.parts.query_string import Query
from pactmock.pact.value import value
from pactmock.pact.warnings import PactWarning


@value
class ProviderState:
    """What must be true of the provider before an interaction can be verified."""

    name: str
    params: Mapping[str, Json] = field(default_factory=dict)

    @classmethod
    def from_json(cls, value: Json) -> ProviderState:
        """Read one of `providerStates`; what is no object is the name."""
        if not isinstance(value, dict):
            return cls(to_text(value))
        params = value.get("params")
        name = to_text(value["name"]) if "name" in value else "unknown provider states"
        return cls(name, params if isinstance(params, dict) else {})

    def to_json(self) -> dict[str, Json]:
        return {"name": self.name, "params": dict(self.params)} if self.params else {"name": self.name}


@value
class Request:
    """An HTTP request, expected or received. `path` is percent-encoded, as on the wire.

    `query_text` is the query as it was sent, or as a V1 pact has it: only V1 compares it with its order. `place` is
    where an expected one stands in the document that it was read from, for errors that are found later.
    """

    method: str = "GET"
    path: str = "/"
    query: Query | None = None
    query_text: str | None = None
    headers: Headers = field(default_factory=dict)
    body: Body = bodies.MISSING
    matching_rules: MatchingRules = field(default_factory=dict)
    generators: Generators = field(default_factory=dict)
    place: Steps = field(default=(), compare=False, repr=False)


@value
class Response:
    """An HTTP response."""

    status: int = 200
    headers: Headers = field(default_factory=dict)
    body: Body = bodies.MISSING
    matching_rules: MatchingRules = field(default_factory=dict)
    generators: Generators = field(default_factory=dict)
    place: Steps = field(default=(), compare=False, repr=False)


@value
class MessageContents:
    """The payload of a message, with its metadata.

    `category` is what its file calls the rules and generators of the contents: here they are under `body`.
    """

    contents: Body = bodies.MISSING
    metadata: Mapping[str, Json] = field(default_factory=dict)
    matching_rules: MatchingRules = field(default_factory=dict)
    generators: Generators = field(default_factory=dict)
    category: str = "body"
    place: Steps = field(default=(), compare=False, repr=False)


@value
class InteractionMarkup:
    """Text that a plugin wrote about an interaction."""

    markup: str
    kind: str = "COMMON_MARK"

    @classmethod
    def from_json(cls, value: Json) -> InteractionMarkup | None:
        """Read `interactionMarkup`; None where it holds no text."""
        if not isinstance(value, dict) or not value.get("markup"):
            return None
        return cls(to_text(value["markup"]), to_text(value.get("markupType", "COMMON_MARK")))

    def to_json(self) -> dict[str, Json]:
        return {"markup": self.markup, "markupType": self.kind}


@value
class _Interaction:
    """What all types of interactions share."""

    type: ClassVar[str]

    description: str
    key: str | None = None
    provider_states: tuple[ProviderState, ...] = ()
    pending: bool = False
    comments: Mapping[str, Json] = field(default_factory=dict)
    plugin_configuration: Mapping[str, Json] = field(default_factory=dict)
    markup: InteractionMarkup | None = None
    transport: str | None = None


@value
class HttpInteraction(_Interaction):
    """A request and the response to it."""

    type = "Synchronous/HTTP"

    request: Request = field(default_factory=Request)
    response: Response = field(default_factory=Response)


@value
class AsynchronousMessage(_Interaction):
    """One message that nobody answers."""

    type = "Asynchronous/Messages"

    message: MessageContents = field(default_factory=MessageContents)


@value
class SynchronousMessages(_Interaction):
    """A message and the messages that answer it."""

    type = "Synchronous/Messages"

    request: MessageContents = field(default_factory=MessageContents)
    responses: tuple[MessageContents, ...] = ()


Interaction: TypeAlias = HttpInteraction | AsynchronousMessage | SynchronousMessages


@value
class Pact:
    """A contract between a consumer and a provider. `specification` is the name of the version it came in.

    `warnings` are those of the document that it was read from.
    """

    consumer: str
    provider: str
    interactions: tuple[Interaction, ...] = ()
    metadata: Mapping[str, Json] = field(default_factory=dict)
    specification: str = "V3"
    warnings: tuple[PactWarning, ...] = field(default=(), compare=False, repr=False)

    @property
    def http_interactions(self) -> tuple[HttpInteraction, ...]:
        """The interactions that a mock server plays over HTTP."""
        return tuple(item for item in self.interactions if isinstance(item, HttpInteraction))

    @property
    def messages(self) -> tuple[AsynchronousMessage | SynchronousMessages, ...]:
        """The messages, which a mock server hands out when it is asked for them."""
        return tuple(item for item in self.interactions if not isinstance(item, HttpInteraction))


def message_parts(message: AsynchronousMessage | SynchronousMessages) -> tuple[MessageContents, ...]:
    """Return a message, and after it those that answer it."""
    return (message.request, *message.responses) if isinstance(message, SynchronousMessages) else (message.message,)


def declared_type(headers: Headers) -> ContentType | None:
    """Return the type that a `Content-Type` header names, if it names one."""
    values = find(headers, "Content-Type") if headers else None
    return types.parse(", ".join(values)) if values else None


def part_content_type(part: Request | Response) -> ContentType:
    """Find the type of a part's body: stored, named by the header, or guessed from the content (§4.2, row 1)."""
    named = part.body.content_type or declared_type(part.headers)
    if named is not None:
        return named
    return types.sniff_whole(part.body.content) if part.body.is_present else types.UNKNOWN


def body_of(part: Request | Response | MessageContents) -> Body:
    """Return the body of a part, or the contents of a message."""
    return part.contents if isinstance(part, MessageContents) else part.body


def content_type_of(part: Request | Response | MessageContents) -> ContentType:
    """Find the type of what `body_of` returns."""
    return message_content_type(part) if isinstance(part, MessageContents) else part_content_type(part)


def part_charset(part: Request | Response) -> Charset:
    """Find the charset of a part's body: that of its header, which is what is sent, else that of its own type."""
    return charset_of(declared_type(part.headers)) or charset_of(part.body.content_type)


def message_charset(message: MessageContents) -> Charset:
    """Find the charset of a message's contents, as `part_charset` does."""
    named = types.parse(to_text(message.metadata.get("contentType")))
    return charset_of(named) or charset_of(message.contents.content_type)


def message_content_type(message: MessageContents) -> ContentType:
    """Find the type of a message's contents; the metadata key is `contentType`, spelled just so (§4.2, row 3)."""
    if message.contents.content_type is not None:
        return message.contents.content_type
    named = types.parse(to_text(message.metadata.get("contentType")))
    if named is None and message.contents.is_present:
        named = types.sniff_start(message.contents.content)
    return named or types.UNKNOWN
