"""Colour where a terminal is, and none for who wants none: `--no-color`, or `NO_COLOR` (https://no-color.org)."""

from __future__ import annotations

import os
import re
import sys
from typing import Any, TypeVar

import click

Command = TypeVar("Command")


def no_colour_option(command: Command) -> Command:
    """Add the option to a command, or a group of them, which is not told of it."""
    add: Any = click.option(
        "--no-color",
        is_flag=True,
        envvar="PACTMOCK_NO_COLOR",
        expose_value=False,
        callback=_without,
        help="No colour, also on a terminal; NO_COLOR does the same.",
    )
    return add(command)  # type: ignore[no-any-return]


def _without(context: click.Context, _parameter: click.Parameter, given: bool) -> None:
    if given or os.environ.get("NO_COLOR"):
        context.color = False


def is_wanted() -> bool:
    """Say whether colour may be shown, where a terminal is."""
    return click.get_current_context().color is not False


def painted(report: str) -> str:
    """Colour a report that is text: what failed, what to do, what is well. It stays as it is where no terminal is."""
    return "\n".join(map(_painted, report.split("\n"))) if sys.stdout.isatty() and is_wanted() else report


def _painted(line: str) -> str:
    colour = next((colour for pattern, colour in _COLOURS if pattern.search(line)), None)
    return click.style(line, fg=colour) if colour else line


_COLOURS = (
    (re.compile(r"^\d+\) |^\S.*: [\d,]+ problems?$|^Mock server .* failed verification"), "red"),
    (re.compile(r"^   advice: "), "cyan"),
    (re.compile(r"^(warning|not tested): "), "yellow"),
    (re.compile(r"^\S.*: all matched|^Mock server .* verified ok$"), "green"),
)
"""How lines of a report begin, or end; what was received stands behind these words, or is indented."""
