"""Which service a command talks to, and what a command says when that goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

import click

from pactmock.cli.progress import told_when_slow
from pactmock.client.blocking import Client
from pactmock.client.call import Steps
from pactmock.errors import NoSuchMockServer, PactmockError
from pactmock.pact.value import value
from pactmock.reports.visible import visible

EXIT_ERROR = 1
EXIT_MISMATCHES = 2
EXIT_NO_SUCH_SERVER = 3
_TIMEOUT_SECONDS = 60.0


T = TypeVar("T")


class Failure(click.ClickException):
    """A command that failed; click shows the sentence, and the shell sees the exit code."""

    def __init__(self, message: str, exit_code: int = EXIT_ERROR) -> None:
        super().__init__(message)
        self.exit_code = exit_code  # type: ignore[misc]  # click reads it from the instance


@value
class Remote:
    """A service somewhere: at a URL, else at a host and a port."""

    host: str
    port: int
    token: str | None = None
    url: str | None = None

    def client(self, timeout: float = _TIMEOUT_SECONDS) -> Client:
        """Return a client of it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return _Patient(self.url or f"http://{host}:{self.port}", token=self.token, timeout=timeout)


class _Patient(Client):
    """A client that tells what is waited for."""

    def perform(self, steps: Steps[T]) -> T:
        with told_when_slow(f"Waiting for the service on {self.address.shown}"):
            return super().perform(steps)


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
