"""The service that a command talks to."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pactmock.cli.output.progress import told_when_slow
from pactmock.client.blocking import Client
from pactmock.client.call import Steps
from pactmock.pact.value import value

_TIMEOUT_SECONDS = 60.0


T = TypeVar("T")


@value
class Remote:
    """A service somewhere: at a URL, else at a host and a port. The token may be in a file."""

    host: str
    port: int
    token: str | None = None
    token_file: Path | None = None
    url: str | None = None

    def client(self, timeout: float = _TIMEOUT_SECONDS) -> Client:
        """Return a client of it.

        Raises:
            InvalidParameter: when the file with the token cannot be read, or holds none.
        """
        host = f"[{self.host}]" if ":" in self.host else self.host
        return _Patient(self.url or f"http://{host}:{self.port}", token=self._token(), timeout=timeout)

    def _token(self) -> str | None:
        if self.token_file is None:
            return self.token
        from pactmock.service.token_file import read_token  # late: most have none

        return read_token(self.token_file)


class _Patient(Client):
    """A client that tells what is waited for."""

    def perform(self, steps: Steps[T]) -> T:
        with told_when_slow(f"Waiting for the service on {self.address.shown}"):
            return super().perform(steps)
