"""What the store has of a mock server is bounded, and goes with it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pacts import interaction, pact
from tests.patience import HANG
from tests.process import call
from tests.store.redis_server import Redis, redis_server
from tests.store.replicas import Replicas

_DOCUMENTED = re.compile(r"pactmock:(servers|names|replicas|pacts.*|\{[A-Z0-9]{8}\}(:(ledger|snapshot|pending|void))?)")


@pytest.fixture
def redis() -> Iterator[Redis]:
    """One of its own for each test, which looks at all that is in it."""
    with redis_server() as running:
        yield running


def test_of_a_body_as_much_is_noted_as_the_store_can_have_of_all(redis: Redis, tmp_path: Path) -> None:
    with Replicas(redis.url, tmp_path) as replicas:
        for _ in range(2):
            replicas.start()
        long = "e" * 4_000_000
        given = interaction("long", {"method": "POST", "path": "/a", "body": {"text": long}}, body={"text": long})
        server = replicas.create(pact(given))
        before = redis.size
        for number in range(6):
            url = f"{replicas.urls[number % 2]}/m/{server}/a"
            assert call("POST", url, {"text": long}) == (200, {"text": long})
            assert call("POST", url, {"text": f"{long}, and more"})[0] == 500
        assert redis.size - before < 12 * 2 * 300 * 1024, "each is noted with its answer"
        status, shown = replicas.ask(f"/mockserver/{server}/requests/1")
        assert status == 200, shown
        for part in ("request", "response"):
            content = shown[part]["body"]["content"]
            assert content.startswith('{"text":')
            assert re.search(r"… \([\d,]{9} bytes\)$", content), content[-60:]
            assert len(content.encode()) < 256 * 1024 + 40
        for url in replicas.urls:
            assert call("GET", f"{url}/mockserver/{server}")[1]["failed"] == 6


def test_nothing_of_mock_servers_that_have_ended_stays_in_the_store(redis: Redis, tmp_path: Path) -> None:
    with Replicas(redis.url, tmp_path) as replicas:
        replicas.start()
        replicas.start()
        lasting = pact(interaction("a", {"path": "/a"}))
        servers = [replicas.create(lasting, query) for query in ("?name=one", "?ttl=3600&name=two", "")]
        for server in servers:
            for url in replicas.urls:
                assert call("GET", f"{url}/m/{server}/a")[0] == 200
                assert call("GET", f"{url}/m/{server}/b")[0] == 500
            assert call("POST", f"{replicas.urls[1]}/mockserver/{server}/interactions", [interaction("b")])[0] == 200
        assert all(map(_DOCUMENTED.fullmatch, redis.keys)), redis.keys
        for server in servers:
            assert call("DELETE", f"{replicas.urls[1]}/mockserver/{server}")[0] == 204
        assert redis.keys == {"pactmock:replicas"}


def test_what_is_no_request_makes_a_ledger_no_longer_than_requests_do(redis: Redis, tmp_path: Path) -> None:
    with Replicas(redis.url, tmp_path) as replicas:
        replicas.start()
        server = replicas.create(pact(interaction("a", {"path": "/a"})))
        place = f"{replicas.urls[0]}/mockserver/{server}"
        for number in range(2600):
            assert call("PUT", f"{place}/scopes/one", {})[0] == 200, number
        until = time.monotonic() + HANG
        while int(redis.command("XLEN", f"pactmock:{{{server}}}:ledger")[1:]) > 2100:
            assert time.monotonic() < until
            time.sleep(0.02)
        replicas.start()
        assert replicas.ask(f"/mockserver/{server}/matched") == (200, {"matched": False})


def test_all_of_a_mock_server_that_nobody_touches_expires(redis: Redis, tmp_path: Path) -> None:
    with Replicas(redis.url, tmp_path) as replicas:
        replicas.start()
        for number, change in enumerate(("PUT", "POST")):
            server = replicas.create(pact(interaction("a", {"path": "/a"})), "?ttl=3600")
            first = f"{replicas.urls[0]}/mockserver/{server}"
            assert call(change, f"{first}/interactions", [interaction("b")])[0] == 200
            assert call("POST", f"{first}/verify")[0] == 422, number
            assert call("GET", f"{replicas.urls[0]}/m/{server}/a")[0] == (500 if change == "PUT" else 200)
        of_servers = [key for key in redis.keys if "{" in key]
        assert of_servers
        for key in of_servers:
            assert 3500 < int(redis.command("TTL", key)[1:]) < 3 * 3600, key
