"""The suites of `benchmarks/suites`: the same tests, written for pactmock and for pact-python."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from benchmarks.suites.__main__ import SUITES, file_of, lines
from tests.patience import HANG


def play(suite: str, directory: Path, *options: str) -> list[dict[str, Any]]:
    """Play a suite; return the interactions of the one file that it writes."""
    plugins = "-p pactmock.pytest_plugin" if suite == "pactmock" else ""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, str(file_of(suite))],
        cwd=directory,
        env={
            **os.environ,
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "PYTEST_ADDOPTS": f"{plugins} -p xdist -p pytest_asyncio.plugin",
        },
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    assert "5 passed" in done.stdout, done.stdout + done.stderr
    (file,) = (directory / "pacts").iterdir()
    interactions: list[dict[str, Any]] = json.loads(file.read_text())["interactions"]
    return interactions


def test_five_tests_write_one_file_with_five_interactions_by_workers_too(tmp_path: Path) -> None:
    assert len(play("pactmock", tmp_path, "-n", "2")) == 5


def test_ours_has_no_more_lines() -> None:
    ours, theirs = map(lines, SUITES)
    assert ours <= theirs


@pytest.mark.skipif(find_spec("pact") is None, reason="pact-python is not installed")
def test_both_test_the_same(tmp_path: Path) -> None:
    ours, theirs = (play(suite, _made(tmp_path / suite)) for suite in SUITES)
    assert [{name: item for name, item in one.items() if name != "transport"} for one in ours] == theirs


def _made(directory: Path) -> Path:
    directory.mkdir()
    return directory
