"""Mock servers that live as long as a test: created, called, perhaps verified, deleted, by so many callers at once."""

from __future__ import annotations

import json
import re
import statistics
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from itertools import count, cycle
from typing import Any

from benchmarks.exchange import Answered, Asked, Connection, Script, play, request
from benchmarks.peers import Peer
from benchmarks.workload import Workload, get, pact_of

_TRIES = 1000
_INTERACTIONS = 8
"""How many different ones there are where files do not grow."""

_FILES = 8
"""How many pact files grow."""

_NOT_FOUND = 404

_ID = re.compile(rb'"id": *"([^"]+)"')
_PORT = re.compile(rb'"port": *(\d+)')


@dataclass(frozen=True)
class _Life:
    """What is asked of one mock server, and answered."""

    create: bytes
    call: bytes
    answer: Any

    @classmethod
    def of(cls, interaction: dict[str, Any], consumer: str = "bench") -> _Life:
        pact = pact_of(interaction) | {"consumer": {"name": consumer}}
        asked = request(interaction["request"]["method"], interaction["request"]["path"])
        return cls(request("POST", "/", pact), asked, interaction["response"]["body"])


@dataclass
class _Caller:
    """Has one mock server after another, over one connection to the control API, as a client library does."""

    peer: Peer
    verifies: bool
    lives: Iterator[_Life]
    seconds: list[float] = field(default_factory=list)
    """How long each verdict took, with the pact that was written, where one is asked for."""

    def call(self, until: float) -> Script:
        control = Connection(self.peer.port)
        try:
            while not self.seconds or time.monotonic() < until:
                try:
                    self.seconds.append((yield from self._live(control, next(self.lives))))
                except ConnectionError:
                    if self.peer.name != "rust":
                        raise
                    control.close()  # that mock server does not count
                    control = Connection(self.peer.port)
        finally:
            control.close()

    def _live(self, control: Connection, life: _Life) -> Generator[Asked, Answered, float]:
        made = _expect(200, (yield control, life.create))
        key, port = _ID.search(made), _PORT.search(made)
        if not key or not port:
            raise RuntimeError(f"no mock server was made: {made[:200]!r}")
        mocked = Connection(int(port[1]))
        try:
            answer = _expect(200, (yield mocked, life.call))
        finally:
            mocked.close()
        if json.loads(answer) != life.answer:
            raise RuntimeError(f"another answer was wanted: {answer[:200]!r}")
        began = time.perf_counter()
        if self.verifies:
            yield from _verify(control, key[1])
        took = time.perf_counter() - began
        deleted = yield control, request("DELETE", f"/mockserver/{key[1].decode()}")
        if deleted[0] == _NOT_FOUND:  # one of the peers loses some now and then
            raise ConnectionError("the mock server had ended by itself")
        _expect(204, deleted)
        return took


def _verify(control: Connection, key: bytes) -> Generator[Asked, Answered, None]:
    asked = request("POST", f"/mockserver/{key.decode()}/verify")
    for _ in range(_TRIES):  # one of the peers records some verdicts late
        status, content = yield control, asked
        if status in {200, 204}:
            return
    raise RuntimeError(f"never verified: {status} {content[:200]!r}")


def _expect(status: int, answered: Answered) -> bytes:
    got, content = answered
    if got != status:
        raise RuntimeError(f"answered with {got} instead of {status}: {content[:200]!r}")
    return content


def _lived(
    peer: Peer, seconds: float, at_once: int, *, verifies: bool, lives: Iterator[_Life] | None = None
) -> list[float]:
    """Return how long each verdict took. `lives` are those of all callers; else each goes through the same few."""
    callers = [_Caller(peer, verifies, lives or _same_lives(place)) for place in range(at_once)]
    until = time.monotonic() + seconds
    play(caller.call(until) for caller in callers)
    return [each for caller in callers for each in caller.seconds]


def _same_lives(place: int) -> Iterator[_Life]:
    """Go through a few lives over and over, beginning at another one in each place, so that files stay as they are."""
    return cycle([_Life.of(get((place + number) % _INTERACTIONS)) for number in range(_INTERACTIONS)])


def _new_lives(turn: int) -> Iterator[_Life]:
    """Go through lives of which none is like another: each interaction is new in one of some files that begin empty."""
    return (_Life.of(get(number), f"bench-{turn}-{number % _FILES}") for number in count())


def _growing(at_once: int) -> Workload:
    turns = count()

    def measure(peer: Peer, seconds: float) -> float:
        return len(_lived(peer, seconds, at_once, verifies=True, lives=_new_lives(next(turns)))) / seconds

    return Workload(f"lifecycles whose files grow, {at_once} at a time", "lifecycles/s", measure)


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
