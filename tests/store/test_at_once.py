"""Calls that are under way at once, on any replica: there is an order in which one process would answer the same.

What one process would say is said by a model, which is held against one here too. The replicas do all the time what
they otherwise do now and then (`hasty.py`).
"""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections.abc import Iterator, Sequence
from math import inf
from pathlib import Path

import pytest

from tests.process import call, service
from tests.store import hasty
from tests.store.asking import Client
from tests.store.linearizable import Call, Search
from tests.store.one_mock_server import GIVING, GONE, LOOKS, Ask, Played, new, obey, obey_at_once
from tests.store.redis_server import Redis
from tests.store.replicas import Replicas

_NAMES = ("a", "b", "c", "large")
_KINDS = ("send", "put", "add", "reset", "break", "end", *LOOKS)
_OFTEN = (30, 3, 4, 3, 3, 0.3, *[3] * len(LOOKS))


class _Plan:
    """What is asked, by a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311  no secret
        self._given = itertools.count(1)
        self.begin = Ask("begin", ("a", "b", "large"))

    def next(self) -> Ask:
        (kind,) = self.random.choices(_KINDS, _OFTEN)
        if kind == "send":
            return Ask(kind, (self.random.choice([*_NAMES, "a", "b", "wrong"]),))
        if kind in GIVING:
            return Ask(kind, tuple(self.random.sample(_NAMES, self.random.randint(1, 2))), next(self._given))
        return Ask(kind, (self.random.choice("ab"),)) if kind == "break" else Ask(kind)


def _create(url: str, begin: Ask) -> tuple[Played, str]:
    state, document = new(begin, f"of-{url[-5:]}-{time.monotonic_ns()}")
    status, answer = call("POST", url, document)
    assert status == 200, answer
    return state, str(answer["mockServer"]["id"])


@pytest.mark.parametrize("seed", range(2))
async def test_the_model_says_what_one_process_says(tmp_path: Path, seed: int) -> None:
    plan = _Plan(seed)
    with service(tmp_path) as alone:
        for _ in range(4):
            state, server = _create(alone.url, plan.begin)
            client = Client(server)
            for _ in range(60):
                ask = plan.next()
                state, expected = obey(state, ask)
                assert await client.ask(alone.port, ask) == expected, (ask, state)
            await client.close()


@pytest.fixture(scope="module")
def fleet(redis: Redis, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replicas]:
    with Replicas(redis.url, tmp_path_factory.mktemp("hasty")) as replicas:
        for _ in range(3):
            replicas.start(command=hasty.COMMAND)
        yield replicas


async def _history(urls: Sequence[str], seed: int, clients: int, calls: int) -> Search[Played]:
    """Have clients make calls at once, each one after another, wherever it pleases; return the search for an order."""
    plan = _Plan(seed)
    state, server = _create(plan.random.choice(urls), plan.begin)
    ports = [int(url.rpartition(":")[2]) for url in urls]
    made: list[Call] = []

    async def work() -> None:
        client = Client(server)
        for _ in range(calls):
            await asyncio.sleep(plan.random.choice((0, 0, 0, 0.001, 0.02)))
            ask, port = plan.next(), plan.random.choice(ports)
            begun = time.monotonic()
            answer = await client.ask(port, ask)
            made.append(Call(ask, begun, time.monotonic(), answer))
        await client.close()

    await asyncio.gather(*(work() for _ in range(clients)))
    search = Search(obey_at_once, lambda ask: ask.kind in LOOKS, made)
    ends = [each.begun for each in made if each.what.kind == "end"]
    gone = [each for each in made if each.answer == GONE and each.ended < min(ends, default=inf)]
    assert not gone, f"seed {seed}: nobody had ended it by {gone}"
    assert search.finds_order(state), f"seed {seed}\n{search.explain()}"
    call("DELETE", f"{urls[0]}/mockserver/{server}")
    return search


@pytest.mark.parametrize("clients", [2, 3, 5])
async def test_calls_at_once_are_answered_as_if_in_some_order(fleet: Replicas, clients: int) -> None:
    for seed in range(6):
        await _history(fleet.urls, 1000 * clients + seed, clients, calls=40 // clients)


@pytest.mark.nightly
@pytest.mark.timeout(3600)
async def test_calls_at_once_are_answered_as_if_in_some_order_at_length(fleet: Replicas) -> None:
    for seed in range(3000):
        clients = 2 + seed % 5
        await _history(fleet.urls, seed, clients, calls=80 // clients)
