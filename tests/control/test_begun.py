"""A call that waits for nothing is answered where it arrives, and one that waits goes on as a task of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

import pytest

from pactmock.control.calls.begun import begun
from tests.patience import HANG


async def test_what_waits_for_nothing_is_returned_at_once() -> None:
    async def doing() -> int:
        return 42

    assert begun(doing()) == 42


async def test_what_is_wrong_before_it_waits_is_raised_at_once() -> None:
    async def doing() -> int:
        raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        begun(doing())


def _waiting_for(future: asyncio.Future[int]) -> Callable[[], Coroutine[None, None, int]]:
    async def doing() -> int:
        return await future + 1

    return doing


async def _with_turns_between() -> int:
    for _ in range(3):
        await asyncio.sleep(0)
    return 42


async def test_what_waits_goes_on_as_a_task() -> None:
    future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    task = begun(_waiting_for(future)())
    assert isinstance(task, asyncio.Task)
    future.set_result(41)
    assert await task == 42
    later = begun(_with_turns_between())
    assert isinstance(later, asyncio.Task)
    assert await later == 42


async def test_it_may_ask_for_its_task_once_it_has_waited() -> None:
    async def doing() -> asyncio.Task[object] | None:
        await asyncio.sleep(0)
        async with asyncio.timeout(HANG):
            await asyncio.sleep(0)
            return asyncio.current_task()

    task = begun(doing())
    assert isinstance(task, asyncio.Task)
    assert await task is task


async def test_what_it_waits_for_may_be_there_before_its_task_begins() -> None:
    future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    task = begun(_waiting_for(future)())
    future.set_exception(ValueError("wrong"))
    assert isinstance(task, asyncio.Task)
    with pytest.raises(ValueError, match="wrong"):
        await task


@pytest.mark.parametrize("turns", [0, 1, 2], ids=["before its task begins", "as it begins", "after that"])
async def test_who_cancels_it_cancels_what_it_waits_for_and_has_it_tidy_up(turns: int) -> None:
    future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    tidied = []

    async def doing() -> int:
        try:
            return await future
        except asyncio.CancelledError:
            await asyncio.sleep(0)
            tidied.append("up")
            raise

    task = begun(doing())
    assert isinstance(task, asyncio.Task)
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert future.cancelled()
    assert tidied == ["up"]
