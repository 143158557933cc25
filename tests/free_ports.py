"""Ports for what cannot choose one itself. None of them is one that the system gives to whoever asks for port 0, so no
other test gets it before it is used."""

from __future__ import annotations

import random
import socket

_BELOW_THOSE_OF_THE_SYSTEM = range(10_000, 20_000)
"""Linux gives ports from 32768 on, other systems from 49152 on."""


def free_port() -> int:
    """Return a port that nobody uses."""
    (port,) = free_ports(1)
    return port


def free_ports(count: int) -> range:
    """Return some ports in a row of which nobody uses any."""
    while True:
        first = random.choice(_BELOW_THOSE_OF_THE_SYSTEM)  # noqa: S311  no secret
        found = range(first, first + count)
        if all(map(_is_free, found)):
            return found


def _is_free(port: int) -> bool:
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
