"""What many tests need: a running service, and a client for it. Everything is real: sockets, files, processes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from pactmock.control.service import Service
from pactmock.control.settings import ServiceSettings


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    """A service on a free port, which writes its pacts below the test's own directory."""
    async with Service(ServiceSettings(port=0, output=tmp_path / "pacts", server_key="the key")) as running:
        yield running


@pytest.fixture
async def control(service: Service) -> AsyncIterator[aiohttp.ClientSession]:
    """A client whose relative URLs are calls of the control API."""
    async with aiohttp.ClientSession(service.url) as session:
        yield session


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """A client for mock servers."""
    async with aiohttp.ClientSession() as session:
        yield session
