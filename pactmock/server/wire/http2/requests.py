"""Puts requests together from what comes on the streams of a connection, each within its bounds."""

from __future__ import annotations

from functools import partial
from typing import Protocol, cast

from pactmock.server.wire import refusals
from pactmock.server.wire.door import Door
from pactmock.server.wire.http2 import heads
from pactmock.server.wire.http2.broken_rule import Code
from pactmock.server.wire.http2.machine import (
    MOST_STREAMS,
    DataReceived,
    Event,
    Machine,
    RequestReceived,
    StreamReset,
    TrailersReceived,
)
from pactmock.server.wire.http2.patience import Patience
from pactmock.server.wire.http2.stream import Stage, Stream
from pactmock.server.wire.refused import Refused

CANCELLED = "requests that are cancelled"


class Decides(Protocol):
    """Who deals with requests that are whole, that are not taken, and that their client gave up."""

    def is_whole(self, stream: Stream) -> None: ...

    def refuse(self, stream: Stream, refused: Refused) -> None: ...

    def give_up(self, stream_id: int) -> None: ...

    def cancelled(self, stream: Stream) -> None: ...

    def drop(self, stream: Stream, refused: Refused) -> None: ...


class Requests:
    """The requests of one connection. `streams` are those of which something is to come, or to be sent."""

    def __init__(self, door: Door, machine: Machine, patience: Patience, decides: Decides) -> None:
        self._door = door
        self._machine = machine
        self._patience = patience
        self._decides = decides
        self.streams: dict[int, Stream] = {}
        self.takes_more = True
        """Whether streams are taken that are opened from now on."""

    def take(self, event: Event) -> None:
        """Take what has happened on a stream.

        Raises:
            BrokenRule: for what is too much of something.
        """
        if isinstance(event, RequestReceived):
            self._begin(event)
        elif isinstance(event, DataReceived):
            self._take_data(event)
        elif isinstance(event, TrailersReceived):
            self._take_trailers(event)
        elif isinstance(event, StreamReset):
            self._take_reset(event)

    def coming(self) -> list[Stream]:
        """Return the streams whose requests are not whole."""
        return [stream for stream in self.streams.values() if stream.stage is Stage.COMING]

    def close(self) -> None:
        """Forget who deals with them."""
        self._decides = cast("Decides", None)

    def _begin(self, event: RequestReceived) -> None:
        id_ = event.stream_id
        if not self.takes_more:
            self._machine.reset(id_, Code.REFUSED_STREAM)
            return
        stream = Stream(id_, self._door.intake, partial(self._decides.give_up, id_))
        stream.has_client_ended = event.stream_ended is not None
        try:
            self._read_head(stream, event)
        except Refused as refused:
            self._refuse(stream, refused)
        else:
            if stream.has_client_ended:
                self._end(stream)

    def _read_head(self, stream: Stream, event: RequestReceived) -> None:
        is_one_too_many = len(self.streams) >= MOST_STREAMS
        self.streams[stream.id] = stream
        heads.read_head(stream.message, event.headers, self._door.limits)
        stream.promised = heads.length_of(stream.message)
        if is_one_too_many:
            stream.code = Code.REFUSED_STREAM
            raise _too_many_streams()
        if not stream.has_client_ended:
            self._expect_body(stream)

    def _expect_body(self, stream: Stream) -> None:
        message = stream.message
        stream.most_body_bytes = self._door.body_limit(message)
        if (stream.promised or 0) > stream.most_body_bytes:
            raise refusals.too_large(message, stream.most_body_bytes)
        stream.share.take(message.size)
        if message.header(b"expect") == b"100-continue":
            self._machine.send_continue(stream.id)

    def _take_data(self, event: DataReceived) -> None:
        self._machine.acknowledge(event.stream_id, event.flow_controlled_length or 0)
        stream = self.streams.get(event.stream_id)
        if stream is None or stream.stage is not Stage.COMING:  # refused, and its client has not heard of it
            return
        content, message = event.data or b"", stream.message
        try:
            if message.body_bytes + len(content) > stream.most_body_bytes:
                raise refusals.too_large(message, stream.most_body_bytes)
            stream.share.take(len(content))
            if content:
                message.add(content)
            heads.check_length(stream.promised, message.body_bytes, is_whole=False)
        except Refused as refused:
            self._refuse(stream, refused)
            return
        if event.stream_ended is not None:
            self._end(stream)
        elif content:
            stream.share.note(len(content))
        else:
            self._patience.spend("frames without data")

    def _take_trailers(self, event: TrailersReceived) -> None:
        """Look at trailers, and drop them: they are none of a request, as over HTTP/1.1."""
        stream = self.streams.get(event.stream_id)
        if stream is None:
            return
        try:
            heads.check_trailers(event.headers)
        except heads.Malformed as malformed:
            stream.has_client_ended = True
            if stream.stage is Stage.COMING:
                self._refuse(stream, malformed)
        else:
            self._end(stream)

    def _end(self, stream: Stream) -> None:
        """Note that nothing more of a request comes."""
        stream.has_client_ended = True
        if stream.stage is not Stage.COMING:
            return
        try:
            heads.check_length(stream.promised, stream.message.body_bytes, is_whole=True)
        except heads.Malformed as malformed:
            self._refuse(stream, malformed)
        else:
            stream.share.end_upload()
            self._decides.is_whole(stream)

    def _refuse(self, stream: Stream, refused: Refused) -> None:
        if isinstance(refused, heads.Malformed):
            stream.code = Code.PROTOCOL_ERROR
        self._decides.refuse(stream, refused)

    def _take_reset(self, event: StreamReset) -> None:
        stream = self.streams.get(event.stream_id)
        if stream is None:
            return
        if stream.stage is Stage.COMING and not event.remote_reset:
            self._decides.drop(stream, heads.Malformed("its client has broken the rules of flow control"))
            return
        self._decides.cancelled(stream)
        self._patience.spend(CANCELLED)


def _too_many_streams() -> Refused:
    return Refused(
        503,
        f"This connection has the {MOST_STREAMS} streams under way that it may have, as its settings say: wait for one"
        " to end, or open another connection",
    )
