"""Calls that follow what happens, as server-sent events: a block of lines for each, its data one line of JSON."""

from __future__ import annotations

import re
import secrets
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from pydantic import Field

from pactmock.control.calls.reply import Streamed
from pactmock.control.calls.taking import Process
from pactmock.control.explained import ShortName
from pactmock.control.schemas import Answer
from pactmock.errors import InvalidParameter
from pactmock.matching.texts.shortening import cut
from pactmock.pact.json.values import Json, compact_bytes
from pactmock.reports.sentence import sentence
from pactmock.reports.visible import visible
from pactmock.server.mock_server import MockServer
from pactmock.server.records.entries import Entry, Refusal
from pactmock.server.records.events import Event
from pactmock.service.mock_service import MockService
from pactmock.service.subscription import Subscription, Subscriptions
from pactmock.service.told import LONGEST, told

if TYPE_CHECKING:
    from pactmock.service.registry import Registry

CONTENT_TYPE = "text/event-stream; charset=utf-8"
MISSED = "missed"
_KEEP_ALIVE_SECONDS = 15.0
_KEEP_ALIVE = b": nothing happened\n\n"


class Happened(Answer):
    """The `data` of one event. What is not said of such an event is left out."""

    event: str = Field(description="Its name, or `missed`. The control API's page says which members come with which.")
    id: str | None = Field(None, description="What to send as `Last-Event-ID` to go on behind it.")
    time: datetime | None = None
    server: str | None = Field(None, description="The id of the mock server.")
    scope: str | None = Field(None, description="The scope that a request or a verdict belongs to.")
    number: int | None = Field(None, description="Of a request: its number in the journal.")
    method: str | None = None
    path: str | None = None
    query: str | None = None
    status: int | None = Field(None, description="Of the answer.")
    matched: bool | None = Field(None, description="Of a request or a verdict.")
    late: bool | None = Field(None, description="Whether a request came too late to count.")
    afterVerdict: float | None = Field(  # noqa: N815
        None, description="How many seconds a request came after a green verdict."
    )
    interaction: ShortName | None = Field(None, description="The one that a request met, or came nearest to.")
    sentence: str | None = Field(None, description="Why a request did not match.")
    title: str | None = Field(None, description="The name of a mock server, or its participants.")
    consumer: str | None = None
    provider: str | None = None
    url: str | None = None
    interactions: int | None = Field(None, description="How many are played, or how many a file has.")
    mismatches: int | None = Field(None, description="How many a verdict counts.")
    merged: bool | None = Field(None, description="Whether a file was there before.")
    key: str | None = Field(None, description="Of a message.")
    description: str | None = Field(None, description="Of a message.")
    error: str | None = Field(None, description="What was wrong with a message.")
    seconds: float | None = Field(None, description="How long nobody touched a mock server that expired.")
    missed: int | None = Field(None, description="How many events are gone; of one mock server, at the most.")
    restarted: bool | None = Field(None, description="Whether the service was started anew since `Last-Event-ID`.")


class Rendering:
    """Writes events as blocks of a stream. Their ids begin with what is of this process alone."""

    def __init__(self) -> None:
        self.run = secrets.token_hex(4)

    def __call__(self, event: Event) -> bytes:
        """Write one event."""
        identity = self.identity(event.number)
        document = {
            "event": event.name,
            "id": identity,
            "time": _written(event.time),
            "server": event.server,
            **told(event),
        }
        if event.entry is not None:
            document["sentence"] = _sentence(event.entry)
        return b"id: %s\n%s" % (identity.encode(), _block(event.name, document))

    def identity(self, number: int) -> str:
        return f"{self.run}-{number}"

    def missed(self, number: int, *, restarted: bool = False) -> bytes:
        """Write that some events are gone."""
        return _block(MISSED, {"event": MISSED, "missed": number, "restarted": restarted})

    def number_of(self, identity: str, latest: int) -> int | None:
        """Return the number of an event of this process by its id, None for one of another process.

        Raises:
            InvalidParameter: when no event has such an id.
        """
        found = _IDENTITY.fullmatch(identity)
        number = int(found[2]) if found else 0
        if not found or (found[1] == self.run and number > latest):
            raise InvalidParameter(
                f"The header 'Last-Event-ID' cannot be {identity[:100]!r}: send the id of an event that was received,"
                " or leave it out",
                parameter="Last-Event-ID",
            )
        return number if found[1] == self.run else None

    def __repr__(self) -> str:
        return f"<Rendering of {self.run}>"


_IDENTITY = re.compile(r"([0-9a-f]{8})-([0-9]{1,18})")


def _written(when: float) -> str:
    """Write a time as the journal does; of the thousands in a second, most of it is the same."""
    second = int(when)
    return f"{_second(second)}.{int((when - second) * 1e6):06d}+00:00"


@lru_cache(8)
def _second(when: int) -> str:
    return datetime.fromtimestamp(when, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _block(name: str, document: dict[str, Json]) -> bytes:
    """Write a block of lines. JSON has no line ends within, so nobody can forge a line."""
    return b"event: %s\ndata: %s\n\n" % (name.encode(), _line(document))


def _line(document: dict[str, Json]) -> bytes:
    try:
        return compact_bytes(document)
    except TypeError:  # halves of characters, in what could not be read
        texts = {name: visible(item) if isinstance(item, str) else item for name, item in document.items()}
        return compact_bytes(texts)


def _sentence(entry: Entry) -> str | None:
    """Say why a request did not match, if that is so."""
    if isinstance(entry, Refusal):
        return cut(visible(entry.reason), LONGEST)
    return None if entry.decision.explanation is None else sentence(entry.decision.explanation)


class EventStreams:
    """The streams of a service."""

    def __init__(self, registry: Registry, most: int, keep_alive: float = _KEEP_ALIVE_SECONDS) -> None:
        self._keep_alive = keep_alive
        self._rendering = Rendering()
        self._subscriptions = Subscriptions(registry, self._rendering, most)

    def open(self, last_event_id: str, server: MockServer | None = None) -> Streamed:
        """Begin a stream of what happens to a mock server or to all, perhaps behind an event of the past.

        Raises:
            InvalidParameter: when no event has that id.
            LimitReached: when there are as many streams as there may be.
        """
        rendering, latest = self._rendering, self._subscriptions.number
        after = rendering.number_of(last_event_id, latest) if last_event_id else latest
        subscription = self._subscriptions.subscribe(server, after or 0)
        begin = b"id: %s\n\n" % rendering.identity(after or 0).encode()
        if after is None:
            begin += rendering.missed(subscription.missed_of_past(), restarted=True)
        return Streamed(self._blocks(subscription, begin), subscription.close, CONTENT_TYPE)

    async def _blocks(self, subscription: Subscription, begin: bytes) -> AsyncIterator[bytes]:
        """Write what a subscription takes, and a comment where nothing comes, so that nobody takes us for dead."""
        yield begin
        while True:
            taken = await subscription.take(self._keep_alive)
            if taken.missed:
                yield self._rendering.missed(taken.missed)
            if taken.content:
                yield taken.content
            if taken.has_ended:
                return
            if not (taken.content or taken.missed):
                yield _KEEP_ALIVE

    @property
    def missed(self) -> int:
        """How many events were lost to callers who read too slowly."""
        return self._subscriptions.missed

    def __len__(self) -> int:
        return len(self._subscriptions)

    def close(self) -> None:
        """End all of them."""
        self._subscriptions.close()

    def __repr__(self) -> str:
        return f"<EventStreams: {len(self._subscriptions)} open>"


async def follow_all(service: MockService, process: Process, last_event_id: str) -> Streamed:
    """Send what happens to all mock servers, until the service ends."""
    await service.follow_events()
    return process.events.open(last_event_id)


async def follow(service: MockService, process: Process, server: MockServer, last_event_id: str) -> Streamed:
    """Send what happens to a mock server, until it ends."""
    await service.follow_events()
    return process.events.open(last_event_id, server)
