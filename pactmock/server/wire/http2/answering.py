"""What becomes of the requests of a connection: each is decided on, or refused, noted, and answered on its stream.

A request that is whole is decided on at once while there is room for its answer; else it waits until others were sent.
So a client that opens many streams and reads none of them holds no more memory than one that waits, and nothing that
it has asked for is lost.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from functools import partial
from typing import Protocol, cast

from pactmock.pact.parts.received_headers import HTTP_2, decode
from pactmock.server.answers.answer import Answer
from pactmock.server.wire import refusals
from pactmock.server.wire.broken import BrokenOff
from pactmock.server.wire.door import Caller, Door, Owed
from pactmock.server.wire.http2 import ends
from pactmock.server.wire.http2.machine import Machine
from pactmock.server.wire.http2.patience import Patience
from pactmock.server.wire.http2.requests import Requests
from pactmock.server.wire.http2.sending import Sending
from pactmock.server.wire.http2.stream import Stage, Stream
from pactmock.server.wire.incoming import Message
from pactmock.server.wire.refused import Refused

logger = logging.getLogger("pactmock.server")


class Moves(Caller, Protocol):
    """The connection that the answers go over."""

    def moved(self) -> None:
        """Send what can be sent, as something has happened that was not on the wire."""


class Answering:
    """The requests of one connection and their answers."""

    def __init__(self, door: Door, machine: Machine, patience: Patience, connection: Moves) -> None:
        self._door = door
        self._machine = machine
        self._patience = patience
        self._connection = connection
        self.requests = Requests(door, machine, patience, self)
        self.streams = self.requests.streams
        self.sending = Sending(machine, self._is_sent)
        self._waiting: deque[Stream] = deque()
        self._sends = True
        self.hurries = False
        """Whether somebody waits for all that has come to be decided, also where there is no room for the answers."""
        self.ended = 0
        """How many streams have ended."""

    @property
    def can_decide(self) -> bool:
        """Whether a request waits for whose answer there is room."""
        return bool(self._waiting) and (self.sending.has_room or self.hurries)

    def decide_next(self) -> None:
        """Decide on the request that has waited longest."""
        self._decide(self._waiting.popleft())

    def decide_all(self, *, sends: bool = True) -> None:
        """Decide on all that waits, whether there is room or not, as it has to stand in the journal.

        With `sends` false, nothing is sent from now on.
        """
        self._sends = self._sends and sends
        while self._waiting:
            self.decide_next()

    def end(self) -> None:
        """Let go of all: the client is gone."""
        self.decide_all(sends=False)
        for stream in tuple(self.streams.values()):
            self._forget(stream)
        # They know each other, and in a circle only the garbage collector would find them.
        self._connection = cast("Moves", None)
        self.requests.close()
        self.sending.close()

    def reset(self, stream: Stream, code: int) -> None:
        """End a stream without an answer, or amid it."""
        self._machine.reset(stream.id, code)
        self._forget(stream)

    def is_whole(self, stream: Stream) -> None:
        """Decide on a request, or have it wait until there is room for its answer."""
        if self._waiting or not self.sending.has_room:
            stream.stage = Stage.WAITING
            self._waiting.append(stream)
        else:
            self._decide(stream)

    def cancelled(self, stream: Stream) -> None:
        """Note a request that its client has given up, and send no answer."""
        del self.streams[stream.id]
        if stream.stage is Stage.COMING:
            self.note(stream.message, refusals.broken_off(stream.message))
        elif stream.stage is Stage.WAITING:
            self._waiting.remove(stream)
            self._decide(stream)
        self._forget(stream)

    def _decide(self, stream: Stream) -> None:
        try:
            owed = self._door.answer(stream.message, self._connection)
        except Exception as error:
            logger.exception("a request could not be handled")
            self._fail(stream, error)
            return
        assert owed is not None  # noqa: S101  nobody else writes to such a connection
        self._send(stream, owed)

    def _send(self, stream: Stream, owed: Owed) -> None:
        """Send what is owed to a client that is still there, now or when it is known."""
        if not isinstance(owed, Answer):
            stream.stage = Stage.DECIDED
            stream.owed = owed  # kept, as the loop knows its tasks only weakly
            owed.add_done_callback(partial(self._settle, stream))
        elif stream.id in self.streams and self._sends:
            self.sending.begin(stream, owed)

    def _settle(self, stream: Stream, future: asyncio.Future[Answer]) -> None:
        """Send an answer that was not known at once."""
        stream.owed = None
        error = None if future.cancelled() else future.exception()
        if future.cancelled() or not self._sends or stream.id not in self.streams:
            stream.close()
            return
        if isinstance(error, BrokenOff):
            ends.end(self._machine, stream.id, error)
            self._forget(stream)
        elif error is not None:
            logger.error("a request could not be handled", exc_info=error)
            self._fail(stream, error)
        else:
            self.sending.begin(stream, future.result())
        self._connection.moved()

    def _is_sent(self, stream: Stream) -> None:
        self._patience.gain()
        self._forget(stream)

    def _forget(self, stream: Stream) -> None:
        """Let go of a stream; a body that is still decided on is counted until it was."""
        self.streams.pop(stream.id, None)
        self.sending.forget(stream)
        if stream.owed is None:
            stream.close()
        self.ended += 1

    def refuse(self, stream: Stream, refused: Refused) -> None:
        """Answer what is not taken, and drop what its client still sends of it."""
        owed = self.note(stream.message, refused)
        stream.release()
        self._send(stream, owed)

    def give_up(self, stream_id: int) -> None:
        """Refuse the rest of an upload, as others need the room."""
        stream = self.streams.get(stream_id)
        if stream is not None and stream.stage is Stage.COMING:
            self.refuse(stream, refusals.in_the_way(stream.message))
            asyncio.get_running_loop().call_soon(self._connection.moved)

    def drop(self, stream: Stream, refused: Refused) -> None:
        """Note what is not taken, and is not answered as its client is gone."""
        self.note(stream.message, refused)
        self._forget(stream)

    def note(self, message: Message, refused: Refused) -> Owed:
        if refused.over is not None:
            self._door.intake.refused[refused.over] += 1
        refused.protocol = HTTP_2
        if message.head_is_read and not refused.unfinished:
            refused.asked_for = message.method, decode(message.target)
        return self._door.refuse(message, refused)

    def _fail(self, stream: Stream, error: BaseException) -> None:
        """Say that it is our fault; the traceback is in the log."""
        self.refuse(stream, Refused(500, f"pactmock failed to handle a request: {error!r}; please report this"))

    def __repr__(self) -> str:
        return f"<Answering {len(self.streams)} streams, of which {len(self._waiting)} wait>"
