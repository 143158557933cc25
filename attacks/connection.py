"""HTTP as bytes on a blocking socket, for what no client library sends or shows."""

from __future__ import annotations

import contextlib
import re
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

PATIENCE = 40.0
"""Seconds that an attacker waits for an answer: the wall time after which the service gives up, twice."""

_BETWEEN_SEGMENTS = 0.05
"""Long enough that the service reads one piece before the next is there."""

_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, in how many seconds where somebody waited for it. Names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float = 0.0


NOTHING = Answer(0, {}, b"")
"""What came back when the connection was closed without an answer."""


class Connection:
    """One connection to a port of this machine."""

    def __init__(self, port: int, patience: float = PATIENCE) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=patience)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._unread = bytearray()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        self._socket.close()

    def send(self, *segments: bytes) -> None:
        """Send each piece in a segment of its own."""
        for number, segment in enumerate(segments):
            if number:
                time.sleep(_BETWEEN_SEGMENTS)
            self._socket.sendall(segment)

    def end_sending(self) -> None:
        """Close this side only, as some clients do when their request is sent."""
        self._socket.shutdown(socket.SHUT_WR)

    def answer(self, method: str = "GET") -> Answer:
        """Read one final answer; `NOTHING` when the connection is closed before it came."""
        while (answer := self._answer(method)).status // 100 == 1:
            pass
        return answer

    def answers(self, *methods: str) -> list[Answer]:
        """Read the answers to some requests, as many as come."""
        read = []
        for method in methods:
            read.append(self.answer(method))
            if read[-1] is NOTHING:
                break
        return read

    def read_slowly(self, length: int, piece: int, pause: float) -> int:
        """Read so many bytes in pieces, with a pause behind each; return how many came."""
        read = 0
        while read < length and (received := self._socket.recv(piece)):
            read += len(received)
            time.sleep(pause)
        return read

    def read_all(self, within: float, until: re.Pattern[bytes] | None = None) -> bytes:
        """Read what comes until the connection is closed, some seconds are over, or something has come."""
        self._socket.settimeout(within)
        with contextlib.suppress(TimeoutError):
            while (until is None or not until.search(self._unread)) and self._read():
                pass
        return bytes(self._unread)

    def is_closed(self, within: float) -> bool:
        """Tell whether the other side closes the connection within some seconds."""
        self._socket.settimeout(within)
        try:
            while self._read():
                self._unread.clear()
        except TimeoutError:
            return False
        return True

    def _answer(self, method: str) -> Answer:
        while b"\r\n\r\n" not in self._unread:
            if not self._read():
                return NOTHING
        end = self._unread.index(b"\r\n\r\n")
        first, *lines = self._take(end + 4)[:end].decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = 0 if method == "HEAD" else int(headers.get("content-length", "0"))
        while len(self._unread) < length and self._read():
            pass
        return Answer(int(first.split(" ")[1]), headers, self._take(length))

    def _take(self, length: int) -> bytes:
        taken = bytes(self._unread[:length])
        del self._unread[:length]
        return taken

    def _read(self) -> bool:
        try:
            piece = self._socket.recv(_PIECE)
        except ConnectionResetError:
            piece = b""
        self._unread += piece
        return bool(piece)


def request(method: str, target: str, headers: Sequence[tuple[str, str]] = (), body: bytes | None = None) -> bytes:
    """Write a request as bytes."""
    lines = [f"{method} {target} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers)]
    if body is not None:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + (body or b"")


def ask(
    port: int,
    method: str,
    target: str,
    headers: Sequence[tuple[str, str]] = (),
    body: bytes | None = None,
    patience: float = PATIENCE,
) -> Answer:
    """Make one request on a connection of its own."""
    began = time.monotonic()
    with Connection(port, patience) as connection:
        with contextlib.suppress(ConnectionError):  # refused before it was all sent: what was said is there to be read
            connection.send(request(method, target, headers, body))
        return replace(connection.answer(method), seconds=time.monotonic() - began)
