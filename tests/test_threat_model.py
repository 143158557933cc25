"""The threat model names every limit by its option, and says its default."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pactmock.cli.serving.start import start_command

TEXT = (Path(__file__).parents[1] / "docs" / "threat-model.md").read_text()
MEGABYTE = 1024 * 1024
UNITS = {" MB": MEGABYTE, " kB": 1024, " s": 1, "": 1}
OPTIONS = {name: option for option in start_command.params for name in (*option.opts, *option.secondary_opts)}
LIMITS = [
    name
    for name in OPTIONS
    if re.search(r"^--(max-|journal-|plugin-.*timeout)|-timeout$|-time$", name) and name in OPTIONS[name].opts
]


def test_every_option_that_is_named_is_one() -> None:
    named = set(re.findall(r"`(--[a-z-]+)", TEXT))
    assert named <= set(OPTIONS) | {"--version"}
    assert len(LIMITS) > 10


@pytest.mark.parametrize("name", LIMITS)
def test_every_limit_is_in_the_table_with_its_default(name: str) -> None:
    (row,) = (line for line in TEXT.splitlines() if line.startswith("|") and f"`{name}`" in line)
    said = re.findall(r"(\d[\d,.]*\d|\d)( MB| kB| s|)", row.replace(f"`{name}`", ""))
    values = {float(number.replace(",", "")) * UNITS[unit] for number, unit in said}
    assert OPTIONS[name].default in values, row
