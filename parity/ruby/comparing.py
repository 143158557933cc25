"""Holds what a service answered against what it should have, which is what the Ruby service did but for differences."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from parity.ruby.answer import Answer
from parity.ruby.scenario import Scenario, Step

READABLE_ERRORS = "readable-errors"
"""The difference that so many steps show that none names it: errors have the CORS headers of all other answers."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A step whose answer is not the one that was due."""

    scenario: str
    step: str
    due: Answer
    answered: Answer

    def __str__(self) -> str:
        """Say it in four lines."""
        return f"{self.scenario}: {self.step}\n    due:      {_text(self.due)}\n    answered: {_text(self.answered)}"


def disagreements(
    scenarios: Sequence[Scenario], of_ruby: Mapping[str, Sequence[Answer]], of_ours: Mapping[str, Sequence[Answer]]
) -> Iterator[Disagreement]:
    """Find the steps in which ours answered neither as the Ruby service nor as a difference says."""
    for scenario in scenarios:
        for step, ruby, ours in zip(scenario.steps, of_ruby[scenario.name], of_ours[scenario.name], strict=True):
            due = step.difference.answer if step.difference else _readable(ruby)
            if _text(due) != _text(ours):
                yield Disagreement(scenario.name, step.name, due, ours)


def _readable(ruby: Answer) -> Answer:
    """Return what is due for an answer but for `READABLE_ERRORS`."""
    return {"told" if part == "failed" else part: value for part, value in ruby.items()}


def changes(
    scenarios: Sequence[Scenario], recorded: Mapping[str, Sequence[Answer]], of_ruby: Mapping[str, Sequence[Answer]]
) -> Iterator[Disagreement]:
    """Find the steps in which the Ruby service answered otherwise than was recorded of it."""
    for scenario in scenarios:
        for step, due, answered in zip(scenario.steps, recorded[scenario.name], of_ruby[scenario.name], strict=True):
            if _text(due) != _text(answered):
                yield Disagreement(scenario.name, step.name, due, answered)


def idle(scenario: Scenario, of_ruby: Sequence[Answer]) -> list[Step]:
    """Return the steps of a scenario that name a difference although the Ruby service answers the same."""
    pairs = zip(scenario.steps, of_ruby, strict=True)
    return [step for step, ruby in pairs if step.difference and _text(step.difference.answer) == _text(ruby)]


def _text(answer: Answer) -> str:
    """Render an answer so that `1`, `1.0` and `true` differ; the order of members counts, but for its own."""
    return json.dumps(dict(sorted(answer.items())), ensure_ascii=False)
