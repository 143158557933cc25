"""A step is played by the one function whose pattern knows it; no scenario passes with a step that nothing played."""

from __future__ import annotations

from typing import cast

import pytest

from tests.compatibility.gherkin import Scenario, Step, Table
from tests.compatibility.stage import Stage
from tests.compatibility.steps import StepTable, Topic, UnknownStep, play

NO_STAGE = cast(Stage, None)


async def played(step: str, table: StepTable) -> None:
    await play(Scenario("s", (Step("Given", step),)), Topic(lambda _stage: [], table), NO_STAGE)


async def test_a_function_gets_what_its_pattern_caught_and_the_table() -> None:
    calls: list[object] = []

    async def later(world: list[object], *values: object) -> None:
        world.append(values)

    table = Table((("cell",),))
    steps = (
        Step("Given", 'apples? 12 of "a \\"b\\" \\d" and \'"c"\''),
        Step("And", "the second of {3}", table),
    )
    topic = Topic(
        lambda _stage: calls,
        {
            r"apples\? {int} of {string} and {string}": lambda world, *values: world.append(values),
            r"the {ordinal} of \{{int}\}": later,
        },
    )
    await play(Scenario("s", steps), topic, NO_STAGE)
    assert calls == [(12, 'a "b" \\d', '"c"'), (1, 3, table)]


@pytest.mark.parametrize("patterns", [(), ("something else",), ("a st.p", "a ste.")])
async def test_a_step_that_not_just_one_pattern_knows_is_a_failure(patterns: tuple[str, ...]) -> None:
    with pytest.raises(UnknownStep, match="'a step'"):
        await played("a step", dict.fromkeys(patterns, lambda _world: None))


async def test_a_failure_names_its_step() -> None:
    def fail(_world: object) -> None:
        raise ValueError

    with pytest.raises(ValueError) as failure:  # noqa: PT011  it is the note that is looked at
        await played("a step", {"a step": fail})
    assert failure.value.__notes__ == ["in the step: Given a step"]
