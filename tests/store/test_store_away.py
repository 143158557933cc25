"""A store that stops, breaks connections, is full, empty or none at all: a sentence, never a match, and it heals."""

from __future__ import annotations

import asyncio
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.pacts import interaction, pact
from tests.patience import HANG
from tests.process import call, run, service
from tests.store.redis_server import Redis, redis_server
from tests.store.replicas import Replicas

ANY = pact(
    interaction("any", {"path": "/1", "matchingRules": {"path": {"matchers": [{"match": "regex", "regex": "/\\d+"}]}}})
)


@pytest.fixture
def redis() -> Iterator[Redis]:
    """One of its own for each test, which may do to it whatever it likes."""
    with redis_server() as running:
        yield running


@pytest.fixture
def pair(redis: Redis, tmp_path: Path) -> Iterator[Replicas]:
    """Two replicas of little patience, but for a store that a busy machine keeps from running."""
    with Replicas(redis.url, tmp_path) as running:
        for _ in range(2):
            running.start("--store-timeout", "2")
        yield running


def _until(holds: Callable[[], bool], seconds: float = HANG) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it does not come about"
        time.sleep(0.05)


def _heals(pair: Replicas, server: str) -> Callable[[], bool]:
    """Return whether all replicas take requests again. What that sends is right."""
    return lambda: all(
        call("GET", f"{url}/ready")[0] == 200 and call("GET", f"{url}/m/{server}/{_PROBE}")[0] == 200
        for url in pair.urls
    )


_PROBE = 99


def _received(pair: Replicas, server: str) -> dict[str, list[bool]]:
    """Return whether what was received matched, by path, as all replicas say it."""
    found: dict[str, list[bool]] = {}
    for item in pair.ask(f"/mockserver/{server}/requests?brief=true")[1]["requests"]:
        found.setdefault(item["path"], []).append(item["matched"])
    found.pop(f"/{_PROBE}", None)
    return found


def _ids(pair: Replicas) -> list[str]:
    """Return the ids of the mock servers that all replicas list."""
    first, second = ([item["id"] for item in call("GET", f"{url}/")[1]["mockServers"]] for url in pair.urls)
    assert first == second
    return first


async def test_a_store_that_hangs_is_answered_with_503_and_what_it_does_late_is_void(
    redis: Redis, pair: Replicas
) -> None:
    server = pair.create(ANY)
    for url in pair.urls:
        assert call("GET", f"{url}/m/{server}/1")[0] == 200
    redis.signal(signal.SIGSTOP)
    try:
        asked = [f"{url}/m/{server}/{10 + each}" for each in range(8) for url in pair.urls]
        for status, answer in await asyncio.gather(*(asyncio.to_thread(call, "GET", url) for url in asked)):
            assert (status, answer["code"]) == (503, "store_unavailable"), answer
        status, answer = call("GET", f"{pair.urls[0]}/mockserver/{server}/matched")
        assert (status, answer["code"]) == (503, "store_unavailable")
        _until(lambda: all(call("GET", f"{url}/ready")[0] == 503 for url in pair.urls))
        assert all(call("GET", f"{url}/health")[0] == 200 for url in pair.urls)
    finally:
        redis.signal(signal.SIGCONT)
    _until(_heals(pair, server))
    found = _received(pair, server)
    assert found.pop("/1") == [True, True]
    assert not [path for path, matched in found.items() if any(matched) or len(matched) > 2], found
    assert pair.ask(f"/mockserver/{server}/matched") == (200, {"matched": True})


def test_who_is_told_that_the_store_is_away_is_told_when_to_try_again(redis: Redis, pair: Replicas) -> None:
    server = pair.create(ANY)
    redis.stop()
    with socket.create_connection(("127.0.0.1", pair.running[0].port), timeout=HANG) as connection:
        connection.sendall(f"GET /m/{server}/1 HTTP/1.1\r\nHost: mock\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
    assert answer.startswith("HTTP/1.1 503 ")
    assert "\r\nRetry-After: 1\r\n" in answer


def test_who_asks_while_the_store_starts_anew_waits_for_it(redis: Redis, tmp_path: Path) -> None:
    with service(tmp_path, "--store", redis.url, "--store-timeout", "20") as replica:
        redis.stop()
        redis.start()
        status, answer = call("POST", replica.url, ANY)
        assert status == 200, answer


def test_broken_connections_are_made_anew(redis: Redis, pair: Replicas) -> None:
    server = pair.create(ANY)
    for number in range(30):
        assert redis.command("CLIENT", "KILL", "TYPE", "normal") is not None
        _until(lambda: call("GET", f"{pair.urls[0]}/m/{server}/{_PROBE}")[0] == 200)
        status, _ = call("GET", f"{pair.urls[number % 2]}/m/{server}/{number}")
        assert status in (200, 503)
    assert pair.ask(f"/mockserver/{server}/matched") == (200, {"matched": True})


def test_scripts_that_the_store_has_forgotten_are_sent_again(redis: Redis, pair: Replicas) -> None:
    server = pair.create(ANY)
    for number in range(3):
        redis.command("SCRIPT", "FLUSH")
        for url in pair.urls:
            assert call("GET", f"{url}/m/{server}/{number}")[0] == 200
        redis.command("SCRIPT", "FLUSH")
        assert pair.ask(f"/mockserver/{server}/matched") == (200, {"matched": True})
    assert call("DELETE", f"{pair.urls[0]}/mockserver/{server}")[0] == 204


def test_a_store_that_is_full_notes_nothing_and_says_so(redis: Redis, pair: Replicas) -> None:
    server = pair.create(ANY)
    assert call("GET", f"{pair.urls[0]}/m/{server}/1")[0] == 200
    redis.command("CONFIG", "SET", "maxmemory", "1")
    _until(lambda: call("GET", f"{pair.urls[0]}/m/{server}/{_PROBE}")[0] == 503)
    status, answer = call("GET", f"{pair.urls[0]}/m/{server}/2")
    assert (status, answer["code"]) == (503, "store_unavailable")
    assert "memory" in answer["error"]
    assert call("POST", pair.urls[1], ANY)[0] == 503
    assert call("PUT", f"{pair.urls[1]}/mockserver/{server}/interactions", [interaction("b", {"path": "/b"})])[0] == 503
    redis.command("CONFIG", "SET", "maxmemory", "0")
    _until(_heals(pair, server))
    assert _received(pair, server) == {"/1": [True]}
    assert _ids(pair) == [server]


def test_a_store_that_is_full_refuses_also_who_has_answers_to_tell_of(redis: Redis, pair: Replicas) -> None:
    server = pair.create(ANY)
    for _ in range(10):
        assert call("GET", f"{pair.urls[0]}/m/{server}/1")[0] == 200
        redis.command("CONFIG", "SET", "maxmemory", "1")
        assert call("GET", f"{pair.urls[0]}/m/{server}/2")[0] == 503
        redis.command("CONFIG", "SET", "maxmemory", "0")
    assert _received(pair, server) == {"/1": [True] * 10}


def test_a_store_that_was_emptied_has_no_mock_servers(redis: Redis, pair: Replicas) -> None:
    server = pair.create(ANY, "?name=old")
    for url in pair.urls:
        assert call("GET", f"{url}/m/{server}/1")[0] == 200
    redis.command("FLUSHALL")
    for url in pair.urls:
        for path in (f"/m/{server}/1", "/m/old/1", f"/mockserver/{server}/matched", f"/mockserver/{server}/requests"):
            status, answer = call("GET", f"{url}{path}")
            assert status == 404, (path, answer)
            assert "Traceback" not in str(answer)
        assert call("PUT", f"{url}/mockserver/{server}/interactions", [interaction("b")])[0] == 404
        assert call("DELETE", f"{url}/mockserver/{server}/requests")[0] == 404
        assert call("GET", f"{url}/ready")[0] == 200
    assert _ids(pair) == []
    again = pair.create(ANY, "?name=old")
    assert call("GET", f"{pair.urls[1]}/m/old/1")[0] == 200
    assert pair.ask(f"/mockserver/{again}/matched") == (200, {"matched": True})


def test_a_store_that_went_back_in_time_takes_all_replicas_with_it(tmp_path: Path) -> None:
    with redis_server() as redis, Replicas(redis.url, tmp_path) as replicas:
        for _ in range(2):
            replicas.start("--store-timeout", "5")
        server = replicas.create(pact(interaction("a", {"path": "/a"})))
        ahead, other = (f"{url}/m/{server}" for url in replicas.urls)
        assert [call("GET", f"{url}/a")[0] for url in (ahead, other)] == [200, 200]
        assert redis.command("SAVE") == "+OK"
        for _ in range(20):
            assert call("GET", f"{ahead}/a")[0] == 200
        replaced = pact(interaction("c", {"path": "/c"}))
        assert call("PUT", f"{replicas.urls[0]}/mockserver/{server}/interactions", replaced)[0] == 200
        redis.kill()
        redis.start()
        assert call("GET", f"{other}/wrong")[0] == 500
        assert call("GET", f"{ahead}/a")[0] in (200, 503), "503 where it finds out just then"
        assert call("GET", f"{ahead}/a")[0] == 200, "what replaced it is lost"
        for _ in range(30):
            assert call("GET", f"{other}/a")[0] == 200
        assert replicas.ask(f"/mockserver/{server}/matched") == (200, {"matched": False})


@pytest.mark.parametrize(
    ("store", "says"),
    [
        ("redis://127.0.0.1:1/0", "cannot be reached"),
        ("nonsense", "--store"),
        ("http://127.0.0.1:1", "--store"),
        ("redis://127.0.0.1:notaport/0", "--store"),
        ("unix:///nowhere/redis.sock", "cannot be reached"),
    ],
)
def test_a_store_that_is_none_is_a_sentence_at_start(store: str, says: str) -> None:
    ended = run("start", "--port", "0", "--store", store, "--store-timeout", "0.5")
    assert ended.returncode in (1, 2)
    assert says in ended.stderr
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr.strip().splitlines()) <= 4, ended.stderr


def test_what_is_no_redis_is_a_sentence_at_start(tmp_path: Path) -> None:
    with service(tmp_path) as other:
        ended = run("start", "--port", "0", "--store", f"redis://127.0.0.1:{other.port}/0", "--store-timeout", "0.5")
    assert ended.returncode in (1, 2)
    assert "The store cannot be reached" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_wrong_password_is_a_sentence_at_start(tmp_path: Path) -> None:
    with redis_server("--requirepass", "right", tcp=True) as redis:
        ended = run("start", "--port", "0", "--store", redis.url_with("wrong"), "--store-timeout", "5")
        assert ended.returncode in (1, 2)
        assert "password" in ended.stderr
        assert "wrong@" not in ended.stderr
        assert "Traceback" not in ended.stderr
        with service(tmp_path, "--store", redis.url_with("right")) as replica:
            assert call("POST", replica.url, ANY)[0] == 200
