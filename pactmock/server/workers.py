"""Threads for work that takes its time, shared fairly between those who ask for it.

Nobody gets all of them: whoever has more to do than its share waits behind itself, and not in front of others. They
are daemons, so work that nobody waits for any more never delays the end of the process. Decisions, plugins and pact
files each have threads of their own: what is slow in one place must not starve another.
"""

from __future__ import annotations

import asyncio
import threading
from collections import Counter, deque
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from pactmock.pact.value import value

T = TypeVar("T")
_IDLE_SECONDS = 5.0
"""How long a thread waits for more work before it ends."""


@value
class _Job:
    work: Callable[[], Any]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]


class Workers:
    """A number of threads, of which each owner has at most a share at once."""

    def __init__(self, name: str, threads: int, share: int) -> None:
        self.name = name
        self._most = threads
        self._share = share
        self._changed = threading.Condition()
        self._waiting: dict[Hashable, deque[_Job]] = {}
        """Who has work that waits; who was served goes to the end."""
        self._working: Counter[Hashable] = Counter()
        self._threads = 0
        self._idle = 0
        self._is_closed = False
        self._rests = 0

    def run(self, owner: Hashable, work: Callable[[], T]) -> asyncio.Future[T]:
        """Have work done in a thread; call it on a loop, where its result arrives.

        Whatever the work raises arrives too; what is no `Exception`, and would end the process, as a `RuntimeError`.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        with self._changed:
            self._waiting.setdefault(owner, deque()).append(_Job(work, loop, future))
            if self._idle:
                self._changed.notify()
            elif self._threads < self._most:
                self._threads += 1
                threading.Thread(target=self._work, name=f"pactmock {self.name}", daemon=True).start()
        return future

    def _work(self) -> None:
        rests = self._rests
        while (found := self._next(rests)) is not None:
            owner, job = found
            rests = self._rests
            if not job.future.cancelled():
                _do(job)
            del job
            with self._changed:
                self._working[owner] -= 1
                if not self._working[owner]:
                    del self._working[owner]
                if owner in self._waiting and self._idle:
                    self._changed.notify()

    def _next(self, rests: int) -> tuple[Hashable, _Job] | None:
        with self._changed:
            while (owner := self._whose_turn()) is None:
                if self._is_closed or rests != self._rests or not self._wait():
                    self._threads -= 1
                    return None
            jobs = self._waiting.pop(owner)
            job = jobs.popleft()
            if jobs:
                self._waiting[owner] = jobs
            self._working[owner] += 1
            return owner, job

    def _wait(self) -> bool:
        """Wait for something to do; tell whether there may be something."""
        self._idle += 1
        try:
            return self._changed.wait(_IDLE_SECONDS) or self._whose_turn() is not None
        finally:
            self._idle -= 1

    def _whose_turn(self) -> Hashable | None:
        return next((owner for owner in self._waiting if self._working[owner] < self._share), None)

    def rest(self) -> None:
        """Have threads end as soon as they have nothing to do; others start when there is something again."""
        with self._changed:
            self._rests += 1
            self._changed.notify_all()

    def close(self) -> None:
        """Have threads end that have nothing to do; those that have end with it."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def __repr__(self) -> str:
        return f"<Workers {self.name!r}: {self._threads} of {self._most} threads>"


def _do(job: _Job) -> None:
    try:
        result = job.work()
    except BaseException as error:  # noqa: BLE001  a thread that ended with it would leave somebody waiting for ever
        problem = error if isinstance(error, Exception) else RuntimeError(f"it raised {error!r}")
        _deliver(job, lambda: job.future.set_exception(problem))
    else:
        _deliver(job, lambda: job.future.set_result(result))


def _deliver(job: _Job, settle: Callable[[], None]) -> None:
    def deliver() -> None:
        if not job.future.done():
            settle()

    try:
        job.loop.call_soon_threadsafe(deliver)
    except RuntimeError:  # the loop is closed, and nobody waits there any more
        return
