"""The open connections of a listener: how many there may be, when one has been silent for too long, and their end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterator
from typing import Protocol

from pactmock.server.wire import refusals
from pactmock.server.wire.connection import Connection
from pactmock.server.wire.door import Door
from pactmock.server.wire.incoming import Message
from pactmock.server.wire.refused import CONNECTIONS

_TURNS_TO_TAKE_UP = 6
"""How many turns of the loop it takes at the most until what a client has sent is read from a new connection."""

_LOOK_SECONDS, _STALLED_LOOKS = 0.005, 20
"""How often is looked whether a message goes on, and how often in vain: a process that others keep from running has
not heard of what came meanwhile, so seconds say nothing."""


class Open(Protocol):
    """What connections are here, whatever is spoken on them: each says in its class what these do."""

    def drain(self) -> None: ...

    def hurry(self) -> None: ...

    def close(self) -> None: ...

    def abort(self) -> None: ...

    def look(self, now: float) -> None: ...

    @property
    def incoming(self) -> tuple[object, ...] | None: ...


class Connections:
    """The open connections of one listener; calling it makes the protocol of a new one."""

    def __init__(self, door: Door, make: Callable[[Door, Connections], Connection] = Connection) -> None:
        self._door = door
        self._make = make
        self._open: set[Open] = set()
        self._all_closed: asyncio.Future[None] | None = None
        self._next_look: asyncio.TimerHandle | None = None
        self._successor: Connections | None = None
        self._is_draining = False
        self._is_closed = False

    def hand_over(self, successor: Connections) -> None:
        """Have another door answer on connections that are new from now on."""
        self._successor = successor

    @property
    def present(self) -> Connections:
        """Those that a connection belongs to that is new."""
        return self if self._successor is None else self._successor.present

    @property
    def are_open(self) -> bool:
        """Whether there are any now."""
        return bool(self._open)

    def __iter__(self) -> Iterator[Open]:
        return iter(tuple(self._open))

    def __call__(self) -> asyncio.Protocol:
        if self._successor is not None:
            return self._successor()
        connection = self._make(self._door, self)
        if self._is_draining:
            connection.drain()
        return connection

    def add(self, connection: Open, more: int = 0) -> bool:
        """Count a new connection; tell whether there is room for it, or would be for so many more."""
        intake = self._door.intake
        self._open.add(connection)
        intake.connections += 1
        if self._next_look is None:
            self._look_later()
        if self._is_closed:  # it was accepted before, and begins now
            connection.close()
        return intake.connections <= intake.most_connections + self._door.reserve + more

    def refuse(self) -> None:
        """Note that a connection is one too many on which nothing can be said of that."""
        self._door.intake.refused[CONNECTIONS] += 1
        self._door.refuse(Message(), refusals.too_many_connections(self._door.intake))

    def replace(self, connection: Open, following: Open) -> None:
        """Know a connection by what goes on with it."""
        self._open.discard(connection)
        self._open.add(following)
        if self._is_draining:
            following.drain()

    def discard(self, connection: Open) -> None:
        self._open.discard(connection)
        self._door.intake.connections -= 1
        if not self._open and self._all_closed is not None and not self._all_closed.done():
            self._all_closed.set_result(None)

    def _look_later(self) -> None:
        limits = self._door.limits
        shortest = min(limits.head_seconds, limits.body_seconds, limits.idle_seconds)
        self._next_look = asyncio.get_running_loop().call_later(min(1.0, shortest / 4), self._look)

    def _look(self) -> None:
        self._next_look = None
        now = asyncio.get_running_loop().time()
        for connection in tuple(self._open):
            connection.look(now)
        if self._open:
            self._look_later()

    def drain(self) -> None:
        """Answer one more message on each connection, also on new ones: clients go on elsewhere before all is closed.

        Who only notices that a connection closes cannot know whether what it sent meanwhile was taken.
        """
        self._is_draining = True
        for connection in self._open:
            connection.drain()

    async def taken_in(self, seconds: float) -> None:
        """Wait until messages that are coming in are there, or nothing more of them comes, or the time is up."""
        for _ in range(_TURNS_TO_TAKE_UP):
            await asyncio.sleep(0)
        await self.come_in(tuple(self), seconds)

    async def come_in(self, connections: Collection[Open], seconds: float) -> None:
        """Wait for what is coming in on some of them, as far as it has been read."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        for connection in connections:
            connection.hurry()
        coming: dict[Open, tuple[tuple[object, ...] | None, int]]
        coming = {each: (each.incoming, 0) for each in connections if each.incoming is not None}
        while coming and loop.time() < until:
            await asyncio.sleep(_LOOK_SECONDS)
            for connection, (seen, looks) in tuple(coming.items()):
                state = connection.incoming
                if state != seen:  # also where nothing is left: who had to wait with reading reads on only now
                    coming[connection] = state, 0
                    connection.hurry()
                elif state is None or looks >= _STALLED_LOOKS:
                    del coming[connection]
                else:
                    coming[connection] = seen, looks + 1

    async def close(self, seconds: float) -> None:
        """End all connections: idle ones at once, others when what they are owed is sent, or after some seconds."""
        self._is_closed = True
        for connection in tuple(self._open):
            connection.close()
        if self._open:
            self._all_closed = asyncio.get_running_loop().create_future()
            await asyncio.wait([self._all_closed], timeout=seconds)
            for connection in tuple(self._open):
                connection.abort()
        if self._next_look is not None:
            self._next_look.cancel()
            self._next_look = None

    def __repr__(self) -> str:
        return f"<Connections: {len(self._open)} open>"
