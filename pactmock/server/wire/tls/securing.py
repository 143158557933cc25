"""A connection while TLS is agreed on: it counts as any other, and it ends with its listener.

Left to a listener of asyncio, nobody would know of it before it is agreed on. A client could hold as many as there are
descriptors, and one that was done when the mock server had ended would still be served.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

from pactmock.server.wire import lingering

if TYPE_CHECKING:
    from pactmock.server.wire.connections import Connections
    from pactmock.server.wire.tls.context import ServerContext

_REFUSED_AT_ONCE = 64
"""How many connections above their number go on, so that they are told in words that they are too many."""


class Securing(asyncio.Protocol):
    """One connection that is to speak TLS; then another protocol has it, as one that was just made."""

    def __init__(self, context: ServerContext, seconds: float, connections: Connections) -> None:
        """`seconds` is how long it may take."""
        self._context = context
        self._seconds = seconds
        self._connections = connections.present
        self._plain = cast("asyncio.Transport", None)  # there is one from `connection_made` on
        self._task: asyncio.Task[None] | None = None
        self._data = b""
        """What came before the handshake began to be read, and later what came behind it."""
        self._has_ended = self._is_lost = self._is_counted = False

    # What asyncio calls: first for the connection, then for what is said on it by TLS.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._plain = cast("asyncio.Transport", transport)
        self._is_counted = True
        if self._connections.add(self, _REFUSED_AT_ONCE):
            self._task = asyncio.get_running_loop().create_task(self._secure())
        else:
            self._connections.refuse()
            self.abort()

    def data_received(self, data: bytes) -> None:
        self._data += data

    def eof_received(self) -> bool:
        self._has_ended = True
        return False

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002
        self._is_lost = True
        if self._task is None:
            self._let_go()

    def _let_go(self) -> None:
        """Count it no more; it is told of its end twice where a handshake failed."""
        if self._is_counted:
            self._is_counted = False
            self._connections.discard(self)

    async def _secure(self) -> None:
        loop = asyncio.get_running_loop()
        tls: asyncio.BaseTransport | None = None
        self._context.following.append(self)
        try:
            tls = await loop.start_tls(
                self._plain, self, self._context, server_side=True, ssl_handshake_timeout=self._seconds
            )
        except (OSError, RuntimeError):  # the client is gone; why a handshake failed was noted where it did
            pass
        finally:
            self._let_go()
            self._task = None
            if self in self._context.following:
                self._context.following.remove(self)
        if tls is not None and not self._is_lost:
            self._go_on(cast("asyncio.Transport", tls))

    def _go_on(self, tls: asyncio.Transport) -> None:
        made = self._connections()
        tls.set_protocol(made)
        made.connection_made(tls)
        following = cast("asyncio.Protocol", tls.get_protocol())  # one that is too many goes on as something else
        if self._data:
            following.data_received(self._data)
        if self._has_ended:
            following.eof_received()

    # What the server side of TLS asks for.

    def early(self) -> bytes:
        """Return what came before anybody read the handshake: a connection reads as soon as it is there."""
        data, self._data = self._data, b""
        return data

    def end(self) -> None:
        """End it in a moment, when what is said now of a handshake that failed was sent."""
        asyncio.get_running_loop().call_soon(self._end)

    def _end(self) -> None:
        if not self._plain.is_closing():
            lingering.close_later(self._plain, is_reading_paused=False)

    # What those do that have connections.

    def hurry(self) -> None:
        """Do nothing more: it asks for nothing yet."""

    def drain(self) -> None:
        """Do nothing more: what follows is told when it begins."""

    def close(self) -> None:
        """End it: it has asked for nothing."""
        self.abort()

    def abort(self) -> None:
        self._plain.abort()

    def look(self, now: float) -> None:
        """Leave the time to who agrees on TLS."""

    @property
    def incoming(self) -> tuple[object, ...] | None:
        """How much has come of a request."""
        return (len(self._data),) if self._data else None

    def __repr__(self) -> str:
        return "<Securing>"
