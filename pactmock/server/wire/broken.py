"""How a connection ends instead of an answer, where a test wants to see that the code copes with it."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable
from typing import TypeAlias

End: TypeAlias = Callable[[asyncio.Transport], None]
"""Ends a connection whose client waits for an answer."""


class BrokenOff(Exception):
    """What is owed to a client is no answer, but an end of its connection."""

    def __init__(self, end: End) -> None:
        super().__init__("the connection is broken off, as a test wants it")
        self.end = end


def empty(transport: asyncio.Transport) -> None:
    """Send nothing, and close."""
    transport.close()


def reset(transport: asyncio.Transport) -> None:
    """Close so that the system tells the client of a reset (RST)."""
    found = transport.get_extra_info("socket")
    if found is not None:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def malformed(transport: asyncio.Transport) -> None:
    """Begin an answer well, go on with what is no chunk, and close."""
    transport.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nthis is no chunk\r\n\x00\x01\r\n")
    transport.close()
