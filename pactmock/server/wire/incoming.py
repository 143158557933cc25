"""One HTTP message while it comes in: what is known of it so far, as bytes."""

from __future__ import annotations

from enum import Enum
from typing import TypeAlias

from pactmock.pact.received_headers import decode

HeaderLines: TypeAlias = list[tuple[bytes, bytes]]


class Phase(Enum):
    """How far a message has come."""

    IDLE = "idle"
    """Nothing of it is there yet."""
    HEAD = "head"
    BODY = "body"
    COMPLETE = "complete"


_HEADER_BYTES = 150
"""What a header takes in memory besides its text."""


class Message:
    """One message on its way in: what is known of it so far."""

    # The defaults stand in the class, so that making one of each request costs next to nothing.
    method = ""
    target = b""
    head_bytes = 0
    head_is_read = False
    body: bytes | bytearray = b""
    body_bytes = 0
    keeps_alive = False
    is_old = False
    """Whether it is HTTP/1.0, whose connections are kept only when both sides say so."""

    def __init__(self) -> None:
        self.headers: HeaderLines = []

    @property
    def size(self) -> int:
        """How many bytes it holds."""
        return self.head_bytes + _HEADER_BYTES * len(self.headers) + self.body_bytes

    def header(self, name: bytes) -> bytes | None:
        """Return the first value of a header, whose name is given in lower case."""
        return next((value for key, value in self.headers if key.lower() == name), None)

    def add(self, content: bytes) -> None:
        """Add a piece of the body: one piece is kept as it came, many are collected in one place."""
        if not self.body_bytes:
            self.body = content
        elif isinstance(self.body, bytearray):
            self.body += content
        else:
            self.body = bytearray(self.body) + content
        self.body_bytes += len(content)

    @property
    def content(self) -> bytes:
        """The body, once it is whole."""
        if isinstance(self.body, bytearray):
            self.body = bytes(self.body)
        return self.body

    def __repr__(self) -> str:
        return f"<Message {self.method} {decode(self.target)!r} of {self.size} bytes>"
