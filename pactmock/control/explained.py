"""Explanations as models, for the OpenAPI document: what `pactmock.reports.json` writes.

Answers are not made of these models, which would take longer than all else; tests hold each answer against its model.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel

MOST = 100
OUTCOMES = Literal["Request-Matched", "Request-Mismatch", "Request-Undecided", "Unexpected-Request"]

_MORE = Field(description="How many mismatches there are besides those that are listed, a hundred at the most.")
_WHOLE = "At most a kilobyte; what is cut ends with an ellipsis and how long it was."


class Value(BaseModel):
    model_config = ConfigDict(frozen=True, defer_build=True)  # built when it is first used


class Target(Value):
    """A method and a path, percent-encoded as on the wire."""

    method: str
    path: str


class Markup(Value):
    """What a plugin wrote about an interaction."""

    markup: str
    markupType: str  # noqa: N815  the name in the API


class InteractionName(Value):
    """An interaction of the pact that is played."""

    description: str
    key: str = Field(description="Its key: the same on every replica and after a restart, and of no other one.")
    index: int = Field(description="Its position among the HTTP interactions of the pact, or its messages, from 0.")
    providerStates: list[Any] = Field(  # noqa: N815
        description="As a pact file has them: `name`, `params`. Large ones are cut, and a text says what is left out."
    )
    interactionMarkup: Markup | None = Field(None, description="Where a plugin wrote some.")  # noqa: N815


class ShortName(Value):
    """An interaction, as a line names it."""

    description: str
    key: str


class DecidingRules(Value):
    """The matching rules that decided."""

    path: str = Field(description="The expression that they are written for; empty for those of a whole part.")
    combine: Literal["AND", "OR"]
    matchers: list[Any] = Field(description="As a pact file has them; large ones are cut.")


class Difference(Value):
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


class PartFinding(Value):
    """What differs in one part of a request."""

    part: Literal["method", "path", "query", "headers", "body"]
    matched: bool
    mismatches: list[ExplainedDifference]
    more: int = _MORE


class NearMiss(Value):
    """An interaction that a request came near to."""

    interaction: InteractionName
    expected: Target
    score: int = Field(description="One more for each part that fits, one less for each that does not.")
    parts: list[PartFinding]
    advice: str | None = Field(description="A sentence, where the cause can be recognised.")


_NEAR = Field(description="The interactions that came nearest, at most three, the best first.")


class RequestMismatch(Value):
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


class UnexpectedRequest(Value):
    """A request that no interaction expects."""

    type: Literal["request-not-found"]
    method: str
    path: str
    received: Target
    request: dict[str, Any] = Field(description="As a V3 pact file has it; more than 16 kB of it are cut.")
    nearMisses: list[NearMiss] = _NEAR  # noqa: N815


class MissingRequest(Value):
    """An interaction that no request was received for."""

    type: Literal["missing-request"]
    method: str
    path: str
    request: dict[str, Any] = Field(description="What was expected, as a V3 pact file has it; large ones are cut.")
    interaction: InteractionName


class PluginMismatch(Value):
    """What the mock server of a plugin found."""

    type: Literal["plugin-mismatch"]
    method: str = Field(description="The transport.")
    path: str = Field(description="What was called.")
    error: str
    mismatches: list[Difference]
    more: int = _MORE


class RefusedRequest(Value):
    """A request that was refused before anybody could decide on it: it could not be read, or was too large."""

    type: Literal["request-refused"]
    method: str
    path: str
    received: Target
    error: str


_Message = Literal["Asynchronous/Messages", "Synchronous/Messages"]


class MissingMessage(Value):
    """A message that counts and was never handled."""

    type: Literal["missing-message"]
    method: _Message = Field(description="The type of the interaction.")
    path: str = Field(description="Its description.")
    message: dict[str, Any] = Field(description="Contents and metadata, as a V3 pact file has them; large ones cut.")
    interaction: InteractionName


class FailedMessage(Value):
    """A message that the code under test did not handle."""

    type: Literal["message-failed"]
    method: _Message = Field(description="The type of the interaction.")
    path: str = Field(description="Its description.")
    error: str = Field(description="What the test said of that.")
    interaction: InteractionName


class MessageMismatch(Value):
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


class Verdict(Value):
    interaction: InteractionName | None = Field(description="The one that matches or is nearest.")
    mismatches: list[Difference]
    more: int = _MORE
    nearMisses: list[NearMiss] = _NEAR  # noqa: N815


class NotMatched(Verdict):
    """The body of the 500 that a mock server answers with when a request does not match."""

    error: str = Field(description="What happened, in one sentence.")
    advice: str | None
    outcome: Literal["Request-Mismatch", "Request-Undecided", "Unexpected-Request"]
