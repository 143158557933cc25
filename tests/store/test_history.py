"""A store whose history is another one than a replica knows: it lost what it had acknowledged, and went on.

No replica can tell that by how much the store knows, nor by whom it talks to, as behind a cluster. Here the keys of a
mock server are put back as they were, and so is all that a failover could show.
"""

from __future__ import annotations

import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.pacts import interaction, pact
from tests.process import Running, call
from tests.store import hasty
from tests.store.redis_server import Redis
from tests.store.replicas import Replicas

_PARTS = ("", ":ledger", ":snapshot", ":pending", ":void")


class _Kept:
    """What the store had of a mock server at some time."""

    def __init__(self, redis: Redis, server: str) -> None:
        self._redis = redis
        self._key = f"pactmock:{{{server}}}"
        for part in _PARTS:
            redis.command("COPY", self._key + part, f"{self._key}:kept{part}", "REPLACE")

    def put_back(self) -> None:
        for part in _PARTS:
            self._redis.command("DEL", self._key + part)
            self._redis.command("COPY", f"{self._key}:kept{part}", self._key + part)


@pytest.fixture(scope="module")
def pair(redis: Redis, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replicas]:
    with Replicas(redis.url, tmp_path_factory.mktemp("pair")) as replicas:
        replicas.start()
        replicas.start()
        yield replicas


def _create(pair: Replicas) -> str:
    return pair.create(pact(interaction("a", {"path": "/a"}, body="first")))


def _paths(replica: Running, server: str) -> list[str]:
    status, listed = call("GET", f"{replica.url}/mockserver/{server}/requests?brief=true")
    assert status == 200
    return [item["path"] for item in listed["requests"]]


@pytest.mark.parametrize("more", [0, 1], ids=["as many", "more"])
def test_what_came_in_the_place_of_what_was_lost_is_in_every_verdict(redis: Redis, pair: Replicas, more: int) -> None:
    old, new = pair.running
    server = _create(pair)
    kept = _Kept(redis, server)
    for _ in range(3):
        assert call("GET", f"{old.url}/m/{server}/b")[0] == 500
    assert _paths(old, server) == ["/b"] * 3
    kept.put_back()
    for number in range(3 + more):
        assert call("GET", f"{new.url}/m/{server}/after-{number}")[0] == 500
    assert _paths(old, server) == _paths(new, server) == [f"/after-{number}" for number in range(3 + more)]
    assert len(pair.ask(f"/mockserver/{server}/mismatches")[1]) == 4 + more


def test_no_verdict_is_green_for_requests_that_were_lost(redis: Redis, pair: Replicas) -> None:
    old, new = pair.running
    server = _create(pair)
    kept = _Kept(redis, server)
    assert call("GET", f"{old.url}/mockserver/{server}/matched") == (200, {"matched": False})
    assert _get(old, server) == "first"
    assert call("GET", f"{old.url}/mockserver/{server}/matched") == (200, {"matched": True})
    kept.put_back()
    assert call("GET", f"{new.url}/m/{server}/wrong")[0] == 500
    assert call("POST", f"{old.url}/mockserver/{server}/verify")[0] == 422
    assert pair.ask(f"/mockserver/{server}/matched") == (200, {"matched": False})


def _get(replica: Running, server: str) -> str:
    with urllib.request.urlopen(f"{replica.url}/m/{server}/a", timeout=30) as response:
        return str(response.read().decode())


def test_nobody_plays_on_what_was_lost_because_something_else_has_its_number(redis: Redis, pair: Replicas) -> None:
    old, new = pair.running
    server = _create(pair)
    kept = _Kept(redis, server)
    here = f"/mockserver/{server}/interactions"
    lost, present = (
        [interaction("a", {"path": "/a", "query": {"of": [name]}}, body=name)] for name in ("lost", "present")
    )
    assert call("PUT", f"{old.url}{here}", lost)[0] == 200
    kept.put_back()
    assert call("PUT", f"{new.url}{here}", present)[0] == 200
    assert call("GET", f"{old.url}/m/{server}/a?of=lost")[0] == 500
    assert call("POST", f"{old.url}/mockserver/{server}/verify")[0] == 422
    found = pair.ask(f"/mockserver/{server}/mismatches")[1]
    assert [item["type"] for item in found] == ["request-mismatch"], found


def test_what_was_noted_behind_what_others_have_lost_is_listed_with_what_is_there(redis: Redis, pair: Replicas) -> None:
    old, new = pair.running
    server = _create(pair)
    kept = _Kept(redis, server)
    assert call("GET", f"{old.url}/m/{server}/lost")[0] == 500
    kept.put_back()
    assert call("GET", f"{new.url}/m/{server}/there")[0] == 500
    assert call("GET", f"{old.url}/m/{server}/behind")[0] == 500
    assert _paths(old, server) == _paths(new, server) == ["/there", "/behind"]


@contextmanager
def _hasty(redis: Redis, directory: Path) -> Iterator[tuple[Running, Running]]:
    with Replicas(redis.url, directory) as replicas:
        yield replicas.start(command=hasty.KEEPING), replicas.start(command=hasty.KEEPING)


def test_no_snapshot_of_what_was_lost_takes_the_place_of_what_is_there(redis: Redis, tmp_path: Path) -> None:
    with _hasty(redis, tmp_path) as (old, new):
        status, made = call("POST", old.url, pact(interaction("a", {"path": "/a"})))
        assert status == 200
        server = made["mockServer"]["id"]
        kept = _Kept(redis, server)
        for _ in range(2):
            assert call("GET", f"{old.url}/m/{server}/lost")[0] == 500
        kept.put_back()
        for number in range(2):
            assert call("GET", f"{new.url}/m/{server}/there-{number}")[0] == 500
        assert call("GET", f"{old.url}/m/{server}/there-2")[0] == 500
        for number in range(3, 9):  # somebody makes a snapshot of four entries meanwhile
            assert call("GET", f"{(old, new)[number % 2].url}/m/{server}/there-{number}")[0] == 500
        until = time.monotonic() + 20
        while redis.command("HGET", f"pactmock:{{{server}}}", "snapshot") == "$1":
            if redis.command("XLEN", f"pactmock:{{{server}}}:ledger") <= ":5":
                break
            assert time.monotonic() < until, "nobody makes a snapshot"
            time.sleep(0.01)
        expected = [f"/there-{number}" for number in range(9)]
        assert _paths(old, server) == expected
        assert _paths(new, server) == expected
