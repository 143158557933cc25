"""A coroutine that is begun where it is called, and becomes a task only if it has to wait.

Most calls wait for nothing. A task for each of them would be two more turns of the loop, and of its tables of sockets,
before an answer is sent that was there at once. From Python 3.12 on asyncio can begin tasks so as well.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def begun(doing: Coroutine[Any, Any, T]) -> T | asyncio.Task[T]:
    """Run a coroutine until it waits for something: return what it returned, or else a task that goes on with it.

    As long as it has not waited it is in no task, so until then it must not ask for the current one, as
    `asyncio.timeout` does.

    Raises:
        Exception: what the coroutine raises before it has waited.
    """
    try:
        waits_for = doing.send(None)
    except StopIteration as done:
        returned: T = done.value
        return returned
    return asyncio.get_running_loop().create_task(_Rest(doing, waits_for))


class _Rest(Coroutine[Any, Any, T]):
    """What is left of a coroutine that waits for something: who goes on with it is told first what that is."""

    def __init__(self, doing: Coroutine[Any, Any, T], waits_for: asyncio.Future[Any] | None) -> None:
        """Go on with a coroutine; `waits_for` is None where it only lets others have their turn."""
        self._doing = doing
        self._untold = [waits_for]

    def send(self, value: Any) -> Any:
        return self._untold.pop() if self._untold else self._doing.send(value)

    def throw(self, *error: Any) -> Any:
        if self._untold and (waits_for := self._untold.pop()) is not None:
            waits_for.cancel()  # as the task would have done that is cancelled before it has heard of it
        return self._doing.throw(*error)

    def close(self) -> None:
        self._doing.close()

    def __await__(self) -> Any:
        return self._doing.__await__()
