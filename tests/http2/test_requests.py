"""A request over HTTP/2 is decided on and noted as over HTTP/1.1, and its answer is what the pact says."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import aiohttp
import pytest

from pactmock.control.journal_view import entry
from pactmock.control.running import Service
from pactmock.server.plays.faults import Fault
from tests.http2.client import Client
from tests.pacts import interaction, pact
from tests.raw_http import exchange


def _entries(server: Any) -> list[dict[str, Any]]:
    return [entry(each) for each in server.journal.entries]


async def test_pseudo_headers_become_method_path_query_and_host(running: Any) -> None:
    server = await running(interaction(request={"method": "PUT", "path": "/a%2Fb", "query": "x=1&y=2"}, status=201))
    async with await Client.connect(server.port) as client:
        answer = await client.fetch("PUT", "/a%2Fb?x=1&y=2", [("accept", "*/*")])
    assert answer.status == 201
    (noted,) = _entries(server)
    assert noted["protocol"] == "HTTP/2"
    assert noted["request"]["method"] == "PUT"
    assert (noted["request"]["path"], noted["request"]["query"]) == ("/a%2Fb", "x=1&y=2")
    assert noted["request"]["headerLines"] == [["host", "localhost"], ["accept", "*/*"]]
    assert server.matched


async def test_no_header_is_invented_and_names_are_in_lower_case(running: Any) -> None:
    server = await running(interaction(body="text", headers={"X-CaSe": ["a", " b "], "Connection": "close"}))
    async with await Client.connect(server.port) as client:
        answer = await client.fetch("GET", "/")
    assert answer.body == b"text"
    assert [line for line in answer.headers if not line[0].startswith("access-control-")] == [
        ("x-case", "a"),
        ("x-case", "b"),
    ]


async def test_what_is_expected_of_headers_and_body_is_compared(running: Any) -> None:
    expected = {"method": "POST", "headers": {"Content-Type": "application/json", "X-A": "b"}, "body": {"a": 1}}
    server = await running(interaction(request=expected))
    async with await Client.connect(server.port) as client:
        lines = [("content-type", "application/json"), ("x-a", "b")]
        assert (await client.fetch("POST", "/", lines, b'{"a": 1}')).status == 200
        assert (await client.fetch("POST", "/", lines, b'{"a": 2}')).status == 500
    assert [noted["matched"] for noted in _entries(server)] == [True, False]


async def test_crumbs_of_a_cookie_are_one_header(running: Any) -> None:
    server = await running(interaction(request={"headers": {"Cookie": "a=1; b=2"}}))
    async with await Client.connect(server.port) as client:
        answer = await client.fetch("GET", "/", [("cookie", "a=1"), ("x-a", "b"), ("cookie", "b=2")])
    assert answer.status == 200
    (noted,) = _entries(server)
    assert noted["request"]["headerLines"] == [["host", "localhost"], ["cookie", "a=1; b=2"], ["x-a", "b"]]


async def test_a_journal_tells_the_protocols_apart_also_of_a_request_that_is_repeated(running: Any) -> None:
    server = await running(interaction(request={"path": "/a"}))
    async with await Client.connect(server.port) as client:
        await client.fetch("GET", "/b")
    await exchange(server.port, b"GET /b HTTP/1.1\r\nhost: localhost\r\n\r\n")
    async with await Client.connect(server.port) as client:
        await client.fetch("GET", "/b")
    assert [noted.get("protocol") for noted in _entries(server)] == ["HTTP/2", None, "HTTP/2"]


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("GET", 204), ("GET", 304)])
async def test_where_there_can_be_no_body_none_is_sent(running: Any, method: str, status: int) -> None:
    server = await running(interaction(request={"method": method}, status=status, body="text"))
    async with await Client.connect(server.port) as client:
        answer = await client.fetch(method, "/")
        assert (answer.status, answer.body, answer.is_whole) == (status, b"", True)


async def test_large_bodies_go_both_ways_through_small_windows(running: Any) -> None:
    content = "x" * 3_000_000
    server = await running(interaction(request={"method": "POST", "body": content}, body=content[:500_000]))
    async with await Client.connect(server.port, window=1000) as client:
        stream = client.ask("POST", "/", [("content-type", "text/plain")], ends=False)
        sent = 0
        while sent < len(content):
            room = min(client.h2.local_flow_control_window(stream), 16384, len(content) - sent)
            if not room:
                await client.read()
                continue
            client.h2.send_data(stream, b"x" * room, end_stream=sent + room == len(content))
            client.flush()
            sent += room
        answer = await client.answer(stream)
    assert (answer.status, len(answer.body)) == (200, 500_000)


async def test_many_requests_at_once_are_each_answered(running: Any) -> None:
    server = await running(*(interaction(str(n), {"path": f"/{n}"}, body=f"<{n}>" * 5000) for n in range(100)))
    async with await Client.connect(server.port) as client:
        streams = [client.ask("GET", f"/{number}") for number in range(100)]
        for number, stream in enumerate(streams):
            assert (await client.answer(stream)).body == f"<{number}>".encode() * 5000
    assert server.matched


async def test_an_answer_that_is_kept_back_holds_up_no_other(running: Any) -> None:
    server = await running(interaction("slow", {"path": "/slow"}), interaction("quick", {"path": "/quick"}))
    server.put_fault("slow", Fault.wanted(delay=0.3))
    async with await Client.connect(server.port) as client:
        slow, quick = client.ask("GET", "/slow"), client.ask("GET", "/quick")
        await client.answer(slow)
        assert client.whole == [quick, slow]


async def test_a_client_that_waits_for_a_word_is_told_to_continue(running: Any) -> None:
    server = await running(interaction(request={"method": "POST", "body": "text"}))
    async with await Client.connect(server.port) as client:
        stream = client.ask("POST", "/", [("content-type", "text/plain"), ("expect", "100-continue")], ends=False)
        await client.until(lambda: client.answers[stream].informed == [100])
        client.h2.send_data(stream, b"text", end_stream=True)
        client.flush()
        assert (await client.answer(stream)).status == 200


async def test_trailers_end_a_request_and_are_none_of_it(running: Any) -> None:
    server = await running(interaction(request={"method": "POST", "body": "text"}))
    async with await Client.connect(server.port) as client:
        stream = client.ask("POST", "/", [("content-type", "text/plain")], b"text", ends=False)
        client.h2.send_headers(stream, [("x-sum", "1")], end_stream=True)
        client.flush()
        assert (await client.answer(stream)).status == 200
    (noted,) = _entries(server)
    assert "x-sum" not in noted["request"]["headers"]


async def test_a_body_that_is_decided_on_in_a_thread_is_answered_behind_a_small_one(running: Any) -> None:
    large = "x" * 500_000
    server = await running(
        interaction("large", {"method": "POST", "path": "/large", "body": large}),
        interaction("small", {"path": "/small"}, body="small"),
    )
    async with await Client.connect(server.port) as client:
        await client.fetch("GET", "/small")  # so that the window is open that the server has asked for
        stream = client.ask("POST", "/large", [("content-type", "text/plain")], ends=False)
        for begin in range(0, len(large), 10_000):
            client.h2.send_data(stream, b"x" * 10_000, end_stream=begin + 10_000 == len(large))
        client.flush()
        small = client.ask("GET", "/small")
        assert (await client.answer(stream)).status == 200
        assert (await client.answer(small)).body == b"small"


async def test_a_scope_and_a_state_are_named_as_over_http_1(running: Any) -> None:
    states = {"providerStates": [{"name": "none"}]}
    server = await running(interaction("some", body="some"), {**interaction("none", body="none"), **states})
    async with await Client.connect(server.port) as client:
        lines = [("x-pactmock-state", "none"), ("x-pactmock-scope", "one")]
        assert (await client.fetch("GET", "/", lines)).body in (b"none", b"some")
    assert _entries(server)[0]["scope"] == "one"
    assert _entries(server)[0]["protocol"] == "HTTP/2"


async def test_the_port_of_the_service_says_that_it_speaks_http_1(service: Service) -> None:
    response = await exchange(service.port, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
    assert response.startswith(b"HTTP/1.1 505 HTTP Version Not Supported\r\n")
    assert b"only the ports of mock servers speak" in response


async def test_the_protocol_is_in_the_journal_of_the_control_api(
    service: Service, control: aiohttp.ClientSession
) -> None:
    async with control.post("/", json=pact(interaction())) as response:
        server = (await response.json())["mockServer"]
    async with await Client.connect(server["port"]) as client:
        await client.fetch("GET", "/")
    await exchange(server["port"], b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    async with control.get(f"/mockserver/{server['id']}/requests") as response:
        assert [each.get("protocol") for each in (await response.json())["requests"]] == ["HTTP/2", None]


async def test_a_preface_byte_by_byte_is_one(running: Any) -> None:
    server = await running(interaction())
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    for byte in b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n":
        writer.write(bytes([byte]))
        await asyncio.sleep(0)
    assert (await reader.readexactly(9))[3] == 4, "settings come first"
    writer.close()
    await writer.wait_closed()


async def test_a_verdict_waits_for_what_is_coming_in(running: Any) -> None:
    large = interaction("large", {"method": "POST", "body": "x" * 40_000})
    server = await running(interaction("quick", {"path": "/quick"}), large)
    async with await Client.connect(server.port) as client:
        await client.fetch("GET", "/quick")
        stream = client.ask("POST", "/", [("content-type", "text/plain")], b"x" * 10_000, ends=False)
        settling = asyncio.ensure_future(server.play.settle())
        for is_last in (False, False, True):
            await asyncio.sleep(0.02)
            assert not settling.done()
            client.h2.send_data(stream, b"x" * 10_000, end_stream=is_last)
            client.flush()
        await settling
        assert server.matched


async def test_a_verdict_takes_no_client_for_silent_while_nobody_could_have_listened(running: Any) -> None:
    """What stands still then is the process: a garbage collection, a parser, a machine that has no time for it."""
    large = interaction("large", {"method": "POST", "body": "x" * 20_000})
    server = await running(interaction("quick", {"path": "/quick"}), large)
    async with await Client.connect(server.port) as client:
        await client.fetch("GET", "/quick")
        stream = client.ask("POST", "/", [("content-type", "text/plain")], b"x" * 10_000, ends=False)
        settling = asyncio.ensure_future(server.play.settle())
        await asyncio.sleep(0.02)
        time.sleep(0.3)  # noqa: ASYNC251  nothing of the process runs
        await asyncio.sleep(0.01)
        client.h2.send_data(stream, b"x" * 10_000, end_stream=True)
        client.flush()
        await settling
        assert server.matched
