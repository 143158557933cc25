"""How options are declared, so that the environment can give each of them too; and examples behind a command's help."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

LOG_FORMATS = ("text", "json")
DURABLE = "Flush pacts to the disk when they are written, so that they outlive a power cut."
LEVELS = ("none", "off", "error", "warn", "info", "debug", "trace")


def option(*names: str, **attributes: Any) -> Callable[[Command], Command]:
    """Declare an option that the environment can give too: `--base-port` is `PACTMOCK_BASE_PORT`."""
    longest = max((name.partition("/")[0] for name in names if name.startswith("-")), key=len)
    variable = f"PACTMOCK_{longest.strip('-').replace('-', '_').upper()}"
    attributes.setdefault("show_default", attributes.get("default") is not None)
    return click.option(*names, envvar=variable, **attributes)


def examples(*lines: str) -> str:
    """Write the end of a command's help: what somebody would type."""
    return "\n".join(["\b", "Examples:" if len(lines) > 1 else "Example:", *(f"  pactmock {line}" for line in lines)])
