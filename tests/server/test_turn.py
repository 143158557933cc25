"""What is decided in one turn of a loop is bounded, in each loop by itself."""

from __future__ import annotations

import asyncio

from pactmock.server.turn import Turn


async def test_a_turn_that_is_over_is_followed_by_another() -> None:
    turn = Turn(seconds=0.02)
    for _ in range(3):
        said = []
        for _ in range(2):
            turn.spend(0.015)
            said.append(turn.is_over)
        assert said == [False, True]
        await asyncio.sleep(0)


def test_a_loop_that_ended_amid_a_turn_leaves_nothing_to_the_next() -> None:
    turn = Turn(seconds=0.02)

    async def spend(seconds: float) -> bool:
        turn.spend(seconds)
        return turn.is_over

    ended = asyncio.new_event_loop()
    ended.call_soon(ended.stop)
    task = ended.create_task(spend(1))
    ended.run_forever()  # one turn, and what was to follow it never comes
    assert task.result()
    ended.close()

    async def go_on() -> list[bool]:
        return [turn.is_over, await spend(0.01), await spend(1)]

    assert asyncio.run(go_on()) == [False, False, True]
