"""A verdict is about all that was asked over HTTP/2, also by who has no room for the answers."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from hpack import Encoder
from hyperframe.frame import DataFrame, HeadersFrame, PingFrame

from pactmock.server.wire.preface import PREFACE
from pactmock.server.wire.turns import turns_of_this_loop
from tests.http2.client import Client, head
from tests.pacts import interaction
from tests.patience import HANG

LONG = DataFrame(1, b"x" * 17_000).serialize()
"""What breaks a rule, and is about no request."""
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
        async with asyncio.timeout(HANG):
            while len(server.journal.entries) < 1:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.2)  # what fits is written, and nobody reads it
        assert len(server.journal.entries) < 40, "else nothing waits"
        client.ask("GET", "/nope")
        await client.drain()
        await server.play.settle()
        assert not server.matched
        assert len(server.journal.entries) == 41


class _TakesLong:
    """Takes a frame that takes long, after which nobody has a turn for as long."""

    def take_frames(self, until: float) -> bool:
        enough = time.thread_time() + 0.3
        while time.thread_time() < enough or time.monotonic() < until:
            pass
        return True


async def test_a_verdict_waits_for_a_request_that_waits_for_its_turn(running: Any) -> None:
    server = await running(interaction())
    async with await Client.connect(server.port) as client:
        await client.fetch("GET", "/")
        client.ask("GET", "/nope")
        await client.drain()
        turns_of_this_loop().have(_TakesLong())
        await server.play.settle()
        assert not server.matched
        assert len(server.journal.entries) == 2


@pytest.mark.parametrize("is_first", [True, False])
async def test_a_request_that_is_not_read_fails_a_verdict(running: Any, is_first: bool) -> None:
    server = await running(interaction())
    async with await Client.connect(server.port) as client:
        await client.fetch("GET", "/")
        asked = HeadersFrame(3, Encoder().encode(head("GET", "/")), flags=["END_HEADERS", "END_STREAM"])
        client.listens = False  # its own state knows nothing of that request
        client.send(b"".join([asked.serialize(), LONG] if is_first else [LONG, asked.serialize()]))
        await client.until(lambda: client.is_closed)
    assert server.matched is is_first, "the one in front is answered"


async def test_headers_that_are_too_long_for_a_frame_fail_a_verdict(running: Any) -> None:
    server = await running(interaction())
    async with await Client.connect(server.port) as client:
        await client.fetch("GET", "/")
        client.send(b"\x00\x40\x01\x01\x05\x00\x00\x00\x03")
        await client.until(lambda: client.is_closed)
    assert not server.matched


async def test_a_request_before_any_settings_fails_a_verdict(running: Any) -> None:
    server = await running(interaction())
    async with await Client.connect(server.port) as client:
        await client.fetch("GET", "/")
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    asked = HeadersFrame(1, Encoder().encode(head("GET", "/")), flags=["END_HEADERS", "END_STREAM"])
    writer.write(PREFACE + asked.serialize())
    assert b"does not begin with settings" in await asyncio.wait_for(reader.read(), HANG)
    writer.close()
    assert not server.matched


async def test_a_request_behind_a_flood_fails_a_verdict(running: Any) -> None:
    server = await running(interaction())
    async with await Client.connect(server.port) as client:
        await client.fetch("GET", "/")
        asked = HeadersFrame(3, Encoder().encode(head("GET", "/nope")), flags=["END_HEADERS", "END_STREAM"])
        client.send(PingFrame(0, opaque_data=b"12345678").serialize() * 1500 + asked.serialize())
        await client.until(lambda: client.is_closed)
    assert not server.matched
