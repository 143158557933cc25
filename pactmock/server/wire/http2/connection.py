"""One connection of HTTP/2: frames in and out, in its turn, within its times, and how it ends."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING

from pactmock.server.wire import refusals
from pactmock.server.wire.channel import Channel
from pactmock.server.wire.door import Door
from pactmock.server.wire.http2 import frames
from pactmock.server.wire.http2.answering import Answering
from pactmock.server.wire.http2.broken_rule import BrokenRule, Code
from pactmock.server.wire.http2.frames import Frames
from pactmock.server.wire.http2.machine import Machine
from pactmock.server.wire.http2.patience import Patience
from pactmock.server.wire.http2.requests import CANCELLED
from pactmock.server.wire.http2.stream import Stage
from pactmock.server.wire.http2.watch import Watch
from pactmock.server.wire.incoming import Message
from pactmock.server.wire.refused import SECONDS, UNREAD, Refused
from pactmock.server.wire.turns import turns_of_this_loop

if TYPE_CHECKING:
    from pactmock.server.wire.connections import Connections

logger = logging.getLogger("pactmock.server")


class Http2Connection(Channel):
    """One connection of a listener whose client speaks HTTP/2."""

    def __init__(self, door: Door, connections: Connections, transport: asyncio.Transport) -> None:
        super().__init__()
        self._door = door
        self._connections = connections
        self.transport = transport
        most_header_bytes = 2 * (door.limits.line + door.limits.field)
        self._frames = Frames(most_header_bytes)
        self._machine = Machine(2 * door.limits.headers, most_header_bytes)
        self._patience = Patience()
        self._answering = Answering(door, self._machine, self._patience, self)
        self._watch = Watch(door.limits)
        self._is_leaving = False
        """Whether no more streams are taken, and the connection ends when none is left."""
        self._has_owed = False
        """Whether anything was owed when that was so: its client may be sending room for it at the moment."""

    # What asyncio calls.

    def begin(self, data: bytes, *, has_ended: bool) -> None:
        """Begin with what came behind the preface."""
        self._has_ended = has_ended
        self._flush()
        self.data_received(data)

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002
        self._is_closing = True
        self._connections.discard(self)
        self._answering.end()
        self._machine.close()

    def data_received(self, data: bytes) -> None:
        if self._is_closing:
            self._drop(data)
            return
        self._frames.add(data)
        self._go_on()

    # Frames.

    def _go_on(self) -> None:
        """Take what has come when it is the turn of this connection."""
        if not self._is_closing:
            turns_of_this_loop().have(self)

    def take_frames(self, until: float) -> bool:
        """Take frames until some time, and send what follows from them; tell whether that were all that can be taken.

        One that waits in vain for its client to read has no turns meanwhile.
        """
        try:
            while self._has_work:
                if self._answering.can_decide:
                    self._answering.decide_next()
                elif frame := self._frames.next():
                    self._take(frame)
                if time.monotonic() >= until:
                    break
        except BrokenRule as broken:
            self._break(broken)
        except Exception as error:
            logger.exception("a frame could not be handled")
            said = f"pactmock failed to read it: {error!r}; please report this"
            self._break(BrokenRule(Code.INTERNAL_ERROR, said, loses_request=True))
        self._send_what_fits()
        self._look_at_the_rest()
        is_done = not self._has_work
        self._answering.hurries = self._answering.hurries and not is_done
        return is_done

    def hurry(self) -> None:
        """Decide on all that has come, also where its client does not read: a verdict waits for it."""
        self._answering.hurries = True
        self._go_on()

    @property
    def _has_work(self) -> bool:
        """Whether anything can be done now: a client that does not read has nothing done for it without need."""
        if self._is_closing or (self._is_writing_paused and not self._answering.hurries):
            return False
        return self._frames.has_next or self._answering.can_decide

    def _take(self, frame: bytes) -> None:
        kind = frame[3]
        if not self._has_begun(frame):
            is_request = kind == frames.HEADERS
            raise BrokenRule(
                Code.PROTOCOL_ERROR, "the connection does not begin with settings", loses_request=is_request
            )
        if kind == frames.GOAWAY:
            self._take_goaway(frame)
            return
        events = self._machine.receive(frame)
        for event in events:
            self._answering.requests.take(event)
        if kind == frames.RST_STREAM and not events:
            self._patience.spend(CANCELLED, 2)  # that it was answered before has given one back
        elif kind in _NUISANCES or not (events or kind in _MAY_BE_SILENT):
            self._patience.spend(_NUISANCES.get(kind, "frames for streams that have ended"))

    def _has_begun(self, frame: bytes) -> bool:
        """Tell whether this is no first frame, or one that may be."""
        is_first = self._frames.count == 0 or (self._frames.count == 1 and not self._frames.within_block)
        return not is_first or (frame[3] == frames.SETTINGS and not frame[4] & frames.ACK)

    def _take_goaway(self, frame: bytes) -> None:
        """Answer what is under way, and end: the client opens no more streams, which h2 takes for the end of all."""
        if frames.stream_of(frame):
            raise BrokenRule(Code.PROTOCOL_ERROR, "a GOAWAY is about a stream")
        self._is_leaving = self._has_owed = True

    def _look_at_the_rest(self) -> None:
        """Read on only when no frame is left to be taken; close when nothing more comes and nothing is owed."""
        has_next = self._frames.has_next
        if self._has_ended and not has_next:
            for stream in self._answering.requests.coming():
                self._answering.drop(stream, refusals.broken_off(stream.message))
            self._leave()
        self._finish_when_done()
        if not self._is_closing:
            self._pause_reading(has_next)

    # Sending.

    def moved(self) -> None:
        """Send what fits now, as something has changed, and go on with what waits for that."""
        self._send_what_fits()
        self._finish_when_done()
        if self._has_work:
            self._go_on()

    def _send_what_fits(self) -> None:
        """Send of the answers what their client has room for."""
        goes_on = True
        while goes_on and not self._is_closing:
            self._flush()
            goes_on = not self._is_writing_paused and self._answering.sending.go_on()

    def _flush(self) -> None:
        sent = self._machine.to_send()
        if sent:
            self.transport.write(sent)

    def _break(self, broken: BrokenRule) -> None:
        """End the connection, as its client has broken a rule. What was asked before is decided, and noted."""
        self._is_closing = True
        self._answering.decide_all(sends=False)  # h2 sends nothing more
        reason = f"This connection of HTTP/2 was ended: {broken.reason}"
        refused = Refused(400, reason, over=broken.over)
        if self._frames.within_block or broken.loses_request or self._frames.holds_request:
            refused.asked_for = UNREAD
        self._answering.note(Message(), refused)
        for stream in self._answering.requests.coming():
            self._answering.drop(stream, Refused(400, reason))
        self._machine.go_away(broken.code, reason)
        self._flush()
        self._close(lingers=True)

    # The end of the connection.

    def drain(self) -> None:
        """Answer what is under way, and tell the client to go on elsewhere."""
        self._leave()
        self._finish_when_done()

    def close(self) -> None:
        """Take nothing more, send what is owed, then close."""
        if self._is_closing:
            return
        for stream in self._answering.requests.coming():
            self._answering.reset(stream, Code.REFUSED_STREAM)
        self._answering.decide_all()
        self._leave()
        self.moved()

    def _leave(self) -> None:
        """Say that no more streams are taken."""
        self._answering.requests.takes_more = False
        if not self._is_leaving and not self._is_closing:
            self._is_leaving = True
            self._has_owed = bool(self._answering.streams)
            self._machine.go_away()
            self._flush()

    def _finish_when_done(self) -> None:
        if self._is_leaving and not self._answering.streams and not self._is_closing:
            self._flush()
            self._close(lingers=self._has_owed)

    def _close(self, *, lingers: bool) -> None:
        self._frames.clear()
        self._end(lingers=lingers)

    # Time.

    @property
    def incoming(self) -> tuple[object, ...] | None:
        """How far requests have come that are coming in; None where none is. Another value means that they go on."""
        if self._has_work:  # it waits for its turn, and not for its client
            return (object(),)
        under_way = [each for each in self._answering.streams.values() if each.stage in (Stage.COMING, Stage.WAITING)]
        if self._is_closing or not (under_way or self._frames.unread or self._frames.within_block):
            return None
        return self._frames.count, self._frames.unread, *(stream.state for stream in under_way)

    def look(self, now: float) -> None:
        """End what has not gone on for too long; called every now and then."""
        is_held = self._is_writing_paused or self._is_closing
        if self._watch.is_stuck(now, self.transport.get_write_buffer_size() if is_held else None):
            self.abort()
        elif not is_held:
            self._end_what_is_late(now)

    def _end_what_is_late(self, now: float) -> None:
        for stream in self._watch.late(self._answering.streams.values(), now):
            if stream.stage is Stage.COMING:
                self._answering.refuse(stream, refusals.late(stream.message))
            else:
                self._answering.reset(stream, Code.ENHANCE_YOUR_CALM)
        if self._watch.is_frame_late(self._frames, now):
            self._break(BrokenRule(Code.ENHANCE_YOUR_CALM, "the rest of a frame did not come in time", over=SECONDS))
        elif self._watch.is_idle(self._answering.ended, not self._answering.streams, now):
            self._leave()
        self.moved()

    def __repr__(self) -> str:
        return f"<Http2Connection of {len(self._answering.streams)} streams>"


_NUISANCES = {frames.SETTINGS: "settings", frames.PING: "pings", frames.PRIORITY: "priorities"}
"""Frames that ask for work and bring nothing."""

_MAY_BE_SILENT = frozenset({frames.HEADERS, frames.CONTINUATION, frames.WINDOW_UPDATE})
"""Frames of which nothing follows where all is well: a block that goes on, and room on a stream that has ended."""
