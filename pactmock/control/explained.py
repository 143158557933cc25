"""Explanations as the control API shows them, as models: what `pactmock.reports.json` writes, for the OpenAPI document.

Answers are not made of these models, which would take longer than all else; tests hold each answer against its model.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel

MOST = 100
OUTCOMES = Literal["Request-Matched", "Request-Mismatch", "Request-Undecided", "Unexpected-Request"]

_MORE = Field(description="How many mismatches there are besides those that are listed, a hundred at the most.")
_WHOLE = "At most a kilobyte; what is cut ends with an ellipsis and how long it was."


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, defer_build=True)  # built when it is first used


class Target(_Value):
    """A method and a path, percent-encoded as on the wire."""

    method: str
    path: str


class Markup(_Value):
    """What a plugin wrote about an interaction."""

    markup: str
    markupType: str  # noqa: N815  the name in the API


class InteractionName(_Value):
    """An interaction of the pact that is played."""

    description: str
    key: str = Field(description="Its key: the same on every replica and after a restart, and of no other one.")
    index: int = Field(description="Its position among the HTTP interactions of the pact, or its messages, from 0.")
    providerStates: list[Any] = Field(  # noqa: N815
        description="As a pact file has them: `name`, `params`. Large ones are cut, and a text says what is left out."
    )
    interactionMarkup: Markup | None = Field(None, description="Where a plugin wrote some.")  # noqa: N815


class ShortName(_Value):
    """An interaction, as a line names it."""

    description: str
    key: str


class DecidingRules(_Value):
    """The matching rules that decided."""

    path: str = Field(description="The expression that they are written for; empty for those of a whole part.")
    combine: Literal["AND", "OR"]
    matchers: list[Any] = Field(description="As a pact file has them; large ones are cut.")


class Difference(_Value):
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
    path: str | None = Field(None, description="BodyMismatch: where in the body, as a path expression.")
    parameter: str | None = Field(None, description="QueryMismatch: the name of the parameter.")
    key: str | None = Field(None, description="HeaderMismatch and MetadataMismatch: the name.")
    part: str | None = Field(None, description="UndecidedMismatch: path, query, headers, body or response.")
    expected: str | None = Field(description=_WHOLE)
    actual: str | None = Field(description=_WHOLE)
    mismatch: str = Field(description=f"What differs, in words. {_WHOLE}")
    expectedBody: str | None = Field(None, description="BodyTypeMismatch: the body.")  # noqa: N815
    actualBody: str | None = Field(None, description="BodyTypeMismatch: the body.")  # noqa: N815
    diff: str | None = Field(None, description="Where a plugin compared: its own view of the difference.")


class ExplainedDifference(Difference):
    """A mismatch with the rules that decided."""

    rule: DecidingRules | None = Field(description="Null where equality decided.")


class PartFinding(_Value):
    """What differs in one part of a request."""

    part: Literal["method", "path", "query", "headers", "body"]
    matched: bool
    mismatches: list[ExplainedDifference]
    more: int = _MORE


class NearMiss(_Value):
    """An interaction that a request came near to."""

    interaction: InteractionName
    expected: Target
    score: int = Field(description="One more for each part that fits, one less for each that does not.")
    parts: list[PartFinding]
    advice: str | None = Field(description="A sentence, where the cause can be recognised.")


_NEAR = Field(description="The interactions that came nearest, at most three, the best first.")


class RequestMismatch(_Value):
    """A request for an interaction from which it differs, or of which that could not be decided."""

    type: Literal["request-mismatch", "request-undecided"]
    method: str = Field(description="That of the interaction.")
    path: str = Field(description="That of the interaction.")
    received: Target
    request: dict[str, Any] = Field(description="What was received, as a V3 pact file has it; large ones are cut.")
    mismatches: list[Difference]
    more: int = _MORE
    interaction: InteractionName
    nearMisses: list[NearMiss] = _NEAR  # noqa: N815


class UnexpectedRequest(_Value):
    """A request that no interaction expects."""

    type: Literal["request-not-found"]
    method: str
    path: str
    received: Target
    request: dict[str, Any] = Field(description="As a V3 pact file has it; more than 16 kB of it are cut.")
    nearMisses: list[NearMiss] = _NEAR  # noqa: N815


class MissingRequest(_Value):
    """An interaction that no request was received for."""

    type: Literal["missing-request"]
    method: str
    path: str
    request: dict[str, Any] = Field(description="What was expected, as a V3 pact file has it; large ones are cut.")
    interaction: InteractionName


class PluginMismatch(_Value):
    """What the mock server of a plugin found."""

    type: Literal["plugin-mismatch"]
    method: str = Field(description="The transport.")
    path: str = Field(description="What was called.")
    error: str
    mismatches: list[Difference]
    more: int = _MORE


class RefusedRequest(_Value):
    """A request that was refused before anybody could decide on it: it could not be read, or was too large."""

    type: Literal["request-refused"]
    method: str
    path: str
    received: Target
    error: str


_Message = Literal["Asynchronous/Messages", "Synchronous/Messages"]


class MissingMessage(_Value):
    """A message that counts and was never handled."""

    type: Literal["missing-message"]
    method: _Message = Field(description="The type of the interaction.")
    path: str = Field(description="Its description.")
    message: dict[str, Any] = Field(description="Contents and metadata, as a V3 pact file has them; large ones cut.")
    interaction: InteractionName


class FailedMessage(_Value):
    """A message that the code under test did not handle."""

    type: Literal["message-failed"]
    method: _Message = Field(description="The type of the interaction.")
    path: str = Field(description="Its description.")
    error: str = Field(description="What the test said of that.")
    interaction: InteractionName


class MessageMismatch(_Value):
    """A message that was answered by another reply than is expected."""

    type: Literal["message-mismatch"]
    method: _Message = Field(description="The type of the interaction.")
    path: str = Field(description="Its description.")
    mismatches: list[Difference]
    more: int = _MORE
    interaction: InteractionName


_ANY = (
    RequestMismatch
    | UnexpectedRequest
    | MissingRequest
    | RefusedRequest
    | PluginMismatch
    | MissingMessage
    | FailedMessage
    | MessageMismatch
)


class Mismatch(RootModel[Any]):
    """Why a test fails: a request that differs, one that was not expected, one that never came, what a plugin found.

    Or a message that was never handled, that failed, or whose reply differs.
    """

    model_config = ConfigDict(defer_build=True)

    root: Annotated[_ANY, Field(discriminator="type")]


class _Verdict(_Value):
    interaction: InteractionName | None = Field(description="The one that matches or is nearest.")
    mismatches: list[Difference]
    more: int = _MORE
    nearMisses: list[NearMiss] = _NEAR  # noqa: N815


class NotMatched(_Verdict):
    """The body of the 500 that a mock server answers with when a request does not match."""

    error: str = Field(description="What happened, in one sentence.")
    advice: str | None
    outcome: Literal["Request-Mismatch", "Request-Undecided", "Unexpected-Request"]


class Body(_Value):
    """The body of a message."""

    content: str
    encoded: Literal[False, "base64"] = Field(description="base64 where the bytes are no text.")
    size: int = Field(description="Its bytes.")
    shown: int | None = Field(None, description="In lists: of how many bytes `content` is, where not of all.")


class ReceivedRequest(Target):
    """A request as it was received. What is secret in its headers is unreadable on a service that others can reach."""

    query: str | None = Field(description="As it was sent, without the question mark.")
    headers: dict[str, list[str]] = Field(description="By names in lower case.")
    headerLines: list[list[str]] = Field(  # noqa: N815
        description="Lines of a name and a value, spelled and ordered as they came."
    )
    body: Body | None


class SentResponse(_Value):
    """What was answered."""

    status: int
    headers: list[list[str]] = Field(description="Lines of a name and a value, in their order.")
    body: Body | None


class ClientCertificate(_Value):
    """What a client has shown of itself in the TLS handshake, and what an authority of `--tls-client-ca` has signed."""

    subject: str | None = Field(
        description="As RFC 4514 writes it: `CN=shop,O=Example`. Null where it is not readable."
    )
    issuer: str | None
    serialNumber: str | None = Field(description="In hexadecimal.")  # noqa: N815
    names: list[str] = Field(description="The other names in it, up to twenty.")
    fingerprint: str = Field(description="The SHA-256 of the certificate, in hexadecimal.")


class Record(_Verdict):
    """A request that was received, with its verdict and its answer."""

    number: int = Field(description="Counts from 1 and goes on after a reset.")
    received: datetime
    matched: bool
    scope: str | None = Field(None, description="The scope that it belongs to, where there is one.")
    late: bool = Field(description="Decided against what was expected before a reset or a PUT: it counts for nothing.")
    afterVerdict: float | None = Field(  # noqa: N815
        description="How many seconds it came after a verification that found all matched; null for all others."
    )
    unconfirmed: bool = Field(
        False, description="It was noted by a replica of which nobody knows that it answered; it is no match."
    )
    outcome: OUTCOMES
    sentence: str
    fault: str | None = Field(
        None, description="What became of the answer on purpose: a delay, or what was sent instead."
    )
    protocol: str = Field("HTTP/1.1", description="The one that it came by; it is only said where it is another one.")
    clientCertificate: ClientCertificate | None = Field(  # noqa: N815
        None, description="What the client has shown; left out where that was nothing, as without `tls_client_ca`."
    )
    request: ReceivedRequest
    response: SentResponse


class Line(_Value):
    """What a line has room for of an entry of the journal."""

    number: int
    received: datetime
    matched: bool
    scope: str | None = Field(None, description="The scope that it belongs to, where there is one.")
    late: bool = Field(description="It counts for nothing.")
    afterVerdict: float | None = Field(  # noqa: N815
        description="How many seconds it came after a green verdict, which it does not change."
    )
    unconfirmed: bool = Field(
        False, description="It was noted by a replica of which nobody knows that it answered; it is no match."
    )
    outcome: OUTCOMES | Literal["Refused"]
    sentence: str
    fault: str | None = Field(None, description="What became of the answer on purpose.")
    method: str = Field(description="Empty where it could not be read.")
    path: str = Field(description="Empty where it could not be read.")
    query: str | None = Field(description="As it was sent.")
    interaction: ShortName | None = Field(description="The one that matches or is nearest.")
    status: int = Field(description="What was answered.")


class StatusOnly(_Value):
    """The status that was answered."""

    status: int


class Refusal(_Value):
    """What was refused before it was a request: it could not be read, or was too large."""

    number: int
    received: datetime
    matched: Literal[False]
    scope: str | None = Field(None, description="The scope that it belongs to, where there is one.")
    outcome: Literal["Refused"]
    protocol: str = Field("HTTP/1.1", description="The one that it came by; it is only said where it is another one.")
    reason: str
    response: StatusOnly


class Entry(RootModel[Any]):
    """An entry of the journal."""

    model_config = ConfigDict(defer_build=True)
