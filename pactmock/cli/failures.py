"""How a command says that something is wrong, and what the shell is told of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from pactmock.errors import NoSuchMockServer, PactmockError
from pactmock.reports.visible import visible

EXIT_ERROR = 1
EXIT_MISMATCHES = 2
EXIT_NO_SUCH_SERVER = 3


class Failure(click.ClickException):
    """A command that failed; click shows the sentence, and the shell sees the exit code."""

    def __init__(self, message: str, exit_code: int = EXIT_ERROR) -> None:
        super().__init__(message)
        self.exit_code = exit_code  # type: ignore[misc]  # click reads it from the instance


@contextmanager
def failures() -> Iterator[None]:
    """Turn the errors of a block into failures of the command."""
    try:
        yield
    except NoSuchMockServer:
        raise  # who named it can say which
    except PactmockError as error:
        raise Failure(visible(error.message)) from None


def show_warning(text: str) -> None:
    """Show what of a pact will disappoint somebody, apart from the answer of the command."""
    click.echo(f"Warning: {visible(text)}", err=True)


def no_such_server(key: str) -> Failure:
    """Make the failure of a command whose mock server is not there."""
    return Failure(
        f"There is no mock server with the id, port or name '{key}': `pactmock list` shows those that run",
        EXIT_NO_SUCH_SERVER,
    )
