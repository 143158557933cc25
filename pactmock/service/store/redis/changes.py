"""What the store tells of changes, for a replica on which somebody follows what happens on all of them.

Nobody listens as long as nobody follows: a fleet that plays thousands of requests a second would tell each replica of
all of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from pactmock.service.store.redis import keys
from pactmock.service.store.redis.cluster_link import node_url

_AGAIN_SECONDS = 0.5
_BEGIN_SECONDS = 5.0
_LOOK_SECONDS = 1.0
"""How often it is seen that nobody follows any more."""


class Changes:
    """One who listens, while it is wanted."""

    def __init__(
        self, url: str, is_wanted: Callable[[], bool], hear: Callable[[str], None], begin: Callable[[], Awaitable[None]]
    ) -> None:
        """Call `hear` with the id of each mock server that something happened to, `begin` when some may be missed."""
        self._url = url
        self._is_wanted = is_wanted
        self._hear = hear
        self._begin = begin
        self._listening: asyncio.Task[None] | None = None
        self._has_begun = asyncio.Event()
        self._until = 0.0
        """Until when it is wanted by who is about to follow."""

    async def follow(self) -> None:
        """Listen from now on, until nobody wants it any more; this returns when nothing is missed."""
        loop = asyncio.get_running_loop()
        self._until = loop.time() + _BEGIN_SECONDS
        if self._listening is None:
            self._has_begun.clear()
            self._listening = loop.create_task(self._listen())
        with suppress(TimeoutError):
            async with asyncio.timeout(_BEGIN_SECONDS):
                await self._has_begun.wait()

    def _goes_on(self) -> bool:
        return self._is_wanted() or asyncio.get_running_loop().time() < self._until

    async def _listen(self) -> None:
        from redis.asyncio import Redis  # late: an extra, which few services need

        try:
            while self._goes_on():
                client = Redis.from_url(node_url(self._url), protocol=2)
                with suppress(Exception):  # whatever the way to the store says; /ready tells whether it is there
                    await self._hear_all(client.pubsub())
                with suppress(Exception):
                    await client.aclose()
                await asyncio.sleep(_AGAIN_SECONDS)
        finally:
            self._listening = None

    async def _hear_all(self, channel: Any) -> None:
        await channel.subscribe(keys.CHANGES)
        try:
            await self._begin()
            self._has_begun.set()
            while self._goes_on():
                message = await channel.get_message(ignore_subscribe_messages=True, timeout=_LOOK_SECONDS)
                if message is not None:
                    self._hear(keys.id_of(message["data"].decode()))
        finally:
            await channel.aclose()

    async def close(self) -> None:
        """Listen no more."""
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.wait([self._listening])
