"""One connection: messages in, answers out, one after the other, each within its bounds.

A message is only read when the one before it is answered; until then what the client has sent stays where it is, and
reading pauses. So answers come in order, a bad message takes no answer from a good one before it, and a client that
sends without reading holds no more memory than one that waits. Closing takes nothing more, sends what is owed, and
then closes.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, cast

from pactmock.server.answers.answer import Answer
from pactmock.server.wire.broken import BrokenOff
from pactmock.server.wire.channel import Channel
from pactmock.server.wire.door import Door
from pactmock.server.wire.incoming import Message, Phase
from pactmock.server.wire.messages import encode
from pactmock.server.wire.preface import SpeaksHttp2
from pactmock.server.wire.reading import Reader
from pactmock.server.wire.refused import Refused
from pactmock.server.wire.turned_away import TurnedAway

if TYPE_CHECKING:
    from pactmock.server.wire.connections import Connections
    from pactmock.server.wire.http2.connection import Http2Connection

logger = logging.getLogger("pactmock.server")

_TURN_SECONDS = 0.01
"""How long the messages of one connection may be answered before all others have their turn."""

_COMPLETE = Phase.COMPLETE


class Connection(Channel):
    """One connection of a listener."""

    def __init__(self, door: Door, connections: Connections) -> None:
        super().__init__()
        self._door = door
        self._connections = connections
        self.transport = cast("asyncio.Transport", None)  # there is one from `connection_made` on
        self._reader = Reader(door.limits, door.intake, door.body_limit, self._refuse)
        self._unread = b""
        self._owed: asyncio.Future[Answer] | None = None
        """Kept until it is there, as the loop knows its tasks only weakly."""
        self._is_busy = False
        """Whether an answer is owed for the message at hand."""
        self._is_lost = False
        self._has_turn = False
        """Whether what was sent is taken up in the next turn of the loop."""
        self._seen: tuple[object, ...] = ()
        self._seen_at = 0.0

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        if not self._connections.add(self):
            self._hand_over(TurnedAway(self._door, self._connections, self.transport))

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002
        self._is_lost = self._is_closing = True
        self._connections.discard(self)
        if not self._is_busy:
            self._reader.close()

    def data_received(self, data: bytes) -> None:
        if self._is_closing:
            self._drop(data)
            return
        self._unread = self._unread + data if self._unread else data
        self._go_on()

    # What follows from that.

    def _go_on(self) -> None:
        """Take up the next message, as far as it is there and nothing stands before it."""
        reader, until = self._reader, 0.0
        while self._unread and not (self._is_busy or self._is_writing_paused or self._is_closing or self._has_turn):
            try:
                self._unread = reader.feed(self._unread)
            except Refused as refused:
                self._refuse(refused)
                return
            except SpeaksHttp2 as begun:
                self._speak_http2(begun.rest)
                return
            if reader.phase is _COMPLETE:
                self._answer(reader.message)
            elif reader.expects_continue():
                self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            if self._unread:  # others wait, too
                now = time.monotonic()
                until = until or now + _TURN_SECONDS
                if now >= until:
                    self._has_turn = True
                    asyncio.get_running_loop().call_soon(self._take_turn)
        if self._unread or self._is_reading_paused or self._has_ended:
            self._look_at_the_rest()

    def _take_turn(self) -> None:
        """Go on with what was left when others had to have their turn."""
        self._has_turn = False
        if not self._is_lost:
            self._go_on()

    def _speak_http2(self, rest: bytes) -> None:
        """Leave the connection to another protocol, where that is spoken."""
        if not self._door.speaks_http2:
            self._refuse(
                Refused(
                    505,
                    "This is HTTP/2, which only the ports of mock servers speak: use HTTP/1.1 here, or call the mock"
                    " server on its own port",
                )
            )
            return
        from pactmock.server.wire.http2.connection import Http2Connection  # late: few clients speak it

        following = Http2Connection(self._door, self._connections, self.transport)
        self._hand_over(following)
        following.begin(rest, has_ended=self._has_ended)

    def _hand_over(self, following: Http2Connection | TurnedAway) -> None:
        """Leave the connection to what goes on with it."""
        self._unread = b""
        self._is_closing = True
        self._reader.close()
        self._connections.replace(self, following)
        self.transport.set_protocol(following)

    def _look_at_the_rest(self) -> None:
        """Read on only when nothing is left to take up; close when nothing more comes and nothing is owed."""
        if self._is_closing:
            return
        if self._has_ended and not (self._unread or self._is_busy):
            try:
                self._reader.end()
            except Refused as refused:
                self._refuse(refused)
            else:
                self.close()
        else:
            self._pause_reading(bool(self._unread))

    def _answer(self, message: Message) -> None:
        try:
            owed = self._door.answer(message, self)
        except Exception as error:
            logger.exception("a request could not be handled")
            self._fail(error)
            return
        if isinstance(owed, Answer):
            self._send(message, owed)
            return
        self._is_busy = True
        self._reader.keep()
        if owed is not None:
            self._owed = owed
            owed.add_done_callback(lambda future: self._settle(message, future))

    def _settle(self, message: Message, future: asyncio.Future[Answer]) -> None:
        """Send an answer that was not known at once."""
        self._owed, self._is_busy = None, False
        error = None if future.cancelled() else future.exception()
        if future.cancelled() or self._is_lost:
            self._reader.close()
        elif isinstance(error, BrokenOff):
            self._is_closing = True
            self._unread = b""
            self._reader.release()
            error.end(self.transport)
        elif error is not None:
            logger.error("a request could not be handled", exc_info=error)
            self._fail(error)
        else:
            self._send(message, future.result())
            self._go_on()

    def answered(self, *, keeps_alive: bool = True) -> None:
        """Go on after a message that somebody else has answered."""
        self._is_busy = False
        self._reader.release()
        if self._is_lost:
            self._reader.close()
        elif self._is_closing or not keeps_alive:
            self._finish()
        else:
            self._go_on()

    def _send(self, message: Message, answer: Answer) -> None:
        connection = ("keep-alive" if message.is_old else None) if message.keeps_alive else "close"
        self.transport.write(encode(answer, message.method, connection))
        if message.body_bytes:
            self._reader.release()
        if self._is_closing or not message.keeps_alive:
            self._finish()

    def _fail(self, error: BaseException) -> None:
        """Say that it is our fault; the traceback is in the log."""
        self._refuse(Refused(500, f"pactmock failed to handle a request: {error!r}; please report this"))

    def _refuse(self, refused: Refused) -> None:
        """Answer what is not taken, and read nothing more but what the client is sending at the moment."""
        if refused.over is not None:
            self._door.intake.refused[refused.over] += 1
        if not refused.unfinished:
            refused.asked_for = self._reader.asked_for
        owed = self._door.refuse(self._reader.message, refused)
        self._reader.release()
        if isinstance(owed, Answer):
            self._send_refusal(owed)
            return
        self._is_closing, self._unread = True, b""
        owed.add_done_callback(self._settle_refusal)

    def _settle_refusal(self, owed: asyncio.Future[Answer]) -> None:
        """Send what was not known at once; where even that fails, nobody waits for it."""
        if owed.cancelled() or owed.exception() is not None:
            logger.error("a message could not be refused", exc_info=None if owed.cancelled() else owed.exception())
            self._finish()
        else:
            self._send_refusal(owed.result())

    def _send_refusal(self, answer: Answer) -> None:
        self.transport.write(encode(answer, "GET", "close"))
        self._finish(lingers=True)

    def _finish(self, *, lingers: bool = False) -> None:
        """Close when all that was written is sent."""
        self._unread = b""
        self._end(lingers=lingers)

    def hurry(self) -> None:
        """Do nothing more: what was sent behind a message waits until its client has read the answer to that."""

    def drain(self) -> None:
        """Close with the answer to the next message, and say so in it: the client goes on elsewhere."""
        self._reader.keeps_alive = False

    def close(self) -> None:
        """Take nothing more, send what is owed, then close."""
        self._is_closing = True
        if not self._is_busy:
            self._finish()

    @property
    def incoming(self) -> tuple[object, ...] | None:
        """How far the message has come that is coming in; None where none is. Another value means that it goes on."""
        if self._is_closing or not (self._unread or self._reader.is_within_head or self._reader.phase is Phase.BODY):
            return None
        return (*self._state(), self._reader.message.head_bytes, len(self._unread))

    def look(self, now: float) -> None:
        """Close a connection on which nothing has happened for too long; called every now and then."""
        seen = self._state()
        if seen != self._seen:
            self._seen, self._seen_at = seen, now
        elif not self._is_busy and now - self._seen_at > self._patience():
            if self._is_closing or self._is_writing_paused:
                self.abort()
            elif self._reader.phase is Phase.BODY or self._reader.is_within_head:
                self._refuse(self._reader.expire())
            else:
                self.close()

    def _state(self) -> tuple[object, ...]:
        reader = self._reader
        unsent = self.transport.get_write_buffer_size() if self._is_writing_paused else 0
        message = reader.count, reader.phase, reader.message.body_bytes
        return *message, self._is_busy, self._is_writing_paused, unsent, self._has_ended

    def _patience(self) -> float:
        limits = self._door.limits
        if self._is_writing_paused or self._reader.phase is Phase.BODY:
            return limits.body_seconds
        return limits.head_seconds if self._reader.is_within_head else limits.idle_seconds

    def __repr__(self) -> str:
        return f"<Connection {self._reader.phase.value}{', busy' if self._is_busy else ''}>"
