"""Colour where a terminal is, and none for who wants none: `--no-color`, or `NO_COLOR` (https://no-color.org)."""

from __future__ import annotations

import os
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
