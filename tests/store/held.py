"""A way to a Redis on which what is sent can be held, as where a process stands still amid something."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from pactmock.service.store.redis.link import Script


class Held:
    """What goes to a Redis by a socket of its own; once, what has a script is held until it is let go."""

    def __init__(self, redis: Path, here: Path) -> None:
        self._redis = redis
        self._here = here
        self._script: Script | None = None
        self._is_let_go = asyncio.Event()
        self._open: set[asyncio.StreamWriter] = set()
        self.holds = asyncio.Event()
        """Whether something is held."""

    @property
    def url(self) -> str:
        return f"unix://{self._here}"

    def hold(self, script: Script) -> None:
        """Hold what is sent from the next run of a script on."""
        self._script = script

    def let_go(self) -> None:
        self._is_let_go.set()

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        server = await asyncio.start_unix_server(self._pass_on, self._here)
        try:
            yield
        finally:
            self.let_go()
            server.close()
            for writer in self._open:
                writer.close()
            for writer in self._open:
                with suppress(OSError):
                    await writer.wait_closed()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers, to_redis = await asyncio.open_unix_connection(self._redis)
        self._open |= {writer, to_redis}
        with suppress(OSError):
            await asyncio.gather(self._copy(reader, to_redis, is_held=True), self._copy(answers, writer))

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, is_held: bool = False) -> None:
        while content := await reader.read(65536):
            if is_held and self._script is not None and self._script.digest.encode() in content:
                self._script = None
                self.holds.set()
                await self._is_let_go.wait()
            writer.write(content)
            await writer.drain()
        writer.close()
