"""Mock servers on the loop of a test, which end with it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from pactmock.pact.documents import reading
from pactmock.server.mock_server import MockServer
from pactmock.server.options import MockServerOptions
from pactmock.server.shared import Shared
from tests.pacts import pact


@asynccontextmanager
async def starting() -> AsyncIterator[Any]:
    """Give what starts mock servers from interactions; they are stopped at the end."""
    servers: list[MockServer] = []

    async def start(*interactions: dict[str, Any], shared: Shared | None = None, **options: Any) -> MockServer:
        server = MockServer(reading.read_pact(pact(*interactions)), MockServerOptions(**options), shared=shared)
        await server.start()
        servers.append(server)
        return server

    yield start
    for server in servers:
        await server.stop()
