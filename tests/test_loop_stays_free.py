"""A large request holds up nobody else: the service answers while it is compared."""

from __future__ import annotations

import asyncio
import io
import json
from typing import Any

import aiohttp
import pytest

from tests.pacts import interaction, pact, rules

ITEMS = 60_000
"""About 5 MB, which takes well over a tenth of a second to compare."""

OFTEN = 20
"""How often others are answered meanwhile, at least: up to 5 times if the loop did the work; as it is, 400 times."""


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
    answered = await _times_of_health(control, posting)
    assert await posting == 200
    assert answered >= OFTEN


async def _times_of_health(control: aiohttp.ClientSession, meanwhile: asyncio.Task[Any]) -> int:
    times = 0
    while not meanwhile.done():
        async with control.get("/health") as response:
            assert response.status == 200
        times += 1
    return times


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
    async def create() -> None:
        async with control.post("/", json=given) as response:
            assert response.status == 200, await response.text()

    creating = asyncio.create_task(create())
    answered = await _times_of_health(control, creating)
    await creating
    assert answered >= OFTEN, "nobody else was answered in the meantime"


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
