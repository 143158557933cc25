"""The mock server of a contract where a service plays it, as a sidecar: `Pact.serve(service="http://pactmock:8080")`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pactmock.client.blocking import Client
from pactmock.contract.error import Refused
from pactmock.pact.json.values import Json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pactmock.client.blocking import RemoteMockServer, RemoteScope
    from pactmock.client.documents import CreateOptions


class _Found:
    """What one mock server of a service found, or one of its scopes. It is asked for until `keep`, and stays.

    Raises:
        PactmockError: by all that is asked of it, as the client does.
    """

    _server: RemoteMockServer

    def __init__(self) -> None:
        self._kept: dict[str, Any] = {}

    @property
    def matched(self) -> bool:
        return bool(self._kept["matched"] if self._kept else self._server.matched())

    @property
    def mismatches(self) -> list[dict[str, Json]]:
        found: Any = self._kept["mismatches"] if self._kept else self._server.mismatches()
        return list(found)

    def report(self) -> str:
        return str(self._kept["report"] if self._kept else self._server.report())

    @property
    def logs(self) -> str:
        return str(self._kept["logs"] if self._kept else self._server.logs())

    def keep(self) -> None:
        """Keep what it found, and end it. The report comes first: it waits for what is still decided on."""
        server = self._server
        try:
            self._kept = {
                "report": server.report(),
                "matched": server.matched(),
                "mismatches": server.mismatches(),
                "logs": server.logs(),
            }
        finally:
            server.end()


class Played(_Found):
    """A mock server of a service for one block. What it found is asked for at the end of the block, and stays."""

    def __init__(self, service: str | Client, contract: dict[str, Json], options: CreateOptions) -> None:
        """Have the service play the contract.

        Raises:
            PactmockError: when the service is not there, or cannot play this contract.
        """
        super().__init__()
        self._client = Client(service) if isinstance(service, str) else service
        self._server: RemoteMockServer = self._client.create(contract, **options)
        self._is_tls = options.get("tls", False)

    @property
    def url(self) -> str:
        """Where to send requests: the gateway, or for TLS the port of its own.

        Raises:
            Refused: when there is no such way, as a plugin plays it.
        """
        url = self._server.url if self._is_tls else self._server.gateway_url
        if url is None:
            raise Refused(f"{self._server} is played by a plugin, which no gateway leads to: serve it without service=")
        return url

    @property
    def port(self) -> int:
        """The port of that address."""
        parts = urlsplit(self.url)
        return parts.port or (443 if parts.scheme == "https" else 80)

    @property
    def ca_pem(self) -> bytes | None:
        return self._client.ca_pem() if self._is_tls else None

    def begin_scope(self, name: str | None, interactions: Sequence[str] | None) -> PlayedScope:
        """Begin a scope; see `RemoteMockServer.begin_scope`."""
        scope = self._server.begin_scope(name, interactions)
        return PlayedScope(scope, self._server.url if self._is_tls else scope.url)

    def __exit__(self, *_exc: object) -> None:
        """Keep what it found, and end it."""
        self.keep()


class PlayedScope(_Found):
    """A scope of such a mock server, for one block in its block."""

    def __init__(self, scope: RemoteScope, url: str) -> None:
        super().__init__()
        self._server = scope
        self.name, self.url, self.headers = scope.name, url, scope.headers
