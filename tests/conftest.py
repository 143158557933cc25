"""What many tests need: a running service, and a client for it. Everything is real: sockets, files, processes."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from hypothesis import settings

from pactmock.control.running import Service
from pactmock.service.settings import ServiceSettings

# `make laws` asks more of the laws than every run can.
settings.register_profile("thorough", max_examples=2000, deadline=None)
settings.register_profile("default", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


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
