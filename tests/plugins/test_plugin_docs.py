"""What the page on plugins shows is true."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest

from pactmock.plugins.csv import CsvPlugin
from pactmock.plugins.protocol.values import ConfigureRequest

PAGE = (Path(__file__).parents[2] / "docs" / "plugins.md").read_text()
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", PAGE, re.DOTALL)
PYTHON = [source for language, source in BLOCKS if language == "python"]
TABLES = [
    (described, table)
    for (language, described), (next_language, table) in pairwise(BLOCKS)
    if (language, next_language) == ("json", "csv")
]


@pytest.mark.parametrize("source", PYTHON)
def test_each_python_example_runs_and_prints_what_it_says(source: str, capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(source, "docs/plugins.md", "exec"), {})  # noqa: S102  our own page
    printed = capsys.readouterr().out.splitlines()
    said = re.findall(r"print\(.*\)  # (.*)", source)
    assert len(printed) == len(said)
    assert all(promise.startswith(line) for line, promise in zip(printed, said, strict=True)), printed


@pytest.mark.parametrize(("described", "table"), TABLES)
def test_each_table_is_what_the_description_above_it_makes(described: str, table: str) -> None:
    (part,) = CsvPlugin().configure_interaction(ConfigureRequest("text/csv", json.loads(described))).parts
    assert part.contents is not None
    assert part.contents.content.decode() == table


def test_the_page_has_examples() -> None:
    assert PYTHON
    assert TABLES
