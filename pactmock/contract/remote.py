"""The mock server of a contract where a service plays it, as a sidecar: `Pact.serve(service="http://pactmock:8080")`."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Any

from pactmock.client.blocking import Client, RemoteMockServer
from pactmock.pact.json_value import Json

if TYPE_CHECKING:
    from pactmock.client.documents import CreateOptions


class Played:
    """A mock server of a service for one block. What it found is asked for at the end of the block, and stays."""

    ca_pem: bytes | None = None
    """None: what a service has to be trusted by, its owner knows."""

    def __init__(self, service: str | Client, contract: dict[str, Json], options: CreateOptions) -> None:
        """Take a service by its URL or its client, and what it is to play; `options` are those of `Client.create`."""
        self._client = service if isinstance(service, Client) else Client(service)
        self._contract = contract
        self._options = options
        self._server: RemoteMockServer | None = None
        self._end: tuple[bool, list[Any], str, str] | None = None

    def __enter__(self) -> Played:
        self._server = self._client.create(self._contract, **self._options)
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None = None,
        _error: BaseException | None = None,
        _traceback: TracebackType | None = None,
    ) -> None:
        try:
            self._end = (self.matched, self.mismatches, self.report(), self.logs)
        finally:
            self._running.end()

    @property
    def _running(self) -> RemoteMockServer:
        assert self._server is not None  # noqa: S101  it is asked for in its block only
        return self._server

    @property
    def url(self) -> str:
        """The address below the service's own: its port is the one that is known to be open."""
        return self._running.gateway_url or self._running.url

    @property
    def port(self) -> int:
        return self._running.port

    @property
    def matched(self) -> bool:
        return self._end[0] if self._end else self._running.matched()

    @property
    def mismatches(self) -> list[Any]:
        return self._end[1] if self._end else [*self._running.mismatches()]

    def report(self) -> str:
        return self._end[2] if self._end else self._running.report()

    @property
    def logs(self) -> str:
        return self._end[3] if self._end else self._running.logs()

    def __repr__(self) -> str:
        return f"<Played by {self._client.url}>"
