"""Where a mock server listens, and how a client that came to this machine by some name has to call it."""

from __future__ import annotations

from pactmock.server.options import ALL_INTERFACES, LOOPBACK


class Address:
    """The host that a mock server listens on, one of `ALL_INTERFACES` for all; its port, once it is known; a scheme."""

    def __init__(self, host: str, port: int, scheme: str = "http") -> None:
        self.host = host
        self.port = port
        self.scheme = scheme

    def for_caller(self, host: str | None) -> str:
        """Return host and port as a client has to give them.

        A server that listens on all interfaces, as in a container, is where the client came to; any other is where
        it listens.
        """
        if self.host not in ALL_INTERFACES:
            host = LOOPBACK if self.host == "localhost" else self.host
        host = host or LOOPBACK
        return f"[{host}]:{self.port}" if ":" in host else f"{host}:{self.port}"

    def url_for(self, host: str | None) -> str:
        """Return the URL of the server for a client that came by some name, without a slash at the end."""
        return f"{self.scheme}://{self.for_caller(host)}"

    def __repr__(self) -> str:
        return f"<Address {self.url_for(None)}>"
