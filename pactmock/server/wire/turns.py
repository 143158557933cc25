"""Whose frames are taken when: connections of HTTP/2 take turns, over the whole process.

A frame costs its sender next to nothing, and more here. Each connection in itself could be bounded, and a hundred of
them would still keep all others waiting for the sum. So frames are taken for two milliseconds in a turn of the loop,
of one connection after the other, and the rest waits.
"""

from __future__ import annotations

import asyncio
import time
from typing import Protocol


class TakesFrames(Protocol):
    """A connection."""

    def take_frames(self, until: float) -> bool:
        """Take frames until some time of the monotonic clock; tell whether that were all."""


class Turns:
    """Those that wait for their turn, in their order."""

    def __init__(self, seconds: float = 0.002) -> None:
        self._seconds = seconds
        self._waiting: dict[TakesFrames, None] = {}
        self._until: float | None = None
        """Until when frames are taken in this turn of the loop, None where it had none yet."""

    def have(self, connection: TakesFrames) -> None:
        """Have a connection take the frames that have come, now or when those before it had their turn."""
        until = self._until or self._begin()
        if connection in self._waiting:
            return
        if self._waiting or time.monotonic() >= until or not connection.take_frames(until):
            self._waiting[connection] = None

    def _begin(self) -> float:
        asyncio.get_running_loop().call_soon(self._end)
        self._until = time.monotonic() + self._seconds
        return self._until

    def _end(self) -> None:
        """Note that the next turn of the loop is there, and use it."""
        self._until = None
        if not self._waiting:
            return
        until = self._begin()
        while self._waiting and time.monotonic() < until:
            connection = next(iter(self._waiting))
            del self._waiting[connection]
            if not connection.take_frames(until):
                self._waiting[connection] = None

    def __repr__(self) -> str:
        return f"<Turns: {len(self._waiting)} waiting>"
