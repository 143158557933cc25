"""What is not taken of HTTP/2 is answered, noted, and ends no more than it has to."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hpack import Encoder
from hyperframe.frame import (
    ContinuationFrame,
    DataFrame,
    Frame,
    HeadersFrame,
    PingFrame,
    PriorityFrame,
    RstStreamFrame,
    SettingsFrame,
    WindowUpdateFrame,
)

from pactmock.server.options import WireLimits
from pactmock.server.records.entries import Refusal
from tests.http2.client import Answer, Client, head
from tests.pacts import interaction

CALM = 11


def _refused(server: Any) -> list[Refusal]:
    return [each for each in server.journal.entries if isinstance(each, Refusal)]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([("x-A", "b")], "'x-A' is not the name of a header in lower case"),
        ([("connection", "close")], "'connection' is a header of HTTP/1.1"),
        ([("te", "gzip")], "'te' has another value than 'trailers'"),
        ([("x-a", "b\r\nc: d")], "the value of 'x-a' holds control characters"),
        ([("x-a", " b")], "the value of 'x-a' begins or ends with a space"),
        ([("x-a", "b"), (":path", "/b")], "it has ':path' twice"),
        ([("x-a", "b"), (":else", "/b")], "there is no pseudo header ':else' of requests"),
        ([("host", "elsewhere")], "'host' names another host than ':authority'"),
    ],
)
async def test_what_is_malformed_is_answered_and_ends_its_stream_alone(
    running: Any, lines: list[tuple[str, str]], said: str
) -> None:
    server = await running(interaction())
    async with await Client.connect(server.port) as client:
        answer = await client.fetch("GET", "/", lines)
        assert (answer.status, answer.reset) == (400, 1)
        assert (await client.fetch("GET", "/")).status == 200
    (refusal,) = _refused(server)
    assert said in refusal.reason
    assert (refusal.asked_for, refusal.protocol) == (("GET", "/"), "HTTP/2")
    assert not server.matched


@pytest.mark.parametrize("missing", [":method", ":path", ":scheme"])
async def test_a_request_without_a_part_of_its_head_is_refused(running: Any, missing: str) -> None:
    server = await running(interaction())
    async with await Client.connect(server.port) as client:
        lines = [line for line in head("GET", "/") if line[0] != missing]
        client.ask("GET", "/")
        client.answers[3] = Answer()
        client.h2.send_headers(3, lines, end_stream=True)
        client.flush()
        assert (await client.answer(3)).reset == 1
    assert f"'{missing}'" in _refused(server)[0].reason


@pytest.mark.parametrize(
    ("limits", "path", "lines", "body", "status"),
    [
        (WireLimits(line=100), "/" + "x" * 100, [], b"", 414),
        (WireLimits(headers=5), "/", [(f"x-{number}", "") for number in range(6)], b"", 431),
        (WireLimits(field=1000), "/", [("x-a", "x" * 1000)], b"", 431),
        (WireLimits(body=1000), "/", [], b"x" * 1001, 413),
        (WireLimits(body=1000), "/", [("content-length", "1001")], b"x" * 1001, 413),
    ],
)
async def test_the_bounds_are_those_of_http_1(
    running: Any, limits: WireLimits, path: str, lines: list[tuple[str, str]], body: bytes, status: int
) -> None:
    server = await running(interaction(request={"path": "/small"}), wire=limits)
    async with await Client.connect(server.port) as client:
        answer = await client.fetch("POST", path, lines, body)
        assert answer.status == status
        assert (await client.fetch("GET", "/small")).status == 200
    (refusal,) = _refused(server)
    assert refusal.status == status
    assert refusal.asked_for == ("POST", path)


async def test_a_body_without_end_is_cut_at_its_bound_and_its_stream_reset(running: Any) -> None:
    server = await running(interaction(), wire=WireLimits(body=20_000))
    async with await Client.connect(server.port) as client:
        stream = client.ask("POST", "/", body=b"x" * 16_000, ends=False)
        client.h2.send_data(stream, b"x" * 16_000)
        client.flush()
        answer = await client.answer(stream)
        assert answer.status == 413
        await client.until(lambda: answer.reset == 0)
        assert (await client.fetch("GET", "/")).status == 200


async def test_streams_above_their_number_are_refused_and_the_others_answered(running: Any) -> None:
    server = await running(interaction(request={"method": "POST"}))
    async with await Client.connect(server.port) as client:
        await client.fetch("POST", "/")
        under_way = [client.ask("POST", "/", ends=False) for _ in range(100)]
        client.h2.remote_settings[3] = 200
        client.h2.remote_settings.acknowledge()
        above = await client.fetch("POST", "/")
        assert (above.status, above.reset) == (503, 7)
        for stream in under_way:
            client.h2.end_stream(stream)
        client.flush()
        assert {(await client.answer(stream)).status for stream in under_way} == {200}
    (refusal,) = _refused(server)
    assert "100 streams under way" in refusal.reason


async def _told_to_go(client: Client, code: int) -> str:
    await client.until(lambda: client.is_closed)
    (went,) = client.went_away
    assert went.error_code == code
    return bytes(went.additional_data).decode()


def _block(number: int) -> HeadersFrame:
    frame = HeadersFrame(number, Encoder().encode(head("GET", "/")))
    frame.flags |= {"END_HEADERS", "END_STREAM"}
    return frame


async def test_a_flood_of_resets_ends_the_connection(running: Any) -> None:
    """CVE-2023-44487: of a request that is cancelled at once only the work is left."""
    server = await running(interaction(request={"method": "POST"}))
    async with await Client.connect(server.port) as client:
        for number in range(1, 2 * 3000, 2):
            frame = _block(number)
            frame.flags.discard("END_STREAM")
            client.send(frame)
            client.send(RstStreamFrame(number, error_code=8))
        assert "cancelled" in await _told_to_go(client, CALM)


@pytest.mark.parametrize(
    ("frame", "named"),
    [
        (SettingsFrame(0), "settings"),
        (PingFrame(0, opaque_data=b"12345678"), "pings"),
        (PriorityFrame(1, depends_on=3), "priorities"),
        (RstStreamFrame(1, error_code=8), "cancelled"),
    ],
    ids=lambda each: type(each).__name__ if isinstance(each, Frame) else each,
)
async def test_a_flood_of_what_brings_nothing_ends_the_connection(running: Any, frame: Frame, named: str) -> None:
    server = await running(interaction())
    async with await Client.connect(server.port) as client:
        assert (await client.fetch("GET", "/")).status == 200
        for _ in range(3000):
            client.send(frame)
        assert named in await _told_to_go(client, CALM)
    assert any(named in each.reason and each.protocol == "HTTP/2" for each in _refused(server))
    assert server.matched, "what is no request fails no test"


async def test_a_flood_of_empty_data_ends_the_connection_and_its_request_fails_the_test(running: Any) -> None:
    server = await running(interaction())
    async with await Client.connect(server.port) as client:
        await client.fetch("GET", "/")
        stream = client.ask("POST", "/upload", ends=False)
        for _ in range(3000):
            client.send(DataFrame(stream))
        assert "without data" in await _told_to_go(client, CALM)
    assert ("POST", "/upload") in [each.asked_for for each in _refused(server)]
    assert not server.matched


async def test_a_flood_of_continuations_ends_the_connection_and_fails_the_test(running: Any) -> None:
    """CVE-2024-27316: headers that never end."""
    server = await running(interaction())
    async with await Client.connect(server.port) as client:
        await client.fetch("GET", "/")
        client.send(HeadersFrame(3, b""))
        for _ in range(100):
            client.send(ContinuationFrame(3, b""))
        assert "headers" in await _told_to_go(client, CALM)
    assert not server.matched, "nobody has decided on what was asked for"


async def test_headers_that_grow_when_they_are_decoded_end_the_connection_and_fail_the_test(running: Any) -> None:
    """A byte can stand for four thousand (CVE-2016-6581)."""
    server = await running(interaction())
    async with await Client.connect(server.port) as client:
        await client.fetch("GET", "/")
        block = Encoder().encode([*head("GET", "/"), ("x-a", "x" * 3000)]) + b"\xbe" * 10_000
        frame = HeadersFrame(3, block)
        frame.flags |= {"END_HEADERS", "END_STREAM"}
        client.send(frame)
        await _told_to_go(client, CALM)
    assert not server.matched


async def test_a_frame_that_is_too_long_is_not_waited_for(running: Any) -> None:
    server = await running(interaction())
    async with await Client.connect(server.port) as client:
        client.send(b"\xff\xff\xff\x00\x00\x00\x00\x00\x01")
        await _told_to_go(client, 6)


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (
            WindowUpdateFrame(9, window_increment=1),
            "WINDOW_UPDATE is against the rules (stream 9 has ended, or did not",
        ),
        (ContinuationFrame(1, b""), "CONTINUATION is against the rules ("),
        (DataFrame(1, b"x"), "DATA is against the rules (it is not expected there)"),
    ],
)
async def test_which_rule_was_broken_is_said_in_words(running: Any, frame: Frame, said: str) -> None:
    server = await running(interaction())
    async with await Client.connect(server.port) as client:
        client.send(frame)
        await client.until(lambda: client.is_closed)
    reason = _refused(server)[0].reason
    assert said in reason
    assert "Inputs." not in reason


async def test_what_was_asked_before_a_broken_rule_is_noted(running: Any) -> None:
    server = await running(interaction())
    async with await Client.connect(server.port) as client:
        client.ask("GET", "/")
        client.send(b"\0\0\1\0\0\0\0\0\0x")
        await _told_to_go(client, 1)
    assert server.matched


async def test_a_request_that_its_client_cancels_is_noted_and_fails_nothing(running: Any) -> None:
    server = await running(interaction())
    async with await Client.connect(server.port) as client:
        await client.fetch("GET", "/")
        stream = client.ask("POST", "/upload", body=b"x", ends=False)
        client.h2.reset_stream(stream, 8)
        client.flush()
        assert (await client.fetch("GET", "/")).status == 200
    (refusal,) = _refused(server)
    assert "POST /upload" in refusal.reason
    assert server.matched


async def test_a_client_that_never_has_room_for_its_answer_is_told_so(running: Any) -> None:
    server = await running(interaction(body="x" * 100_000), wire=WireLimits(body_seconds=0.3))
    async with await Client.connect(server.port, window=0) as client:
        answer = await client.fetch("GET", "/")
        assert (answer.status, answer.body, answer.reset) == (200, b"", CALM)
    assert server.matched


async def test_who_has_no_room_for_answers_holds_no_more_than_some_of_them(running: Any) -> None:
    """The others are decided on when there is room, and each of them is noted."""
    server = await running(interaction(request={"path": "/large"}, body="x" * 400_000))
    async with await Client.connect(server.port, window=0) as client:
        streams = [client.ask("GET", "/large") for _ in range(20)]
        await client.until(lambda: bool(client.answers[streams[0]].status))
        await asyncio.sleep(0.1)
        assert len(server.journal.entries) < 20
        for stream in streams:
            client.h2.increment_flow_control_window(500_000, stream)
        client.h2.increment_flow_control_window(10_000_000)
        client.flush()
        assert {len((await client.answer(stream)).body) for stream in streams} == {400_000}
    assert len(server.journal.entries) == 20


async def test_a_body_of_which_nothing_comes_is_answered_408_and_others_go_on(running: Any) -> None:
    server = await running(interaction(), wire=WireLimits(body_seconds=0.3))
    async with await Client.connect(server.port) as client:
        stream = client.ask("POST", "/late", body=b"x", ends=False)
        late = await client.answer(stream)
        assert late.status == 408
        assert (await client.fetch("GET", "/")).status == 200
    assert "POST /late" in _refused(server)[0].reason


async def test_headers_that_do_not_end_in_time_end_the_connection(running: Any) -> None:
    server = await running(interaction(), wire=WireLimits(head_seconds=0.3))
    async with await Client.connect(server.port, acknowledges=False) as client:
        await client.fetch("GET", "/")
        client.send(HeadersFrame(3, b"\x82"))
        assert "in time" in await _told_to_go(client, CALM)


async def test_who_asks_for_nothing_is_sent_away_also_if_it_pings(running: Any) -> None:
    server = await running(interaction(), wire=WireLimits(idle_seconds=1))
    async with await Client.connect(server.port) as client:
        await client.fetch("GET", "/")

        async def ping() -> None:
            while not client.is_closed:
                client.send(PingFrame(0, opaque_data=b"12345678"))
                await asyncio.sleep(0.05)

        pinging = asyncio.ensure_future(ping())
        await client.until(lambda: client.is_closed)
        pinging.cancel()
        assert [went.error_code for went in client.went_away] == [0]
    assert not _refused(server)


async def test_a_flood_of_requests_that_are_cancelled_when_they_are_answered_ends_the_connection(running: Any) -> None:
    server = await running(interaction())
    async with await Client.connect(server.port, listens=False) as client:
        for number in range(1, 2 * 3000, 2):
            client.send(_block(number))
            client.send(RstStreamFrame(number, error_code=8))
        assert "cancelled" in await _told_to_go(client, CALM)
    assert 900 < len(server.journal.entries) < 1500


async def test_what_a_client_would_remember_of_headers_is_not_remembered_here(running: Any) -> None:
    """Answers name the origin that asks: each would be kept, and a client could have gigabytes kept."""
    server = await running(interaction())
    async with await Client.connect(server.port) as client:
        client.h2.decoder.max_allowed_table_size = 2**30
        client.send(SettingsFrame(0, settings={1: 2**30}))
        for number in range(30):
            answer = await client.fetch("GET", "/", [("origin", f"http://{number:02}{'o' * 900}")])
            assert answer.status == 200
        assert client.h2.decoder.header_table_size <= 4096


async def test_what_waits_when_a_rule_is_broken_is_decided_and_noted(running: Any) -> None:
    server = await running(interaction(request={"path": "/large"}, body="x" * 400_000))
    async with await Client.connect(server.port, window=0) as client:
        streams = [client.ask("GET", "/large") for _ in range(20)]
        await client.until(lambda: bool(client.answers[streams[0]].status))
        client.send(b"\0\0\1\0\0\0\0\0\0x")
        assert "DATA" in await _told_to_go(client, 1)
    assert len(server.journal.entries) == 21
    assert server.matched
