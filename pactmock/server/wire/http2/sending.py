"""Sends answers on the streams of a connection: of each in turn as much as its client has room for."""

from __future__ import annotations

from collections.abc import Callable

from pactmock.server.answers.answer import Answer
from pactmock.server.wire.http2 import heads
from pactmock.server.wire.http2.broken_rule import Code
from pactmock.server.wire.http2.machine import Machine
from pactmock.server.wire.http2.stream import Stage, Stream

_ROOM = 1024 * 1024
"""How many bytes of answers may wait on one connection for their client to read them."""


class Sending:
    """The answers of one connection that are not sent; `ended` is told of each that is, or will not be."""

    def __init__(self, machine: Machine, ended: Callable[[Stream], None]) -> None:
        self._machine = machine
        self._ended = ended
        self._streams: dict[int, Stream] = {}
        self._bytes = 0

    @property
    def has_room(self) -> bool:
        """Whether one more answer may wait."""
        return self._bytes < _ROOM

    def begin(self, stream: Stream, answer: Answer) -> None:
        """Send an answer, or begin to. One that ends in an error is not waited for."""
        if 100 <= answer.status < 200:  # no answer of HTTP/2 may end with it
            stream.code = Code.HTTP_1_1_REQUIRED
            self._end(stream)
            return
        lines, body = heads.written(answer, is_head=stream.message.method == "HEAD")
        is_fine = stream.code == Code.NO_ERROR
        if not is_fine and self._machine.room(stream.id) < len(body):
            body = b""
        stream.release()
        stream.stage, stream.unsent = Stage.SENDING, body
        self._machine.send_head(stream.id, lines, ends=not body and is_fine)
        if body:
            self._bytes += len(body)
            self._streams[stream.id] = stream
            self._send_piece(stream)
        else:
            self._end(stream)

    def go_on(self) -> bool:
        """Send a frame of every answer for which there is room; tell whether there was one."""
        sent = [self._send_piece(stream) for stream in tuple(self._streams.values())]
        return any(sent)

    def _send_piece(self, stream: Stream) -> bool:
        size = min(self._machine.room(stream.id), stream.left)
        if not size:
            return False
        piece = stream.unsent[stream.sent : stream.sent + size]
        stream.sent += size
        self._bytes -= size
        self._machine.send_body(stream.id, piece, ends=not stream.left and stream.code == Code.NO_ERROR)
        if not stream.left:
            self._end(stream)
        return True

    def _end(self, stream: Stream) -> None:
        """End a stream of which all was sent, also where its client has more to say."""
        if stream.code != Code.NO_ERROR or not stream.has_client_ended:
            self._machine.reset(stream.id, stream.code)
        self._ended(stream)

    def forget(self, stream: Stream) -> None:
        """Send nothing more of an answer."""
        if self._streams.pop(stream.id, None) is not None:
            self._bytes -= stream.left

    def close(self) -> None:
        """Tell of no answer any more: the connection is gone."""
        self._ended = _nobody

    def __repr__(self) -> str:
        return f"<Sending {len(self._streams)} answers, {self._bytes} bytes>"


def _nobody(_stream: Stream) -> None:
    """Stand for a connection that is gone."""
