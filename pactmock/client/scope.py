"""A scope of a mock server of a service: one test among many on one mock server (docs/control-api.md)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pactmock.client.mock_server import MockServerCalls
from pactmock.errors import PactmockError

HEADER = "X-Pactmock-Scope"


class ScopeCalls(MockServerCalls):
    """What can be asked of a mock server, asked of one scope. Its requests go to its `url`, or have its `headers`."""

    @property
    def name(self) -> str:
        """What it is called on its mock server."""
        return str(self.description["scope"])

    @property
    def url(self) -> str:
        """Where its requests are sent: through the port of the service, by a path that names the scope."""
        return str(self.gateway_url)

    @property
    def headers(self) -> dict[str, str]:
        """What requests have that are sent to the own port of the mock server."""
        return {HEADER: self.name}


@contextmanager
def noted_on(error: BaseException, scope: ScopeCalls) -> Iterator[None]:
    """Have what goes wrong meanwhile be a note on an error that is told anyway."""
    try:
        yield
    except PactmockError as lost:
        error.add_note(f"Nobody knows all of what {scope} found: {lost}")
