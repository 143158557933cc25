"""The Pact mock server as a service: post a pact, get a mock server, ask what did not match."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from pactmock.client.asynchronous import AsyncClient
    from pactmock.client.blocking import Client
    from pactmock.embedded import MockServer, SyncMockServer
    from pactmock.embedded.tls import Tls
    from pactmock.errors import PactmockError

__all__ = ["AsyncClient", "Client", "MockServer", "PactmockError", "SyncMockServer", "Tls", "__version__"]

_HOMES = {
    "AsyncClient": "pactmock.client.asynchronous",
    "Client": "pactmock.client.blocking",
    "MockServer": "pactmock.embedded",
    "SyncMockServer": "pactmock.embedded",
    "PactmockError": "pactmock.errors",
    "Tls": "pactmock.embedded.tls",
}


def __getattr__(name: str) -> Any:
    # Late, because `pactmock health` imports this package every few seconds and wants nothing of it.
    if name not in _HOMES:
        raise AttributeError(f"module 'pactmock' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
