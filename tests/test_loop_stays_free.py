"""A large request holds up nobody else: the service answers while it is compared."""

from __future__ import annotations

import asyncio
import io
import json
import time
from typing import Any

import aiohttp

from tests.pacts import interaction, pact, rules

ITEMS = 60_000
"""About 5 MB, which takes well over a tenth of a second to compare."""


def _body(first: int) -> dict[str, Any]:
    return {"items": [{"id": first + number, "name": f"item {number}", "tags": ["a"]} for number in range(ITEMS)]}


async def test_health_answers_while_a_large_body_is_compared(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession
) -> None:
    matching = rules(**{"$.items": {"match": "type"}, "$.items[*].name": {"match": "regex", "regex": r"item \d+"}})
    expected = {"method": "POST", "body": _body(0), "matchingRules": matching}
    created = io.BytesIO(json.dumps(pact(interaction("large", expected))).encode())
    async with control.post("/", data=created, headers={"Content-Type": "application/json"}) as response:
        server = (await response.json())["mockServer"]
    sent = json.dumps(_body(1)).encode()
    posting = asyncio.create_task(_post(http, server["url"], sent))
    slowest = 0.0
    while not posting.done():
        began = time.perf_counter()
        async with control.get("/health") as response:
            assert response.status == 200
        slowest = max(slowest, time.perf_counter() - began)
    assert await posting == 200
    # Client, service and the thread share one interpreter here, so this is a generous bound.
    assert slowest < 1.0


async def _post(http: aiohttp.ClientSession, url: str, body: bytes) -> int:
    async with http.post(url, data=io.BytesIO(body), headers={"Content-Type": "application/json"}) as response:
        return response.status


async def test_requests_behind_a_large_one_are_answered_in_order(
    control: aiohttp.ClientSession,
) -> None:
    async with control.post(
        "/", json=pact(interaction("a", {"method": "POST"}, status=201), interaction("b"))
    ) as response:
        server = (await response.json())["mockServer"]
    reader, writer = await asyncio.open_connection("127.0.0.1", server["port"])
    large = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 1_000_000
    writer.write((large + b"GET / HTTP/1.1\r\nHost: x\r\n\r\n") * 3)
    statuses = [(await reader.readuntil(b"\r\n\r\n")).split(b" ")[1] for _ in range(6)]
    assert statuses == [b"201", b"200"] * 3
    writer.close()
    await writer.wait_closed()
