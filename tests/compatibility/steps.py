"""Steps of the compatibility suite: a table of patterns to functions, and how a scenario is played with one.

A pattern is a regular expression in which `{int}`, `{string}` and `{ordinal}` stand for a number, a text in quotes and
a word such as `first` (0). Its function gets the topic's world, what the pattern caught, and the step's table if it has
one. A step that no pattern knows, or more than one, is a failure.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from tests.compatibility.gherkin import Scenario, Step
from tests.compatibility.stage import Stage

StepFunction: TypeAlias = Callable[..., Awaitable[None] | None]
StepTable: TypeAlias = Mapping[str, StepFunction]


@dataclass(frozen=True)
class Topic:
    """What a feature is played with: its steps, and what makes the world that the steps of one scenario share."""

    world: Callable[[Stage], object]
    steps: StepTable


_ORDINALS = ("first", "second", "third")


def _unquoted(text: str) -> str:
    quote = text[0]
    return text[1:-1].replace(f"\\{quote}", quote)


_PARAMETERS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "int": (r"(\d+)", int),
    "string": (r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""", _unquoted),
    "ordinal": (f"({'|'.join(_ORDINALS)})", _ORDINALS.index),
}
_PARAMETER = re.compile(rf"\{{({'|'.join(_PARAMETERS)})\}}")


class UnknownStep(AssertionError):
    """A step that is not known, or not by one pattern only."""


async def play(scenario: Scenario, topic: Topic, stage: Stage) -> None:
    """Play the steps of a scenario in their order; a failure says which one it was."""
    world = topic.world(stage)
    for step in scenario.steps:
        try:
            await _play_step(step, topic.steps, world)
        except Exception as error:
            error.add_note(f"in the step: {step.keyword} {step.text}")
            raise


async def _play_step(step: Step, table: StepTable, world: object) -> None:
    found = [(function, values) for pattern, function in table.items() if (values := _match(pattern, step.text))]
    if len(found) != 1:
        raise UnknownStep(f"{len(found)} patterns know the step '{step.text}'")
    ((function, values),) = found
    extra = [part for part in (step.table, step.doc) if part is not None]
    outcome = function(world, *values[1:], *extra)
    if inspect.isawaitable(outcome):
        await outcome


def _match(pattern: str, text: str) -> list[Any] | None:
    """Return the text and what the pattern caught in it, or None where it does not fit."""
    found = re.fullmatch(_PARAMETER.sub(lambda name: _PARAMETERS[name[1]][0], pattern), text)
    if found is None:
        return None
    converters = [_PARAMETERS[name][1] for name in _PARAMETER.findall(pattern)]
    return [text, *(convert(value) for convert, value in zip(converters, found.groups(), strict=True))]
