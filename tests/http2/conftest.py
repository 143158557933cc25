"""Mock servers for tests of HTTP/2, and what stands in their journals."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from pactmock.pact import reading
from pactmock.server.mock_server import MockServer
from pactmock.server.options import MockServerOptions
from tests.pacts import pact


@pytest.fixture
async def running() -> AsyncIterator[Any]:
    """Start mock servers from interactions; they are stopped at the end."""
    servers: list[MockServer] = []

    async def start(*interactions: dict[str, Any], **options: Any) -> MockServer:
        server = MockServer(reading.read_pact(pact(*interactions)), MockServerOptions(**options))
        await server.start()
        servers.append(server)
        return server

    yield start
    for server in servers:
        await server.stop()
