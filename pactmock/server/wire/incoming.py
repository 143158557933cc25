"""One HTTP message while it comes in: what is known of it so far, as bytes."""

from __future__ import annotations

from enum import Enum
from typing import TypeAlias

from pactmock.pact.parts.received_headers import decode

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

    # Slots, as they are read a dozen times a request: what stands in the class takes three times as long.
    __slots__ = (
        "body", "body_bytes", "head_bytes", "head_is_read", "headers", "is_old", "keeps_alive", "method", "target",
    )  # fmt: skip

    def __init__(self) -> None:
        self.method = ""
        self.target = b""
        self.headers: HeaderLines = []
        self.head_bytes = 0
        self.head_is_read = False
        self.body: bytes | bytearray = b""
        self.body_bytes = 0
        self.keeps_alive = False
        self.is_old = False
        """Whether it is HTTP/1.0, whose connections are kept only when both sides say so."""

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
