"""Replicas that are killed, end and join, and a Redis that starts anew: what was answered is in the verdict."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.patience import HANG
from tests.process import Running
from tests.store.calls import Made, Wanted, make
from tests.store.load import pact_of
from tests.store.redis_server import DURABLE, Redis, redis_server
from tests.store.replicas import Replicas

_CONFIRMED_AFTER = 0.1
"""Seconds within which everybody knows that a request was answered, on a machine that is busy with other things too."""


class _Story:
    """Things that happen to a fleet, each once so many requests were begun."""

    def __init__(self, happens: Mapping[int, Callable[[], Awaitable[None]]]) -> None:
        self._happens = sorted(happens.items())
        self._begun = 0
        self._moved = asyncio.Event()

    def tell(self, number: int) -> None:
        self._begun = max(self._begun, number)
        self._moved.set()

    async def play(self) -> None:
        for number, happen in self._happens:
            while self._begun < number:
                self._moved.clear()
                await self._moved.wait()
            await happen()


class _Fleet:
    """Replicas under load, and when what happened to them."""

    def __init__(self, replicas: Replicas, redis: Redis) -> None:
        self._replicas = replicas
        self._redis = redis
        self.targets = list(replicas.urls)
        self.killed: tuple[str, float] = ("", 0.0)
        self.ended: tuple[str, float] = ("", 0.0)
        self.without_redis = (0.0, 0.0)

    async def one_joins(self) -> None:
        joined = await asyncio.to_thread(self._replicas.start)
        self.targets.append(joined.url)

    async def one_is_killed(self) -> None:
        victim = self._replicas.running[0]
        self.killed = (victim.url, time.monotonic())
        victim.process.kill()
        await self._notice(victim)

    async def one_ends(self) -> None:
        victim = self._replicas.running[1]
        self.ended = (victim.url, time.monotonic())
        victim.process.terminate()
        await self._notice(victim)

    async def _notice(self, victim: Running) -> None:
        """Take it out of the targets when it has gone, as a load balancer does."""
        await asyncio.to_thread(victim.process.wait, HANG)
        self.targets.remove(victim.url)

    async def redis_starts_anew(self) -> None:
        begun = time.monotonic()
        await asyncio.to_thread(self._redis.stop)
        await asyncio.to_thread(self._redis.start)
        self.without_redis = (begun, time.monotonic())

    def may_fail(self, made: Made) -> bool:
        """Whether there was a reason not to answer."""
        since, until = self.without_redis
        gone = [url for url, at in (self.killed, self.ended) if at <= made.ended]
        return made.url in gone or (made.sent < until + 0.5 and made.ended > since)


async def _survives(directory: Path, servers: int, requests: int) -> None:
    with redis_server(*DURABLE) as redis, Replicas(redis.url, directory) as replicas:
        for _ in range(3):
            replicas.start()
        ids = [replicas.create(pact_of(number)) for number in range(servers)]
        wanted = [
            Wanted(
                ids[number % servers], f"/of-{number % servers}/{'wrong-' * (number % 3 == 0)}{number}", number % 3 != 0
            )
            for number in range(requests)
        ]
        fleet = _Fleet(replicas, redis)
        story = _Story(
            {
                requests // 8: fleet.one_joins,
                requests * 3 // 8: fleet.one_is_killed,
                requests * 5 // 8: fleet.one_ends,
                requests * 6 // 8: fleet.redis_starts_anew,
            }
        )
        made, _ = await asyncio.gather(make(wanted, fleet.targets, story.tell), story.play())
        assert replicas.running[1].process.wait(HANG) == 0
        assert not [item for item in made if item.status not in (200, 500) and not fleet.may_fail(item)]
        del replicas.running[:2]
        found = _found(replicas, ids)
        _check(made, found, fleet)


def _found(replicas: Replicas, ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Return what was received by path, as all who are left say it."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for server in ids:
        status, listed = replicas.ask(f"/mockserver/{server}/requests?brief=true&limit=10000")
        assert status == 200
        assert listed["next"] is None
        for item in listed["requests"]:
            found[item["path"]].append(item)
    return found


def _check(made: Sequence[Made], found: Mapping[str, list[dict[str, Any]]], fleet: _Fleet) -> None:
    doubted = []
    for item in made:
        listed = found.get(item.wanted.path, [])
        if item.status in (200, 500):
            assert item.status == (200 if item.wanted.is_right else 500), item
            assert len(listed) == 1, (item, listed)
            assert listed[0]["outcome"] == ("Request-Matched" if item.wanted.is_right else "Unexpected-Request"), (
                item,
                listed,
            )
            if listed[0]["matched"] is not item.wanted.is_right:
                doubted.append(item)
        else:
            assert item.status in (None, 503), item
            assert len(listed) <= 1, (item, listed)
            assert not any(each["matched"] for each in listed), (item, listed)
    url, at = fleet.killed
    for item in doubted:
        assert item.url == url, item
        assert item.ended > at - _CONFIRMED_AFTER, item


async def test_what_was_answered_is_in_the_verdict_whoever_dies(tmp_path: Path) -> None:
    await _survives(tmp_path, servers=25, requests=2000)


@pytest.mark.nightly
@pytest.mark.timeout(900)
async def test_what_was_answered_is_in_the_verdict_whoever_dies_at_length(tmp_path: Path) -> None:
    await _survives(tmp_path, servers=50, requests=30_000)
