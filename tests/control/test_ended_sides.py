"""A client that has ended its side may still wait for its answer, or be gone, and nobody waits for it for long."""

from __future__ import annotations

import asyncio
import json

import aiohttp
import pytest

from pactmock.control.running import Service
from tests.control.following import create
from tests.pacts import interaction, pact
from tests.raw_http import head_lines, until


async def _ask_and_end(port: int, target: str) -> tuple[str, dict[str, object]]:
    """Ask, end this side, and return the status line and the document of the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    writer.write_eof()
    answer = await asyncio.wait_for(reader.read(), 60)
    writer.close()
    await writer.wait_closed()
    return head_lines(answer)[0], json.loads(answer.partition(b"\r\n\r\n")[2] or "{}")


@pytest.mark.parametrize("zero", ["0", "%30"], ids=["a plain call", "a call for aiohttp"])
async def test_who_waits_for_longer_than_some_seconds_is_told_to_keep_its_side_open(
    service: Service, control: aiohttp.ClientSession, zero: str
) -> None:
    wait = f"/mockserver/{(await create(control))['id']}/wait?timeout=60{zero}"
    status, document = await _ask_and_end(service.port, wait)
    assert status == "HTTP/1.1 408 Request Timeout"
    assert document["code"] == "timed_out"
    assert "keep that open while you wait" in str(document["error"])


@pytest.mark.parametrize("zero", ["0", "%30"], ids=["a plain call", "a call for aiohttp"])
async def test_who_waits_no_longer_gets_its_answer(service: Service, control: aiohttp.ClientSession, zero: str) -> None:
    wait = f"/mockserver/{(await create(control))['id']}/wait?timeout=0.2{zero}"
    assert await _ask_and_end(service.port, wait) == ("HTTP/1.1 200 OK", {"complete": False, "matched": False})


async def test_what_a_mock_server_owes_is_sent_also_later(service: Service, control: aiohttp.ClientSession) -> None:
    """A delay is what its test wanted."""
    server = (await create(control, pact(interaction("slow", {"path": "/slow"}))))["id"]
    async with control.get(f"/mockserver/{server}/interactions") as response:
        key = (await response.json())["interactions"][0]["key"]
    async with control.patch(f"/mockserver/{server}/interactions/{key}", json={"delay": 7}) as response:
        assert response.status == 200
    assert (await _ask_and_end(service.port, f"/m/{server}/slow"))[0] == "HTTP/1.1 200 OK"


async def test_whoever_is_gone_holds_no_connection(service: Service, control: aiohttp.ClientSession) -> None:
    wait = f"/mockserver/{(await create(control))['id']}/wait?timeout=600"
    connections = service.mock_service.registry.shared.intake
    before = connections.connections
    for _ in range(20):
        _, writer = await asyncio.open_connection("127.0.0.1", service.port)
        writer.write(f"GET {wait} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        await writer.drain()
        writer.close()
    await until(lambda: connections.connections >= before + 20)
    await until(lambda: connections.connections <= before)
