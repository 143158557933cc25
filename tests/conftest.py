"""What many tests need: a running service, and a client for it. Everything is real: sockets, files, processes."""

from __future__ import annotations

import os
import signal
import threading
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


def _have_signals_end_programs() -> None:
    """Let programs that a test starts be ended by signals, also where whoever started the tests has them ignored.

    A shell does that for what runs in its background, and what is ignored stays so in programs that are started.
    """
    names = [name for name in ("SIGHUP", "SIGINT", "SIGQUIT") if hasattr(signal, name)]
    for number in map(signal.Signals.__getitem__, names):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)


if threading.current_thread() is threading.main_thread():  # no other may
    _have_signals_end_programs()


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
