"""Telling others which of the requests that a replica noted it has answered.

A request is noted before it is answered, and a replica can die in between. So its mark is in the store as long as
it is not known that it was answered; nearly always that is told with the next request that is noted.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any, TypeAlias

from pactmock.errors import StoreUnavailable
from pactmock.service.store.redis.keys import ServerKeys
from pactmock.service.store.redis.links import AnyLink

Start: TypeAlias = Callable[[Coroutine[Any, Any, None]], object]
"""Has work done in the background."""

_RIPE_SECONDS = 0.001
"""After which time an answer that was handed to its connection has been written to it."""

_CONFIRM_SECONDS = 0.01
"""How long it may take until others know that a request was answered, where nothing else is noted meanwhile."""

_AGAIN_SECONDS = 0.1

_LAST_TRIES = 3
"""How often a replica that ends tries to say what it has answered."""


class Confirming:
    """The marks of the requests of one mock server that this replica has answered, and nobody else knows that yet."""

    def __init__(self, keys: ServerKeys, link: AnyLink, start: Start) -> None:
        self._keys = keys
        self._link = link
        self._start = start
        self._answered: deque[tuple[str, float]] = deque()
        self._next: asyncio.TimerHandle | None = None

    def answer(self, mark: str) -> None:
        """Remember that a request is about to be answered."""
        self._answered.append((mark, asyncio.get_running_loop().time()))
        self._confirm_in(_CONFIRM_SECONDS)

    def take(self) -> list[str]:
        """Take the marks of requests whose answers are written, to tell the store."""
        if not self._answered:
            return []
        until, ripe = asyncio.get_running_loop().time() - _RIPE_SECONDS, []
        while self._answered and self._answered[0][1] <= until:
            ripe.append(self._answered.popleft()[0])
        return ripe

    def give_back(self, marks: list[str]) -> None:
        """Tell the store later what it may not have heard."""
        self._answered.extendleft((mark, 0.0) for mark in reversed(marks))
        self._confirm_in(_AGAIN_SECONDS)

    async def confirm(self) -> None:
        """Tell the store now which requests were answered."""
        handle, self._next = self._next, None
        if handle is not None:
            handle.cancel()
        marks = self.take()
        if marks:
            try:
                await self._link.command("HDEL", self._keys.pending, *marks)
            except StoreUnavailable:
                self.give_back(marks)
        self._confirm_in(_CONFIRM_SECONDS)

    def _confirm_in(self, seconds: float) -> None:
        if self._next is None and self._answered:
            self._next = asyncio.get_running_loop().call_later(seconds, lambda: self._start(self.confirm()))

    async def close(self) -> None:
        """Tell what is to be told yet."""
        for _ in range(_LAST_TRIES):
            if self._answered:
                await asyncio.sleep(2 * _RIPE_SECONDS)
                await self.confirm()
        if self._next is not None:
            self._next.cancel()
