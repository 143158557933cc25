"""A replica that stands still amid making a mock server, for longer than others wait: there is one mock server a name.

Here what it sends is held on its way to Redis, and the others do not wait at all; at length it is stopped for real.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from pactmock.control.running import Service
from pactmock.service.settings import ServiceSettings
from pactmock.service.store import fleet
from pactmock.service.store.redis.link import Script
from pactmock.service.store.shared_service import SharedService
from tests.pacts import interaction, pact
from tests.raw_http import until
from tests.store.held import Held
from tests.store.redis_server import Redis
from tests.store.replicas import Replicas

_SLOW, _QUICK = (pact(interaction(name, {"path": f"/{name}"})) for name in ("slow", "quick"))

_AMID = {"before it is made": fleet._CREATE, "before it keeps its name": fleet._KEEP}


async def _call(method: str, url: str, document: Any = None) -> tuple[int, Any]:
    timeout = aiohttp.ClientTimeout(total=90)
    async with (
        aiohttp.ClientSession(timeout=timeout) as session,
        session.request(method, url, json=document) as response,
    ):
        return response.status, await response.json() if response.content_length else None


class _Pair:
    """Two replicas in this process; what one sends to the store can be held, and the other waits for nobody."""

    def __init__(self, slow: Service, quick: Service, held: Held) -> None:
        self.slow = slow
        self.quick = quick
        self.held = held

    @property
    def urls(self) -> tuple[str, str]:
        return self.slow.url, self.quick.url


@pytest.fixture
async def pair(redis: Redis, tmp_path: Path) -> AsyncIterator[_Pair]:
    held = Held(redis.socket, redis.socket.with_name(f"{tmp_path.name[-20:]}.sock"))
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(held.opened())
        pair = []
        for url in (held.url, redis.url):
            made = Service(ServiceSettings(port=0, output=tmp_path, server_key="the key", store=url, store_seconds=60))
            assert isinstance(made.mock_service, SharedService)
            made.mock_service.fleet.new_seconds = 0.0
            made.mock_service.copies.sweep_seconds = 0.01
            pair.append(await stack.enter_async_context(made))
        yield _Pair(pair[0], pair[1], held)


@pytest.mark.parametrize("amid", _AMID.values(), ids=_AMID)
async def test_who_took_a_name_and_stood_still_does_not_have_it_if_another_has(
    pair: _Pair, redis: Redis, amid: Script
) -> None:
    pair.slow.mock_service.copies.sweep_seconds = 3600  # type: ignore[attr-defined]
    pair.held.hold(amid)
    making = asyncio.create_task(_call("POST", f"{pair.slow.url}/?name=wanted", _SLOW))
    await pair.held.holds.wait()
    if amid is fleet._KEEP:  # it is there by then, so that its name is not free
        status, answer = await _call("POST", f"{pair.quick.url}/?name=wanted", _QUICK)
        assert (status, answer["code"]) == (409, "name_taken")
        pair.held.let_go()
        assert (await making)[0] == 200
        expected = (await making)[1]["mockServer"]["id"]
    else:
        status, answer = await _call("POST", f"{pair.quick.url}/?name=wanted", _QUICK)
        assert status == 200, answer
        pair.held.let_go()
        status, refused = await making
        assert (status, refused["code"]) == (409, "name_taken"), "another has that name"
        expected = answer["mockServer"]["id"]
    for url in pair.urls:
        assert (await _call("GET", f"{url}/mockserver/wanted"))[1]["id"] == expected
        listed = (await _call("GET", f"{url}/"))[1]["mockServers"]
        assert [item["id"] for item in listed if item["name"] == "wanted"] == [expected]
    assert {key for key in redis.keys if "{" in key} == {
        f"pactmock:{{{expected}}}",
        f"pactmock:{{{expected}}}:snapshot",
    }
    assert (await _call("DELETE", f"{pair.slow.url}/mockserver/wanted"))[0] == 204
    assert redis.command("HEXISTS", "pactmock:names", "wanted") == ":0"


async def test_who_was_swept_out_of_the_list_meanwhile_is_listed(pair: _Pair, redis: Redis) -> None:
    pair.held.hold(fleet._CREATE)
    making = asyncio.create_task(_call("POST", f"{pair.slow.url}/?name=slow", _SLOW))
    await pair.held.holds.wait()
    await until(lambda: {redis.command("HLEN", f"pactmock:{each}") for each in ("servers", "names")} == {":0"})
    pair.held.let_go()
    status, made = await making
    assert status == 200
    for url in pair.urls:
        listed = (await _call("GET", f"{url}/"))[1]["mockServers"]
        assert [item["id"] for item in listed] == [made["mockServer"]["id"]]
        assert (await _call("GET", f"{url}/mockserver/slow"))[0] == 200
    assert (await _call("DELETE", f"{pair.quick.url}/mockserver/slow"))[0] == 204


@pytest.mark.nightly
@pytest.mark.timeout(300)
async def test_who_is_stopped_for_longer_than_a_name_is_claimed_does_not_have_it(redis: Redis, tmp_path: Path) -> None:
    held = Held(redis.socket, redis.socket.with_name("stopped.sock"))
    async with held.opened():
        with Replicas(held.url, tmp_path / "slow") as slow, Replicas(redis.url, tmp_path / "quick") as quick:
            stopped = await asyncio.to_thread(slow.start)
            other = await asyncio.to_thread(quick.start)
            held.hold(fleet._CREATE)
            making = asyncio.create_task(_call("POST", f"{stopped.url}/?name=wanted", _SLOW))
            await held.holds.wait()
            stopped.process.send_signal(signal.SIGSTOP)
            await asyncio.sleep(fleet._NEW_SECONDS + 1)
            status, answer = await _call("POST", f"{other.url}/?name=wanted", _QUICK)
            assert status == 200, answer
            held.let_go()
            stopped.process.send_signal(signal.SIGCONT)
            status, refused = await making
            assert (status, refused["code"]) == (409, "name_taken")
            for url in (stopped.url, other.url):
                assert (await _call("GET", f"{url}/mockserver/wanted"))[1]["id"] == answer["mockServer"]["id"]
