"""The states of a connection and its streams, which h2 keeps; this is the one module that knows it.

Left to h2 are the states of streams and both flow controls. Not asked of it: whether a request is well formed, also as
to its length, as it ends the connection for one that is not, `GOAWAY`, behind which it sends no answers, and what is
in blocks of headers.
"""

from __future__ import annotations

from collections.abc import Sequence

from h2.config import H2Configuration
from h2.connection import AllowedStreamIDs, H2Connection
from h2.events import DataReceived, Event, RequestReceived, StreamReset, TrailersReceived
from h2.exceptions import DenialOfServiceError, NoSuchStreamError, ProtocolError, StreamClosedError
from h2.settings import SettingCodes, Settings
from h2.stream import H2Stream
from hpack.exceptions import HPACKError
from hyperframe.frame import GoAwayFrame, RstStreamFrame, SettingsFrame

from pactmock.server.wire.http2 import frames
from pactmock.server.wire.http2.blocks import BoundedDecoder, PlainEncoder
from pactmock.server.wire.http2.broken_rule import BrokenRule, Code
from pactmock.server.wire.http2.heads import Lines
from pactmock.server.wire.preface import PREFACE
from pactmock.server.wire.refused import HEADERS

__all__ = ["DataReceived", "Event", "Machine", "RequestReceived", "StreamReset", "TrailersReceived"]

MOST_STREAMS = 100
"""How many requests of a connection may be under way at once, as its client is told."""

_STREAMS_OF_H2 = 1000
"""For more h2 would end the connection: a client that opens too many is refused each, and no other request is lost."""

_STREAM_WINDOW = 1024 * 1024
_WINDOW = 16 * 1024 * 1024
"""How much of a body, and of all bodies, may come before more is asked for, which is done when it was taken in."""

_LARGEST_PIECE = 16 * 1024
"""How many bytes of a body go into a frame at the most, whatever its client would take: others are sent meanwhile."""

_MOST_INDEXED = 4096
"""How many bytes of headers of answers are remembered to be sent shorter, whatever their client would remember."""


class _Stream(H2Stream):
    """As h2 has it, but that lengths are compared elsewhere: for one that lies it would end the connection."""

    def _initialize_content_length(self, headers: object) -> None:
        pass

    def _track_content_length(self, length: int, end_stream: bool) -> None:
        pass


class _Connection(H2Connection):
    """As h2 has it, but for its streams, and how many that have ended it remembers."""

    MAX_CLOSED_STREAMS = 4096

    def _begin_new_stream(self, stream_id: int, allowed_ids: AllowedStreamIDs) -> H2Stream:
        stream = super()._begin_new_stream(stream_id, allowed_ids)
        stream.__class__ = _Stream
        return stream


class Machine:
    """The state of one connection: frames in, events and frames out. `to_send` has what is to be sent next."""

    def __init__(self, most_headers: int, most_header_bytes: int) -> None:
        """`most_header_bytes` is what the headers of a request may have, counted as HPACK does."""
        self._h2 = _Connection(
            H2Configuration(
                client_side=False,
                header_encoding=None,
                validate_inbound_headers=False,
                normalize_inbound_headers=False,
                validate_outbound_headers=False,
                normalize_outbound_headers=False,
            )
        )
        self._h2.local_settings = Settings(
            client=False,
            initial_values={
                SettingCodes.MAX_CONCURRENT_STREAMS: _STREAMS_OF_H2,
                SettingCodes.INITIAL_WINDOW_SIZE: _STREAM_WINDOW,
                SettingCodes.MAX_HEADER_LIST_SIZE: most_header_bytes,
            },
        )
        self._h2.encoder = PlainEncoder()
        self._h2.decoder = BoundedDecoder(most_headers, most_header_bytes)
        self._h2.initiate_connection()
        self._h2.clear_outbound_data_buffer()
        said = {
            SettingsFrame.MAX_CONCURRENT_STREAMS: MOST_STREAMS,
            SettingsFrame.INITIAL_WINDOW_SIZE: _STREAM_WINDOW,
            SettingsFrame.MAX_HEADER_LIST_SIZE: most_header_bytes,
        }
        self._out = bytearray(SettingsFrame(0, settings=said).serialize())
        """What is to be sent: what h2 has written, and frames that it does not know of, in their order."""
        self._h2.increment_flow_control_window(_WINDOW - self._h2.inbound_flow_control_window)
        self._h2.receive_data(PREFACE)

    def to_send(self) -> bytes:
        """Return what is to be sent since it was asked last."""
        self._collect()
        sent = bytes(self._out)
        self._out.clear()
        return sent

    def _collect(self) -> None:
        self._out += self._h2.data_to_send()

    @property
    def last_stream(self) -> int:
        """The stream that the client has opened last."""
        return self._h2.highest_inbound_stream_id

    def receive(self, frame: bytes) -> Sequence[Event]:
        """Take one frame.

        Raises:
            BrokenRule: for one that ends the connection.
        """
        self._collect()
        try:
            events = self._h2.receive_data(frame)
        except ProtocolError as error:
            self._h2.clear_outbound_data_buffer()  # it says goodbye without a reason
            raise _broken(error, frame) from error
        if frame[3] == frames.SETTINGS and self._h2.encoder.header_table_size > _MOST_INDEXED:
            self._h2.encoder.header_table_size = _MOST_INDEXED
        return events

    def acknowledge(self, stream_id: int, size: int) -> None:
        """Let the client send as many bytes more as were taken in."""
        if size:
            self._h2.acknowledge_received_data(size, stream_id)

    def send_continue(self, stream_id: int) -> None:
        """Tell a client that waits for it to send the body."""
        self._h2.send_headers(stream_id, [(b":status", b"100")])

    def send_head(self, stream_id: int, lines: Lines, *, ends: bool) -> None:
        """Send the head of an answer; `ends` says that there is no body."""
        self._h2.send_headers(stream_id, lines, end_stream=ends)

    def room(self, stream_id: int) -> int:
        """Return how many bytes of a body may be sent in the next frame."""
        window: int = self._h2.local_flow_control_window(stream_id)
        return max(0, min(window, self._h2.max_outbound_frame_size, _LARGEST_PIECE))

    def send_body(self, stream_id: int, piece: bytes, *, ends: bool) -> None:
        """Send a piece of a body for which there is room; `ends` says that nothing follows."""
        self._h2.send_data(stream_id, piece, end_stream=ends)

    def reset(self, stream_id: int, code: int) -> None:
        """End a stream, also one of which all was said that there was to say."""
        try:
            self._h2.reset_stream(stream_id, code)
        except StreamClosedError:
            self._collect()
            self._out += RstStreamFrame(stream_id, error_code=code).serialize()

    def go_away(self, code: int = Code.NO_ERROR, reason: str = "") -> None:
        """Say that no stream is taken behind the last one, and why."""
        frame = GoAwayFrame(0, last_stream_id=self.last_stream, error_code=code, additional_data=reason.encode()[:500])
        self._collect()
        self._out += frame.serialize()

    def close(self) -> None:
        """Let go of everything; nothing is asked of it any more."""
        vars(self._h2).clear()  # it knows itself, and in a circle only the garbage collector would find it

    def __repr__(self) -> str:
        return f"<Machine with {len(self._out)} bytes to send>"


def _broken(error: ProtocolError, frame: bytes) -> BrokenRule:
    """Say which rule was broken, and whether a request is lost with the frame."""
    if isinstance(error, DenialOfServiceError):
        reason = "the headers of a request hold more than is taken"
        return BrokenRule(Code.ENHANCE_YOUR_CALM, reason, over=HEADERS, loses_request=True)
    code = Code.COMPRESSION_ERROR if isinstance(error.__cause__, HPACKError) else error.error_code
    is_of_headers = frame[3] in (frames.HEADERS, frames.CONTINUATION)
    kind = _NAMES[frame[3]] if frame[3] < len(_NAMES) else "unknown"
    said = f"a frame of the type {kind} is against the rules ({_spoken(error)})"
    return BrokenRule(code, said, loses_request=is_of_headers)


def _spoken(error: ProtocolError) -> str:
    """Say what h2 means: of streams it says their number, and of what comes at the wrong time its own states."""
    if isinstance(error, NoSuchStreamError):
        return f"stream {error.stream_id} has ended, or did not begin"
    said = str(error)
    return "it is not expected there" if said.startswith("Invalid input") else said or type(error).__name__


_NAMES = (
    "DATA", "HEADERS", "PRIORITY", "RST_STREAM", "SETTINGS", "PUSH_PROMISE", "PING", "GOAWAY", "WINDOW_UPDATE",
    "CONTINUATION",
)  # fmt: skip
