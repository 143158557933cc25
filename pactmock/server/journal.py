"""What a mock server received: bounded, and it says when it dropped something.

What a verdict needs is kept apart from what is kept for reading: dropping an old request from the list never turns
a failed test into a passed one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from pactmock.matching.verdict import Outcome, Verdict
from pactmock.pact.quick_values import quick_maker
from pactmock.server.answer import Answer

_COUNTED_PATHS = 1000
OTHER_PATHS = "(other paths)"
"""Where requests are counted whose path came after the first thousand different ones."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request with its verdict and what was sent back. `number` counts from 1, `received` is a Unix time."""

    number: int
    received: float
    verdict: Verdict
    answer: Answer

    @property
    def size(self) -> int:
        """The bytes of the bodies it holds on to."""
        return len(self.verdict.request.body.content) + len(self.answer.body)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A request that never became one: the HTTP parser refused it, or it was too large."""

    number: int
    received: float
    status: int
    reason: str

    @property
    def size(self) -> int:
        return len(self.reason)


@dataclass(frozen=True, slots=True)
class JournalLimits:
    """How much is kept. Requests: the latest. Failures: the first, which are the ones to look at."""

    requests: int = 1000
    failures: int = 1000
    bytes: int = 64 * 1024 * 1024


_make_exchange = quick_maker(Exchange)


class Journal:
    """The record of one mock server."""

    def __init__(self, limits: JournalLimits | None = None) -> None:
        self.limits = limits or JournalLimits()
        self.listeners: list[Callable[[], None]] = []
        """Called after every record and reset; they must not block."""
        self._number = 0
        self._clear()

    def _clear(self) -> None:
        self._entries: deque[Exchange | Refusal] = deque()
        self._bytes = 0
        self._failures: list[Verdict] = []
        self._failure_bytes = 0
        self.failed = 0
        """How many requests failed, those that are no longer listed included."""
        self.requests = 0
        self.dropped = 0
        """How many entries were dropped from the list of requests."""
        self.received: set[str] = set()
        """The identities of the expectations that a request was received for, matching or not."""
        self._by_path: dict[str, int] = {}

    def record(self, received: float, verdict: Verdict, answer: Answer) -> None:
        """Note a request before it is answered."""
        self._count(verdict.request.path)
        nearest = verdict.nearest
        if nearest is not None and verdict.counts_as_received:
            self.received.add(nearest.identity)
        if verdict.outcome is not Outcome.MATCHED and verdict.counts_as_failure:
            self._fail(verdict)
        self._number += 1
        self._append(_make_exchange(self._number, received, verdict, answer))

    def refuse(self, received: float, status: int, reason: str) -> None:
        """Note something that was refused before it was a request; it is listed, but is no failure of the pact."""
        self._number += 1
        self._append(Refusal(self._number, received, status, reason))

    def reset(self) -> None:
        """Forget what was received; numbers go on, so that a reader sees that there was something before."""
        self._clear()
        self._notify()

    def _fail(self, verdict: Verdict) -> None:
        self.failed += 1
        size = len(verdict.request.body.content)
        if len(self._failures) < self.limits.failures and self._failure_bytes + size <= self.limits.bytes:
            self._failures.append(verdict)
            self._failure_bytes += size

    def _count(self, path: str) -> None:
        self.requests += 1
        if path not in self._by_path and len(self._by_path) >= _COUNTED_PATHS:
            path = OTHER_PATHS
        self._by_path[path] = self._by_path.get(path, 0) + 1

    def _append(self, entry: Exchange | Refusal) -> None:
        self._entries.append(entry)
        self._bytes += entry.size
        while len(self._entries) > self.limits.requests or (self._bytes > self.limits.bytes and len(self._entries) > 1):
            self._bytes -= self._entries.popleft().size
            self.dropped += 1
        self._notify()

    def _notify(self) -> None:
        if self.listeners:
            for listener in tuple(self.listeners):
                listener()

    @property
    def entries(self) -> tuple[Exchange | Refusal, ...]:
        """The latest requests, oldest first."""
        return tuple(self._entries)

    @property
    def failures(self) -> tuple[Verdict, ...]:
        """The first requests that failed, oldest first."""
        return tuple(self._failures)

    @property
    def unlisted_failures(self) -> int:
        """How many failed requests are counted but not listed."""
        return self.failed - len(self._failures)

    @property
    def requests_by_path(self) -> dict[str, int]:
        return dict(self._by_path)

    def __repr__(self) -> str:
        return f"<Journal {self.requests} requests, {self.failed} failed, {self.dropped} dropped>"
