"""One connection, whatever is spoken on it: how far it goes both ways, and how it ends.

A client may end its side and wait for what it is owed, not read what it is sent, or go on sending when nothing more is
taken. What follows from that is the same in every protocol.
"""

from __future__ import annotations

import asyncio
from abc import abstractmethod

from pactmock.server.wire import lingering


class Channel(asyncio.Protocol):
    """What protocols stand on that are spoken on a connection."""

    transport: asyncio.Transport

    def __init__(self) -> None:
        self._is_writing_paused = self._is_reading_paused = False
        self._has_ended = False
        """Whether the client sends nothing more."""
        self._is_closing = False
        """Whether nothing more is taken; what is owed may still be sent."""
        self._dropped_bytes = 0

    @abstractmethod
    def _go_on(self) -> None:
        """Do what can be done now."""

    def pause_writing(self) -> None:
        """Send nothing more to a client that does not read, and take nothing more from it."""
        self._is_writing_paused = True

    def resume_writing(self) -> None:
        self._is_writing_paused = False
        self._go_on()

    def eof_received(self) -> bool:
        """Keep the way back open: a client may close its side and wait for what it is owed."""
        self._has_ended = True
        if self._is_closing:
            return False
        self._go_on()
        return not self._is_closing and self.transport.get_extra_info("ssl_object") is None

    def _pause_reading(self, pauses: bool) -> None:
        """Read on, or no more for the time being."""
        if pauses is not self._is_reading_paused:
            self._is_reading_paused = pauses
            if pauses:
                self.transport.pause_reading()
            else:
                self.transport.resume_reading()

    def _drop(self, data: bytes) -> None:
        """Take what still comes when nothing more is taken."""
        self._dropped_bytes += len(data)
        if self._dropped_bytes > lingering.MOST_BYTES:
            self.abort()

    def _end(self, *, lingers: bool, seconds: float = lingering.SECONDS) -> None:
        """Close when all that was written is sent; at once, where the client may not be sending anything just now."""
        self._is_closing = True
        if lingers and not self._has_ended and self.transport.can_write_eof():
            lingering.close_later(self.transport, is_reading_paused=self._is_reading_paused, seconds=seconds)
            self._is_reading_paused = False
        else:
            self.transport.close()

    def abort(self) -> None:
        """Close now."""
        self.transport.abort()
