"""One request and its answer over a connection of its own, with nothing added, mended or refused on the way."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass

from parity.ruby.scenario import Request

TIMEOUT = 30.0
"""The most seconds for an answer."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; names of headers in lower case."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes


def send(request: Request, port: int) -> Reply:
    """Send a request to a port of this machine; a body has a Content-Length, as the clients send it."""
    with socket.create_connection(("127.0.0.1", port), TIMEOUT) as connection:
        connection.sendall(_rendered(request, port))
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    return _reply(received)


def _rendered(request: Request, port: int) -> bytes:
    lines = [
        f"{request.method} {request.target} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Connection: close",
        *(f"{name}: {value}" for name, value in request.headers),
    ]
    if request.body is not None:
        lines.append(f"Content-Length: {len(request.body)}")
    return "\r\n".join([*lines, "", ""]).encode() + (request.body or _chunked(request.chunks))


def _chunked(chunks: Sequence[bytes]) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in (*chunks, b"")) if chunks else b""


def _reply(received: bytes) -> Reply:
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    return Reply(int(first.split(" ")[1]), headers, body)
