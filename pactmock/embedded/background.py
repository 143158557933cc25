"""The event loop of a process for mock servers of code that is not asynchronous: one for all of them.

Its thread starts with the first one and ends half a second after the last, so that tests that are over leave no thread
behind, and no socket, and tests that follow each other do not wait for a new one each: to start it and to see it end
takes longer than a mock server. Whoever calls from outside counts as one of them meanwhile, so no loop ends under a
caller.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

from pactmock.server.shared import ALONE

T = TypeVar("T")
_SOON = 0.05
_SECONDS_BETWEEN_BLOCKS = 0.5
"""How long the loop waits for the next one who needs it."""


class Background:
    """A loop in a thread, while there is anybody who needs it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._until = 0.0
        """Until when it stays though nobody needs it."""
        self._is_looking = False
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
            if self._users:
                return
            self._until = time.monotonic() + _SECONDS_BETWEEN_BLOCKS
            if self._loop is not None and not self._is_looking:
                self._is_looking = True
                self._loop.call_soon_threadsafe(self._look)

    def _end(self) -> None:
        loop, self._loop, self._is_looking = self._loop, None, False
        if loop is None or self._thread is None:
            return
        loop.call_soon_threadsafe(loop.stop)
        if self._thread is not threading.current_thread():
            self._thread.join()
        ALONE.rest()

    def _look(self) -> None:
        """End it, on the loop itself, when it has stayed long enough and nobody needs it."""
        if not self._lock.acquire(blocking=False):  # who has the lock may be waiting for this thread to end
            asyncio.get_running_loop().call_later(_SOON, self._look)
            return
        try:
            left = self._until - time.monotonic()
            if left > 0 and self._loop is not None:
                self._loop.call_later(left, self._look)
            elif self._users:
                self._is_looking = False  # the last one has it look again
            else:
                self._end()
        finally:
            self._lock.release()

    def close(self) -> None:
        """End it now, unless somebody needs it."""
        with self._lock:
            self._until = 0.0
            if not self._users:
                self._end()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Have work done on the loop, and wait for what it returns or raises.

        Raises:
            RuntimeError: when the caller is on the loop itself, which would wait for itself.
        """
        with self as loop:
            try:
                self._check_thread()
            except RuntimeError:
                work.close()
                raise
            future = asyncio.run_coroutine_threadsafe(work, loop)
            try:
                return future.result()
            except BaseException:
                future.cancel()  # who was interrupted does not wait for it any more
                raise

    def ask(self, question: Callable[[], T]) -> T:
        """Ask on the loop, so that no answer is half of one request and half of the next."""
        answer = Future[T]()

        def reply() -> None:
            try:
                answer.set_result(question())
            except BaseException as error:  # noqa: BLE001  whoever asked gets it, and must not wait for ever
                answer.set_exception(error)

        with self as loop:
            self._check_thread()
            loop.call_soon_threadsafe(reply)
            return answer.result()

    def _check_thread(self) -> None:
        if threading.current_thread() is self._thread:
            raise RuntimeError("This is the thread in which mock servers play: ask them from another one")

    def forget(self) -> None:
        """Begin anew in a process that was forked: the thread stayed with its parent, and so did the loop."""
        self._lock = threading.Lock()
        self._users = 0
        self._until, self._is_looking = 0.0, False
        self._loop = self._thread = None

    def __repr__(self) -> str:
        return f"<Background of {self._users} user(s)>"


async def _end_tasks(loop: asyncio.AbstractEventLoop) -> None:
    """End what goes on for a moment when its block has ended."""
    tasks = asyncio.all_tasks(loop) - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _live(loop: asyncio.AbstractEventLoop) -> None:
    try:
        loop.run_forever()
        loop.run_until_complete(_end_tasks(loop))
        loop.run_until_complete(loop.shutdown_default_executor())
    finally:
        loop.close()


BACKGROUND = Background()
"""That of this process."""

atexit.register(BACKGROUND.close)

if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=BACKGROUND.forget)
