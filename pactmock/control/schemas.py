"""The control API's documents: what is asked and what is answered. They validate, and they are the OpenAPI document."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from pactmock.control.explained import OUTCOMES, Entry, InteractionName, Mismatch, NearMiss
from pactmock.server.mock_server import MockServer

_LONGEST_TTL = 366 * 24 * 3600
"""Seconds: a longer life is no test's, and has to have an end that can be written as a date."""


class _Question(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class CreateQuery(_Question):
    """The query parameters of `POST /`."""

    cors: bool = Field(False, description="Answer OPTIONS requests that the pact does not expect, as CORS wants.")
    tls: bool = Field(False, description="Listen with TLS; GET /ca.pem has the certificate to trust.")
    specification: str | None = Field(None, description="The version the pact is written in: V1, V1.1, V2, V3 or V4.")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(0, description="A fixed port; 0 for any that is free.")
    host: str | None = Field(None, description="The address to listen on; by default that of the service.")
    name: Annotated[str, Field(max_length=200)] | None = Field(None, description="A name for people to know it by.")
    ttl: Annotated[float, Field(gt=0, le=_LONGEST_TTL)] | None = Field(
        None, description="Stop when not touched for so many seconds."
    )
    count: Literal["request", "interaction"] = Field(
        "request",
        description="What has to be received: each request that is expected, or one for each interaction even where"
        " several expect the same.",
    )
    seed: int | None = Field(None, description="Makes what generators make repeatable.")


class WriteBody(_Question):
    """The body of `POST /mockserver/{id}/pact`; all members can be left out."""

    directory: str | None = Field(None, description="Where to write, relative to the output directory.")
    overwrite: StrictBool = Field(False, description="Replace the file instead of merging with it.")
    onConflict: Literal["replace", "refuse"] = Field(  # noqa: N815  the name in the API
        "replace", description="What to do with an interaction of the file that says something else."
    )


class ShutdownBody(_Question):
    """The body of `POST /shutdown`."""

    period: Annotated[int, Field(ge=0, le=600_000)] = Field(100, description="Milliseconds until the process ends.")


class WaitQuery(_Question):
    """The query parameters of `GET /mockserver/{id}/wait`."""

    timeout: Annotated[float, Field(ge=0, le=600)] = Field(5.0, description="Seconds to wait at the most.")


class JournalQuery(_Question):
    """The query parameters of `GET /mockserver/{id}/requests`."""

    matched: bool | None = Field(None, description="Only requests that matched, or only those that did not.")
    limit: Annotated[int, Field(ge=1)] | None = Field(None, description="Only so many, the latest.")
    since: Annotated[int, Field(ge=0)] = Field(0, description="Only requests with a greater number.")


class PageQuery(_Question):
    """The query parameters of long lists."""

    offset: Annotated[int, Field(ge=0)] = Field(0, description="Leave out so many at the beginning.")
    limit: Annotated[int, Field(ge=1, le=10_000)] = Field(1000, description="Show no more than so many.")


class ExplainBody(_Question):
    """The body of `POST /mockserver/{id}/explain`: a request, as a pact file has it."""

    method: str = Field("GET", description="In any case.")
    path: str = Field("/", description="Percent-encoded, without the query.")
    query: str | dict[str, str | list[str | None]] | None = Field(None, description="A text, or values by names.")
    headers: dict[str, str | list[str]] = Field({}, description="Values by names in any case.")
    body: Any = Field(None, description="As in V3, or the object of V4 with `content` and `contentType`.")


class Metrics(_Answer):
    """How often a mock server was asked."""

    requests: int
    requests_by_path: dict[str, int] = Field(description="Of the first thousand paths; the others are one.")


class Server(_Answer):
    """One mock server."""

    id: str
    port: int
    address: str = Field(description="Host and port.")
    url: str = Field(description="Where this caller can call it, without a slash at the end.")
    gatewayUrl: str | None = Field(  # noqa: N815
        description="Where it is called through the port of the control API; null for the transport of a plugin."
    )
    scheme: Literal["http", "https"]
    transport: str = Field(description="http, or the transport of a plugin, such as grpc.")
    name: str | None
    consumer: str
    provider: str
    specification: str = Field(description="The version that the pact is written in.")
    status: Literal["ok", "error"] = Field(description="`ok` when all matched.")
    interactions: int = Field(description="How many are played.")
    created: datetime
    expires: datetime | None = Field(description="When it is stopped if nobody touches it until then.")
    metrics: Metrics
    droppedRequests: int = Field(description="Requests that were received and are no longer listed.")  # noqa: N815
    droppedMismatches: int = Field(description="Failed requests that are counted and not listed.")  # noqa: N815

    @classmethod
    def of(cls, server: MockServer, caller_host: str | None, gateway: str) -> Server:
        """Describe a mock server as it is now, to a caller who reached this machine by a name or address.

        `gateway` is the URL below which mock servers are called through the control API.
        """
        journal, play, expires = server.journal, server.play, server.lease.expires
        return cls(
            id=server.id,
            port=server.port,
            address=server.address.for_caller(caller_host),
            url=server.address.url_for(caller_host),
            gatewayUrl=f"{gateway}{server.id}" if play.transport == "http" else None,
            scheme="https" if server.address.scheme == "https" else "http",
            transport=play.transport,
            name=server.options.name,
            consumer=server.pact.consumer,
            provider=server.pact.provider,
            specification=server.specification.name,
            status="ok" if server.matched else "error",
            interactions=play.interactions,
            created=datetime.fromtimestamp(server.created, UTC),
            expires=None if expires is None else datetime.fromtimestamp(expires, UTC),
            metrics=Metrics(requests=journal.requests, requests_by_path=journal.requests_by_path),
            droppedRequests=journal.dropped,
            droppedMismatches=play.unlisted,
        )


class ServerList(_Answer):
    """The answer of `GET /`."""

    mockServers: list[Server]  # noqa: N815  the name in the API


class Created(_Answer):
    """The answer of `POST /`."""

    mockServer: Server  # noqa: N815


class Matched(_Answer):
    """The answer of `GET /mockserver/{id}/matched`."""

    matched: bool


class VerifyFailed(_Answer):
    """The answer of `POST /mockserver/{id}/verify` when not all matched, or the file could not be written."""

    mockServer: Server  # noqa: N815
    mismatches: list[Mismatch] = Field(description="None where all matched and writing failed.")
    error: str | None = Field(None, description="Why the file could not be written.")
    code: str | None = Field(None, description="A stable word for that.")


class Replaced(_Answer):
    """An interaction of the file that said something else than the one that took its place."""

    interaction: str
    providerStates: list[str]  # noqa: N815
    field: str
    existing: Any
    new: Any


class Written(_Answer):
    """The answer of `POST /mockserver/{id}/pact`."""

    path: str
    interactions: int = Field(description="How many the file holds now.")
    merged: bool = Field(description="Whether there was a file to merge with.")
    replaced: list[Replaced] = Field(description="Interactions of the file that said something else.")


class Waited(_Answer):
    """The answer of `GET /mockserver/{id}/wait`."""

    complete: bool = Field(description="Whether a request was received for every interaction.")
    matched: bool


class Requests(_Answer):
    """The answer of `GET /mockserver/{id}/requests`."""

    requests: list[Entry]
    next: int | None = Field(description="Where there are more: the `since` of the next page.")
    total: int = Field(description="How many were received since the start or the last reset.")
    late: int = Field(description="How many more were decided on when what they were decided against was gone.")
    dropped: int = Field(description="How many of those are no longer listed.")


class ListedInteraction(InteractionName):
    """An interaction, and how far it was asked for; null is what only a plugin knows."""

    method: str | None
    path: str | None
    received: bool | None = Field(description="Whether a request for it was received, matching or not.")
    served: int | None = Field(description="How many requests it was the answer to.")


class Interactions(_Answer):
    """The answer of `GET /mockserver/{id}/interactions`."""

    interactions: list[ListedInteraction]
    total: int


class Explained(_Answer):
    """The answer of `POST /mockserver/{id}/explain`."""

    matched: bool
    outcome: OUTCOMES = Field(description="As the header X-Pact says it.")
    sentence: str
    interaction: InteractionName | None = Field(description="The interaction that matches, or the nearest.")
    nearMisses: list[NearMiss] = Field(description="Up to three, the nearest first.")  # noqa: N815


class Health(_Answer):
    """The answer of `GET /health`."""

    status: Literal["ok"]
    version: str
    uptime: float = Field(description="Seconds since the service started.")
    mockServers: int  # noqa: N815


class Error(BaseModel):
    """The answer of every call that fails."""

    model_config = ConfigDict(extra="allow")

    error: str = Field(description="One sentence: what happened, where, and what to do.")
    code: str = Field(description="A stable word.")
