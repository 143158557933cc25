"""A connection that is one too many: its client is told so, in the protocol that it speaks, and nothing else is done.

Which one that is, its first bytes say, so they are waited for. What is kept of such a connection is less than of one
that is taken, and it ends as soon as if it had been told at once.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from pactmock.pact.parts.received_headers import HTTP_2
from pactmock.server.answers.answer import Answer
from pactmock.server.wire import lingering, refusals
from pactmock.server.wire.channel import Channel
from pactmock.server.wire.door import Door
from pactmock.server.wire.first_line import asked_for, is_begun
from pactmock.server.wire.incoming import Message
from pactmock.server.wire.messages import encode
from pactmock.server.wire.preface import PREFACE, is_preface
from pactmock.server.wire.refused import CONNECTIONS, UNREAD

if TYPE_CHECKING:
    from pactmock.server.wire.connections import Connections
    from pactmock.server.wire.http2.farewell import Farewell

logger = logging.getLogger("pactmock.server")

_SECONDS = 0.5
"""How long its client may take to say something; then it is told in HTTP/1.1, or as far as is known."""

_MOST_BYTES = 16 * 1024
"""How much of a first line is looked at."""

_AGAIN = ("Retry-After", "1")


class TurnedAway(Channel):
    """One such connection, which goes on with what another protocol was made for."""

    def __init__(self, door: Door, connections: Connections, transport: asyncio.Transport) -> None:
        super().__init__()
        self._door = door
        self._connections = connections
        self.transport = transport
        self._came = b""
        self._farewell: Farewell | None = None
        self._is_told = False
        self._refused = refusals.too_many_connections(door.intake)
        door.intake.refused[CONNECTIONS] += 1
        loop = asyncio.get_running_loop()
        self._latest = loop.time() + lingering.SECONDS
        self._timer = loop.call_later(_SECONDS, self._tell)

    # What asyncio calls.

    def data_received(self, data: bytes) -> None:
        if self._is_told:
            self._drop(data)
        elif self._farewell is not None:
            self._say_farewell(self._farewell, data)
        else:
            self._look_at(self._came + data)

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002
        self._timer.cancel()
        self._connections.discard(self)

    # What follows from that.

    def _go_on(self) -> None:
        """Tell a client that says nothing more."""
        if self._has_ended:
            self._tell()

    def _look_at(self, came: bytes) -> None:
        """See what is spoken, and wait for the first line, or for the first request, to be whole."""
        if self._door.speaks_http2 and is_preface(came):
            if len(came) >= len(PREFACE):
                from pactmock.server.wire.http2.farewell import Farewell  # late: few clients speak HTTP/2

                self._farewell, self._refused.protocol = Farewell(), HTTP_2
                self._say_farewell(self._farewell, came[len(PREFACE) :])
                return
        elif len(came) > _MOST_BYTES or not is_begun(came):
            self._refused.asked_for = asked_for(came[:_MOST_BYTES])
            self._tell()
            return
        self._came = came

    def _say_farewell(self, farewell: Farewell, data: bytes) -> None:
        if farewell.take(data):
            if farewell.stream:
                self._refused.asked_for = UNREAD
            self._tell()
        elif said := farewell.said():
            self.transport.write(said)

    def _tell(self) -> None:
        """Note that it is one too many, and say so."""
        if self._is_told:
            return
        self._is_told, self._came = True, b""
        self._timer.cancel()
        owed = self._door.refuse(Message(), self._refused)
        if isinstance(owed, Answer):
            self._send(owed)
        else:
            owed.add_done_callback(self._settle)

    def _settle(self, owed: asyncio.Future[Answer]) -> None:
        if owed.cancelled() or owed.exception() is not None:
            logger.error("a connection could not be refused", exc_info=None if owed.cancelled() else owed.exception())
            self.abort()
        else:
            self._send(owed.result())

    def _send(self, answer: Answer) -> None:
        if self.transport.is_closing():
            return
        told = replace(answer, headers=(*answer.headers, _AGAIN))
        if self._farewell is not None:
            self.transport.write(self._farewell.written(told, self._refused.reason))
        else:
            self.transport.write(encode(told, "GET", "close"))
        self._end(lingers=True, seconds=max(self._latest - asyncio.get_running_loop().time(), 0.0))

    # What those do that have connections.

    def hurry(self) -> None:
        """Do nothing more: what it asks for is not decided."""

    def drain(self) -> None:
        """Do nothing more: it is told to go already."""

    def close(self) -> None:
        """Tell it at once: nothing more is waited for."""
        self._tell()

    def look(self, now: float) -> None:
        """Leave the time to its own timer."""

    @property
    def incoming(self) -> tuple[object, ...] | None:
        """How much has come of a first request that is not noted."""
        came = len(self._came) if self._farewell is None else self._farewell.unread
        return (came,) if came and not self._is_told else None

    def __repr__(self) -> str:
        return f"<TurnedAway{', told' if self._is_told else ''}>"
