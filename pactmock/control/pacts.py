"""Calls about pacts as files: shown as they would be written, written, and listed and shown as they were."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import Field, StrictBool

from pactmock.control.calls.reply import Reply
from pactmock.control.calls.taking import Caller
from pactmock.control.schemas import Answer, PageQuery, Question
from pactmock.pact import specification
from pactmock.pact.documents import writing
from pactmock.pact.json.values import Json
from pactmock.pact.url_step import url_step
from pactmock.server.mock_server import MockServer
from pactmock.service.mock_service import MockService
from pactmock.service.store.pacts.kept_pact import KeptPact


class WriteBody(Question):
    """The body of `POST /mockserver/{id}/pact`; all members can be left out."""

    directory: str | None = Field(None, description="Where to write, relative to the output directory.")
    overwrite: StrictBool = Field(False, description="Replace the file instead of merging with it.")
    onConflict: Literal["replace", "refuse"] = Field(  # noqa: N815  the name in the API
        "replace", description="What to do with an interaction of the file that says something else."
    )


class Replaced(Answer):
    """An interaction of the file that said something else than the one that took its place."""

    interaction: str
    providerStates: list[str]  # noqa: N815
    field: str
    existing: Any
    new: Any


class Written(Answer):
    """The answer of `POST /mockserver/{id}/pact`."""

    path: str
    interactions: int = Field(description="How many the file holds now.")
    merged: bool = Field(description="Whether there was a file to merge with.")
    replaced: list[Replaced] = Field(description="Interactions of the file that said something else.")


class PactQuery(Question):
    """The query parameters of `GET /mockserver/{id}/pact`."""

    specification: str | None = Field(
        None, description="The version to show it in: V1, V1.1, V2, V3 or V4; by default that of the mock server."
    )


class WrittenPactQuery(Question):
    """The query parameters of `GET /pacts/{consumer}/{provider}`."""

    specification: str | None = Field(
        None, description="The version to show it in: V1, V1.1, V2, V3 or V4; by default as it was written."
    )


class ListedPact(Answer):
    """A pact that was written."""

    consumer: str
    provider: str
    specification: str = Field(description="The version that it is written in.")
    interactions: int = Field(description="How many are over HTTP.")
    messages: int
    written: datetime = Field(description="When that was last.")
    file: str = Field(description="Its name in the output directory.")
    url: str = Field(description="Where it is shown.")


class UnreadFile(Answer):
    """What may be a pact, and cannot be read."""

    file: str = Field(description="Its name in the output directory; `.` for that itself.")
    problem: str = Field(description="One sentence: why.")


class Pacts(Answer):
    """The answer of `GET /pacts`."""

    pacts: list[ListedPact]
    unread: list[UnreadFile]
    total: int = Field(description="How many files there are, with those that cannot be read.")
    next: int | None = Field(description="Where there are more: the `offset` of the next page.")


def show_pact(server: MockServer, query: PactQuery) -> Json:
    """Show the pact as it would be written, or in another version."""
    asked = query.specification
    return writing.to_json(server.written_pact, server.specification if asked is None else specification.named(asked))


async def list_pacts(service: MockService, query: PageQuery, caller: Caller) -> Pacts:
    """List the pacts in the output directory of the service, whoever wrote them, sorted by their files.

    What cannot be read is named with the reason. A page may be shorter than its `limit`, where files are large.
    """
    page = await service.list_pacts(query.offset, query.limit)
    return Pacts(
        pacts=[_listed(item, caller.reached.base) for item in page.pacts],
        unread=[UnreadFile(file=item.file, problem=item.problem) for item in page.unread],
        total=page.total,
        next=page.next,
    )


def _listed(kept: KeptPact, base: str) -> ListedPact:
    about = kept.summary
    return ListedPact(
        consumer=about.consumer,
        provider=about.provider,
        specification=about.specification,
        interactions=about.interactions,
        messages=about.messages,
        written=datetime.fromtimestamp(kept.written, UTC),
        file=kept.file,
        url=f"{base}/pacts/{url_step(about.consumer)}/{url_step(about.provider)}",
    )


async def show_written_pact(service: MockService, consumer: str, provider: str, query: WrittenPactQuery) -> Reply:
    """Show a pact as it was written, or in another version."""
    content = await service.written_pact(consumer, provider, query.specification)
    return Reply(content, "application/json; charset=utf-8")


async def write_pact(service: MockService, server: MockServer, body: WriteBody) -> Written:
    """Write the pact file, merged with the one that is there."""
    written = await service.write(
        server, body.directory, overwrite=body.overwrite, refuse_replacements=body.onConflict == "refuse"
    )
    return Written(
        path=str(written.path.resolve()),
        interactions=written.interactions,
        merged=written.merged,
        replaced=[Replaced.model_validate(item.to_json()) for item in written.replacements],
    )
