"""A service that has seen a thousand mock servers come and go holds no more than after the first ten."""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
import weakref
from pathlib import Path

import aiohttp
import pytest

from pactmock.control.running import Service
from pactmock.pact.documents import reading
from pactmock.server.mock_server import MockServer
from tests.pacts import USERS
from tests.patience import HANG

WARM_UP, LIFECYCLES = 10, 1000
MEGABYTES = 5


def _sockets() -> int:
    links = (entry for entry in Path("/proc/self/fd").iterdir())
    return sum(1 for link in links if link.is_symlink() and str(_target(link)).startswith("socket:"))


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except FileNotFoundError:  # the descriptor that lists them
        return ""


def _resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


async def _live(service: Service, times: int) -> None:
    # Connections of the client are closed each time, so that only the service could keep something.
    for _ in range(times):
        async with aiohttp.ClientSession(service.url) as control:
            async with control.post("/", json=USERS) as response:
                server = (await response.json())["mockServer"]
            async with control.get(f"{server['url']}/users/1") as response:
                await response.read()
            async with control.post(f"/mockserver/{server['id']}/verify") as response:
                await response.read()
            async with control.delete(f"/mockserver/{server['id']}") as response:
                assert response.status == 204


async def _held() -> tuple[int, int, int]:
    await asyncio.sleep(0)
    gc.collect()
    return _sockets(), len(asyncio.all_tasks()), threading.active_count()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="what a process holds is read from /proc")
async def test_a_thousand_lifecycles_leave_nothing_behind(service: Service) -> None:
    await _live(service, WARM_UP)
    before, memory = await _held(), _resident_bytes()
    await _live(service, LIFECYCLES)
    async with asyncio.timeout(HANG):  # it hears of the end of a connection after its client
        while any(now > then for now, then in zip(await _held(), before, strict=True)):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert _resident_bytes() - memory < MEGABYTES * 1024 * 1024


async def test_a_stopped_server_is_freed_without_the_garbage_collector() -> None:
    """It would come late to a large pact: it is run seldom, as most of what it looks at is still in use."""
    server = MockServer(reading.read_pact(USERS))
    await server.start()
    async with aiohttp.ClientSession() as session, session.get(f"{server.url}/users/1") as response:
        await response.read()
    gc.disable()
    try:
        await server.stop()
        await asyncio.sleep(0)  # the transports are let go of by the event loop
        left = weakref.ref(server)
        del server
        assert left() is None
    finally:
        gc.enable()
