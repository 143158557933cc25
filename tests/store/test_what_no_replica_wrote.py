"""What somebody else writes into the store is a sentence, on each replica, and ends none of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.pacts import interaction, pact
from tests.patience import HANG
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


def _spoil_entry(redis: Redis, key: str) -> None:
    number = redis.command("HINCRBY", key, "last", "1")[1:]
    redis.command("XADD", f"{key}:ledger", f"{number}-0", "o", '{"v": 99}')


_SPOILED: dict[str, Callable[[Redis, str], object]] = {
    "a snapshot of a format to come": lambda redis, key: redis.command("SET", f"{key}:snapshot", '{"v": 99}'),
    "a snapshot that is none": lambda redis, key: redis.command("SET", f"{key}:snapshot", "nonsense"),
    "no snapshot": lambda redis, key: redis.command("DEL", f"{key}:snapshot"),
    "a snapshot of another kind": lambda redis, key: (
        redis.command("DEL", f"{key}:snapshot"),
        redis.command("HSET", f"{key}:snapshot", "a", "b"),
    ),
    "an entry of a format to come": _spoil_entry,
    "a ledger of another kind": lambda redis, key: (
        redis.command("HINCRBY", key, "last", "1"),
        redis.command("SET", f"{key}:ledger", "nonsense"),
    ),
    "a head of another kind": lambda redis, key: (redis.command("DEL", key), redis.command("SET", key, "nonsense")),
}


@pytest.mark.parametrize("spoil", _SPOILED.values(), ids=_SPOILED)
@pytest.mark.parametrize("by", ["id", "name"])
@pytest.mark.parametrize("where", [0, 1], ids=["where it was made", "elsewhere"])
def test_what_nobody_can_read_can_be_ended_anywhere_and_its_name_is_free(
    redis: Redis, pair: Replicas, spoil: Callable[[Redis, str], object], by: str, where: int
) -> None:
    before = redis.keys
    server = pair.create(ANY, "?name=spoiled")
    spoil(redis, f"pactmock:{{{server}}}")
    status, answer = call("GET", f"{pair.urls[1]}/mockserver/{server}/matched")
    assert (status, answer["code"]) == (503, "store_unavailable"), answer
    for url in pair.urls:
        assert call("GET", f"{url}/")[0] == 200, "all others are listed"
    named = server if by == "id" else "spoiled"
    assert call("DELETE", f"{pair.urls[where]}/mockserver/{named}") == (204, None)
    for url in pair.urls:
        for path in (f"/mockserver/{named}", f"/m/{named}/a", f"/mockserver/{server}"):
            assert call("GET", f"{url}{path}")[0] == 404
        assert call("DELETE", f"{url}/mockserver/{named}")[0] == 404
        assert not [said for said in call("GET", f"{url}/ready")[1].get("notPlayed", ()) if server in said]
    assert not [key for key in redis.keys - before if server in key]
    assert redis.command("HEXISTS", "pactmock:servers", server) == ":0"
    assert redis.command("HEXISTS", "pactmock:names", "spoiled") == ":0"
    assert pair.create(ANY, "?name=spoiled") != server
    assert call("DELETE", f"{pair.urls[0]}/mockserver/spoiled")[0] == 204


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
        until = time.monotonic() + HANG
        while other.command("HEXISTS", "pactmock:replicas", "evil") != ":0":
            assert time.monotonic() < until, "it is nobody, and is forgotten"
            time.sleep(0.05)
        assert call("GET", f"{replicas.urls[0]}/ready")[0] == 200
