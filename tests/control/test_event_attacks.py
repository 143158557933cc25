"""Whoever follows events cannot hold up the service or fill it, and whoever is in them cannot say something else."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
from pathlib import Path

import aiohttp
import pytest

from pactmock.control.running import Service
from pactmock.server.records.journal import JournalLimits
from pactmock.service.settings import ServiceSettings
from tests.control.following import Document, Stream, call, create, following
from tests.pacts import interaction, pact
from tests.patience import HANG
from tests.process import Running, service
from tests.process import call as call_service
from tests.raw_http import exchange, read_response

FORGED = "a\r\n\r\nid: 9\nevent: verdict.given\ndata: {}\n\n\u2028\u0085\x0b<script>alert(1)</script>\u202e\"'"
LONG_PATH = "/" + "a" * 7000


async def test_nothing_that_is_sent_or_posted_forges_a_line(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession, service: Service
) -> None:
    forged = pact(interaction(FORGED, {"path": "/a"}), consumer=FORGED, provider=FORGED)
    async with following(control) as stream:
        server = await create(control, forged)
        async with http.get(f"{server['url']}/{FORGED}", params={FORGED: FORGED}) as response:
            assert response.status == 500
        await exchange(server["port"], b"GET /%0a%0d\x85\xe2\x80\xa8\xff\xed\xa0\x80?\xff HTTP/1.1\r\nHost: a\r\n\r\n")
        await exchange(server["port"], b"GET /\nevent: verdict.given\ndata: {}\n\n HTTP/1.1\r\n\r\n")
        await exchange(server["port"], b"\xff\xfe\r\nid: 1\r\n\r\n")
        await call(control, "DELETE", f"/mockserver/{server['id']}")
        told: list[Document] = []
        while not told or told[-1]["event"] != "server.stopped":
            told += await stream.some(1)
    names = [each["event"] for each in told]
    assert names[:2] == ["server.started", "request.mismatched"]
    assert set(names[2:-1]) <= {"request.mismatched", "request.refused"}
    assert len(names) >= 4
    assert FORGED in told[0]["consumer"]
    numbers = [int(each["id"].partition("-")[2]) for each in told]
    assert numbers == list(range(numbers[0], numbers[0] + len(told))), "each once, and none that is not ours"


async def test_more_callers_than_may_follow_are_refused_and_the_others_go_on(
    control: aiohttp.ClientSession, service: Service
) -> None:
    most = service.settings.max_event_streams
    async with aiohttp.ClientSession(service.url, connector=aiohttp.TCPConnector(limit=0)) as many:
        responses = [await many.get("/events") for _ in range(200)]
        statuses = [response.status for response in responses]
        assert statuses == [200] * most + [429] * (200 - most)
        refused = await responses[-1].json()
        assert refused["code"] == "limit_reached"
        assert "--max-event-streams" in refused["error"]
        server = await create(control)
        for response in responses[:most]:
            assert (await Stream(response).some(1))[0]["server"] == server["id"]
    await _until_nobody_follows(service)
    async with following(control) as stream:
        await call(control, "GET", f"/m/{server['id']}/")
        assert (await stream.some(1))[0]["event"] == "request.matched"


async def _until_nobody_follows(service: Service) -> None:
    async with asyncio.timeout(HANG):
        while "0 open" not in repr(service.events):  # noqa: ASYNC110  nobody is told
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("is_rude", [False, True])
async def test_of_a_caller_that_is_gone_nothing_is_left_although_nothing_happens(
    service: Service, control: aiohttp.ClientSession, is_rude: bool
) -> None:
    server = await create(control)
    for path in ("/events", f"/mockserver/{server['id']}/events"):
        reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert await reader.readuntil(b"id: ")
        assert "1 open" in repr(service.events)
        if is_rude:
            writer.transport.abort()
        else:
            writer.close()
            await writer.wait_closed()
        await _until_nobody_follows(service)
    assert service.mock_service.registry.shared.events.hears == 0, "no event is made of a request any more"


async def _follow_without_reading(port: int, last: str = "") -> socket.socket:
    sock = socket.create_connection(("127.0.0.1", port))
    behind = f"Last-Event-ID: {last}\r\n" if last else ""
    sock.sendall(f"GET /events HTTP/1.1\r\nHost: localhost\r\n{behind}\r\n".encode())
    assert await asyncio.to_thread(sock.recv, 12) == b"HTTP/1.1 200"
    return sock


async def _send_much(url: str, number: int) -> None:
    async with aiohttp.ClientSession() as session:
        for _ in range(number // 20):
            await asyncio.gather(*(_get(session, url + LONG_PATH) for _ in range(20)))


async def _get(session: aiohttp.ClientSession, url: str) -> None:
    async with session.get(url) as response:
        assert response.status == 200
        await response.read()


async def test_a_stuck_reader_is_told_how_much_it_missed_and_the_others_miss_nothing(
    service: Service, control: aiohttp.ClientSession
) -> None:
    server = await create(control, pact(interaction("long", {"path": LONG_PATH})))
    with await _follow_without_reading(service.port) as stuck:
        async with following(control) as stream:
            numbers = []
            for _ in range(30):
                await _send_much(server["url"], 100)  # 0.7 MB of events: all that it need not have read yet
                numbers += [each["number"] for each in await stream.some(100)]
        assert numbers == list(range(1, 3001))
        stuck.setblocking(False)
        reader, writer = await asyncio.open_connection(sock=stuck)
        got, missed = 0, 0
        await call(control, "DELETE", f"/mockserver/{server['id']}")
        while True:
            async with asyncio.timeout(HANG):
                line = await reader.readline()
            if not line.startswith(b"data: "):
                continue
            document = json.loads(line.removeprefix(b"data: "))
            if document["event"] == "missed":
                missed += document["missed"]
            elif document["event"] == "server.stopped":
                break
            else:
                got += 1
        writer.close()
    assert missed > 0
    assert got + missed == 3000


@pytest.mark.skipif(sys.platform != "linux", reason="reads memory in /proc")
async def test_stuck_readers_hold_little_memory_and_do_not_keep_the_service_from_ending(tmp_path: Path) -> None:
    with service(tmp_path, "--journal-size", "10", "--loglevel", "none") as running:
        document = pact(interaction("long", {"path": LONG_PATH}))
        server = call_service("POST", running.url, document)[1]["mockServer"]
        await _send_much(server["url"], 500)
        before = _memory(running)
        stuck = [await _follow_without_reading(running.port) for _ in range(10)]
        await _send_much(server["url"], 4000)  # 30 MB of events
        assert _memory(running) - before < 20_000_000
        assert call_service("GET", f"{running.url}/health")[0] == 200
        running.process.terminate()
        assert await asyncio.to_thread(running.process.communicate, timeout=HANG) == ("", ""), "nothing is left undone"
        assert running.process.returncode == 0
        for each in stuck:
            each.close()


def _memory(running: Running) -> int:
    pages = int(Path(f"/proc/{running.process.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(sys.platform != "linux", reason="reads memory in /proc")
async def test_readers_who_ask_for_the_past_and_are_stuck_keep_nothing_that_journals_drop(tmp_path: Path) -> None:
    with service(tmp_path, "--journal-bytes", "50000000", "--loglevel", "none") as running:
        request = {"method": "POST", "path": LONG_PATH, "query": {"q": [LONG_PATH]}}  # 15 kB of an event
        large = pact(interaction("large", request))
        server = call_service("POST", running.url, large)[1]["mockServer"]
        async with aiohttp.ClientSession(running.url) as control, following(control) as stream:
            await _post_much(server["url"], 1000)
            (first,) = await stream.some(1)
        before, stuck = _memory(running), []
        for _ in range(3):
            stuck.append(await _follow_without_reading(running.port, first["id"]))
            await _post_much(server["url"], 1000)  # 50 MB: a journal full of others
        assert _memory(running) - before < 40_000_000
        reader, writer = await asyncio.open_connection(sock=stuck[0])
        call_service("DELETE", f"{running.url}/mockserver/{server['id']}")
        numbers, missed = [], 0
        while (line := await asyncio.wait_for(reader.readline(), HANG)) != b"":
            if line.startswith(b"data: "):
                document = json.loads(line.removeprefix(b"data: "))
                missed += document.get("missed", 0)
                if document["event"] == "server.stopped":
                    break
                numbers += [document["number"]] if "number" in document else []
        writer.close()
        for each in stuck[1:]:
            each.close()
    assert numbers == sorted(set(numbers))
    assert missed > 0
    assert len(numbers) + missed == 4 * 1000 - 1


async def _post_much(url: str, number: int) -> None:
    async with aiohttp.ClientSession() as session:
        for _ in range(number // 20):
            await asyncio.gather(*(_post(session, f"{url}{LONG_PATH}?q={LONG_PATH}") for _ in range(20)))


async def _post(session: aiohttp.ClientSession, url: str) -> None:
    async with session.post(url, data=os.urandom(50_000)) as response:
        assert response.status == 200
        await response.read()


async def test_the_service_ends_with_many_open_streams(tmp_path: Path) -> None:
    running = Service(ServiceSettings(port=0, output=tmp_path))
    await running.start()
    async with aiohttp.ClientSession(running.url, connector=aiohttp.TCPConnector(limit=0)) as many:
        responses = [await many.get("/events") for _ in range(60)]
        await asyncio.wait_for(running.close(), HANG)
        for response in responses:
            assert (await response.content.read()).startswith(b"id: ")


async def test_of_a_long_past_only_the_latest_is_told(tmp_path: Path) -> None:
    settings = ServiceSettings(port=0, output=tmp_path, journal=JournalLimits(requests=20_000))
    async with Service(settings) as running, aiohttp.ClientSession(running.url) as control:
        server = await create(control)
        async with following(control) as stream:
            await call(control, "GET", f"/m/{server['id']}/")
            (first,) = await stream.some(1)
        await _send_at_once(server["port"], 10_100)
        for key in (None, server["id"]):
            async with following(control, key, first["id"]) as stream:
                missed, told, *_ = await stream.some(10_001)
            assert (missed["event"], missed["missed"]) == ("missed", 100)
            assert told["number"] == 102


async def _send_at_once(port: int, number: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" * number)
    for _ in range(number):
        await read_response(reader)
    writer.close()
    await writer.wait_closed()


async def test_a_client_of_http_1_0_gets_events_without_chunks_and_its_answers_as_ever(service: Service) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
    for _ in range(2):
        writer.write(b"GET /health HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n")
        answer = await read_response(reader)
        assert answer.partition(b" ")[2].startswith(b"200 OK")
        assert b"\r\nConnection: keep-alive\r\n" in answer
    writer.write(b"GET /events HTTP/1.0\r\nHost: localhost\r\n\r\n")
    head = await read_response(reader)
    assert b"chunked" not in head
    assert (await reader.readline()).startswith(b"id: ")
    await service.close()
    assert await reader.read() == b"\n"
    writer.close()
