"""What was received, and why it did not match, as type checkers see the documents of it (see `documents.py`)."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypeAlias, TypedDict

Outcome: TypeAlias = Literal["Request-Matched", "Request-Mismatch", "Request-Undecided", "Unexpected-Request"]


class Target(TypedDict):
    """A method and a path, percent-encoded."""

    method: str
    path: str


class Markup(TypedDict):
    """What a plugin wrote about an interaction."""

    markup: str
    markupType: str


class InteractionName(TypedDict):
    """An interaction of the pact that is played; `index` counts from 0."""

    description: str
    key: str
    index: int
    providerStates: list[Any]
    interactionMarkup: NotRequired[Markup]


class DecidingRules(TypedDict):
    """The matching rules that decided."""

    path: str
    combine: Literal["AND", "OR"]
    matchers: list[Any]


class Difference(TypedDict):
    """A mismatch. Which of `path`, `parameter`, `key` and `part` is there depends on the type."""

    type: Literal[
        "MethodMismatch",
        "PathMismatch",
        "QueryMismatch",
        "HeaderMismatch",
        "MetadataMismatch",
        "BodyTypeMismatch",
        "BodyMismatch",
        "UndecidedMismatch",
    ]
    path: NotRequired[str]
    parameter: NotRequired[str]
    key: NotRequired[str]
    part: NotRequired[str]
    expected: str | None
    actual: str | None
    mismatch: str
    expectedBody: NotRequired[str]
    actualBody: NotRequired[str]
    diff: NotRequired[str]


class ExplainedDifference(Difference):
    """A mismatch with the rules that decided, None where equality did."""

    rule: DecidingRules | None


class PartFinding(TypedDict):
    """What differs in one part of a request; `more` mismatches are not listed."""

    part: Literal["method", "path", "query", "headers", "body"]
    matched: bool
    mismatches: list[ExplainedDifference]
    more: int


class NearMiss(TypedDict):
    """An interaction that a request came near to."""

    interaction: InteractionName
    expected: Target
    score: int
    parts: list[PartFinding]
    advice: str | None


class RequestMismatch(TypedDict):
    """A request for an interaction from which it differs, or of which that could not be decided."""

    type: Literal["request-mismatch", "request-undecided"]
    method: str
    path: str
    received: Target
    request: dict[str, Any]
    mismatches: list[Difference]
    more: int
    interaction: InteractionName
    nearMisses: list[NearMiss]


class UnexpectedRequest(TypedDict):
    """A request that no interaction expects."""

    type: Literal["request-not-found"]
    method: str
    path: str
    received: Target
    request: dict[str, Any]
    nearMisses: list[NearMiss]


class MissingRequest(TypedDict):
    """An interaction that no request was received for."""

    type: Literal["missing-request"]
    method: str
    path: str
    request: dict[str, Any]
    interaction: InteractionName


class PluginMismatch(TypedDict):
    """What the mock server of a plugin found; `method` is the transport, `path` what was called."""

    type: Literal["plugin-mismatch"]
    method: str
    path: str
    error: str
    mismatches: list[Difference]
    more: int


class RefusedRequest(TypedDict):
    """A request that was refused before anybody could decide on it."""

    type: Literal["request-refused"]
    method: str
    path: str
    received: Target
    error: str


MessageType: TypeAlias = Literal["Asynchronous/Messages", "Synchronous/Messages"]


class MissingMessage(TypedDict):
    """A message that counts and was never handled; `path` is its description."""

    type: Literal["missing-message"]
    method: MessageType
    path: str
    message: dict[str, Any]
    interaction: InteractionName


class FailedMessage(TypedDict):
    """A message that the code under test did not handle; `path` is its description, `error` what the test said."""

    type: Literal["message-failed"]
    method: MessageType
    path: str
    error: str
    interaction: InteractionName


class MessageMismatch(TypedDict):
    """A message that was answered by another reply than is expected; `path` is its description."""

    type: Literal["message-mismatch"]
    method: MessageType
    path: str
    mismatches: list[Difference]
    more: int
    interaction: InteractionName


Mismatch: TypeAlias = (
    RequestMismatch
    | UnexpectedRequest
    | MissingRequest
    | RefusedRequest
    | PluginMismatch
    | MissingMessage
    | FailedMessage
    | MessageMismatch
)
"""Why a test fails; `type` tells which it is."""


class Body(TypedDict):
    """The body of a message: `shown` of its `size` bytes, where not all."""

    content: str
    encoded: Literal[False, "base64"]
    size: int
    shown: NotRequired[int]


class ReceivedRequest(Target):
    """A request as it was received. `headers` are by names in lower case, `headerLines` as they came."""

    query: str | None
    headers: dict[str, list[str]]
    headerLines: list[list[str]]
    body: Body | None


class SentResponse(TypedDict):
    """What was answered."""

    status: int
    headers: list[list[str]]
    body: Body | None


class ClientCertificate(TypedDict):
    """What a client has shown of itself in the TLS handshake; names as RFC 4514 writes them."""

    subject: str | None
    issuer: str | None
    serialNumber: str | None
    names: list[str]
    fingerprint: str


class Record(TypedDict):
    """A request that was received, with its verdict and its answer. `received` is a time in ISO 8601."""

    interaction: InteractionName | None
    mismatches: list[Difference]
    more: int
    nearMisses: list[NearMiss]
    number: int
    received: str
    matched: bool
    scope: NotRequired[str]
    late: bool
    afterVerdict: float | None
    unconfirmed: NotRequired[bool]
    outcome: Outcome
    sentence: str
    fault: NotRequired[str]
    protocol: NotRequired[str]
    clientCertificate: NotRequired[ClientCertificate]
    request: ReceivedRequest
    response: SentResponse


class StatusOnly(TypedDict):
    """The status that was answered."""

    status: int


class Refusal(TypedDict):
    """What was refused before it was a request: it could not be read, or was too large."""

    number: int
    received: str
    matched: Literal[False]
    scope: NotRequired[str]
    late: Literal[False]
    afterVerdict: float | None
    outcome: Literal["Refused"]
    protocol: NotRequired[str]
    reason: str
    response: StatusOnly


Entry: TypeAlias = Record | Refusal
"""An entry of the journal; `outcome` tells which it is."""
