"""What the Ruby service answered, a file beside each file of scenarios, an answer a line."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from parity.ruby.answer import Answer

FOLDER = Path(__file__).parent / "record"


def read(name: str) -> dict[str, list[Answer]]:
    """Return what was recorded for a file of scenarios of this name."""
    recorded: dict[str, list[Answer]] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return recorded


def write(name: str, played: Mapping[str, Sequence[Answer]]) -> None:
    """Record what was played."""
    scenarios = (f"{_dumped(scenario)}: [\n{_lines(answers)}\n]" for scenario, answers in played.items())
    (FOLDER / f"{name}.json").write_text("{\n" + ",\n".join(scenarios) + "\n}\n", encoding="utf-8")


def _lines(answers: Sequence[Answer]) -> str:
    return ",\n".join(f"  {_dumped(answer)}" for answer in answers)


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
