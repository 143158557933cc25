"""Where a mock server listens: addresses and port. What it does there is not known here.

`localhost` is two addresses. A client that tries the other one first must not find it closed, so a server on
loopback, or on all interfaces, listens on IPv4 and IPv6 with the same port.
"""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Callable, Sequence

from pactmock.errors import InvalidParameter, PortUnavailable
from pactmock.server.options import ALL_INTERFACES

_PAIRS = {
    "localhost": ("127.0.0.1", "::1"),
    "127.0.0.1": ("127.0.0.1", "::1"),
    "::1": ("::1", "127.0.0.1"),
    **dict.fromkeys(ALL_INTERFACES, ("0.0.0.0", "::")),  # noqa: S104
}
_ABSENT = frozenset({errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT})
_BACKLOG = 1024
_TRIES = 50


class Listener:
    """Open sockets, each of whose connections gets a protocol of its own."""

    def __init__(self, sockets: Sequence[socket.socket], servers: Sequence[asyncio.Server]) -> None:
        self._servers = servers
        self.sockets = sockets
        self.port: int = sockets[0].getsockname()[1]

    @classmethod
    async def open(
        cls,
        make_protocol: Callable[[], asyncio.BaseProtocol],
        host: str,
        ports: Sequence[int],
    ) -> Listener:
        """Listen on the first of some ports that is free; port 0 lets the system choose.

        Raises:
            InvalidParameter: when the host is none.
            PortUnavailable: when the host is not one of this machine, or every port is taken.
        """
        sockets = await asyncio.to_thread(bind, host, ports) if _needs_lookup(host) else bind(host, ports)
        loop = asyncio.get_running_loop()
        servers = [await loop.create_server(make_protocol, sock=item, backlog=_BACKLOG) for item in sockets]
        return cls(sockets, servers)

    def close(self) -> None:
        """Stop listening: the port is free when this returns. Connections that are open are left to others."""
        for server in self._servers:
            server.close()

    def __repr__(self) -> str:
        return f"<Listener on port {self.port}>"


def _needs_lookup(host: str) -> bool:
    return host not in _PAIRS and not host.replace(".", "").isdigit() and ":" not in host


def bind(host: str, ports: Sequence[int]) -> list[socket.socket]:
    """Bind all addresses of a host to the first port that is free on every one of them."""
    for port in ports:
        sockets = _bind_any_port(host) if port == 0 else (_bind_all(_addresses(host), port, host) or [])
        if sockets:
            return sockets
    if len(ports) == 1:
        raise PortUnavailable(
            f"Port {ports[0]} on {host} is already in use: choose another, or any that is free (--port 0, port=0)",
            port=ports[0],
            host=host,
        )
    raise PortUnavailable(
        f"All ports from {ports[0]} to {ports[-1]} on {host} are in use: end mock servers that are no longer needed,"
        " or choose another base port",
        host=host,
    )


def _bind_any_port(host: str) -> list[socket.socket]:
    """Let the system choose a port on the first address, and take it on the others too, or choose again."""
    addresses = _addresses(host)
    for _ in range(_TRIES):
        first = _bind_one(addresses[0], 0, host)
        if first is None:
            raise PortUnavailable(f"There is no free port on {host}: end some of the servers there", host=host)
        rest = _bind_all(addresses[1:], first.getsockname()[1], host)
        if rest is not None:
            return [first, *rest]
        first.close()
    raise PortUnavailable(f"No port is free on IPv4 and IPv6 of {host} alike: try again", host=host)


def _bind_all(addresses: Sequence[str], port: int, host: str) -> list[socket.socket] | None:
    bound: list[socket.socket] = []
    for address in addresses:
        try:
            item = _bind_one(address, port, host)
        except _NotHereError:
            continue
        if item is None:
            for other in bound:
                other.close()
            return None
        bound.append(item)
    return bound


class _NotHereError(Exception):
    """This machine has no such address, as where IPv6 is switched off."""


def _bind_one(address: str, port: int, host: str) -> socket.socket | None:
    """Bind one address; None when the port is taken."""
    try:
        return _bound_socket(address, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return None
        if error.errno in _ABSENT and len(_addresses(host)) > 1:
            raise _NotHereError from None
        raise PortUnavailable(
            f"Cannot listen on {host} port {port}: {error.strerror or error}; use an address of this machine and a"
            " port that this user may open",
            port=port,
            host=host,
        ) from None


def _bound_socket(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    item = socket.socket(family, socket.SOCK_STREAM)
    try:
        item.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            item.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        item.bind((address, port))
        item.listen(_BACKLOG)
    except OSError:
        item.close()
        raise
    return item


def _addresses(host: str) -> tuple[str, ...]:
    if host in _PAIRS:
        return _PAIRS[host]
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, ValueError):  # what cannot be a name at all, as it is too long or has an empty part, is the latter
        raise InvalidParameter(
            f"'{host[:200]}' is not a host that this machine knows: use an address of this machine", parameter="host"
        ) from None
    return tuple(dict.fromkeys(str(item[4][0]) for item in found))
