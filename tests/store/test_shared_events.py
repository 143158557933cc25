"""Who follows events on one replica hears what happens on all."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.pacts import USERS
from tests.patience import HANG
from tests.process import call
from tests.store.replicas import Replicas


@contextmanager
def _following(url: str) -> Iterator[Iterator[dict[str, Any]]]:
    with urllib.request.urlopen(f"{url}/events", timeout=HANG) as stream:
        yield (json.loads(line[6:]) for line in stream if line.startswith(b"data: "))


def _next(events: Iterator[dict[str, Any]], server: str) -> dict[str, Any]:
    return next(event for event in events if event.get("server") == server)


def test_what_happens_on_another_replica_is_heard_once_in_its_order(replicas: Replicas) -> None:
    first, second, third = replicas.urls
    known = replicas.create(USERS)
    call("GET", f"{first}/m/{known}/before")
    with _following(third) as events:
        server = replicas.create(USERS)
        assert _next(events, server)["event"] == "server.started"
        call("GET", f"{second}/m/{server}/one")
        found = _next(events, server)
        assert (found["event"], found["path"]) == ("request.mismatched", "/one")
        call("GET", f"{first}/m/{known}/two")
        assert _next(events, known)["path"] == "/two"
        for number in range(20):
            call("GET", f"{replicas.urls[number % 3]}/m/{server}/{number}")
        assert [_next(events, server)["path"] for _ in range(20)] == [f"/{number}" for number in range(20)]
        assert call("POST", f"{first}/mockserver/{server}/verify")[0] == 422
        assert _next(events, server)["event"] == "verdict.given"
        assert call("DELETE", f"{second}/mockserver/{server}")[0] == 204
        assert _next(events, server)["event"] == "server.stopped"


def test_a_replica_logs_what_happened_to_it_alone_and_that_once(replicas: Replicas) -> None:
    server = replicas.create(USERS)
    call("GET", f"{replicas.urls[1]}/m/{server}/only-once")
    for url in replicas.urls:
        assert call("GET", f"{url}/mockserver/{server}/matched")[0] == 200
    shown = [replica.process.stderr for replica in replicas.running]
    assert all(stream is not None for stream in shown)
    found = [_lines_with(stream, b"only-once") for stream in shown if stream is not None]
    assert found == [0, 1, 0]


def _lines_with(stream: Any, text: bytes) -> int:
    import os

    os.set_blocking(stream.fileno(), False)
    content = b""
    while piece := stream.buffer.read1(65536) if hasattr(stream, "buffer") else b"":
        content += piece
    return sum(text in line for line in content.splitlines())
