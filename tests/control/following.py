"""Streams of events as a test reads them: strictly, so that what is no event cannot pass for one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from tests.pacts import interaction, pact
from tests.patience import HANG

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
        async with asyncio.timeout(HANG):
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
