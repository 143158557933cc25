"""A replica ends without a request that fails, and says when nothing should be sent to it."""

from __future__ import annotations

import asyncio
import signal
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import aiohttp
import pytest

from tests.patience import HANG
from tests.process import call, service
from tests.store.load import pact_of
from tests.store.redis_server import Redis, redis_server
from tests.store.replicas import Replicas

_DRAIN_SECONDS = 1.5


class Balanced:
    """A client behind a load balancer: it sends to replicas that say that they are ready, in turn."""

    def __init__(self, urls: Sequence[str], path: str) -> None:
        self._path = path
        self._ready = dict.fromkeys(urls, True)
        self._ends = asyncio.Event()
        self._turns = 0
        self.answers: Counter[tuple[str, object]] = Counter()
        """How many answers, or errors, came from whom."""

    async def play(self, until: asyncio.Future[None]) -> None:
        """Send without a pause, over connections that are kept, until something has happened."""
        until.add_done_callback(lambda _: self._ends.set())
        await asyncio.gather(*(self._watch(url) for url in self._ready), *(self._send() for _ in range(8)))

    async def _watch(self, url: str) -> None:
        async with aiohttp.ClientSession() as session:
            while not self._ends.is_set():
                try:
                    async with session.get(f"{url}/ready") as response:
                        self._ready[url] = response.status == 200
                except aiohttp.ClientError:
                    self._ready[url] = False
                await asyncio.sleep(0.02)

    async def _send(self) -> None:
        async with aiohttp.ClientSession() as session:
            while not self._ends.is_set():
                self._turns += 1
                ready = [url for url, is_ready in self._ready.items() if is_ready]
                url = ready[self._turns % len(ready)]
                try:
                    async with session.get(f"{url}{self._path}/{self._turns}") as response:
                        self.answers[url, await response.text()] += 1
                except aiohttp.ClientError as error:
                    self.answers[url, repr(error)] += 1


@pytest.fixture
def two(redis: Redis, tmp_path: Path) -> Replicas:
    return Replicas(redis.url, tmp_path)


async def test_no_request_fails_while_one_of_two_is_terminated(two: Replicas) -> None:
    with two:
        leaving, staying = (two.start(PACTMOCK_DRAIN_SECONDS=str(_DRAIN_SECONDS)) for _ in range(2))
        server = two.create(pact_of(1))

        async def terminate() -> None:
            while len({url for url, _ in client.answers}) < 2:  # noqa: ASYNC110  until it is under way
                await asyncio.sleep(0.01)
            begun = time.monotonic()
            leaving.process.terminate()
            assert await asyncio.to_thread(leaving.process.wait, HANG) == 0
            assert time.monotonic() - begun >= _DRAIN_SECONDS
            await asyncio.sleep(0.3)  # the other goes on alone

        client = Balanced(two.urls, f"/m/{server}/of-1")
        await client.play(asyncio.ensure_future(terminate()))
        assert {answer for _, answer in client.answers} == {"yes"}
        assert {url for url, _ in client.answers} == set(two.urls)
        shown = call("GET", f"{staying.url}/mockserver/{server}")[1]
        assert shown["metrics"]["requests"] == client.answers.total()
        assert call("GET", f"{staying.url}/mockserver/{server}/matched") == (200, {"matched": True})


def test_one_that_drains_is_not_ready_and_answers_with_its_leave(two: Replicas) -> None:
    with two:
        leaving = two.start("--drain-seconds", "600")
        server = two.create(pact_of(1))
        leaving.process.terminate()
        while (answer := call("GET", f"{leaving.url}/ready"))[0] == 200:
            pass
        assert (answer[0], answer[1]["code"]) == (503, "stopping")
        assert call("GET", f"{leaving.url}/health")[0] == 200
        assert asyncio.run(_last_words(leaving.url, f"/m/{server}/of-1/1")) == (200, "close")
        assert asyncio.run(_last_words(leaving.url, f"/mockserver/{server}/matched")) == (200, "close")


async def _last_words(url: str, path: str) -> tuple[int, str | None]:
    async with aiohttp.ClientSession() as session, session.get(url + path) as response:
        return response.status, response.headers.get("Connection")


def test_a_second_signal_ends_it_at_once(tmp_path: Path) -> None:
    with service(tmp_path, "--drain-seconds", "600") as running:
        running.process.terminate()
        while call("GET", f"{running.url}/ready")[0] == 200:
            pass
        running.process.terminate()
        assert running.process.wait(HANG) == 128 + signal.SIGTERM


def test_who_presses_ctrl_c_does_not_wait(tmp_path: Path) -> None:
    with service(tmp_path, "--drain-seconds", "600") as running:
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(HANG) == 0


def test_it_drains_only_where_it_has_a_store_or_is_told_to(redis: Redis, tmp_path: Path) -> None:
    with service(tmp_path / "alone") as alone, service(tmp_path / "shared", "--store", redis.url) as shared:
        for replica, says in ((alone, False), (shared, True)):
            replica.process.terminate()
            assert ("the service ends in 5 s" in replica.process.communicate(timeout=HANG)[1]) is says
            assert replica.process.returncode == 0


def test_it_is_not_ready_while_the_store_is_away(tmp_path: Path) -> None:
    with redis_server() as redis, service(tmp_path, "--store", redis.url, "--store-timeout", "0.5") as running:
        assert call("GET", f"{running.url}/ready") == (200, {"status": "ready"})
        redis.stop()
        status, answer = _ready_when(running.url, 503)
        assert (status, answer["code"]) == (503, "store_unavailable")
        assert call("GET", f"{running.url}/health")[0] == 200
        redis.start()
        assert _ready_when(running.url, 200) == (200, {"status": "ready"})


def _ready_when(url: str, status: int) -> tuple[int, dict[str, str]]:
    until = time.monotonic() + HANG
    while (answer := call("GET", f"{url}/ready"))[0] != status:
        assert time.monotonic() < until, answer
        time.sleep(0.05)
    return answer
