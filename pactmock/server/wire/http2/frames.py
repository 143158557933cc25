"""Cuts what comes over a connection into frames, and hands them on one by one.

h2 takes any bytes, and forgets what it has understood of them when a later frame is wrong. So it is given a frame at a
time: how a stream of bytes is cut then changes nothing, and each frame can be counted, and waited for.
"""

from __future__ import annotations

from pactmock.server.wire.http2.broken_rule import BrokenRule, Code

DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = range(10)
"""The types of frames (RFC 9113, section 6)."""

MOST_BYTES = 16384
"""What a frame may have behind its own head: that is the protocol's default, and nothing else is asked for."""

HEAD = 9
"""How many bytes that head has."""
ACK, END_STREAM, END_HEADERS = 0x1, 0x1, 0x4
_MOST_CONTINUATIONS = 60
"""h2 takes 64, and its complaint is a general one."""


def stream_of(frame: bytes) -> int:
    """Return the stream that a frame is about, 0 for the connection."""
    return int.from_bytes(frame[5:HEAD], "big") & 0x7FFF_FFFF


def written(type_: int, flags: int, stream: int, content: bytes = b"") -> bytes:
    """Write a frame."""
    return b"%b%b%b%b" % (len(content).to_bytes(3, "big"), bytes((type_, flags)), stream.to_bytes(4, "big"), content)


class Frames:
    """The frames of one connection. A block of headers may take several; then it is `within_block` until it ends."""

    def __init__(self, most_block_bytes: int) -> None:
        self._most_block_bytes = most_block_bytes
        self._unread = bytearray()
        self._block_bytes = self._continuations = 0
        self.within_block = False
        self.count = 0
        """How many frames were cut, where a block of headers is one."""

    @property
    def unread(self) -> int:
        """How many bytes there are of which no frame was made."""
        return len(self._unread)

    @property
    def type(self) -> int | None:
        """The type of the frame that comes next, None where that is not known."""
        return self._unread[3] if len(self._unread) >= HEAD else None

    @property
    def has_next(self) -> bool:
        """Whether the next frame is whole, or known to be too long."""
        unread = self._unread
        length = int.from_bytes(unread[:3], "big")
        return len(unread) >= HEAD and (length > MOST_BYTES or len(unread) >= HEAD + length)

    @property
    def holds_request(self) -> bool:
        """Whether headers stand in what no frame was made of, be they too long, or behind what broke a rule."""
        at, unread = 0, self._unread
        while at + HEAD <= len(unread):
            if unread[at + 3] == HEADERS:
                return True
            at += HEAD + int.from_bytes(unread[at : at + 3], "big")
        return False

    def add(self, data: bytes) -> None:
        """Take what has come."""
        self._unread += data

    def clear(self) -> None:
        """Forget what no frame was made of."""
        self._unread.clear()

    def next(self) -> bytes | None:
        """Return the next frame, None when it is not whole.

        Raises:
            BrokenRule: for one that is too long, and for a block of headers that is.
        """
        unread = self._unread
        if len(unread) < HEAD:
            return None
        length = int.from_bytes(unread[:3], "big")
        if length > MOST_BYTES:
            raise BrokenRule(Code.FRAME_SIZE_ERROR, f"a frame has {length:,} bytes, and {MOST_BYTES:,} are taken")
        end = HEAD + length
        if len(unread) < end:
            return None
        frame = bytes(unread[:end])
        del unread[:end]
        self._follow_block(frame[3], frame[4], length)
        if not self.within_block:
            self.count += 1
        return frame

    def _follow_block(self, type_: int, flags: int, length: int) -> None:
        if type_ == HEADERS and not self.within_block:
            self._block_bytes, self._continuations = length, 0
        elif type_ == CONTINUATION and self.within_block:
            self._block_bytes += length
            self._continuations += 1
        else:
            return
        self.within_block = not flags & END_HEADERS
        if self._block_bytes > self._most_block_bytes or self._continuations > _MOST_CONTINUATIONS:
            self.within_block = True
            raise BrokenRule(
                Code.ENHANCE_YOUR_CALM,
                f"the headers of a request take more than {self._most_block_bytes:,} bytes, or more than"
                f" {_MOST_CONTINUATIONS} frames",
            )

    def __repr__(self) -> str:
        return f"<Frames: {self.count} cut, {self.unread} bytes unread>"
