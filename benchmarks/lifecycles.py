"""Mock servers that live as long as a test: created, called, perhaps verified, deleted, by so many callers at once."""

from __future__ import annotations

import http.client
import json
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from benchmarks.peers import Peer, call
from benchmarks.workload import JSON, Workload, get, pact_of

_TRIES = 200
_INTERACTIONS = 8
"""How many different ones there are, so that the pact file stays as large as it is."""


def _live(peer: Peer, number: int) -> None:
    """Create, call, verify, delete; each new interaction comes into one of eight pact files, which grow."""
    pact = pact_of(get(number)) | {"consumer": {"name": f"bench-{number % 8}"}}
    server = call("POST", f"{peer.control}/", pact)["mockServer"]
    _call_when_it_answers(f"http://127.0.0.1:{server['port']}/resources/{number}")
    time.sleep(0.02 if peer.name == "rust" else 0)  # it records some verdicts late
    call("POST", f"{peer.control}/mockserver/{server['id']}/verify")
    call("DELETE", f"{peer.control}/mockserver/{server['id']}")


def _call_when_it_answers(url: str) -> None:
    """Call a mock server again when it closes the connection: one of the peers does, for a moment after it started."""
    for _ in range(_TRIES):
        try:
            call("GET", url)
        except http.client.RemoteDisconnected:
            continue
        return
    raise RuntimeError(f"{url} closes every connection")


def _growing(at_once: int) -> Workload:
    def measure(peer: Peer, seconds: float) -> float:
        lived, deadline = 0, time.monotonic() + seconds
        with ThreadPoolExecutor(at_once) as pool:
            while time.monotonic() < deadline:
                for done in [pool.submit(_live, peer, lived + number) for number in range(at_once)]:
                    done.result()
                lived += at_once
            return lived / (seconds + time.monotonic() - deadline)

    return Workload(f"lifecycles, {at_once} at a time", "lifecycles/s", measure)


@dataclass
class _Caller:
    """Has one mock server after another, over one connection to the control API, as a client library does."""

    peer: Peer
    verifies: bool
    seconds: list[float] = field(default_factory=list)
    """How long each verdict took, with the pact that was written, where one is asked for."""

    def call(self, until: float, numbers: list[int]) -> None:
        control = http.client.HTTPConnection(urlsplit(self.peer.control).netloc, timeout=30)
        try:
            while time.monotonic() < until:
                try:
                    self.seconds.append(self._live(control, numbers[len(self.seconds) % len(numbers)]))
                except (http.client.HTTPException, ConnectionError):
                    if self.peer.name != "rust":
                        raise
                    control.close()  # it breaks off now and then; that mock server does not count
        finally:
            control.close()

    def _live(self, control: http.client.HTTPConnection, number: int) -> float:
        _, created = _ask(control, "POST", "/", pact_of(get(number)))
        server = json.loads(created)["mockServer"]
        mocked = http.client.HTTPConnection("127.0.0.1", server["port"], timeout=30)
        _ask(mocked, "GET", f"/resources/{number}")
        mocked.close()
        began = time.perf_counter()
        if self.verifies:
            for _ in range(_TRIES):  # one of the peers records some verdicts late
                status, content = _ask(control, "POST", f"/mockserver/{server['id']}/verify")
                if status in (200, 204):
                    break
            else:
                raise RuntimeError(f"never verified: {status} {content[:200]!r}")
        took = time.perf_counter() - began
        _ask(control, "DELETE", f"/mockserver/{server['id']}")
        return took


def _ask(control: http.client.HTTPConnection, method: str, path: str, document: Any = None) -> tuple[int, bytes]:
    body = None if document is None else json.dumps(document)
    control.request(method, path, body, JSON if body else {})
    response = control.getresponse()
    return response.status, response.read()


def _lived(peer: Peer, seconds: float, at_once: int, *, verifies: bool) -> list[float]:
    callers = [_Caller(peer, verifies) for _ in range(at_once)]
    until = time.monotonic() + seconds
    with ThreadPoolExecutor(at_once) as pool:
        started = [
            pool.submit(caller.call, until, [(place + number) % _INTERACTIONS for number in range(_INTERACTIONS)])
            for place, caller in enumerate(callers)
        ]
        for done in started:
            done.result()
    return [each for caller in callers for each in caller.seconds]


def _a_second(at_once: int, *, verifies: bool) -> Workload:
    what = "verified into one file" if verifies else "without verify"

    def measure(peer: Peer, seconds: float) -> float:
        return len(_lived(peer, seconds, at_once, verifies=verifies)) / seconds

    return Workload(f"lifecycles {what}, {at_once} at a time", "lifecycles/s", measure)


def _slowest(at_once: int) -> Workload:
    def measure(peer: Peer, seconds: float) -> float:
        return statistics.quantiles(_lived(peer, seconds, at_once, verifies=True), n=100)[98] * 1000

    return Workload(f"99 % of verdicts into one file, {at_once} at a time", "ms", measure, more_is_better=False)


LIFECYCLES: tuple[Workload, ...] = (
    *map(_growing, (1, 8)),
    *(_a_second(at_once, verifies=verifies) for verifies in (False, True) for at_once in (1, 8)),
    *map(_slowest, (1, 8)),
)
