"""The one spelling of an address to listen on: what depends on it must not depend on how somebody wrote it."""

from __future__ import annotations

import re
import socket

_USUAL = frozenset({"127.0.0.1", "localhost"})
_NUMERIC = r"(?:0[xX][0-9a-fA-F]+|[0-9]+)(?:\.(?:0[xX][0-9a-fA-F]+|[0-9]+)){0,3}"


def canonical(host: str) -> str:
    """Return an address as it is usually written; a name is returned as it is.

    An address of IPv4 that is written as one of IPv6 (`::ffff:127.0.0.1`) is that of IPv4; `0` and `127.1` are what
    the system takes them for.
    """
    if host in _USUAL:  # the module for addresses takes its time
        return host
    from ipaddress import ip_address

    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    try:
        address = ip_address(bare)
    except ValueError:
        return _from_numbers(bare) if re.fullmatch(_NUMERIC, bare) else host
    return str(getattr(address, "ipv4_mapped", None) or address)


def _from_numbers(host: str) -> str:
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except OSError:  # more than fits into an address
        return host
