"""HTTP as bytes, for what no client library sends or shows."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable

from tests.patience import HANG


async def exchange(port: int, request: bytes, host: str = "127.0.0.1") -> bytes:
    """Send bytes on a connection of their own and return all that comes back until it is closed or complete."""
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(request)
        await writer.drain()
        return await asyncio.wait_for(read_response(reader), HANG)
    finally:
        writer.close()
        await writer.wait_closed()


async def read_response(reader: asyncio.StreamReader) -> bytes:
    """Read one response: its head, and as many bytes as it says."""
    head = await reader.readuntil(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return head + await reader.readexactly(int(line.partition(b":")[2]))
    return head


def head_lines(response: bytes) -> list[str]:
    """Return the status line and the header lines."""
    return response.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")


async def begin_and_break_off(port: int, message: bytes, is_heard: Callable[[], bool]) -> None:
    """Send a message, and break the connection off as soon as it is heard."""
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    no_linger = struct.pack("ii", 1, 0)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, no_linger)
    writer.write(message)
    await writer.drain()
    await until(is_heard)
    writer.transport.abort()


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds of which nothing tells."""
    async with asyncio.timeout(HANG):
        while not holds():  # noqa: ASYNC110  nothing tells
            await asyncio.sleep(0.001)
