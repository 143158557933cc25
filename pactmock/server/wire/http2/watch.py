"""What has not gone on for too long on a connection of HTTP/2, by the same seconds as on one of HTTP/1.1."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pactmock.server.options import WireLimits
from pactmock.server.wire.http2 import frames
from pactmock.server.wire.http2.frames import Frames
from pactmock.server.wire.http2.stream import Stage, Stream


class _Since:
    """How long a state of the connection has been seen unchanged."""

    def __init__(self) -> None:
        self._state: object = self
        self._at = 0.0

    def seconds(self, state: object, now: float) -> float:
        """Return for how long it has been this state, at every look."""
        if state != self._state:
            self._state, self._at = state, now
        return now - self._at


class Watch:
    """Remembers what was seen of one connection when somebody looked at it last."""

    def __init__(self, limits: WireLimits) -> None:
        self._limits = limits
        self._stuck, self._head, self._idle = _Since(), _Since(), _Since()

    def is_stuck(self, now: float, unsent: int | None) -> bool:
        """Tell whether a client has taken none of the bytes that wait for it; None says that none do."""
        return self._stuck.seconds(unsent, now) > self._limits.body_seconds and unsent is not None

    def late(self, streams: Iterable[Stream], now: float) -> Iterator[Stream]:
        """Yield the streams of which nothing came that is needed: data, or room for what is sent."""
        for stream in tuple(streams):
            state = stream.state
            if state != stream.seen:
                stream.seen, stream.seen_at = state, now
            elif stream.stage in (Stage.COMING, Stage.SENDING) and now - stream.seen_at > self._limits.body_seconds:
                yield stream

    def is_frame_late(self, cut: Frames, now: float) -> bool:
        """Tell whether headers, or another frame, do not come to their end. One with data may as long as it goes on."""
        if not (cut.unread or cut.within_block):
            self._head.seconds(None, now)
            return False
        if cut.type == frames.DATA and not cut.within_block:
            return self._head.seconds((cut.count, cut.unread), now) > self._limits.body_seconds
        return self._head.seconds(cut.count, now) > self._limits.head_seconds

    def is_idle(self, ended: int, is_free: bool, now: float) -> bool:
        """Tell whether nothing was asked, by how many streams have ended, and whether none is left."""
        return self._idle.seconds((ended, is_free), now) > self._limits.idle_seconds and is_free
