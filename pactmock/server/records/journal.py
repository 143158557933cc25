"""What a mock server received: bounded, and it says when it dropped something.

What a verdict needs is kept apart from what is kept for reading: dropping an old request from the list never turns
a failed test into a passed one.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile

from pactmock.matching.texts.shortening import cut
from pactmock.pact.json.values import Json
from pactmock.pact.parts.received_headers import HTTP_1
from pactmock.pact.value import value
from pactmock.server.answers.decision import Decision
from pactmock.server.records.entries import Entry, Record, Refusal, size_of
from pactmock.server.records.events import REQUEST_MATCHED, Events, Hears
from pactmock.server.records.kept import Kept
from pactmock.server.records.totals import LATE, REFUSED, Totals

_COUNTED_PATHS = 1000
_COUNTED_PATH_LENGTH = 200
OTHER_PATHS = "(other paths)"
"""Where requests are counted whose path came after the first thousand different ones, or is very long."""


@value
class JournalLimits:
    """How much is kept. Requests: the latest. Failures: the first, which are the ones to look at."""

    requests: int = 1000
    failures: int = 1000
    bytes: int = 64 * 1024 * 1024


@value
class JournalState:
    """All that a journal says at some time, so that another replica can go on from there."""

    number: int
    cleared: int
    requests: int
    failed: int
    late: int
    unconfirmed: int
    verified: float | None
    after_verdict: int
    first_after_verdict: tuple[str, str, float] | None
    received: Mapping[str, int]
    served: Mapping[str, int]
    by_path: Mapping[str, int]
    entries: tuple[Entry, ...]
    failures: tuple[Entry, ...]


class Journal:
    """The record of one mock server, whose id is `server`."""

    def __init__(
        self,
        limits: JournalLimits | None = None,
        kept: Kept | None = None,
        events: Events | None = None,
        server: str = "",
        totals: Totals | None = None,
    ) -> None:
        self._kept = kept or Kept()
        self.totals = totals or Totals()
        """Where it is counted what it notes."""
        self._events = events or Events()
        self._server = server
        self._bytes = 0
        self.limits = limits = limits or JournalLimits()
        self._most_entries, self._most_bytes = limits.requests, limits.bytes
        self.listeners: list[Callable[[], None]] = []
        """Called after every record and reset; they must not block."""
        self.drop: Callable[[Entry], None] | None = None
        """Called with an entry of a scope that is no longer listed here, as it has no room in there either."""
        self._number = 0
        self._verified: float | None = None
        """When it was said that all matched, as a Unix time."""
        self.after_verdict = 0
        """How many requests came after that."""
        self.first_after_verdict: tuple[str, str, float] | None = None
        """The first of them: method, path, and after how many seconds."""
        self.forgotten = 0
        """The number of the latest event of an entry that is no longer listed."""
        self._entries: deque[Entry] = deque()
        self._clear()

    def _clear(self) -> None:
        self.close()
        if self._entries:
            self.forgotten = self._entries[-1].event
        self._entries = deque()
        self._bytes = 0
        self._failures: list[Entry] = []
        self._failure_bytes = 0
        self.failed = 0
        """How many requests failed, those that are no longer listed included."""
        self.requests = 0
        self.late = 0
        """How many requests were decided in an epoch that had ended."""
        self.unconfirmed = 0
        """How many requests were noted of which nobody knows that they were answered; none of them is a match."""
        self._cleared = self._number
        self.open_verdict()
        self.received: defaultdict[str, int] = defaultdict(int)
        """What was received, matching or not, and how often: see `Decision.identity`."""
        self.served: defaultdict[str, int] = defaultdict(int)
        """The keys of the interactions that were met, and how often."""
        self._by_path: defaultdict[str, int] = defaultdict(int)

    def note(self, decision: Decision, scope: str | None = None) -> None:
        """Note a decision of the present epoch, before it is answered."""
        self.requests += 1
        if decision.identity is not None:
            self.received[decision.identity] += 1
        if decision.explanation is None and decision.interaction is not None:
            self.served[decision.interaction.key] += 1
        path = decision.request.path
        if path not in self._by_path and (len(self._by_path) >= _COUNTED_PATHS or len(path) > _COUNTED_PATH_LENGTH):
            path = OTHER_PATHS
        self._by_path[path] += 1
        self._number += 1
        self._events.number += 1
        after = None
        if self._verified is not None:
            after = max(0.0, decision.received - self._verified)
            self._count_late(decision.request.method, decision.request.path, after)
        record = Record(self._number, decision, size_of(decision), False, self._events.number, after, scope)
        if decision.explanation is not None:
            if after is None:
                self.totals.miss(decision)
            if decision.is_failure:
                self._fail(record)
        self._append(record)

    def _count_late(self, method: str, path: str, seconds: float) -> None:
        self.totals.missed[LATE] += 1
        self.after_verdict += 1
        if self.first_after_verdict is None:
            self.first_after_verdict = method, cut(path), seconds

    def close_verdict(self, at: float | None = None) -> None:
        """Remember that a test was told that all matched: who calls now, calls too late to be part of that.

        `at` is when, as a Unix time, where that is not now.
        """
        if self._verified is None:
            self._verified = time.time() if at is None else at

    def open_verdict(self) -> None:
        """Expect requests again, as something else is expected or what was received is forgotten."""
        self._verified = None
        self.after_verdict = 0
        self.first_after_verdict = None

    def note_late(self, decision: Decision, scope: str | None = None) -> None:
        """Note a decision of an epoch that has ended: it is listed, and says nothing of this one."""
        self.late += 1
        self.totals.missed[LATE] += 1
        self._number += 1
        self._events.number += 1
        self._append(Record(self._number, decision, size_of(decision), True, self._events.number, None, scope))

    def refuse(
        self,
        received: float,
        status: int,
        reason: str,
        asked_for: tuple[str, str] | None = None,
        scope: str | None = None,
        *,
        protocol: str = HTTP_1,
    ) -> None:
        """Note something that was refused before it was a request.

        It fails a test where it is known what was asked for, and comes late after a verdict as any request; anything
        may connect to a port that does not even speak HTTP, and is only listed.
        """
        self._number += 1
        self._events.number += 1
        after = None
        if asked_for is None or self._verified is None:
            self.totals.missed[REFUSED] += 1
        else:
            after = max(0.0, received - self._verified)
            method, target = asked_for
            self._count_late(method, target.partition("?")[0], after)
        event = self._events.number
        refusal = Refusal(self._number, received, status, reason, asked_for, event, after, scope, protocol)
        if asked_for is not None:
            self._fail(refusal)
        self._append(refusal)

    def refuse_late(
        self, received: float, status: int, reason: str, asked_for: tuple[str, str], seconds: float
    ) -> None:
        """Note a request that came so long after the mock server had ended: it is listed, and fails nothing."""
        self._number += 1
        self._events.number += 1
        self._count_late(*asked_for, seconds)
        self._append(Refusal(self._number, received, status, reason, asked_for, self._events.number, seconds))

    def disown(self, number: int, identity: str | None, served: str | None) -> None:
        """Take back that a request was received: it was noted, and nobody knows that it was answered.

        It is no match any more, of the `identity` and the interaction `served` that are known of it. One that failed
        goes on to fail: its sender may have been told. One from before a reset is forgotten anyway.
        """
        if number <= self._cleared:
            return
        self.unconfirmed += 1
        _count_down(self.received, identity)
        _count_down(self.served, served)
        self._entries = deque(_unconfirmed(entry, number) for entry in self._entries)
        self._failures = [_unconfirmed(entry, number) for entry in self._failures]
        self.notify()

    def state(self) -> JournalState:
        """Return all that it says now."""
        return JournalState(
            self._number,
            self._cleared,
            self.requests,
            self.failed,
            self.late,
            self.unconfirmed,
            self._verified,
            self.after_verdict,
            self.first_after_verdict,
            dict(self.received),
            dict(self.served),
            dict(self._by_path),
            tuple(self._entries),
            tuple(self._failures),
        )

    def restore(self, state: JournalState, events: Sequence[int] | None = None) -> None:
        """Say what another said. Its entries get events of their own here, or those that are given.

        Who follows events is told that some are missing.
        """
        self._clear()
        self._number, self._cleared = state.number, state.cleared
        self.requests, self.failed, self.late, self.unconfirmed = (
            state.requests,
            state.failed,
            state.late,
            state.unconfirmed,
        )
        self._verified, self.after_verdict = state.verified, state.after_verdict
        self.first_after_verdict = state.first_after_verdict
        self.received.update(state.received)
        self.served.update(state.served)
        self._by_path.update(state.by_path)
        if events is None:
            first = self._events.number + 1
            events = range(first, first + len(state.entries))
            self._events.number += len(state.entries)
        known = {entry.number: event for entry, event in zip(state.entries, events, strict=True)}
        self._entries = deque(replace(entry, event=known[entry.number]) for entry in state.entries)
        self._failures = [replace(entry, event=known.get(entry.number, 0)) for entry in state.failures]
        self._failure_bytes = sum(entry.size for entry in self._failures)
        self._bytes = sum(entry.size for entry in self._entries)
        self._kept.bytes += self._bytes
        self.forgotten = self._entries[0].event - 1 if self._entries else self._events.number
        self.notify()

    def reset(self) -> None:
        """Forget what was received; numbers go on, so that a reader sees that there was something before."""
        self._clear()
        self.notify()

    def _fail(self, record: Entry) -> None:
        self.failed += 1
        if len(self._failures) < self.limits.failures and self._failure_bytes + record.size <= self.limits.bytes:
            self._failures.append(record)
            self._failure_bytes += record.size

    def _append(self, entry: Entry) -> None:
        self._entries.append(entry)
        self._bytes += entry.size
        self._kept.bytes += entry.size
        kept = self._kept
        while len(self._entries) > self._most_entries or (
            (self._bytes > self._most_bytes or kept.bytes > kept.most) and len(self._entries) > 1
        ):
            dropped = self._entries.popleft()
            self._bytes -= dropped.size
            kept.bytes -= dropped.size
            self.totals.dropped += 1
            self.forgotten = dropped.event
            if dropped.scope is not None and self.drop is not None:
                self.drop(dropped)
        hears = self._events.hears
        if hears and (hears is Hears.ALL_REQUESTS or entry.event_name != REQUEST_MATCHED):
            self._events.tell_entry(entry, self._server)
        if self.listeners:
            self.notify()

    def close(self) -> None:
        """Count the records no longer: the mock server ends, and they with it."""
        self._kept.bytes -= self._bytes
        self._bytes = 0

    def tell(self, name: str, **fields: Json) -> None:
        """Tell whoever listens what happened to the mock server."""
        self._events.tell(name, self._server, **fields)

    def notify(self) -> None:
        """Tell the listeners that something has changed."""
        for listener in tuple(self.listeners):
            listener()

    async def until(self, holds: Callable[[], bool], seconds: float) -> None:
        """Wait until a condition holds, which is asked after every change, or the time is up."""
        changed = asyncio.get_running_loop().create_future()

        def look() -> None:
            if holds() and not changed.done():
                changed.set_result(None)

        self.listeners.append(look)
        try:
            look()
            await asyncio.wait([changed], timeout=seconds)
        finally:
            self.listeners.remove(look)

    @property
    def server(self) -> str:
        """The id of the mock server."""
        return self._server

    @property
    def dropped(self) -> int:
        """How many entries were dropped from the list of requests."""
        return self._number - self._cleared - len(self._entries)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The latest requests, oldest first."""
        return tuple(self._entries)

    def since(self, event: int) -> tuple[Entry, ...]:
        """Return those after an event, oldest first."""
        return tuple(takewhile(lambda entry: entry.event > event, reversed(self._entries)))[::-1]

    def entry(self, number: int) -> Entry | None:
        """Return the entry with a number, None where it is not or no longer kept."""
        first = self._entries[0].number if self._entries else 0
        index = number - first
        return self._entries[index] if 0 <= index < len(self._entries) else None

    @property
    def failures(self) -> tuple[Entry, ...]:
        """The first requests that failed, oldest first."""
        return tuple(self._failures)

    @property
    def unlisted_failures(self) -> int:
        """How many failed requests are counted but not listed."""
        return self.failed - len(self._failures)

    @property
    def requests_by_path(self) -> dict[str, int]:
        return dict(self._by_path)

    @property
    def number(self) -> int:
        """The number of the latest entry."""
        return self._number

    def __repr__(self) -> str:
        return f"<Journal {self.requests} requests, {self.failed} failed, {self.dropped} dropped>"


def _count_down(counts: dict[str, int], name: str | None) -> None:
    if name is not None and name in counts:
        counts[name] -= 1
        if not counts[name]:
            del counts[name]


def _unconfirmed(entry: Entry, number: int) -> Entry:
    return replace(entry, is_confirmed=False) if entry.number == number and isinstance(entry, Record) else entry
