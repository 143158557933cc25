"""What the page on plugins shows is true."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from pactmock import plugins
from pactmock.plugins import ConfigureRequest
from pactmock.plugins.csv import CsvPlugin

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


def test_what_authors_import_is_what_the_page_promises() -> None:
    promised = PAGE.partition("### What `pactmock.plugins` has")[2]
    names = re.findall(r"`(\w+)`", promised)
    assert sorted(names) == sorted(plugins.__all__)
    assert all(getattr(plugins, name) is not None for name in names)
    assert set(names) <= set(dir(plugins))


def test_what_is_not_promised_is_not_there() -> None:
    with pytest.raises(AttributeError, match=r"no attribute 'find_plugin': docs/plugins\.md lists what it has"):
        plugins.find_plugin  # noqa: B018


def test_a_plugin_in_python_does_without_grpc_and_a_service_without_what_authors_need() -> None:
    program = f"""
import sys
import pactmock.plugins.settings
assert "pactmock.plugins.face" not in sys.modules
from pactmock.plugins import *
import {CsvPlugin.__module__}
assert issubclass({CsvPlugin.__module__}.CsvPlugin, Plugin)
assert "grpc" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)
