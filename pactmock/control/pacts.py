"""Calls about pacts as files: shown as they would be written, and written."""

from __future__ import annotations

from pactmock.control import schemas
from pactmock.control.schemas import WriteBody
from pactmock.pact import writing
from pactmock.pact.json_value import Json
from pactmock.server.mock_server import MockServer
from pactmock.service.mock_service import MockService


def show_pact(server: MockServer) -> Json:
    """Show the pact as it would be written."""
    return writing.to_json(server.pact, server.specification)


async def write_pact(service: MockService, server: MockServer, body: WriteBody) -> schemas.Written:
    """Write the pact file, merged with the one that is there."""
    written = await service.write(
        server, body.directory, overwrite=body.overwrite, refuse_replacements=body.onConflict == "refuse"
    )
    return schemas.Written(
        path=str(written.path.resolve()),
        interactions=written.interactions,
        merged=written.merged,
        replaced=[schemas.Replaced.model_validate(item.to_json()) for item in written.replacements],
    )
