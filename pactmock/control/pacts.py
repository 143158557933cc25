"""Calls about pacts as files: shown as they would be written, and written."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, StrictBool

from pactmock.control.schemas import Answer, Question
from pactmock.pact import specification, writing
from pactmock.pact.json_value import Json
from pactmock.server.mock_server import MockServer
from pactmock.service.mock_service import MockService


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


def show_pact(server: MockServer, query: PactQuery) -> Json:
    """Show the pact as it would be written, or in another version."""
    asked = query.specification
    return writing.to_json(server.pact, server.specification if asked is None else specification.named(asked))


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
