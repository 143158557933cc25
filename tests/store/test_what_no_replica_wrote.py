"""What somebody else writes into the store is a sentence, on each replica, and ends none of them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.pacts import interaction, pact
from tests.process import call
from tests.store.redis_server import Redis, redis_server
from tests.store.replicas import Replicas

ANY = pact(interaction("a", {"path": "/a"}))

_VALUES = (
    "nonsense",
    "[]",
    "{}",
    '{"v": 1}',
    '{"v": "1"}',
    '{"v": 99}',
    '{"v": 1, "op": "nonsense", "by": "x"}',
    '{"v": 1, "op": "note", "by": "x", "decision": {}}',
    '{"v": 1, "given": []}',
    "[" * 20_000,
)


@pytest.fixture(scope="module")
def pair(redis: Redis, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replicas]:
    with Replicas(redis.url, tmp_path_factory.mktemp("replicas")) as replicas:
        for _ in range(2):
            replicas.start()
        yield replicas


def _is_said(pair: Replicas, server: str, *, by_all: bool) -> None:
    """See that a mock server is answered for by a sentence of the store."""
    for url in pair.urls if by_all else pair.urls[1:]:
        for method, path in (("GET", "matched"), ("GET", "requests"), ("POST", "verify")):
            status, answer = call(method, f"{url}/mockserver/{server}/{path}")
            assert (status, answer["code"]) == (503, "store_unavailable"), (path, answer)


@pytest.mark.parametrize("value", _VALUES)
def test_in_a_ledger(redis: Redis, pair: Replicas, value: str) -> None:
    server = pair.create(ANY)
    assert pair.ask(f"/mockserver/{server}/matched")[0] == 200
    key = f"pactmock:{{{server}}}"
    number = redis.command("HINCRBY", key, "last", "1")[1:]
    redis.command("XADD", f"{key}:ledger", f"{number}-0", "o", value)
    _is_said(pair, server, by_all=True)
    assert call("DELETE", f"{pair.urls[0]}/mockserver/{server}")[0] == 204


@pytest.mark.parametrize("value", _VALUES)
def test_as_a_snapshot(redis: Redis, pair: Replicas, value: str) -> None:
    server = pair.create(ANY)
    redis.command("SET", f"pactmock:{{{server}}}:snapshot", value)
    _is_said(pair, server, by_all=False)
    status, answer = call("GET", f"{pair.urls[1]}/m/{server}/a")
    assert (status, answer["code"]) == (503, "store_unavailable"), answer
    assert call("DELETE", f"{pair.urls[0]}/mockserver/{server}")[0] == 204


def test_entries_that_are_lost_are_never_passed_over(redis: Redis, pair: Replicas) -> None:
    server = pair.create(ANY)
    assert call("GET", f"{pair.urls[1]}/mockserver/{server}/matched")[0] == 200
    for path in ("a", "wrong", "a"):
        call("GET", f"{pair.urls[0]}/m/{server}/{path}")
    redis.command("XDEL", f"pactmock:{{{server}}}:ledger", "2-0")
    _is_said(pair, server, by_all=False)
    assert call("DELETE", f"{pair.urls[0]}/mockserver/{server}")[0] == 204


def test_in_the_lists_of_all(redis: Redis, pair: Replicas) -> None:
    server = pair.create(ANY, "?name=mine")
    for key in ("servers", "names", "replicas", "pacts"):
        for number, value in enumerate(_VALUES):
            redis.command("HSET", f"pactmock:{key}", f"evil{number}", value)
    assert call("GET", f"{pair.urls[0]}/m/mine/a")[0] == 200
    assert call("POST", f"{pair.urls[1]}/mockserver/mine/verify")[0] == 204
    for url in pair.urls:
        listed: Any = call("GET", f"{url}/")
        assert [item["id"] for item in listed[1]["mockServers"]] == [server], listed
        status, pacts = call("GET", f"{url}/pacts")
        assert (status, len(pacts["pacts"]), len(pacts["unread"])) == (200, 1, len(_VALUES)), pacts
        assert call("GET", f"{url}/mockserver/evil1/matched")[0] == 404
    assert call("POST", f"{pair.urls[0]}/?name=evil2", ANY)[0] == 200, "nobody has that name"


def test_a_replica_goes_on_saying_that_it_runs(tmp_path: Path) -> None:
    with redis_server() as other, Replicas(other.url, tmp_path) as replicas:
        replicas.start()
        other.command("HSET", "pactmock:replicas", "evil", "nonsense")
        until = time.monotonic() + 20
        while other.command("HEXISTS", "pactmock:replicas", "evil") != ":0":
            assert time.monotonic() < until, "it is nobody, and is forgotten"
            time.sleep(0.05)
        assert call("GET", f"{replicas.urls[0]}/ready")[0] == 200
