"""An update between releases that write differently what they share: no request fails, and verdicts are right."""

from __future__ import annotations

import asyncio
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.patience import HANG
from tests.process import call
from tests.store.calls import Made, Wanted, make
from tests.store.load import pact_of
from tests.store.redis_server import Redis
from tests.store.replicas import Replicas

_SERVERS = 5


def _release(name: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "tests.store.releases", name)


class _Update:
    """Old replicas that give way to new ones, one after the other, while requests come."""

    def __init__(self, replicas: Replicas) -> None:
        self._replicas = replicas
        self.targets = list(replicas.urls)
        self._is_done = False

    def requests(self, ids: list[str]) -> Iterator[Wanted]:
        number = 0
        while not self._is_done:
            of, number = number % _SERVERS, number + 1
            is_right = number % 3 != 0
            yield Wanted(ids[of], f"/of-{of}/{'' if is_right else 'wrong-'}{number}", is_right)

    async def play(self) -> None:
        try:
            for old in list(self._replicas.running):
                new = await asyncio.to_thread(self._replicas.start, command=_release("new"))
                self.targets.append(new.url)
                self.targets.remove(old.url)
                old.process.terminate()
                assert await asyncio.to_thread(old.process.wait, HANG) == 0
                self._replicas.running.remove(old)
        finally:
            self._is_done = True


def _is_written_anew(redis: Redis, replicas: Replicas) -> bool:
    server = replicas.create(pact_of(0))
    return b'"wrapped"' not in redis.get(f"pactmock:{{{server}}}:snapshot")


async def test_no_request_fails_while_old_replicas_give_way_to_new_ones(redis: Redis, tmp_path: Path) -> None:
    with Replicas(redis.url, tmp_path) as replicas:
        for _ in range(3):
            replicas.start("--drain-seconds", "0.5", command=_release("old"))
        ids = [replicas.create(pact_of(number)) for number in range(_SERVERS)]
        update = _Update(replicas)
        made, _ = await asyncio.gather(make(update.requests(ids), update.targets, lambda _: None), update.play())
        assert len(made) > 100
        _check(made, ids, replicas)
        until = time.monotonic() + HANG
        while not _is_written_anew(redis, replicas):
            assert time.monotonic() < until, "nobody writes the new format"
            await asyncio.sleep(0.2)
        _check(made, ids, replicas)
        _is_refused_with_a_sentence(replicas)


def _check(made: list[Made], ids: list[str], replicas: Replicas) -> None:
    assert not [item for item in made if item.status != (200 if item.wanted.is_right else 500)]
    sent = Counter(item.wanted.server for item in made)
    wrong = Counter(item.wanted.server for item in made if not item.wanted.is_right)
    for server in ids:
        for url in replicas.urls:
            _, shown = call("GET", f"{url}/mockserver/{server}")
            assert (shown["metrics"]["requests"], shown["failed"]) == (sent[server], wrong[server])


def _is_refused_with_a_sentence(replicas: Replicas) -> None:
    """Have an old replica come back, of which nothing is promised but that it says why it cannot."""
    server = replicas.create(pact_of(0))
    old = replicas.start(command=_release("old"))
    for path in (f"/mockserver/{server}", f"/m/{server}/of-0/1"):
        status, answer = call("GET", f"{old.url}{path}")
        assert (status, answer["code"]) == (503, "store_unavailable")
        assert "and this replica knows none above 1: update it" in answer["error"]
