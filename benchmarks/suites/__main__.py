"""Play both suites in turn, and print what a user waits for.

    python -m benchmarks.suites

`pytest` is the time that pytest says it took, `process` that from start to end of its process, `processor` what of that
was spent on this machine's processors, which others that use it disturb least. Medians, in seconds.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

from pactmock.cli.output.table import show_table

HERE = Path(__file__).parent
SUITES = ("pactmock", "pact_python")
_FIGURES = ("pytest", "process", "processor")


@click.command()
@click.option("--rounds", default=7, show_default=True, help="How often each suite is played.")
def main(rounds: int) -> None:
    """Measure the suite of pactmock side by side with that of pact-python."""
    found: dict[str, list[tuple[float, ...]]] = {suite: [] for suite in SUITES}
    with tempfile.TemporaryDirectory() as directory:
        for number in range(rounds + 1):
            for suite in SUITES:
                figures = play(suite, _own(Path(directory), suite))
                if number:  # the first one compiles all modules
                    found[suite].append(figures)
    medians = [[statistics.median(column) for column in zip(*found[suite], strict=True)] for suite in SUITES]
    rows = [
        (name, str(lines(suite)), *(f"{figure:.2f}" for figure in figures))
        for name, suite, figures in zip(SUITES, SUITES, medians, strict=True)
    ]
    ratios = (f"{ours / theirs:.2f}" for ours, theirs in zip(*medians, strict=True))
    show_table(("suite", "lines", *_FIGURES), [*rows, ("ratio", f"{lines(SUITES[0]) / lines(SUITES[1]):.2f}", *ratios)])


def _own(directory: Path, suite: str) -> Path:
    """Return a directory of a suite alone: else each finds the pact file as the other one left it."""
    own = directory / suite
    own.mkdir(exist_ok=True)
    return own


def lines(suite: str) -> int:
    """Count the lines of a suite that are not empty."""
    return sum(bool(line.strip()) for line in file_of(suite).read_text().splitlines())


def file_of(suite: str) -> Path:
    return HERE / f"test_{suite}.py"


def play(suite: str, directory: Path, *options: str) -> tuple[float, ...]:
    """Play a suite below a directory, and return the figures.

    Raises:
        ClickException: when one of its tests does not pass.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(directory / "compiled")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, str(file_of(suite))]
    before, begin = os.times(), time.perf_counter()
    done = subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    process, after = time.perf_counter() - begin, os.times()
    said = re.search(r"^5 passed in ([\d.]+)s", done.stdout, re.MULTILINE)
    if said is None:
        raise click.ClickException(f"The suite of {suite} did not pass:\n{done.stdout}{done.stderr}")
    processor = after.children_user + after.children_system - before.children_user - before.children_system
    return float(said[1]), process, processor


if __name__ == "__main__":
    main()
