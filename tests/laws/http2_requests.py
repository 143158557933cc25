"""Requests of every kind that a client may have under way on a connection of HTTP/2, for hypothesis to interleave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hpack import Decoder, Encoder
from hyperframe.frame import (
    ContinuationFrame,
    DataFrame,
    Frame,
    HeadersFrame,
    PingFrame,
    RstStreamFrame,
    SettingsFrame,
    WindowUpdateFrame,
)
from hypothesis import strategies as st

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
ROOM = WindowUpdateFrame(0, window_increment=10_000_000)
LAST = PingFrame(0, opaque_data=b"all said")

Lines = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Request:
    """One request: its head, cut in so many pieces, the pieces of its body, and how it ends."""

    lines: Lines
    head_pieces: int
    body: tuple[bytes, ...]
    trailers: Lines
    is_cancelled: bool

    @property
    def steps(self) -> int:
        """How many times something is sent of it, between which others may send."""
        return 1 + len(self.body) + bool(self.trailers) + self.is_cancelled

    @property
    def is_malformed(self) -> bool:
        """Whether it is refused as soon as its head is there."""
        return any(self.lines[-len(each) :] == each for each in _MALFORMED)

    @property
    def ends_with_head(self) -> bool:
        return self.steps == 1


_METHODS = ("GET", "GET", "HEAD", "POST", "POST", "PURGEALL", "get", "OPTIONS")
_PATHS = ("/a", "/a", "/b?q=1", "/b", "/none%2F?x=%0A")
_HEADERS: tuple[Lines, ...] = (
    (),
    (("content-type", "text/plain"),),
    (("x-name", "caf\xe9"), ("x-name", "b")),
    (("origin", "http://o"), ("cookie", "a=1"), ("cookie", "b=2")),
    (("x-long", "x" * 300),),
    (("te", "trailers"),),
)
_MALFORMED: tuple[Lines, ...] = ((("X-Upper", "a"),), (("connection", "close"),), ((":path", "/twice"),))


@st.composite
def _requests(draw: st.DrawFn) -> Request:
    pseudo = (
        (":method", draw(st.sampled_from(_METHODS))),
        (":scheme", "http"),
        (":authority", "localhost"),
        (":path", draw(st.sampled_from(_PATHS))),
    )
    lines = draw(st.sampled_from((*_HEADERS, *_HEADERS, *_MALFORMED)))
    body = draw(st.lists(st.sampled_from((b"text", b"te", b"xt", b"", b"\x00\xff" * 40)), max_size=3))
    trailers: Lines = draw(st.sampled_from(((), (), (("x-sum", "1"),))))
    is_cancelled = draw(st.sampled_from((False, False, False, True)))
    return Request(
        (*pseudo, *lines), draw(st.integers(1, 3)), tuple(body), () if is_cancelled else trailers, is_cancelled
    )


@dataclass(frozen=True, slots=True)
class Talk:
    """Requests, and in which order they send what they send: the number of each as often as it has steps."""

    requests: tuple[Request, ...]
    order: tuple[int, ...]

    @property
    def one_after_the_other(self) -> Talk:
        """The same requests, each alone, in the order in which they are decided on here."""
        decided: dict[int, int] = {}
        for place, number in enumerate(self.order):
            if not (self.requests[number].is_malformed and number in decided):
                decided[number] = place
        in_order = sorted(decided, key=lambda number: decided[number])
        return Talk(self.requests, tuple(n for n in in_order for _ in range(self.requests[n].steps)))

    def written(self) -> Written:
        """Return what is sent."""
        written, encoder, done = Written(), Encoder(), [0] * len(self.requests)
        for number in self.order:
            request = self.requests[number]
            if not done[number]:
                written.streams[number] = 2 * len(written.streams) + 1
            for frame in _step(request, written.streams[number], done[number], encoder):
                written.sent += frame.serialize()
            done[number] += 1
            if done[number] == request.steps:
                written.ends.append(len(written.sent))
        return written


@dataclass(slots=True)
class Written:
    """The frames of all requests, where each of them ends, and which stream each has."""

    sent: bytes = b""
    ends: list[int] = field(default_factory=list)
    streams: dict[int, int] = field(default_factory=dict)


def _step(request: Request, stream: int, step: int, encoder: Encoder) -> list[Frame]:
    is_last = step + 1 == request.steps
    if step == 0:
        return _head(request.lines, stream, encoder, request.head_pieces, ends=request.ends_with_head)
    if step <= len(request.body):
        return [DataFrame(stream, request.body[step - 1], flags=["END_STREAM"] if is_last else [])]
    if request.is_cancelled:
        return [RstStreamFrame(stream, error_code=8)]
    return _head(request.trailers, stream, encoder, 1, ends=True)


def _head(lines: Sequence[tuple[str, str]], stream: int, encoder: Encoder, pieces: int, *, ends: bool) -> list[Frame]:
    block = encoder.encode([(name.encode(), value.encode("latin-1")) for name, value in lines])
    size = len(block) // pieces + 1
    cut = [block[begin : begin + size] for begin in range(0, len(block), size)]
    frames: list[Frame] = [HeadersFrame(stream, cut[0], flags=["END_STREAM"] if ends else [])]
    frames += [ContinuationFrame(stream, piece) for piece in cut[1:]]
    frames[-1].flags.add("END_HEADERS")
    return frames


@st.composite
def talks(draw: st.DrawFn) -> Talk:
    """Draw some requests, and how they are interleaved."""
    requests = draw(st.lists(_requests(), min_size=1, max_size=6))
    steps = [number for number, request in enumerate(requests) for _ in range(request.steps)]
    return Talk(tuple(requests), tuple(draw(st.permutations(steps))))


@dataclass(slots=True)
class Answer:
    """What came back on one stream."""

    lines: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""
    reset: int | None = None
    is_over: bool = False


class Answers:
    """Reads what comes back."""

    def __init__(self) -> None:
        self.by_stream: dict[int, Answer] = {}
        self.is_last_said = False
        self._unread = b""
        self._decoder = Decoder()

    def take(self, data: bytes) -> None:
        self._unread += data
        while len(self._unread) >= 9:
            frame, length = Frame.parse_frame_header(memoryview(self._unread[:9]))
            if len(self._unread) < 9 + length:
                return
            frame.parse_body(memoryview(self._unread[9 : 9 + length]))
            self._unread = self._unread[9 + length :]
            self._take(frame)

    def _take(self, frame: Frame) -> None:
        if isinstance(frame, PingFrame):
            self.is_last_said = True
        if not frame.stream_id:
            return
        answer = self.by_stream.setdefault(frame.stream_id, Answer())
        if isinstance(frame, HeadersFrame):
            answer.lines += [(bytes(name), bytes(value)) for name, value in self._decoder.decode(frame.data, raw=True)]
        elif isinstance(frame, DataFrame):
            answer.body += frame.data
        elif isinstance(frame, RstStreamFrame):
            answer.reset, answer.is_over = frame.error_code, True
        answer.is_over = answer.is_over or "END_STREAM" in frame.flags


HELLO = PREFACE + SettingsFrame(0).serialize() + ROOM.serialize()
