"""Whose frames are taken when: connections of HTTP/2 take turns, over all that is on one loop.

A frame costs its sender next to nothing, and more here. Each connection in itself could be bounded, and a hundred of
them would still keep all others waiting for the sum. So frames are taken for two milliseconds in a turn of the loop,
of one connection after the other, and the rest waits. A frame is taken as a whole: after one that took longer, nobody's
are taken for as long as that again. That is time of the processor: on a machine that others use, a frame that costs
little can be there for long, and who rested for that as well would hardly get to do anything.
"""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Protocol
from weakref import ref


def turns_of_this_loop() -> Turns:
    """Return the turns of the loop that runs: mock servers in a program may be on several, which come and go."""
    loop = asyncio.get_running_loop()
    if _PRESENT.loop is None or _PRESENT.loop() is not loop:
        _PRESENT.loop, _PRESENT.turns = ref(loop), Turns()
    return _PRESENT.turns


class TakesFrames(Protocol):
    """A connection that takes its frames when it is its turn."""

    def take_frames(self, until: float) -> bool:
        """Take frames until some time of the monotonic clock; tell whether that were all."""


_LONG = 0.005
"""How many seconds a turn may be over its time with nothing made of it: to wake up later takes a millisecond, too."""


class Turns:
    """Those that wait for their turn, in their order."""

    def __init__(self, seconds: float = 0.002) -> None:
        self._seconds = seconds
        self._waiting: dict[TakesFrames, None] = {}
        self._until: float | None = None
        """Until when frames are taken in this turn of the loop, None where it had none yet."""
        self._over = 0.0
        """For how many seconds of the processor longer than a turn somebody's were taken."""

    def have(self, connection: TakesFrames) -> None:
        """Have a connection take the frames that have come, now or when those before it had their turn."""
        until = self._until or self._begin()
        if connection in self._waiting:
            return
        if self._waiting or time.monotonic() >= until or not self._take(connection, until):
            self._waiting[connection] = None

    def _begin(self) -> float:
        asyncio.get_running_loop().call_soon(self._end)
        self._until = time.monotonic() + self._seconds
        return self._until

    def _take(self, connection: TakesFrames, until: float) -> bool:
        began = time.thread_time()
        is_done = connection.take_frames(until)
        self._over = max(self._over, time.thread_time() - began - self._seconds)
        return is_done

    def _end(self) -> None:
        """Note that the next turn of the loop is there; where a frame took long, all others have as long before it."""
        over, self._over = self._over, 0.0
        if over > _LONG:
            asyncio.get_running_loop().call_later(over, self._go_on)
        else:
            self._go_on()

    def _go_on(self) -> None:
        self._until = None
        if not self._waiting:
            return
        until = self._begin()
        while self._waiting and time.monotonic() < until:
            connection = next(iter(self._waiting))
            del self._waiting[connection]
            if not self._take(connection, until):
                self._waiting[connection] = None

    def __repr__(self) -> str:
        return f"<Turns: {len(self._waiting)} waiting>"


class _Present(threading.local):
    """The turns of the loop that ran last in a thread, which may go though what waits in them knows it."""

    loop: ref[asyncio.AbstractEventLoop] | None = None
    turns: Turns


_PRESENT = _Present()
