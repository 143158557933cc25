"""A client that takes next to nothing: what is measured by it is the server, and not who asks.

Requests are written beforehand, and answers are read by looking for their end. One thread talks to all connections, as
threads would fight for the interpreter. What is said on each is a script: a generator that yields where to ask what,
is given the answer there, or has a `ConnectionError` raised where there is none.
"""

from __future__ import annotations

import json
import re
import select
import socket
from collections.abc import Generator, Iterable
from typing import Any, TypeAlias

Answered: TypeAlias = tuple[int, bytes]
"""A status, and the body."""

Asked: TypeAlias = "tuple[Connection, bytes]"
"""Where something is asked, and the request."""

Script: TypeAlias = "Generator[Asked, Answered, None]"

_SECONDS = 30.0
_MOST_BYTES = 256 * 1024
_END_OF_HEAD = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


def request(method: str, path: str, document: Any = None) -> bytes:
    """Write a request; with a document, as JSON."""
    body = b"" if document is None else json.dumps(document).encode()
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join((*lines, "", "")).encode() + body


class Connection:
    """A connection to a port of this machine, on which one request after the other is answered."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), _SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.setblocking(False)
        self._begun = b""

    def fileno(self) -> int:
        return self._socket.fileno()

    def send(self, written: bytes) -> None:
        """Send a request, which is short enough for the buffers of the system."""
        if self._socket.send(written) < len(written):
            raise RuntimeError(f"the system takes no request of {len(written)} bytes at once")

    def read(self) -> Answered | None:
        """Take what has come; return the answer when it is whole.

        Raises:
            ConnectionError: when the other side has closed the connection instead.
        """
        piece = self._socket.recv(_MOST_BYTES)
        if not piece:
            raise ConnectionResetError("the connection was closed without an answer")
        answer = self._begun + piece
        end = answer.find(_END_OF_HEAD)
        if end >= 0:
            length = _LENGTH.search(answer, 0, end + 2)
            if len(answer) >= end + len(_END_OF_HEAD) + (int(length[1]) if length else 0):
                self._begun = b""
                return int(answer[9:12]), answer[end + len(_END_OF_HEAD) :]
        self._begun = answer
        return None

    def ask(self, written: bytes) -> Answered:
        """Send a request of any length, and wait for its answer.

        Raises:
            ConnectionError: as above.
            TimeoutError: when it was not answered for half a minute.
        """
        self._socket.settimeout(_SECONDS)
        self._socket.sendall(written)
        while (answer := self.read()) is None:
            pass
        self._socket.setblocking(False)
        return answer

    def close(self) -> None:
        self._socket.close()


def play(scripts: Iterable[Script]) -> None:
    """Play scripts at once, each to its end.

    Raises:
        TimeoutError: when none of them was answered for half a minute.
        Exception: what one of them raises.
    """
    waiting: dict[Connection, Script] = {}
    for script in scripts:
        _go_on(waiting, script, None)
    while waiting:
        answered, _, _ = select.select(waiting, (), (), _SECONDS)
        if not answered:
            raise TimeoutError(f"nothing was answered for {_SECONDS:g} seconds")
        for connection in answered:
            try:
                answer = connection.read()
            except ConnectionError as error:
                _go_on(waiting, waiting.pop(connection), error)
            else:
                if answer is not None:
                    _go_on(waiting, waiting.pop(connection), answer)


def _go_on(waiting: dict[Connection, Script], script: Script, got: Answered | ConnectionError | None) -> None:
    """Give a script what it waits for, and send what it asks for next."""
    try:
        connection, written = script.throw(got) if isinstance(got, ConnectionError) else script.send(got)  # type: ignore[arg-type]
    except StopIteration:
        return
    waiting[connection] = script
    connection.send(written)
