"""Who follows what happens: each has a queue with a bound, and is told how many events it missed.

What happens within a moment is rendered once for all who follow, and queued as one piece. So ten readers cost little
more than one, and one that does not read holds no more memory than its queue may have.
"""

from __future__ import annotations

import asyncio
import logging
from array import array
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from pactmock.errors import LimitReached
from pactmock.pact.value import value
from pactmock.server.records.events import SERVER_STOPPED, Event
from pactmock.server.records.totals import EVENT_STREAMS

if TYPE_CHECKING:
    from pactmock.server.mock_server import MockServer
    from pactmock.service.registry import Registry

logger = logging.getLogger("pactmock.service")

Render: TypeAlias = Callable[[Event], bytes]

_MOMENT_SECONDS = 0.02
_MOMENT_EVENTS = 500
"""After so many, a moment is over."""

_PAST_EVENTS = 10_000
"""How many of the past are told at the most: of thousands of mock servers, journals may have millions."""

_PIECE_BYTES = 64 * 1024
_QUEUE_BYTES = 1024 * 1024


@value
class Piece:
    """Some events, rendered one after the other."""

    content: bytes
    events: int
    missed: int = 0
    """How many events are gone that stood before or between them."""


@value
class Taken:
    """What came since the last time: how many events are lost, and then some that are not; none when time was up."""

    missed: int = 0
    content: bytes = b""
    has_ended: bool = False
    """Whether nothing more comes."""


class Subscription:
    """One who follows what happens, to one mock server or to all."""

    def __init__(
        self, past: Iterator[Piece], forget: Callable[[Subscription], None], server: str | None, missed: int = 0
    ) -> None:
        self.server = server
        """The id of the only mock server that it is about; None for all."""
        self._past = past
        self._forget = forget
        self._missed_of_past = missed
        self._missed = 0
        self._pieces: deque[Piece] = deque()
        self._bytes = 0
        self._has_ended = False
        self._has_news = asyncio.Event()

    def put(self, piece: Piece) -> int:
        """Queue some events; where there is no room the oldest are dropped. Return how many were."""
        missed = self._missed
        self._pieces.append(piece)
        self._bytes += len(piece.content)
        while self._bytes > _QUEUE_BYTES and len(self._pieces) > 1:
            dropped = self._pieces.popleft()
            self._bytes -= len(dropped.content)
            self._missed += dropped.events
        self._has_news.set()
        return self._missed - missed

    def miss(self, number: int) -> int:
        """Have it told that it does not get some events; return how many."""
        self._missed += number
        if number:
            self._has_news.set()
        return number

    def end(self) -> None:
        """Have it end when all that is queued is taken."""
        self._has_ended = True
        self._has_news.set()

    def close(self) -> None:
        """Queue nothing more, and forget what is queued: nobody takes it."""
        self._forget(self)
        self._past = iter(())
        self._pieces.clear()
        self._bytes = 0
        self.end()

    def missed_of_past(self) -> int:
        """Return, once, how many events of the past are gone."""
        missed, self._missed_of_past = self._missed_of_past, 0
        return missed

    async def take(self, seconds: float) -> Taken:
        """Return what there is, as soon as there is anything, or the time is up."""
        missed, past = self.missed_of_past(), next(self._past, None)
        if past is not None or missed:
            await asyncio.sleep(0)  # others have their turn: a long past comes in many pieces
            return Taken(missed) if past is None else Taken(missed + past.missed, past.content)
        if not (self._pieces or self._missed or self._has_ended):
            self._has_news.clear()
            try:
                async with asyncio.timeout(seconds):
                    await self._has_news.wait()
            except TimeoutError:
                return Taken()
        missed, self._missed = self._missed, 0
        content = self._next_content()
        return Taken(missed, content, self._has_ended and not self._pieces)

    def _next_content(self) -> bytes:
        """Take no more at once than is read at once: what is taken is in memory for each who takes it."""
        contents: list[bytes] = []
        size = 0
        while self._pieces and size < _PIECE_BYTES:
            contents.append(self._pieces.popleft().content)
            size += len(contents[-1])
        self._bytes -= size
        return b"".join(contents)

    def __repr__(self) -> str:
        return f"<Subscription to {self.server or 'all'}: {self._bytes} bytes, {self._missed} missed>"


class Subscriptions:
    """All who follow what happens to the mock servers of a registry; `render` makes of an event what they get."""

    def __init__(self, registry: Registry, render: Render, most: int) -> None:
        self._registry = registry
        self._events = registry.shared.events
        self._render = render
        self._most = most
        self.missed = 0
        """How many events were dropped from queues that had no room, over all who followed."""
        self._all: set[Subscription] = set()
        self._waiting: list[Event] = []
        self._next_round: asyncio.TimerHandle | None = None
        self._last_round = 0.0

    @property
    def number(self) -> int:
        """That of the latest event."""
        return self._events.number

    def __len__(self) -> int:
        return len(self._all)

    def subscribe(self, server: MockServer | None = None, after: int | None = None) -> Subscription:
        """Follow what happens from now on, or after an event; what is known of that comes first.

        Raises:
            LimitReached: when there are as many as there may be.
        """
        if len(self._all) >= self._most:
            self._registry.shared.totals.refused[EVENT_STREAMS] += 1
            raise LimitReached(
                f"{self._most} callers follow events of this service already: end some, or raise --max-event-streams",
                limit=self._most,
            )
        self._tell_waiting()
        numbers, missed = self._since(self.number if after is None else after, server)
        name = None if server is None else server.id
        subscription = Subscription(self._past(numbers, server), self._forget, name, missed)
        if not self._all:
            self._events.listen(self._hear, everywhere=True)
        self._all.add(subscription)
        if server is not None and not server.play.is_running:
            subscription.end()
        return subscription

    def _since(self, after: int, server: MockServer | None) -> tuple[array[int], int]:
        """Return the numbers of events after one that are known, and how many are gone; of one server, at the most."""
        events = self._events
        if server is None:
            first = max(after, events.number - _PAST_EVENTS)
            numbers = array("Q", (event.number for event in self._known(first, None)))
            return numbers, events.number - after - len(numbers)
        left_out = [entry.event for entry in server.journal.since(after)[:-_PAST_EVENTS][-1:]]
        gone = max(events.forgotten, server.journal.forgotten, *left_out)
        first = max(after, *left_out, 0)
        return array("Q", (event.number for event in self._known(first, server))), max(0, gone - after)

    def _known(self, after: int, server: MockServer | None) -> Iterator[Event]:
        """Yield what is known at this moment of the events after one, by their numbers."""
        servers = self._registry.servers if server is None else (server,)
        found = self._events.since(after, [(each.id, each.journal.since(after)) for each in servers])
        return found if server is None else (event for event in found if event.server == server.id)

    def _past(self, numbers: array[int], server: MockServer | None) -> Iterator[Piece]:
        """Yield the events with some numbers, and hold on to none: who does not read would keep what journals drop."""
        at = 0
        while at < len(numbers):
            piece, at = self._piece_of_past(numbers, at, server)
            self.missed += piece.missed
            yield piece

    def _piece_of_past(self, numbers: array[int], at: int, server: MockServer | None) -> tuple[Piece, int]:
        """Make one of the events from a place in `numbers` on; return also the place behind them."""
        contents: list[bytes] = []
        size, end = 0, len(numbers)
        for event in self._known(numbers[at] - 1, server):
            if event.number > numbers[-1]:
                break
            content = self._rendered(event)
            contents += [] if content is None else [content]
            size += len(content or b"")
            if size >= _PIECE_BYTES:
                end = bisect_right(numbers, event.number)
                break
        return Piece(b"".join(contents), len(contents), end - at - len(contents)), end

    def _forget(self, subscription: Subscription) -> None:
        self._all.discard(subscription)
        if not self._all:
            self._events.forget(self._hear)
            self._waiting.clear()

    def _hear(self, event: Event) -> None:
        self._waiting.append(event)
        if len(self._waiting) >= _MOMENT_EVENTS:
            self._tell_waiting()
        elif self._next_round is None:
            loop = asyncio.get_running_loop()
            self._next_round = loop.call_at(max(loop.time(), self._last_round + _MOMENT_SECONDS), self._tell_waiting)

    def _tell_waiting(self) -> None:
        """Hand to each subscription what happened in the last moment."""
        if self._next_round is not None:
            self._next_round.cancel()
            self._next_round = None
        if not self._waiting:
            return
        self._last_round = asyncio.get_running_loop().time()
        waiting, self._waiting = self._waiting, []  # first: what cannot be rendered does not come again
        wanted = {subscription.server for subscription in self._all}
        rendered = [(event, self._rendered(event)) for event in waiting if None in wanted or event.server in wanted]
        for server in wanted:
            told = rendered if server is None else [each for each in rendered if each[0].server == server]
            self._tell(told, [each for each in self._all if each.server == server])

    def _rendered(self, event: Event) -> bytes | None:
        """Render an event; None where that fails, so that those who follow miss this one and no other."""
        try:
            return self._render(event)
        except Exception:
            logger.exception("an event %s is told to nobody who follows, as it cannot be written", event.name)
            return None

    def _tell(self, told: list[tuple[Event, bytes | None]], subscriptions: list[Subscription]) -> None:
        contents = [content for _, content in told if content is not None]
        for subscription in subscriptions:
            self.missed += subscription.miss(len(told) - len(contents))
        for piece in _pieces(contents):
            for subscription in subscriptions:
                self.missed += subscription.put(piece)
        if any(event.name == SERVER_STOPPED for event, _ in told):
            for subscription in subscriptions:
                if subscription.server is not None:
                    subscription.end()

    def close(self) -> None:
        """End all of them: the service ends."""
        self._tell_waiting()
        for subscription in tuple(self._all):
            subscription.end()

    def __repr__(self) -> str:
        return f"<{len(self)} Subscriptions>"


def _pieces(rendered: Iterable[bytes]) -> Iterator[Piece]:
    """Put as many events together as a piece holds."""
    contents: list[bytes] = []
    size = 0
    for content in rendered:
        contents.append(content)
        size += len(content)
        if size >= _PIECE_BYTES:
            yield Piece(b"".join(contents), len(contents))
            contents, size = [], 0
    if contents:
        yield Piece(b"".join(contents), len(contents))
