"""How connections and streams of HTTP/2 end: what is owed is sent, and whoever waits is told."""

from __future__ import annotations

import asyncio
import gc
import socket
import time
from typing import Any

import pytest
from hyperframe.frame import GoAwayFrame, SettingsFrame

from pactmock import MockServer
from pactmock.server.plays.faults import Fault
from pactmock.server.wire.http2.connection import Http2Connection
from pactmock.server.wire.http2.machine import Machine
from pactmock.server.wire.http2.stream import Stream
from pactmock.server.wire.preface import PREFACE
from pactmock.server.wire.turns import turns_of_this_loop
from tests.http2.client import Client
from tests.pacts import interaction, pact
from tests.patience import HANG


async def test_a_server_that_stops_says_so_and_sends_what_it_owes(running: Any) -> None:
    server = await running(interaction("slow", {"path": "/slow"}, body="slow"))
    server.put_fault("slow", Fault.wanted(delay=600))
    async with await Client.connect(server.port) as client:
        stream = client.ask("GET", "/slow")
        await client.fetch("GET", "/other")  # it is answered behind the one that is kept back
        await server.stop()
        assert (await client.answer(stream)).body == b"slow"
        await client.until(lambda: client.is_closed)
        assert [(went.error_code, went.last_stream_id) for went in client.went_away] == [(0, stream + 2)]


async def test_an_idle_connection_is_told_of_the_end(running: Any) -> None:
    server = await running(interaction())
    async with await Client.connect(server.port) as client:
        await client.fetch("GET", "/")
        await server.stop()
        await client.until(lambda: client.is_closed)
        assert [went.error_code for went in client.went_away] == [0]


async def test_a_client_that_goes_away_gets_what_it_has_asked_for(running: Any) -> None:
    server = await running(interaction("slow", {"path": "/slow"}, body="slow"))
    server.put_fault("slow", Fault.wanted(delay=0.2))
    async with await Client.connect(server.port) as client:
        stream = client.ask("GET", "/slow")
        client.send(GoAwayFrame(0))
        assert (await client.answer(stream)).body == b"slow"
        await client.until(lambda: client.is_closed)


async def test_a_client_that_ends_its_side_gets_what_it_has_asked_for(running: Any) -> None:
    server = await running(interaction("slow", {"path": "/slow"}, body="slow"))
    server.put_fault("slow", Fault.wanted(delay=0.2))
    async with await Client.connect(server.port) as client:
        stream = client.ask("GET", "/slow")
        client.half_close()
        assert (await client.answer(stream)).body == b"slow"
        await client.until(lambda: client.is_closed)


@pytest.mark.parametrize(
    ("kind", "code", "begun"),
    [
        ("CONNECTION_RESET_BY_PEER", 2, b""),
        ("EMPTY_RESPONSE", 8, b""),
        ("MALFORMED_RESPONSE_CHUNK", 1, b"this is not all that was promised"),
    ],
)
async def test_a_fault_ends_its_stream_and_no_other(running: Any, kind: str, code: int, begun: bytes) -> None:
    server = await running(interaction("a", {"path": "/a"}), interaction("b", {"path": "/b"}, body="b"))
    server.put_fault("a", Fault.wanted(kind))
    async with await Client.connect(server.port) as client:
        broken, fine = client.ask("GET", "/a"), client.ask("GET", "/b")
        answer = await client.answer(broken)
        assert (answer.reset, answer.body) == (code, begun)
        assert (await client.answer(fine)).body == b"b"
    assert server.matched


async def test_who_comes_after_the_end_is_told_so_over_http_2_as_well() -> None:
    async with MockServer(pact(interaction()), late=60) as server:
        port = server.port
    async with await Client.connect(port) as client:
        answer = await client.fetch("GET", "/")
    assert answer.status == 503
    assert b"after this mock server had ended" in answer.body


async def test_nothing_of_a_connection_that_has_ended_waits_for_the_garbage_collector(running: Any) -> None:
    """The service seldom has it look at what is old, and a connection of HTTP/2 is large."""
    server = await running(interaction("slow", {"path": "/slow"}), interaction("posted", {"method": "POST"}))
    server.put_fault("slow", Fault.wanted(delay=0.05))
    gc.collect()
    gc.disable()
    try:
        async with await Client.connect(server.port) as client:
            await client.fetch("POST", "/", body=b"text")
            client.ask("POST", "/", body=b"text", ends=False)
            client.ask("GET", "/slow")
            await client.until(lambda: client.answers[1].is_whole)
        async with asyncio.timeout(HANG):
            await _until_gone(Http2Connection, Machine, Stream)
    finally:
        gc.enable()


async def _until_gone(*types: type) -> None:
    while any(isinstance(each, types) for each in gc.get_objects()):  # noqa: ASYNC110  nobody tells of it
        await asyncio.sleep(0.02)


class _ClosesInItsThirdTurn:
    """Takes its time for two turns, so that others wait, and then closes a connection."""

    def __init__(self, plain: socket.socket) -> None:
        self._plain = plain
        self._turns = 0

    def take_frames(self, until: float) -> bool:
        self._turns += 1
        if self._turns < 3:
            while time.monotonic() < until:
                pass
            return False
        self._plain.close()
        return True


async def test_who_has_broken_a_rule_and_is_gone_when_that_is_seen_leaves_no_error_in_the_log(
    running: Any, caplog: pytest.LogCaptureFixture
) -> None:
    server = await running(interaction())
    plain = socket.create_connection(("127.0.0.1", server.port))
    plain.sendall(PREFACE + SettingsFrame(0).serialize())
    got = b""
    while not got.endswith(SettingsFrame(0, flags=["ACK"]).serialize()):  # what is not read would reset the connection
        got += await asyncio.to_thread(plain.recv, 1000)
    plain.sendall(b"\xff\xff\xff" + bytes(6))
    turns_of_this_loop().have(_ClosesInItsThirdTurn(plain))
    async with asyncio.timeout(HANG):
        while not server.journal.entries:  # noqa: ASYNC110  it was broken then
            await asyncio.sleep(0)
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []
