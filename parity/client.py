"""A small HTTP/1.1 client on a connection that stays: the bytes of a request are sent as they are.

No client library leaves a request alone (order and case of headers, encoding of the target), and the tool makes
thousands of calls a second.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

TIMEOUT_SECONDS = 10.0


class NoAnswerError(Exception):
    """The server closed the connection, sent what is no HTTP, or did not answer in time."""


@dataclass(frozen=True, slots=True)
class Response:
    """A response; names of headers are in lower case, and the last of a name is kept."""

    status: int
    headers: dict[str, str]
    body: bytes


class Connection:
    """One connection to a port of this machine, opened when it is first used and again after a failure."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def exchange(self, request: bytes, *, is_head: bool = False) -> Response:
        """Send a request and read its response.

        Raises:
            NoAnswerError: when there is none.
        """
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                return await self._exchange(request, is_head)
        except (OSError, EOFError, ValueError, TimeoutError, asyncio.LimitOverrunError) as error:
            self.close()
            raise NoAnswerError(repr(error)) from None

    async def _exchange(self, request: bytes, is_head: bool) -> Response:
        if self._reader is None or self._writer is None or self._reader.at_eof():
            self.close()
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port)
        self._writer.write(request)
        response = await _read(self._reader, is_head)
        if response.headers.get("connection", "").lower() == "close":
            self.close()
        return response

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None


async def _read(reader: asyncio.StreamReader, is_head: bool) -> Response:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    status = int(head[0].split(" ")[1])
    pairs = (line.partition(":") for line in head[1:] if line)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    body = b"" if is_head or status in {204, 304} else await _read_body(reader, headers)
    return Response(status, headers, body)


async def _read_body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    if "content-length" in headers:
        return await reader.readexactly(int(headers["content-length"]))
    if headers.get("transfer-encoding") != "chunked":
        return await reader.read()
    content = b""
    while size := int(await reader.readline(), 16):
        content += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return content


def call_bytes(method: str, target: str, body: bytes = b"", content_type: str = "application/json") -> bytes:
    """Render a call of a control API."""
    lines = [f"{method} {target} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    if body:
        lines.append(f"Content-Type: {content_type}")
    return "\r\n".join([*lines, "", ""]).encode() + body
