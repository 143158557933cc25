"""A connection takes what it has bounds for, answers what it owes, and ends when nothing happens on it."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from pactmock.pact.documents import reading
from pactmock.server.mock_server import MockServer
from pactmock.server.options import DecisionLimits, MockServerOptions, WireLimits
from pactmock.server.records.entries import Refusal
from pactmock.server.shared import Shared
from pactmock.server.wire.intake import Intake
from tests.pacts import interaction, pact
from tests.patience import HANG
from tests.raw_http import exchange, head_lines, read_response

QUICK = WireLimits(head_seconds=0.1, body_seconds=0.1)
ON_LOOP_NEVER = DecisionLimits(inline=0)
Start = Callable[..., Coroutine[Any, Any, MockServer]]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Start mock servers of one expected `POST /a`; they are stopped at the end."""
    servers: list[MockServer] = []

    async def run(intake: Intake | None = None, **options: Any) -> MockServer:
        document = pact(interaction(request={"method": "POST", "path": "/a"}))
        server = MockServer(reading.read_pact(document), MockServerOptions(**options), shared=Shared(intake))
        await server.start()
        servers.append(server)
        return server

    yield run
    for server in servers:
        await server.stop()


@asynccontextmanager
async def _connected(server: MockServer) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    yield reader, writer
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


async def _all_answers(server: MockServer, sent: bytes) -> bytes:
    async with _connected(server) as (reader, writer):
        writer.write(sent)
        return await asyncio.wait_for(reader.read(), HANG)


def _statuses(answers: bytes) -> list[bytes]:
    return re.findall(rb"^HTTP/1.1 (\d+)", answers, re.MULTILINE)


def _post(*headers: str, body: bytes = b"", method: str = "POST") -> bytes:
    return "\r\n".join([f"{method} /a HTTP/1.1", "Host: x", *headers, "", ""]).encode() + body


@pytest.mark.parametrize(
    "beginning",
    [b"POST", b"POST /a HTTP/1.1\r\nHos", _post("Content-Length: 4"), _post("Content-Length: 4", body=b"te")],
    ids=["method", "head", "body", "rest of the body"],
)
async def test_a_message_that_does_not_go_on_is_refused_and_in_the_journal(start: Start, beginning: bytes) -> None:
    server = await start(wire=QUICK)
    async with _connected(server) as (reader, writer):
        writer.write(beginning)
        assert head_lines(await asyncio.wait_for(reader.read(), HANG))[0].startswith("HTTP/1.1 408 ")
    (entry,) = server.journal.entries
    assert isinstance(entry, Refusal)
    assert "did not come in time" in entry.reason


async def test_a_connection_on_which_nothing_is_asked_is_closed_without_a_word(start: Start) -> None:
    server = await start(wire=WireLimits(idle_seconds=0.1))
    async with _connected(server) as (reader, _):
        assert await asyncio.wait_for(reader.read(), HANG) == b""
    assert not server.journal.entries


async def test_a_client_that_has_sent_all_and_closed_its_side_is_answered(start: Start) -> None:
    server = await start(decisions=ON_LOOP_NEVER)
    async with _connected(server) as (reader, writer):
        writer.write(_post("Content-Length: 4", body=b"text"))
        writer.write_eof()
        assert head_lines(await asyncio.wait_for(reader.read(), HANG))[0] == "HTTP/1.1 200 OK"
    assert server.matched


async def test_a_client_that_ends_in_the_middle_is_told_so(start: Start) -> None:
    server = await start()
    async with _connected(server) as (reader, writer):
        writer.write(_post("Content-Length: 4", body=b"te"))
        writer.write_eof()
        assert head_lines(await asyncio.wait_for(reader.read(), HANG))[0] == "HTTP/1.1 400 Bad Request"
    (entry,) = server.journal.entries
    assert isinstance(entry, Refusal)
    assert "in the middle of a request: POST /a" in entry.reason


async def test_what_is_wrong_takes_no_answer_from_what_came_before_it(start: Start) -> None:
    server = await start(decisions=ON_LOOP_NEVER)
    sent = _post("Content-Length: 4", body=b"text") + b"nonsense\r\n\r\n"
    assert _statuses(await _all_answers(server, sent)) == [b"200", b"400"]
    assert [entry.is_match for entry in server.journal.entries] == [True, False]


async def test_unknown_methods_are_read_wherever_they_stand(start: Start) -> None:
    server = await start()
    answers = await _all_answers(server, _post() + _post("Connection: close", method="PURGEALL"))
    assert _statuses(answers) == [b"200", b"500"]
    assert [entry.decision.request.method for entry in server.journal.entries if not isinstance(entry, Refusal)] == [
        "POST",
        "PURGEALL",
    ]


async def test_a_line_without_an_end_is_refused_before_it_fills_the_memory(start: Start) -> None:
    server = await start(wire=WireLimits(line=1000, field=1000))
    response = await exchange(server.port, b"POST /a HTTP/1.1\r\nX: " + b"x" * 10_000)
    assert head_lines(response)[0].startswith("HTTP/1.1 431 ")


async def test_bodies_that_are_too_much_together_are_refused_one_by_one(start: Start) -> None:
    intake = Intake(body_bytes=1000)
    server = await start(intake)
    async with _connected(server) as (_, unfinished):
        unfinished.write(_post("Content-Length: 900", body=b"x" * 800))
        await unfinished.drain()
        while intake.body_bytes < 800:  # noqa: ASYNC110  the server has to have read it
            await asyncio.sleep(0)
        response = await exchange(server.port, _post("Content-Length: 400", "Connection: close", body=b"x" * 400))
        assert head_lines(response)[0] == "HTTP/1.1 503 Service Unavailable"
        assert "--max-intake-size" in json.loads(response.partition(b"\r\n\r\n")[2])["error"]
    assert head_lines(await exchange(server.port, _post("Connection: close")))[0] == "HTTP/1.1 200 OK"
    while intake.body_bytes or intake.connections:  # noqa: ASYNC110  the server has to have seen the end of it
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    "message",
    [
        _post(method="GET"),
        _post("Content-Length: 4", body=b"text"),
        _post("Transfer-Encoding: chunked", body=b"0\r\n\r\n"),
        _post("Transfer-Encoding: chunked", body=b"4\r\ntext\r\n0\r\n\r\n"),
        _post("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", method="GET"),
    ],
    ids=["no body", "a body", "no chunk", "a chunk", "another protocol"],
)
async def test_a_message_that_comes_in_pieces_takes_no_room_once_it_is_answered(start: Start, message: bytes) -> None:
    intake = Intake()
    server = await start(intake)
    async with _connected(server) as (reader, writer):
        for end in (20, message.index(b"\r\n\r\n") + 2):
            writer.write(message[:end])
            while not intake.body_bytes:  # noqa: ASYNC110  the server has to have read it
                await asyncio.sleep(0)
            writer.write(message[end:])
            await asyncio.wait_for(read_response(reader), HANG)
            assert intake.body_bytes == 0


async def test_connections_over_the_bound_are_refused(start: Start) -> None:
    server = await start(Intake(connections=1))
    async with _connected(server) as (reader, writer):
        assert head_lines(await exchange(server.port, b""))[0] == "HTTP/1.1 503 Service Unavailable"
        writer.write(_post())
        assert head_lines(await asyncio.wait_for(read_response(reader), HANG))[0] == "HTTP/1.1 200 OK"


async def test_a_client_that_sends_without_reading_holds_no_more_than_it_may(start: Start) -> None:
    server = await start()
    async with _connected(server) as (reader, writer):
        sending = asyncio.ensure_future(_send_for_ever(writer))
        await asyncio.sleep(0.3)  # time to send as much as it can
        sending.cancel()
        assert server.journal.requests < 200_000
        assert await asyncio.wait_for(reader.read(1), HANG)
        writer.transport.abort()


async def _send_for_ever(writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(_post() * 1000)
        await writer.drain()


async def test_a_server_that_stops_sends_what_it_owes(start: Start) -> None:
    server = await start(decisions=ON_LOOP_NEVER)
    async with _connected(server) as (reader, writer):
        writer.write(_post("Content-Length: 4", body=b"text"))
        await writer.drain()
        await asyncio.sleep(0)
        stopping = asyncio.ensure_future(server.stop())
        response = await asyncio.wait_for(reader.read(), HANG)
        await stopping
    noted = len(server.journal.entries)
    assert bool(response) is bool(noted)  # it may have stopped before it read the request; else both are there
    assert noted == len(server.journal.entries)


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"POST /a HTTP/1.1\nHost: x\n\n",
        _post("Content-Length: 1", "Content-Length: 1", body=b"x"),
        _post("X: " + "x" * 300_000),
        _post("Content-Length: 9999999999"),
    ],
    ids=["line ends", "two lengths", "headers", "body"],
)
async def test_a_request_that_was_refused_fails_the_test(start: Start, request_bytes: bytes) -> None:
    """Nobody has decided on it, so nobody may say that all was as expected."""
    server = await start()
    await exchange(server.port, _post("Connection: close"))
    assert not server.mismatches()
    await exchange(server.port, request_bytes)
    assert [(item["type"], item["method"], item["path"]) for item in server.mismatches()] == [
        ("request-refused", "POST", "/a")
    ]


async def test_what_is_no_http_fails_no_test(start: Start) -> None:
    server = await start()
    await exchange(server.port, _post("Connection: close"))
    for noise in (b"\x16\x03\x01" * 50, b"nonsense\r\n\r\n"):
        await exchange(server.port, noise)
    assert server.matched


async def test_an_upload_that_brings_nothing_makes_room_for_others(start: Start) -> None:
    intake = Intake(body_bytes=1000)
    server = await start(intake)
    async with _connected(server) as (reader, unfinished):
        unfinished.write(_post("Content-Length: 950", body=b"x" * 900))
        while intake.body_bytes < 900:  # noqa: ASYNC110  the server has to have read it
            await asyncio.sleep(0)
        await asyncio.sleep(0.6)  # it is stale then
        response = await exchange(server.port, _post("Content-Length: 400", "Connection: close", body=b"x" * 400))
        assert head_lines(response)[0] == "HTTP/1.1 200 OK"
        assert head_lines(await asyncio.wait_for(reader.read(), HANG))[0].startswith("HTTP/1.1 408 ")


async def test_a_client_that_reads_slowly_gets_all_of_its_answer(start: Start) -> None:
    content = "x" * 3_000_000
    server = MockServer(
        reading.read_pact(pact(interaction(body=content))), MockServerOptions(wire=WireLimits(body_seconds=2))
    )
    await server.start()
    async with _connected(server) as (reader, writer):
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        taken = 0
        while piece := await asyncio.wait_for(reader.read(200_000), HANG):
            taken += len(piece)
            await asyncio.sleep(0.15)  # slower than the server could send, and longer in all than it waits
    assert taken > len(content)
    await server.stop()


async def test_many_messages_of_one_connection_let_others_have_their_turn(start: Start) -> None:
    server = await start()
    async with _connected(server) as (_, writer), _connected(server) as (reader, other):
        writer.write(_post() * 20_000)
        other.write(_post())
        await asyncio.wait_for(read_response(reader), HANG)
        assert server.journal.requests < 20_000, "it was answered after all of the other connection"
        writer.transport.abort()
