"""The event loop of a process for mock servers of code that is not asynchronous: one for all of them.

Its thread starts with the first one and ends with the last, so that a test that is over leaves no thread behind, and
no socket. Whoever calls from outside counts as one of them meanwhile: no loop ends under a caller.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from pactmock.server.shared import ALONE

T = TypeVar("T")


class Background:
    """A loop in a thread, while there is anybody who needs it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=_live, args=(self._loop,), name="pactmock", daemon=True)
                self._thread.start()
            self._users += 1
            return self._loop

    def __exit__(self, *_exc: object) -> None:
        with self._lock:
            self._users -= 1
            if self._users == 0 and self._loop is not None and self._thread is not None:
                loop, self._loop = self._loop, None
                loop.call_soon_threadsafe(loop.stop)
                self._thread.join()
                ALONE.rest()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Have work done on the loop, and wait for what it returns or raises.

        Raises:
            RuntimeError: when the caller is on the loop itself, which would wait for itself.
        """
        with self as loop:
            if threading.current_thread() is self._thread:
                work.close()
                raise RuntimeError("This is the thread in which mock servers play: ask them from another one")
            future = asyncio.run_coroutine_threadsafe(work, loop)
            try:
                return future.result()
            except BaseException:
                future.cancel()  # who was interrupted does not wait for it any more
                raise

    def ask(self, question: Callable[[], T]) -> T:
        """Ask on the loop, so that no answer is half of one request and half of the next."""

        async def ask() -> T:
            return question()

        return self.run(ask())

    def forget(self) -> None:
        """Begin anew in a process that was forked: the thread stayed with its parent, and so did the loop."""
        self._lock = threading.Lock()
        self._users = 0
        self._loop = self._thread = None

    def __repr__(self) -> str:
        return f"<Background of {self._users} user(s)>"


def _live(loop: asyncio.AbstractEventLoop) -> None:
    try:
        loop.run_forever()
        loop.run_until_complete(loop.shutdown_default_executor())
    finally:
        loop.close()


BACKGROUND = Background()
"""That of this process."""

if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=BACKGROUND.forget)
