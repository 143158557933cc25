"""A verdict is there when the response is: polling right after it never misses it."""

from __future__ import annotations

import asyncio

import aiohttp

from tests.pacts import interaction, pact

REQUESTS = 3000
LIFECYCLES = 400
AT_ONCE = 40


async def test_three_thousand_mismatches_are_each_seen_at_once(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession
) -> None:
    async with control.post("/", json=pact(interaction("a", {"path": "/a"}))) as response:
        server = (await response.json())["mockServer"]
    late = 0
    for number in range(1, REQUESTS + 1):
        async with http.get(f"{server['url']}/wrong") as response:
            assert response.status == 500
        async with control.get(f"/mockserver/{server['id']}") as response:
            late += (await response.json())["metrics"]["requests"] != number
    assert late == 0


async def test_four_hundred_lifecycles_forty_at_a_time_all_succeed(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession
) -> None:
    gate = asyncio.Semaphore(AT_ONCE)

    async def live(number: int) -> list[int]:
        document = pact(interaction("a", {"path": f"/{number}"}), consumer=f"consumer-{number % 7}")
        async with gate:
            async with control.post("/", json=document) as response:
                statuses = [response.status]
                server = (await response.json())["mockServer"]
            async with http.get(f"{server['url']}/{number}") as response:
                statuses.append(response.status)
            async with control.post(f"/mockserver/{server['id']}/verify") as response:
                statuses.append(response.status)
            async with control.delete(f"/mockserver/{server['id']}") as response:
                statuses.append(response.status)
        return statuses

    outcomes = await asyncio.gather(*map(live, range(LIFECYCLES)))
    assert outcomes == [[200, 200, 204, 204]] * LIFECYCLES
