"""Calls about the service as a whole: is it there, what it signs with, its end."""

from __future__ import annotations

import pactmock
from pactmock.control import schemas
from pactmock.control.reply import Reply
from pactmock.control.schemas import ShutdownBody
from pactmock.control.security import NotAuthenticated, check_bearer
from pactmock.control.taking import Caller, Process
from pactmock.errors import NotAllowed
from pactmock.service.mock_service import MockService


def health(service: MockService, process: Process) -> schemas.Health:
    """Say that the service is there."""
    uptime, servers = round(process.uptime, 3), len(service.registry)
    return schemas.Health(status="ok", version=pactmock.__version__, uptime=uptime, mockServers=servers)


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
