"""A connection to the port of the service: of its messages some are for mock servers, and aiohttp answers some others.

Both answer on the same transport, one message after the other, so what concerns that stands here.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

from pactmock.pact.made_once import made_once
from pactmock.pact.parts.received_headers import decode
from pactmock.server.wire import refusals
from pactmock.server.wire.connection import Connection
from pactmock.server.wire.connections import Connections
from pactmock.server.wire.door import Door
from pactmock.server.wire.incoming import Message
from pactmock.server.wire.messages import ABSOLUTE_FORM

if TYPE_CHECKING:
    from pactmock.control.door.front_door import FrontDoor

_GONE_SECONDS = 5.0
"""How long a client is still answered that has ended its side: as long as `/wait` waits where nothing else is said."""


class FrontConnection(Connection):
    """A connection whose messages may also be for the API."""

    def __init__(self, door: Door, connections: Connections) -> None:
        super().__init__(door, connections)
        self._front = cast("FrontDoor", door)
        self._handler: asyncio.Protocol | None = None
        self.only_asks = False
        """Whether what is owed ends with the connection: it changes nothing, and nobody would hear the answer."""

    @made_once
    def peer(self) -> str:
        """The address of the client, empty where there is none."""
        return str((self.transport.get_extra_info("peername") or ("",))[0])

    @property
    def coming(self) -> tuple[FrontConnection, Message] | None:
        """This connection with the message that is coming in, None where none is that was begun."""
        return None if self._is_busy or self.incoming is None else (self, self._reader.message)

    def pass_on(self, message: Message) -> None:
        """Hand a complete message to the API, which answers on this connection."""
        if self._handler is None:
            self._handler = self._front.handler_for(self)
            self._handler.connection_made(self.transport)
        self._handler.data_received(_written(message))

    def api_has_answered(self) -> None:
        """Go on: the API has sent its answer to the message at hand."""
        self.answered()

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        if self.only_asks and self._owed is not None:
            self._owed.cancel()
        if self._handler is not None:
            handler, self._handler = self._handler, None
            self._front.forget(handler)
            handler.connection_lost(error)
            self.answered()

    def eof_received(self) -> bool:
        if self._handler is not None:
            self._handler.eof_received()
        return super().eof_received()

    def look(self, now: float) -> None:
        """Give up what only asks, some seconds after its client has ended its side.

        It may be waiting for the answer, as after `printf ... | nc -N`, or be gone: nothing tells them apart.
        """
        super().look(now)
        is_waited_for = self._is_busy and self.only_asks and self._has_ended and not self._is_writing_paused
        if is_waited_for and not self._is_closing and now - self._seen_at > _GONE_SECONDS:
            self._refuse(refusals.gone(self._reader.message))

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._handler is not None:
            self._handler.pause_writing()

    def resume_writing(self) -> None:
        if self._handler is not None:
            self._handler.resume_writing()
        super().resume_writing()


_OF_THE_WAY_HERE = frozenset({b"connection", b"content-length", b"expect", b"transfer-encoding", b"upgrade"})
"""Headers about how the message came, which was as a whole when it is passed on."""


def _written(message: Message) -> bytes:
    """Write a message that was read, with a plain frame around its body."""
    path = ABSOLUTE_FORM.sub("", decode(message.target), count=1)  # aiohttp knows few forms of a target
    target = path if path.startswith("/") else f"/{path}"
    version = "1.0" if message.is_old else "1.1"
    lines = [f"{message.method} {target} HTTP/{version}".encode()]
    lines += [name + b": " + value for name, value in message.headers if name.lower() not in _OF_THE_WAY_HERE]
    if message.body_bytes:
        lines.append(b"Content-Length: " + str(message.body_bytes).encode())
    if not message.keeps_alive:
        lines.append(b"Connection: close")
    elif message.is_old:
        lines.append(b"Connection: keep-alive")
    return b"\r\n".join([*lines, b"", message.content])
