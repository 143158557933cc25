"""Documents that several calls have. Those of one call stand beside it; all validate, and are the OpenAPI document."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

T = TypeVar("T")


class Question(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Answer(BaseModel):
    model_config = ConfigDict(frozen=True, defer_build=True)


class PageQuery(Question):
    """The query parameters of long lists."""

    offset: Annotated[int, Field(ge=0)] = Field(0, description="Leave out so many at the beginning.")
    limit: Annotated[int, Field(ge=1, le=10_000)] = Field(1000, description="Show no more than so many.")

    def page(self, items: Sequence[T]) -> Sequence[T]:
        """Return those of a list that are asked for."""
        return items[self.offset : self.offset + self.limit]


class Metrics(Answer):
    """How often a mock server was asked."""

    requests: int
    requests_by_path: dict[str, int] = Field(description="Of the first thousand paths; the others are one.")


class StrictQuery(Question):
    """The query parameters of calls that take a pact or a contract."""

    strict: bool | None = Field(
        None,
        description="Refuse what would be a warning; by default as the mock server was created, or else the service.",
    )


class PactWarning(Answer):
    """What of a pact will disappoint somebody, although it is played."""

    warning: str = Field(description="One sentence: what is wrong, and what to do.")
    code: str = Field(description="A stable word.")
    pointer: str = Field(description="The place in the document that was posted, as a JSON pointer.")


class Server(Answer):
    """One mock server, as `described.py` describes it."""

    id: str
    port: int = Field(description="0 where it is called through the port of the control API alone.")
    address: str = Field(description="Host and port.")
    url: str = Field(description="Where this caller can call it, without a slash at the end.")
    gatewayUrl: str | None = Field(  # noqa: N815
        description="Where it is called through the port of the control API; null for the transport of a plugin."
    )
    scheme: Literal["http", "https"]
    transport: str = Field(description="http, or the transport of a plugin, such as grpc.")
    name: str | None
    scope: str | None = Field(description="Which scope of it this is about; null for the whole mock server.")
    consumer: str
    provider: str
    specification: str = Field(description="The version that the pact is written in.")
    status: Literal["ok", "error"] = Field(description="`ok` when all matched.")
    failed: int = Field(description="How many requests and messages failed; of a plugin's transport, what it found.")
    missing: int = Field(description="How many interactions, and messages that count, are still to come.")
    state: str | None = Field(description="The provider state that was chosen.")
    interactions: int = Field(description="How many are played over HTTP or by a plugin.")
    messages: int = Field(description="How many are handed out.")
    notTested: int = Field(  # noqa: N815
        description="How many messages do not count, as nobody asked for one here."
    )
    created: datetime
    expires: datetime | None = Field(description="When it is stopped if nobody touches it until then.")
    metrics: Metrics
    droppedRequests: int = Field(description="Requests that were received and are no longer listed.")  # noqa: N815
    droppedMismatches: int = Field(description="Failed requests that are counted and not listed.")  # noqa: N815
    warnings: list[PactWarning]


class Error(BaseModel):
    """The answer of every call that fails."""

    model_config = ConfigDict(extra="allow", defer_build=True)

    error: str = Field(description="One sentence: what happened, where, and what to do.")
    code: str = Field(description="A stable word.")
