"""A client of HTTP/2 that sends what it is told to, frame by frame, for what no client library sends or shows."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from h2 import events
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.settings import SettingCodes
from hyperframe.frame import Frame, GoAwayFrame

from tests.patience import HANG

Lines = Sequence[tuple[str, str]]


@dataclass
class Answer:
    """What came back on one stream; `ended` says how it ended: `None`, or the code of a reset."""

    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    informed: list[int] = field(default_factory=list)
    """The statuses that came before the last one."""
    is_whole: bool = False
    reset: int | None = None


class Client:
    """One connection. What is sent is not checked; what comes is kept by stream."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, acknowledges: bool) -> None:
        self._reader, self._writer = reader, writer
        self._acknowledges = acknowledges
        self.h2 = H2Connection(
            H2Configuration(
                client_side=True, header_encoding="utf-8", validate_outbound_headers=False,
                normalize_outbound_headers=False,
            )
        )  # fmt: skip
        self.answers: dict[int, Answer] = {}
        self.whole: list[int] = []
        """The streams of answers in the order in which they were whole."""
        self.went_away: list[GoAwayFrame] = []
        self.listens = True
        """Whether it looks at more than the end of the connection."""
        self.is_closed = self._has_ended = False
        self.has_heard = False
        """Whether the settings of the other side have come."""
        self.received = 0
        """How many bytes have come."""
        self._cut = b""

    @classmethod
    async def connect(
        cls, port: int, *, window: int | None = None, acknowledges: bool = True, listens: bool = True, ssl: Any = None
    ) -> Self:
        """Connect and send the preface; `window` is how much of an answer may come before more is asked for."""
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", port, ssl=ssl, server_hostname="localhost" if ssl else None
        )
        client = cls(reader, writer, acknowledges=acknowledges)
        client.listens = listens
        if window is not None:
            client.h2.local_settings.update({SettingCodes.INITIAL_WINDOW_SIZE: window})
            client.h2.local_settings.acknowledge()
        client.h2.initiate_connection()
        client.flush()
        return client

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._writer.close()
        with contextlib.suppress(OSError):  # reset by the other side, which a test may have wanted
            await self._writer.wait_closed()

    # Sending.

    def flush(self) -> None:
        if not self._has_ended:
            self._writer.write(self.h2.data_to_send())

    def send(self, raw: bytes | Frame) -> None:
        """Send bytes, or a frame, of which the state of this side knows nothing."""
        self._writer.write(raw if isinstance(raw, bytes) else raw.serialize())

    async def drain(self) -> None:
        await self._writer.drain()

    def half_close(self) -> None:
        self._has_ended = True
        self._writer.write_eof()

    def ask(self, method: str, path: str, headers: Lines = (), body: bytes = b"", *, ends: bool = True) -> int:
        """Send a request; with `ends` false, one that goes on."""
        stream_id = self.h2.get_next_available_stream_id()
        self.h2.send_headers(stream_id, head(method, path, headers), end_stream=ends and not body)
        if body:
            self.h2.send_data(stream_id, body, end_stream=ends)
        self.answers[stream_id] = Answer()
        self.flush()
        return stream_id

    # What comes.

    async def answer(self, stream_id: int) -> Answer:
        """Wait until all of an answer is there, or its stream was reset, or the connection closed."""
        wanted = self.answers[stream_id]
        await self.until(lambda: wanted.is_whole or wanted.reset is not None or self.is_closed)
        return wanted

    async def fetch(self, method: str, path: str, headers: Lines = (), body: bytes = b"") -> Answer:
        return await self.answer(self.ask(method, path, headers, body))

    async def until(self, holds: Callable[[], bool], seconds: float = HANG) -> None:
        async with asyncio.timeout(seconds):
            while not holds():
                await self.read()

    async def read(self) -> None:
        """Take what comes next."""
        try:
            data = await self._reader.read(65536)
        except ConnectionError:
            data = b""
        if not data:
            self.is_closed = True
            return
        self.received += len(data)
        data = self._without_goaway(data)
        if self.listens:
            for event in self.h2.receive_data(data):
                self._take(event)
            self.flush()

    def _without_goaway(self, data: bytes) -> bytes:
        """Keep what says that the other side goes, as h2 would take nothing more then; return other whole frames."""
        data, begin = self._cut + data, 0
        while len(data) - begin >= 9:
            frame, length = Frame.parse_frame_header(memoryview(data[begin : begin + 9]))
            end = begin + 9 + length
            if end > len(data):
                break
            if isinstance(frame, GoAwayFrame):
                frame.parse_body(memoryview(data[begin + 9 : end]))
                self.went_away.append(frame)
                data = data[:begin] + data[end:]
            else:
                begin = end
        self._cut = data[begin:]
        return data[:begin]

    def _take(self, event: events.Event) -> None:
        match event:
            case events.ResponseReceived(stream_id=stream_id, headers=lines):
                answer = self.answers[stream_id]
                answer.headers = [(str(name), str(value)) for name, value in lines]
                answer.status = int(answer.headers.pop(0)[1])
            case events.InformationalResponseReceived(stream_id=stream_id, headers=lines):
                self.answers[stream_id].informed.append(int(lines[0][1]))
            case events.DataReceived(stream_id=stream_id, data=data, flow_controlled_length=length):
                self.answers[stream_id].body += data or b""
                if self._acknowledges and length:
                    self.h2.acknowledge_received_data(length, stream_id)
            case events.StreamEnded(stream_id=stream_id):
                self.answers[stream_id].is_whole = True
                self.whole.append(stream_id)
            case events.StreamReset(stream_id=stream_id, error_code=code):
                self.answers.setdefault(stream_id, Answer()).reset = int(code or 0)
            case events.RemoteSettingsChanged():
                self.has_heard = True
            case _:
                pass


def head(method: str, path: str, headers: Iterable[tuple[str, str]] = ()) -> list[tuple[str, str]]:
    """Write the head of a request."""
    pseudo = [(":method", method), (":scheme", "http"), (":authority", "localhost"), (":path", path)]
    return [*pseudo, *headers]


Connect = Callable[..., Awaitable[Client]]
