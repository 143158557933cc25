"""Calls about mock servers: made, shown, verified, ended (docs/control-api.md)."""

from __future__ import annotations

from pactmock.control import schemas
from pactmock.control.reply import Reply
from pactmock.control.schemas import CreateQuery, WaitQuery
from pactmock.control.taking import Caller
from pactmock.errors import PactmockError
from pactmock.reports import json as json_report
from pactmock.server.mock_server import MockServer
from pactmock.service.mock_service import MockService, Wanted
from pactmock.service.posted import Posted


async def list_servers(service: MockService, caller: Caller) -> schemas.ServerList:
    """List the mock servers that run."""
    await service.registry.refresh()
    return schemas.ServerList(mockServers=list(map(caller.describe, service.servers)))


async def create_server(service: MockService, caller: Caller, query: CreateQuery, posted: Posted) -> Reply:
    """Read a pact and start a mock server for it."""
    wanted = Wanted(
        host=query.host,
        port=query.port,
        name=query.name,
        tls=query.tls,
        cors=query.cors,
        version=query.specification,
        ttl=query.ttl,
        seed=query.seed,
        counts_interactions=query.count == "interaction",
    )
    server = await service.create(posted, wanted)
    created = schemas.Created(mockServer=caller.describe(server))
    return Reply.json(created, headers={"Location": f"/mockserver/{server.id}"})


def show_server(server: MockServer, caller: Caller) -> schemas.Server:
    """Show one mock server."""
    return caller.describe(server)


async def remove_server(service: MockService, server: MockServer) -> None:
    """Stop a mock server; its port is free when the answer arrives."""
    await service.end(server)


async def verify(service: MockService, server: MockServer, caller: Caller) -> Reply | None:
    """Write the pact file if all matched, else say what did not."""
    try:
        verification = await service.verify(server)
    except PactmockError as error:
        return Reply.json({**error.to_json(), **_failed(server, caller), "mismatches": []}, 422)
    if verification.matched:
        return None
    mismatches = list(map(json_report.mismatch, verification.explanations))
    return Reply.json({**_failed(server, caller), "mismatches": mismatches}, 422)


def _failed(server: MockServer, caller: Caller) -> dict[str, object]:
    return {"mockServer": caller.describe(server).model_dump(mode="json")}


def matched(server: MockServer) -> schemas.Matched:
    """Say whether all that was expected was received, and nothing else."""
    return schemas.Matched(matched=server.matched)


async def wait(service: MockService, server: MockServer, query: WaitQuery) -> schemas.Waited:
    """Answer as soon as a request was received for every interaction, or the time is up."""
    complete = await service.wait(server, query.timeout)
    return schemas.Waited(complete=complete, matched=server.matched)


def show_logs(server: MockServer) -> Reply:
    """Show what happened to a mock server, a line an event."""
    return Reply.text("\n".join(server.log_lines()) + "\n")
