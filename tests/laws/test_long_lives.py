"""Thousands of mock servers that live beside each other in one service: no verdict is late, and nothing is left."""

from __future__ import annotations

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from attacks.connection import Connection, request
from attacks.service import JSON, Service, running
from tests.pacts import interaction, pact, rules

pytestmark = [
    pytest.mark.nightly,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="what a process holds is read from /proc"),
]

LIVES, AT_ONCE, POLLS = 4000, 40, 3000
WARM_UP = 400
MEGABYTES = 60

_ITEMS = [{"id": number, "name": f"item {number}"} for number in range(8000)]
_LARGE = json.dumps(_ITEMS).encode()
"""Over 256 kB, so that it is decided in a thread."""


def _live(service: Service, number: int) -> list[int]:
    """Make a server, ask it something small and something large, verify it and end it; return the statuses."""
    matching = rules(**{"$": {"match": "type"}, "$[*].name": {"match": "regex", "regex": r"item \d+"}})
    large = {"method": "POST", "path": "/large", "body": _ITEMS[:1], "matchingRules": matching}
    document = pact(interaction("a", {"path": f"/{number}"}), interaction("b", large), consumer=f"c{number % 7}")
    server = service.create(document)
    with Connection(server.port) as connection:
        connection.send(request("GET", f"/{number}"))
        statuses = [connection.answer().status]
        if number % 10 == 0:
            statuses.append(service.verify(server))
        connection.send(request("POST", "/large", JSON, _LARGE))
        statuses.append(connection.answer("POST").status)
    statuses.append(service.verify(server))
    return [*statuses, service.call("DELETE", f"/mockserver/{server.id}").status]


def _held(service: Service) -> tuple[int, int]:
    """Return the descriptors and the bytes that the service holds."""
    process = Path(f"/proc/{service.process.pid}")
    pages = int((process / "statm").read_text().split()[1])
    return len(os.listdir(process / "fd")), pages * os.sysconf("SC_PAGE_SIZE")  # noqa: PTH208  only their number counts


@pytest.mark.timeout(1800)
def test_thousands_of_lives_forty_at_a_time_all_end_well_and_leave_nothing() -> None:
    with running() as service, ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda number: _live(service, number), range(WARM_UP)))
        descriptors, memory = _held(service)
        outcomes = list(pool.map(lambda number: _live(service, number), range(LIVES)))
        for number, outcome in enumerate(outcomes):
            assert outcome == ([200, 422, 200, 204, 204] if number % 10 == 0 else [200, 200, 204, 204])
        assert service.document("/")["mockServers"] == []
        after, grown = _held(service)
        assert after <= descriptors + AT_ONCE
        assert grown - memory < MEGABYTES * 1024 * 1024


@pytest.mark.timeout(900)
def test_every_mismatch_is_seen_by_who_polls_right_after_it() -> None:
    with running() as service:
        server = service.create(pact(interaction("a", {"path": "/a"})))
        with Connection(server.port) as calling, Connection(service.port) as polling:
            for number in range(1, POLLS + 1):
                calling.send(request("GET", "/wrong"))
                assert calling.answer().status == 500
                polling.send(request("GET", f"/mockserver/{server.id}"))
                assert json.loads(polling.answer().body)["metrics"]["requests"] == number
