"""Events are told as they happen, to whoever follows them: once, in their order, and with what was missed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from pactmock.control.running import Service
from pactmock.service.settings import ServiceSettings
from tests.pacts import interaction, pact

Document = dict[str, Any]
PACT = pact(interaction("a request"))


class Stream:
    """The blocks of a stream, read as a browser reads them."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self.response = response
        self.last_id = ""

    async def block(self) -> dict[str, str] | None:
        """Return the fields of the next block that is no comment; None at the end."""
        fields: dict[str, str] = {}
        async for line in self.response.content:
            text = line.decode()
            if text == "\n":
                self.last_id = fields.get("id", self.last_id)
                if "data" in fields:
                    return fields
                fields = {}
            elif not text.startswith(":"):
                name, _, rest = text.removesuffix("\n").partition(": ")
                assert name in {"id", "event", "data"}, text
                assert name not in fields, text
                fields[name] = rest
        return None

    async def next(self) -> Document | None:
        """Return the next event; None at the end."""
        async with asyncio.timeout(20):
            block = await self.block()
        if block is None:
            return None
        document: Document = json.loads(block["data"])
        assert document["event"] == block["event"]
        assert document.get("id") == block.get("id")
        return document

    async def some(self, number: int) -> list[Document]:
        """Return so many events."""
        found = [await self.next() for _ in range(number)]
        assert None not in found
        return [each for each in found if each is not None]

    async def rest(self) -> list[Document]:
        """Return all events to the end."""
        found = []
        while (document := await self.next()) is not None:
            found.append(document)
        return found


@asynccontextmanager
async def following(control: aiohttp.ClientSession, server: str | None = None, last: str = "") -> AsyncIterator[Stream]:
    path = "/events" if server is None else f"/mockserver/{server}/events"
    async with control.get(path, headers={"Last-Event-ID": last} if last else {}) as response:
        assert response.status == 200, await response.text()
        assert response.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        yield Stream(response)


async def create(control: aiohttp.ClientSession, document: Document = PACT) -> Document:
    async with control.post("/", json=document) as response:
        assert response.status == 200, await response.text()
        server: Document = (await response.json())["mockServer"]
        return server


async def call(control: aiohttp.ClientSession, method: str, path: str) -> int:
    async with control.request(method, path) as response:
        await response.read()
        return response.status


async def test_what_happens_to_a_mock_server_is_told_until_it_ends(
    control: aiohttp.ClientSession, tmp_path: Path
) -> None:
    async with following(control) as stream:
        server = await create(control)
        here = f"/mockserver/{server['id']}"
        await call(control, "GET", f"/m/{server['id']}/")
        await call(control, "POST", f"{here}/verify")
        await call(control, "POST", f"/m/{server['id']}/nowhere?a=1")
        await call(control, "DELETE", here)
        started, matched, verdict, written, mismatched, stopped = await stream.some(6)
    assert [each["event"] for each in (started, matched, verdict, written, mismatched, stopped)] == [
        "server.started",
        "request.matched",
        "verdict.given",
        "pact.written",
        "request.late",
        "server.stopped",
    ]
    assert 0 <= mismatched["afterVerdict"] < 20
    assert {each["server"] for each in (started, matched, verdict, written, mismatched, stopped)} == {server["id"]}
    assert (started["consumer"], started["provider"], started["interactions"]) == ("web", "api", 1)
    described = {name: matched[name] for name in matched if name not in {"id", "time", "server", "interaction"}}
    assert described == {
        "event": "request.matched",
        "number": 1,
        "method": "GET",
        "path": "/",
        "query": None,
        "status": 200,
        "matched": True,
        "late": False,
        "afterVerdict": None,
        "sentence": None,
    }
    assert matched["interaction"]["description"] == "a request"
    assert verdict["matched"] is True
    assert written["path"] == str(tmp_path / "pacts" / "web-api.json")
    assert (mismatched["status"], mismatched["query"], mismatched["matched"]) == (500, "a=1", False)
    assert mismatched["sentence"].startswith("POST /nowhere was not expected; the nearest interaction is 'a request'")


async def test_a_stream_of_one_mock_server_tells_nothing_of_others_and_ends_with_it(
    control: aiohttp.ClientSession,
) -> None:
    one, other = await create(control), await create(control)
    async with following(control, one["id"]) as stream:
        await call(control, "GET", f"/m/{other['id']}/")
        await call(control, "GET", f"/m/{one['id']}/")
        await call(control, "DELETE", f"/mockserver/{one['id']}")
        told = await stream.rest()
    assert [each["event"] for each in told] == ["request.matched", "server.stopped"]
    assert {each["server"] for each in told} == {one["id"]}


async def test_who_was_away_is_told_what_came_since(control: aiohttp.ClientSession) -> None:
    server = await create(control)
    async with following(control) as stream:
        await call(control, "GET", f"/m/{server['id']}/")
        (first,) = await stream.some(1)
    await call(control, "GET", f"/m/{server['id']}/nowhere")
    await call(control, "POST", f"/mockserver/{server['id']}/verify")
    for key in (None, server["id"]):
        async with following(control, key, first["id"]) as stream:
            await call(control, "GET", f"/m/{server['id']}/")
            told = await stream.some(3)
            await call(control, "DELETE", f"/mockserver/{server['id']}/requests")
        assert [each["event"] for each in told] == ["request.mismatched", "verdict.given", "request.matched"]
        await call(control, "GET", f"/m/{server['id']}/nowhere")
        await call(control, "POST", f"/mockserver/{server['id']}/verify")
        first = told[-1]


async def test_who_heard_nothing_yet_has_an_id_to_go_on_from(control: aiohttp.ClientSession) -> None:
    server = await create(control)
    async with following(control) as stream:
        await call(control, "GET", f"/m/{server['id']}/")
        line = await stream.response.content.readline()
    async with following(control, last=line.decode().removeprefix("id: ").strip()) as stream:
        (told,) = await stream.some(1)
    assert told["event"] == "request.matched"


async def test_the_service_ends_its_streams(tmp_path: Path) -> None:
    async with (
        Service(ServiceSettings(port=0, output=tmp_path)) as running,
        aiohttp.ClientSession(running.url) as control,
        following(control) as stream,
    ):
        server = await create(control)
        async with following(control, server["id"]) as one, asyncio.timeout(2):
            await running.close()
            assert [each["event"] for each in await stream.rest()] == ["server.started"]
            assert await one.rest() == []


@pytest.mark.parametrize("identity", ["7", "0123456-7", "01234567-", "0123456g-1", "01234567-1 ", "x" * 300])
async def test_an_id_that_no_event_has_is_refused(control: aiohttp.ClientSession, identity: str) -> None:
    async with control.get("/events", headers={"Last-Event-ID": f"={identity}="}) as response:
        assert response.status == 400
        assert "send the id of an event that was received" in (await response.json())["error"]


async def test_the_head_of_a_stream_is_that_of_a_stream_without_one(
    control: aiohttp.ClientSession, service: Service
) -> None:
    async with control.head("/events") as response:
        assert (response.status, response.headers["Content-Type"]) == (200, "text/event-stream; charset=utf-8")
    assert "0 open" in repr(service.events)
