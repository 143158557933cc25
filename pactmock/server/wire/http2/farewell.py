"""What a client of HTTP/2 is told on a connection that is one too many: an answer to its first request, and `GOAWAY`.

There may be any number of such connections, so each has to be cheap: frames are cut, and nothing in them is decoded.
What a block of headers asks for is not known then, and h2 is not needed.
"""

from __future__ import annotations

from functools import lru_cache

from pactmock.server.answers.answer import Answer
from pactmock.server.wire.http2 import frames, heads
from pactmock.server.wire.http2.blocks import PlainEncoder
from pactmock.server.wire.http2.broken_rule import BrokenRule
from pactmock.server.wire.http2.frames import Frames

_MOST_FRAMES = 32
"""How many frames may come before the first request: settings, room for answers, and priorities, which were many."""

_WINDOW, _WINDOW_SIZE = 4, 65535
"""The setting that says how much of a body may come unasked, and what it is where nothing is said (RFC 9113, 6.5.2)."""


class Farewell:
    """Looks for the first request in what comes behind the preface."""

    def __init__(self) -> None:
        self._frames = Frames(frames.MOST_BYTES)
        self._room = _WINDOW_SIZE
        self._said = frames.written(frames.SETTINGS, 0, 0)
        self.stream = 0
        """The stream of the first request, 0 while none came."""

    @property
    def unread(self) -> int:
        """How many bytes have come of the frame that comes next."""
        return self._frames.unread

    def take(self, data: bytes) -> bool:
        """Take what came; tell whether a request did, or nothing more can be understood."""
        self._frames.add(data)
        try:
            while not self.stream and self._frames.count < _MOST_FRAMES and (frame := self._frames.next()):
                self._look_at(frame)
        except BrokenRule:
            return True
        return bool(self.stream) or self._frames.count >= _MOST_FRAMES

    def _look_at(self, frame: bytes) -> None:
        if frame[3] == frames.HEADERS:
            self.stream = frames.stream_of(frame)
        elif frame[3] == frames.SETTINGS and not frame[4] & frames.ACK:
            self._said += frames.written(frames.SETTINGS, frames.ACK, 0)
            for at in range(frames.HEAD, len(frame) - 5, 6):
                if int.from_bytes(frame[at : at + 2], "big") == _WINDOW:
                    self._room = int.from_bytes(frame[at + 2 : at + 6], "big")

    def said(self) -> bytes:
        """Return what is to be sent at once: many clients ask for nothing before they have heard of settings."""
        said, self._said = self._said, b""
        return said

    def written(self, answer: Answer, reason: str) -> bytes:
        """Write an answer where something was asked, and the end of the connection with why it ends."""
        end = self.stream.to_bytes(4, "big") + _NO_ERROR + reason.encode()[:500]
        return self.said() + self._answered(answer) + frames.written(frames.GOAWAY, 0, 0, end)

    def _answered(self, answer: Answer) -> bytes:
        if not self.stream:
            return b""
        lines, body = heads.written(answer, is_head=False)
        block, has_body = _block(tuple(lines)), len(body) <= self._room
        flags = frames.END_HEADERS if has_body else frames.END_HEADERS | frames.END_STREAM
        head = frames.written(frames.HEADERS, flags, self.stream, block)
        return head + frames.written(frames.DATA, frames.END_STREAM, self.stream, body) if has_body else head

    def __repr__(self) -> str:
        return f"<Farewell on stream {self.stream}>"


@lru_cache(maxsize=16)
def _block(lines: tuple[tuple[bytes, bytes], ...]) -> bytes:
    """Write the first block of a connection, for a client that remembers nothing of it: some have said so."""
    encoder = PlainEncoder()
    encoder.header_table_size = 0
    return encoder.encode(lines)


_NO_ERROR = bytes(4)
