"""A connection that is one too many is told so in the protocol that its client speaks."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from h2.settings import SettingCodes
from hyperframe.frame import HeadersFrame, PriorityFrame, SettingsFrame

from pactmock.server.records.entries import Refusal
from pactmock.server.shared import Shared
from pactmock.server.wire.intake import Intake
from pactmock.server.wire.preface import PREFACE
from pactmock.server.wire.tls.certificates import CertificateAuthority
from pactmock.server.wire.tls.context import ServerTls
from tests.certificates import trusting
from tests.http2.client import Answer, Client, head
from tests.pacts import interaction
from tests.patience import HANG
from tests.raw_http import exchange, head_lines


@asynccontextmanager
async def _full(running: Any, **options: Any) -> AsyncIterator[Any]:
    """Start a mock server of one connection, which somebody has."""
    shared = Shared(Intake(connections=1))
    server = await running(interaction(), shared=shared, **options)
    _, writer = await asyncio.open_connection("127.0.0.1", server.port)
    async with asyncio.timeout(HANG):
        while not shared.intake.connections:  # noqa: ASYNC110  nobody tells of it
            await asyncio.sleep(0)
    yield server
    writer.close()
    await writer.wait_closed()
    assert shared.intake.refused["connections"] == 1


def _is_told(client: Client, answer: Answer) -> None:
    assert answer.status == 503
    assert dict(answer.headers)["retry-after"] == "1"
    assert [(went.error_code, went.last_stream_id) for went in client.went_away] == [(0, 1)]
    assert b"raise --max-connections" in client.went_away[0].additional_data


def _is_noted(server: Any) -> None:
    """Nobody has decided on what was asked, so nobody may say that all was as expected."""
    (refusal,) = [each for each in server.journal.entries if isinstance(each, Refusal)]
    assert (refusal.status, refusal.protocol, refusal.asked_for) == (503, "HTTP/2", ("(unread)", ""))


async def test_who_speaks_http_2_is_answered_in_it(running: Any) -> None:
    async with _full(running) as server, await Client.connect(server.port) as client:
        answer = await client.fetch("GET", "/")
        await client.until(lambda: client.is_closed)
        _is_told(client, answer)
        assert "raise --max-connections" in json.loads(answer.body)["error"]
        _is_noted(server)


async def test_who_agrees_on_it_by_tls_is_answered_in_it(running: Any) -> None:
    authority = CertificateAuthority()
    context = trusting(authority.ca_pem)
    context.set_alpn_protocols(["h2"])
    async with _full(running, tls=ServerTls(authority)) as server:
        async with await Client.connect(server.port, ssl=context) as client:
            answer = await client.fetch("GET", "/")
            await client.until(lambda: client.is_closed)
            _is_told(client, answer)
        _is_noted(server)


async def test_what_comes_byte_by_byte_is_understood(running: Any) -> None:
    async with _full(running) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        client = Client(reader, writer, acknowledges=True)
        client.h2.initiate_connection()
        client.h2.send_headers(1, head("GET", "/"), end_stream=True)
        client.answers[1] = Answer()
        for byte in client.h2.data_to_send():
            writer.write(bytes([byte]))
            await asyncio.sleep(0)
        async with client:
            await client.until(lambda: client.is_closed)
            _is_told(client, client.answers[1])
        _is_noted(server)


async def test_who_has_no_room_for_a_body_is_sent_none(running: Any) -> None:
    async with _full(running) as server, await Client.connect(server.port, window=0) as client:
        answer = await client.fetch("GET", "/")
        await client.until(lambda: client.is_closed)
        _is_told(client, answer)
        assert answer.is_whole
        assert answer.body == b""


async def test_who_remembers_no_headers_can_read_the_answer(running: Any) -> None:
    async with _full(running) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        client = Client(reader, writer, acknowledges=True)
        client.h2.local_settings.update({SettingCodes.HEADER_TABLE_SIZE: 0})
        client.h2.local_settings.acknowledge()
        client.h2.initiate_connection()
        client.h2.decoder.max_allowed_table_size = 0
        async with client:
            answer = await client.fetch("GET", "/")
            await client.until(lambda: client.is_closed)
            _is_told(client, answer)


async def test_who_asks_only_when_it_has_heard_of_settings_is_answered(running: Any) -> None:
    async with _full(running) as server, await Client.connect(server.port) as client:
        await client.until(lambda: client.has_heard)
        answer = await client.fetch("GET", "/")
        await client.until(lambda: client.is_closed)
        _is_told(client, answer)


@pytest.mark.parametrize(
    "more",
    [PriorityFrame(1, depends_on=3).serialize() * 100, b"\xff\xff\xff" + bytes(6), b""],
    ids=["priorities", "a frame that is too long", "nothing"],
)
async def test_who_asks_for_nothing_is_told_of_the_end(running: Any, more: bytes) -> None:
    async with _full(running) as server:
        async with await Client.connect(server.port) as client:
            client.send(more)
            await client.until(lambda: client.is_closed)
            assert [(went.error_code, went.last_stream_id) for went in client.went_away] == [(0, 0)]
        assert [each.asked_for for each in server.journal.entries if isinstance(each, Refusal)] == [None]


async def test_who_speaks_http_1_is_answered_in_that_and_fails_the_test(running: Any) -> None:
    async with _full(running) as server:
        lines = head_lines(await exchange(server.port, b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n"))
        assert lines[0] == "HTTP/1.1 503 Service Unavailable"
        assert "Retry-After: 1" in lines
        (refusal,) = [each for each in server.journal.entries if isinstance(each, Refusal)]
        assert refusal.asked_for == ("GET", "/a")


async def test_nothing_of_hpack_is_decoded_for_it(running: Any) -> None:
    """Each may cost what it did, and a block can be made to cost much."""
    async with _full(running) as server:
        frame = HeadersFrame(1, b"\xff" * 100, flags=["END_HEADERS", "END_STREAM"])
        async with await Client.connect(server.port) as client:
            client.send(frame)
            client.listens = False
            await client.until(lambda: client.is_closed)
            assert [(went.error_code, went.last_stream_id) for went in client.went_away] == [(0, 1)]


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl on this machine")
async def test_curl_shows_the_answer(running: Any) -> None:
    async with _full(running) as server:
        asking = await asyncio.create_subprocess_exec(
            "curl", "-s", "--http2-prior-knowledge", "-w", "%{http_code} %{http_version}",
            f"http://127.0.0.1:{server.port}/", stdout=-1,
        )  # fmt: skip
        said, _ = await asyncio.wait_for(asking.communicate(), HANG)
    assert said.endswith(b"503 2"), said
    assert b"raise --max-connections" in said


@pytest.mark.parametrize(
    "asked",
    [
        b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n",
        PREFACE + SettingsFrame(0).serialize() + HeadersFrame(1, b"x" * 50).serialize(),
    ],
    ids=["HTTP/1.1", "HTTP/2"],
)
async def test_a_verdict_waits_for_what_its_client_is_sending(running: Any, asked: bytes) -> None:
    """It is too many, and nobody decides on what it asks for."""
    async with _full(running) as server:
        _, writer = await asyncio.open_connection("127.0.0.1", server.port)
        middle = asked.rindex(b"x") - 10
        writer.write(asked[:middle])
        await writer.drain()
        settling = asyncio.ensure_future(server.play.settle())
        for _ in range(20):
            await asyncio.sleep(0)
        writer.write(asked[middle:])
        await settling
        assert [each.status for each in server.journal.entries if isinstance(each, Refusal)] == [503]
        writer.close()
        await writer.wait_closed()
