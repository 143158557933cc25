"""Foreign code run apart: in a thread of its own, given up when it hangs, and whatever it raises stays there.

`sys.exit()` in a plugin must not end the service, and a plugin that waits for ever must not make a request do so.
A thread cannot be stopped: one that was given up goes on until its call returns, or the process ends, which it does
not delay. A few such threads are borne; then no more calls are made.
"""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

from pactmock.matching import budget
from pactmock.pact.value import value

T = TypeVar("T")
_MOST_GIVEN_UP = 32


class GivenUp(Exception):
    """A call did not come back in time, or is not made any more, as too many did not."""


class Raised(Exception):
    """A call raised something; its text shows what."""

    def __init__(self, error: BaseException) -> None:
        try:
            shown = repr(error)
        except BaseException:  # noqa: BLE001  foreign code
            shown = type(error).__name__
        super().__init__(shown)
        self.error = error


class Here:
    """Makes calls where they are asked for: those of a plugin that waits for nothing."""

    def call(self, work: Callable[[], T], _seconds: float) -> T:
        """Make a call.

        Raises:
            Raised: when it raises anything, but for the `KeyboardInterrupt` of who ends this program.
        """
        try:
            return work()
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            raise Raised(error) from error

    def close(self) -> None:
        """Do nothing: there is nothing to end."""


class Apart:
    """Threads that make calls for somebody who waits for a limited time."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._free: SimpleQueue[_Thread] = SimpleQueue()
        self._given_up: set[_Job[Any]] = set()

    def call(self, work: Callable[[], T], seconds: float) -> T:
        """Make a call in another thread, with the context variables and the budget of this one.

        Raises:
            GivenUp: when it takes longer.
            Raised: when it raises anything at all.
        """
        if len(self._given_up) >= _MOST_GIVEN_UP:
            raise GivenUp(f"{len(self._given_up)} calls never came back, so no more are made: restart the service")
        try:
            thread = self._free.get_nowait()
        except Empty:
            thread = self._another(seconds)
        job = _Job(contextvars.copy_context(), budget.current().elsewhere(work) if budget.is_set() else work)
        thread.jobs.put((job, self._free))
        try:
            outcome = job.outcome.get(timeout=seconds)
        except Empty:
            self._give_up(job)
            raise GivenUp(f"it gave no answer within {seconds:g} seconds") from None
        if outcome.error is not None:
            raise Raised(outcome.error) from outcome.error
        return outcome.result  # type: ignore[return-value]  # None is what T then is

    def _another(self, seconds: float) -> _Thread:
        try:
            return _Thread(self._name)
        except RuntimeError as error:  # there are too many, or this program ends; those that there are, come free
            try:
                return self._free.get(timeout=seconds)
            except Empty:
                raise GivenUp(f"no thread could be started for it: {error}") from None

    def _give_up(self, job: _Job[T]) -> None:
        self._given_up.add(job)
        job.when_over = lambda: self._given_up.discard(job)
        if not job.outcome.empty():  # over just now, before it knew
            job.when_over()

    def close(self) -> None:
        """Let the threads end that have nothing to do."""
        while not self._free.empty():
            with suppress(Empty):  # somebody took it just now
                self._free.get_nowait().jobs.put(None)


@value
class _Outcome(Generic[T]):
    result: T | None = None
    error: BaseException | None = None


class _Job(Generic[T]):
    def __init__(self, context: contextvars.Context, work: Callable[[], T]) -> None:
        self._context = context
        self._work = work
        self.outcome: SimpleQueue[_Outcome[T]] = SimpleQueue()
        self.when_over: Callable[[], None] = lambda: None

    def do(self) -> _Outcome[T]:
        try:
            return _Outcome(self._context.run(self._work))
        except BaseException as error:  # noqa: BLE001  what ends a thread or a process by rights must not end ours
            return _Outcome(error=error)

    def tell(self, outcome: _Outcome[T]) -> None:
        self.outcome.put(outcome)
        self.when_over()


class _Thread:
    def __init__(self, name: str) -> None:
        self.jobs: SimpleQueue[tuple[_Job[Any], SimpleQueue[_Thread]] | None] = SimpleQueue()
        threading.Thread(target=self._work, name=name, daemon=True).start()

    def _work(self) -> None:
        while (item := self.jobs.get()) is not None:
            job, free = item
            outcome = job.do()
            free.put(self)  # before it is known: the next call comes as soon as that
            job.tell(outcome)
            del item, job, outcome
