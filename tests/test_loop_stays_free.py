"""A large request holds up nobody else: the service answers while it is compared."""

from __future__ import annotations

import asyncio
import io
import json
import time
from typing import Any

import aiohttp
import pytest

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
    slowest = await _slowest_health(control, posting)
    assert await posting == 200
    # Client, service and the thread share one interpreter here, so this is a generous bound.
    assert slowest < 1.0


async def _slowest_health(control: aiohttp.ClientSession, meanwhile: asyncio.Task[Any]) -> float:
    slowest = 0.0
    while not meanwhile.done():
        began = time.perf_counter()
        async with control.get("/health") as response:
            assert response.status == 200
        slowest = max(slowest, time.perf_counter() - began)
    return slowest


def _contract() -> Any:
    """Half a megabyte, which takes a second to be read."""
    body = {f"name {number}": {"pact:matcher:type": "matching(type, 'Ada')"} for number in range(8000)}
    contents = {"content-type": "application/json", "body": body}
    answered = {"description": "a", "request": {"method": "GET", "path": "/"}, "response": {"contents": contents}}
    return {"consumer": "web", "provider": "api", "interactions": [answered]}


def _paths() -> Any:
    """50 kB of path expressions, of which no two have the same shape; reading them takes a second."""
    given = {"$" + ".*" * number: {"match": "type"} for number in range(1, 200)}
    return pact(interaction("a", {"matchingRules": rules(**given)}))


@pytest.mark.parametrize("given", [_contract(), _paths()], ids=["contract", "path expressions"])
async def test_health_answers_while_what_takes_long_to_read_is_posted(
    control: aiohttp.ClientSession, given: Any
) -> None:
    began = time.perf_counter()

    async def create() -> None:
        async with control.post("/", json=given) as response:
            assert response.status == 200, await response.text()

    creating = asyncio.create_task(create())
    slowest = await _slowest_health(control, creating)
    await creating
    assert slowest < (time.perf_counter() - began) * 0.5 + 0.1, "nobody else was answered in the meantime"


async def test_bodies_are_first_compared_while_a_large_one_is_made_ready(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession
) -> None:
    """What compares a body is made when it is first asked for; that of a small one on the loop, whatever threads do."""
    small = [
        interaction(f"{number}", {"method": "PUT", "path": f"/{number}", "body": [number]}) for number in range(45)
    ]
    async with control.post("/", json=pact(*small)) as response:
        url = (await response.json())["mockServer"]["url"]
    content = {"method": "POST", "body": {"items": [{"id": number, "of": {"a": [number]}} for number in range(15_000)]}}
    large = pact(interaction("large", {**content, "matchingRules": rules(**{"$.items[*].id": {"match": "type"}})}))
    began = time.perf_counter()

    async def create() -> None:
        assert await _post(control, "/", json.dumps(large).encode()) == 200

    creating = asyncio.create_task(create())
    slowest = 0.0
    for number in range(45):
        if creating.done():
            break
        asked = time.perf_counter()
        async with http.put(f"{url}/{number}", json=[number]) as response:
            assert response.status == 200
        slowest = max(slowest, time.perf_counter() - asked)
        await asyncio.sleep(0.01)
    await creating
    assert slowest < (time.perf_counter() - began) * 0.5 + 0.1, "nobody else was answered in the meantime"


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
