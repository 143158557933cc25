"""The workflows test what pyproject.toml promises, and have what tests ask for where `CI` is set, as it is there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
WORKFLOWS = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in (ROOT / ".github" / "workflows").iterdir()}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
TESTED = [
    found[1]
    for classifier in PROJECT["project"]["classifiers"]
    if (found := re.fullmatch(r"Programming Language :: Python :: (3\.\d+)", classifier))
]
JOBS = [
    pytest.param(job["steps"], id=f"{name}-{key}")
    for name, workflow in WORKFLOWS.items()
    for key, job in workflow["jobs"].items()
    if any(step.get("run", "").startswith("make ") for step in job["steps"])
]


def test_each_python_that_is_named_is_tested() -> None:
    assert WORKFLOWS["test"]["jobs"]["test"]["strategy"]["matrix"]["python"] == TESTED


def test_the_oldest_python_that_is_named_is_the_oldest_that_is_taken() -> None:
    assert PROJECT["project"]["requires-python"] == f">={TESTED[0]}"
    assert PROJECT["tool"]["ruff"]["target-version"] == f"py{TESTED[0].replace('.', '')}"


@pytest.mark.parametrize("steps", JOBS)
def test_what_runs_tests_has_a_redis_first(steps: list[dict[str, Any]]) -> None:
    runs = [step["run"] for step in steps if "run" in step]
    (made,) = (place for place, run in enumerate(runs) if run.startswith("make "))
    assert any("install" in run and "redis-server" in run for run in runs[:made])
