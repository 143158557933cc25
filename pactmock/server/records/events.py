"""What happens to the mock servers of a process, told to whoever listens: a page, a log, metrics.

Every event has a number; numbers go up by one, so that a reader who was away knows what came since, and how much of it
is gone. Requests come by the thousand: an event is only made of one while somebody hears such, and of those that came
before, journals still have the latest (`Events.since`).
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import field
from enum import IntEnum
from heapq import merge
from itertools import dropwhile
from operator import attrgetter
from typing import TYPE_CHECKING, TypeAlias

from pactmock.pact.json.values import Json
from pactmock.pact.value import value

if TYPE_CHECKING:
    from pactmock.server.records.entries import Entry

logger = logging.getLogger("pactmock.server")

SERVER_STARTED = "server.started"
SERVER_STOPPED = "server.stopped"
SERVER_EXPIRED = "server.expired"
REQUEST_MATCHED = "request.matched"
REQUEST_MISMATCHED = "request.mismatched"
REQUEST_REFUSED = "request.refused"
REQUEST_LATE = "request.late"
MESSAGE_HANDLED = "message.handled"
PACT_WRITTEN = "pact.written"
VERDICT_GIVEN = "verdict.given"
NAMES = (
    SERVER_STARTED,
    REQUEST_MATCHED,
    REQUEST_MISMATCHED,
    REQUEST_REFUSED,
    REQUEST_LATE,
    MESSAGE_HANDLED,
    PACT_WRITTEN,
    VERDICT_GIVEN,
    SERVER_STOPPED,
    SERVER_EXPIRED,
)


@value
class Event:
    """Something that happened. `number` counts from 1 in a process, `time` is a Unix time, `server` an id."""

    number: int
    name: str
    time: float
    server: str
    fields: Mapping[str, Json] = field(default_factory=dict)
    """What else is to be said of it."""
    entry: Entry | None = None
    """What the journal has of it, for the events of requests."""


class Hears(IntEnum):
    """Which events of requests a listener hears, besides all others."""

    NO_REQUESTS = 0
    FAILURES = 1
    """Those that did not match, or came too late."""
    ALL_REQUESTS = 2


Listener: TypeAlias = Callable[[Event], None]
"""Called on the loop of the mock servers; it must not block. One that raises changes nothing for anybody else."""


class Events:
    """Where events are told, and those of the past that are no requests, the latest."""

    def __init__(self, kept: int = 1000) -> None:
        self.number = 0
        """That of the latest event; journals count theirs themselves, whether anybody hears them or not."""
        self.hears = Hears.NO_REQUESTS
        """Of which requests an event has to be made."""
        self.forgotten = 0
        """The number of the latest one of the past that is no longer known, requests apart."""
        self.failed = 0
        """How often a listener raised, instead of hearing an event."""
        self.is_elsewhere = False
        """Whether what is told now happened in another process, which tells those who listen there."""
        self.is_muted = False
        """Whether what happens now happened long ago, so that nobody is told."""
        self._listeners: dict[Listener, Hears] = {}
        self._everywhere: set[Listener] = set()
        self._kept: deque[Event] = deque(maxlen=kept)

    def listen(self, listener: Listener, hears: Hears = Hears.ALL_REQUESTS, *, everywhere: bool = False) -> None:
        """Tell a listener what happens from now on, until it is forgotten; `everywhere`, in other processes too."""
        self._listeners[listener] = hears
        if everywhere:
            self._everywhere.add(listener)
        self.hears = max(self._listeners.values())

    def forget(self, listener: Listener) -> None:
        """Tell a listener nothing more."""
        self._listeners.pop(listener, None)
        self._everywhere.discard(listener)
        self.hears = max(self._listeners.values(), default=Hears.NO_REQUESTS)

    @property
    def is_followed(self) -> bool:
        """Whether somebody listens to what happens in other processes too."""
        return bool(self._everywhere)

    def tell(self, name: str, server: str, **fields: Json) -> None:
        """Tell all listeners what happened to a mock server."""
        if self.is_muted:
            return
        self.number += 1
        event = Event(self.number, name, time.time(), server, fields)
        if len(self._kept) == self._kept.maxlen:
            self.forgotten = self._kept[0].number if self._kept else self.number
        self._kept.append(event)
        for listener in tuple(self._listeners):
            self._hand(event, listener)

    def tell_entry(self, entry: Entry, server: str) -> None:
        """Tell those listeners of a request that hear such."""
        event = of_entry(entry, server)
        needed = Hears.ALL_REQUESTS if event.name == REQUEST_MATCHED else Hears.FAILURES
        for listener, hears in tuple(self._listeners.items()):
            if hears >= needed:
                self._hand(event, listener)

    def _hand(self, event: Event, listener: Listener) -> None:
        """Have a listener hear an event. What goes wrong there is its own: a request has its answer all the same."""
        if self.is_muted or (self.is_elsewhere and listener not in self._everywhere):
            return
        try:
            listener(event)
        except Exception:
            self.failed += 1
            if self.failed == 1:
                with suppress(Exception):  # it may be the log that fails
                    logger.exception("an event was not told to all who listen, nor may others be")

    def since(self, number: int, journals: Iterable[tuple[str, Iterable[Entry]]]) -> Iterator[Event]:
        """Return what is still known of events after a number; `journals` have ids, and entries in their order."""
        kept = [event for event in self._kept if event.number > number]
        requests = [_requests(number, server, entries) for server, entries in journals]
        return merge(kept, *requests, key=attrgetter("number"))

    def __repr__(self) -> str:
        return f"<Events: {self.number} until now, {len(self._listeners)} listeners>"


def _requests(number: int, server: str, entries: Iterable[Entry]) -> Iterator[Event]:
    """Yield the events of what a journal has after a number."""
    for entry in dropwhile(lambda entry: entry.event <= number, entries):
        yield of_entry(entry, server)


def of_entry(entry: Entry, server: str) -> Event:
    """Make an event of what a journal has noted."""
    return Event(entry.event, entry.event_name, entry.received, server, entry=entry)
