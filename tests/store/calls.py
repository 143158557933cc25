"""Calls of which it is known what became of each: sent once, never again, to whoever serves just then."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from tests.patience import HANG


@dataclass(frozen=True)
class Wanted:
    """A request to a mock server; its path is its own."""

    server: str
    path: str
    is_right: bool


@dataclass(frozen=True)
class Made:
    """A request, the status of its answer, None where none came, and when it was sent and that ended."""

    wanted: Wanted
    url: str
    status: int | None
    sent: float
    ended: float
    answer: str


class Caller:
    """Connections of one client, one to each service."""

    def __init__(self) -> None:
        self._open: dict[str, tuple[asyncio.StreamReader, asyncio.StreamWriter]] = {}

    async def call(self, url: str, wanted: Wanted) -> Made:
        """Send a request once. A client of HTTP would send it again where a connection breaks."""
        sent = time.monotonic()
        try:
            async with asyncio.timeout(HANG):
                answer = await self._called(url, f"/m/{wanted.server}{wanted.path}")
        except (OSError, EOFError, TimeoutError):
            self._give_up(url)
            return Made(wanted, url, None, sent, time.monotonic(), "")
        return Made(wanted, url, int(answer.split(" ", 2)[1]), sent, time.monotonic(), answer)

    async def _called(self, url: str, target: str) -> str:
        if url not in self._open:
            self._open[url] = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
        reader, writer = self._open[url]
        writer.write(f"GET {target} HTTP/1.1\r\nHost: mock\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(line for line in head.lower().split("\r\n") if line.startswith("content-length:"))
        body = await reader.readexactly(int(length.partition(":")[2]))
        if "connection: close" in head.lower():
            self._give_up(url)
        return head + body.decode()

    def _give_up(self, url: str) -> None:
        if url in self._open:
            self._open.pop(url)[1].close()

    async def close(self) -> None:
        for _, writer in self._open.values():
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


async def make(
    wanted: Iterable[Wanted], targets: Sequence[str], told: Callable[[int], None], connections: int = 16
) -> list[Made]:
    """Make calls to the targets in turn, which may change meanwhile; it is told how many were begun."""
    waiting = enumerate(wanted)
    made: list[Made] = []

    async def work() -> None:
        caller = Caller()
        for number, item in waiting:
            told(number)
            made.append(await caller.call(targets[number % len(targets)], item))
        await caller.close()

    await asyncio.gather(*(work() for _ in range(connections)))
    return made
