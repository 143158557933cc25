"""Calls about the service as a whole: is it there, does it take calls, what it signs with, its end."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

import pactmock
from pactmock.control.calls.reply import Reply
from pactmock.control.calls.security import check_bearer
from pactmock.control.calls.taking import Caller, Process
from pactmock.control.schemas import Answer, Question
from pactmock.errors import NotAllowed, NotAuthenticated, Stopping
from pactmock.pact.json.values import Json
from pactmock.service.mock_service import MockService


class ShutdownBody(Question):
    """The body of `POST /shutdown`."""

    period: Annotated[int, Field(ge=0, le=600_000)] = Field(100, description="Milliseconds until the process ends.")


class Health(Answer):
    """The answer of `GET /health`."""

    status: Literal["ok"]
    version: str
    uptime: float = Field(description="Seconds since the service started.")
    mockServers: int  # noqa: N815


def health(service: MockService, process: Process) -> Health:
    """Say that the service is there."""
    uptime, servers = round(process.uptime, 3), len(service.registry)
    return Health(status="ok", version=pactmock.__version__, uptime=uptime, mockServers=servers)


class Ready(Answer):
    """The answer of `GET /ready`."""

    status: Literal["ready"]
    notPlayed: list[str] = Field(  # noqa: N815
        [], description="Mock servers that this replica cannot play although others do; left out where it can."
    )


def ready(service: MockService, process: Process) -> dict[str, Json]:
    """Say that the service takes calls: it has played what it was started with, and was not told to end.

    Raises:
        Stopping: when it was.
        StoreUnavailable: when what it shares with other replicas cannot be had.
    """
    unplayed = service.check_ready()
    if process.is_stopping:
        raise Stopping("The service was told to end, and will be gone soon: call another one, or start it again")
    return {"status": "ready"} | ({"notPlayed": list(unplayed)} if unplayed else {})


def ca_certificate(service: MockService) -> Reply:
    """Return the certificate that signed those of all TLS mock servers of this process."""
    return Reply(service.registry.authority.ca_pem, "application/x-pem-file")


async def shutdown(service: MockService, process: Process, caller: Caller, body: ShutdownBody) -> None:
    """End the service, for who knows the server key."""
    try:
        check_bearer(
            caller.authorization,
            service.settings.server_key,
            "the server key, which `pactmock start` shows or takes with --server-key",
        )
    except NotAuthenticated as error:
        raise NotAllowed(error.message) from None
    process.stop_after(body.period / 1000)
