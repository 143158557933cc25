"""A verdict is about all that was asked over HTTP/2, also by who has no room for the answers."""

from __future__ import annotations

import asyncio
from typing import Any

from hyperframe.frame import PingFrame

from tests.http2.client import Client
from tests.pacts import interaction

LARGE = interaction(request={"path": "/large"}, body="x" * 1_200_000)


async def test_a_request_that_waits_for_room_fails_a_verdict(running: Any) -> None:
    server = await running(LARGE)
    async with await Client.connect(server.port, window=0) as client:
        large = client.ask("GET", "/large")
        await client.until(lambda: client.answers[large].status == 200)
        client.ask("GET", "/nope")
        client.send(PingFrame(0, opaque_data=b"12345678"))
        await server.play.settle()
        assert not server.matched
        assert len(server.journal.entries) == 2


async def test_requests_of_a_client_that_reads_nothing_at_all_fail_a_verdict(running: Any) -> None:
    server = await running(LARGE)
    async with await Client.connect(server.port, window=2**31 - 1) as client:
        client.h2.increment_flow_control_window(2**30)
        for _ in range(40):
            client.ask("GET", "/large")
        await client.drain()
        async with asyncio.timeout(20):
            while len(server.journal.entries) < 1:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.2)  # what fits is written, and nobody reads it
        assert len(server.journal.entries) < 40, "else nothing waits"
        client.ask("GET", "/nope")
        await client.drain()
        await server.play.settle()
        assert not server.matched
        assert len(server.journal.entries) == 41
