"""What `--follow` does: ask again and again, until the mock server is gone or somebody has seen enough."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable

import click

from pactmock.cli.options import Command, option
from pactmock.errors import NoSuchMockServer

_SECONDS = 0.25


def follow_option(command: Command) -> Command:
    """Add the option; the command gets it as `follow`."""
    add: Callable[[Command], Command] = option(
        "--follow", is_flag=True, help="Go on with what comes, until the mock server ends, or Ctrl-C."
    )
    return add(command)


def followed(show: Callable[[], None]) -> None:
    """Show what is new, again and again. A mock server that is gone at first is an error, one that ends is not.

    Raises:
        NoSuchMockServer: by the first time.
    """
    with contextlib.suppress(KeyboardInterrupt):
        show()
        while True:
            sys.stdout.flush()  # who reads it may be a pipe
            time.sleep(_SECONDS)
            try:
                show()
            except NoSuchMockServer:
                click.echo("The mock server has ended.", err=True)
                return
