"""What stands behind the port of the service: the control API, and through the gateway every mock server.

Messages are read here as on the port of a mock server, with the same bounds. One for a mock server is answered by it.
One for the API is passed on when it is complete, to its handler where it is plain and else to aiohttp, so the API never
sees half a message, and what can be wrong with one is said in one place. On a connection both may follow each other;
each waits for the answer to the one before.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from aiohttp import web
from aiohttp.abc import AbstractAccessLogger

from pactmock.control.calls.call import headers_of
from pactmock.control.calls.reached import reached
from pactmock.control.door.gateway import Passage, lines_for_browser, with_lines
from pactmock.errors import PactmockError
from pactmock.pact.json.values import compact_bytes
from pactmock.pact.made_once import made_once
from pactmock.pact.parts.received_headers import decode
from pactmock.server.answers.answer import Answer, HeaderLines
from pactmock.server.deciding.door import DecidingDoor
from pactmock.server.options import WireLimits
from pactmock.server.wire import refusals
from pactmock.server.wire.connection import Connection
from pactmock.server.wire.connections import Connections
from pactmock.server.wire.door import Caller, Door, Owed
from pactmock.server.wire.incoming import Message
from pactmock.server.wire.intake import Intake
from pactmock.server.wire.messages import ABSOLUTE_FORM, request_to
from pactmock.server.wire.refused import Refused

if TYPE_CHECKING:
    from pactmock.control.calls.plain import PlainCalls
    from pactmock.server.mock_server import MockServer
    from pactmock.service.mock_service import MockService

logger = logging.getLogger("pactmock.control")


class FrontDoor:
    """Sends each message to where it belongs."""

    def __init__(self, service: MockService, plain: PlainCalls | None) -> None:
        """Answer for a service. Calls that are not among `plain` are aiohttp's."""
        self._service = service
        self._plain = plain
        self._is_called_elsewhere = service.settings.is_called_elsewhere
        self._make_handler: Callable[[], asyncio.Protocol] | None = None
        self._passed_on: dict[asyncio.Protocol, FrontConnection] = {}

    def open(self, make_handler: Callable[[], asyncio.Protocol]) -> Connections:
        """Return the connections of the door; `make_handler` makes what reads messages for the API."""
        self._make_handler = make_handler
        return Connections(self, FrontConnection)

    @property
    def limits(self) -> WireLimits:
        return self._service.settings.wire

    @property
    def intake(self) -> Intake:
        return self._service.registry.shared.intake

    speaks_http2 = False
    reserve = 100
    """Connections that only the control API has, so that clients of mock servers never keep others from asking it."""

    def body_limit(self, message: Message) -> int:
        settings = self._service.settings
        return settings.max_pact if Passage.of(message) is None else settings.wire.body

    def answer(self, message: Message, connection: Caller) -> Owed | None:
        passage, front = Passage.of(message), cast("FrontConnection", connection)
        front.only_asks = passage is None and message.method == "GET"
        if passage is None:
            return self._answer_call(message, front)
        try:
            called_at = self._called_at(passage, message, connection)
            server = self._service.at_hand(passage.key)
            if server is None:
                return asyncio.ensure_future(self._answer_later(passage, message, called_at))
            owed = _play(server, passage, message, called_at)
        except PactmockError as error:
            return _refusal(error)
        more = lines_for_browser(message)
        if isinstance(owed, Answer):
            return with_lines(owed, more)
        return asyncio.ensure_future(_later(owed, more)) if more else owed

    def _answer_call(self, message: Message, connection: FrontConnection) -> Owed | None:
        answering = None if self._plain is None else self._plain.answer(message, connection.peer)
        if answering is None:
            connection.pass_on(message)
        return answering

    async def _answer_later(self, passage: Passage, message: Message, called_at: str) -> Answer:
        """Answer a message for a mock server that has to be looked for first."""
        try:
            owed = _play(await self._service.find(passage.key), passage, message, called_at)
        except PactmockError as error:
            owed = _refusal(error)
        return with_lines(owed if isinstance(owed, Answer) else await owed, lines_for_browser(message))

    def _called_at(self, passage: Passage, message: Message, connection: Caller) -> str:
        """Return the URL of the mock server as the sender of a message knows it."""
        if not self._is_called_elsewhere:
            return passage.called_at(message)
        peer, headers = cast("FrontConnection", connection).peer, headers_of(message.headers)
        return reached(self._service.settings, peer, lambda name: headers.get(name.lower(), "")).base + passage.prefix

    def refuse(self, message: Message, refused: Refused) -> Owed:
        """Say what is sent to a client whose message is not taken; one for a mock server is in its journal."""
        passage = Passage.of(message)
        if passage is not None and passage.is_whole:
            try:
                server = self._service.at_hand(passage.key)
                if server is None:
                    return asyncio.ensure_future(self._refuse_later(passage, message, refused))
                return _refuse(server, passage, message, refused)
            except PactmockError as error:
                return _refusal(error)
        logger.debug("refused on the control port: %s", refused.reason)
        limit = {} if refused.limit is None else {"limit": refused.limit}
        code = _CODES.get(refused.status, "bad_request")
        return _json_answer(refused.status, {"error": refused.reason, "code": code, **limit})

    async def _refuse_later(self, passage: Passage, message: Message, refused: Refused) -> Answer:
        try:
            owed = _refuse(await self._service.find(passage.key), passage, message, refused)
        except PactmockError as error:
            return _refusal(error)
        return owed if isinstance(owed, Answer) else await owed

    def handler_for(self, connection: FrontConnection) -> asyncio.Protocol:
        """Make what reads the messages of a connection for the API."""
        assert self._make_handler is not None  # noqa: S101  the door is open
        handler = self._make_handler()
        self._passed_on[handler] = connection
        return handler

    def forget(self, handler: asyncio.Protocol) -> None:
        self._passed_on.pop(handler, None)

    def access_log(self) -> type[AbstractAccessLogger]:
        """Return what aiohttp tells that a message is answered."""
        passed_on = self._passed_on

        class Answered(AbstractAccessLogger):
            def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:  # noqa: ARG002
                connection = passed_on.get(cast("asyncio.Protocol", request.protocol))
                if connection is not None:
                    asyncio.get_running_loop().call_soon(connection.api_has_answered)

        return Answered


def _play(server: MockServer, passage: Passage, message: Message, called_at: str) -> Owed:
    request = request_to(message, passage.target)
    if passage.scope is None:
        return _played(server).play(request, message.size, called_at)
    return server.scoped_play.play_in(passage.scope, request, message.size, called_at)


def _refuse(server: MockServer, passage: Passage, message: Message, refused: Refused) -> Owed:
    if passage.scope is None:
        return _played(server).refuse(message, refused)
    return server.scoped_play.refuse(message, refused, passage.scope)


def _played(server: MockServer) -> DecidingDoor:
    """Return what the gateway leads to.

    Raises:
        _NotOverHttp: when it leads to nothing, as a plugin plays the pact.
    """
    if isinstance(server.play, DecidingDoor):
        return server.play
    raise _NotOverHttp(
        f"The mock server {server.id} speaks {server.play.transport}, which does not go through the gateway: call it on"
        f" port {server.port}"
    )


class _NotOverHttp(PactmockError):
    """A mock server that the gateway does not lead to."""

    code = "not_over_http"
    status = 501


_CODES = {408: "timed_out", 413: "too_large", 414: "too_large", 431: "too_large", 500: "internal_error", 503: "busy"}


async def _later(owed: asyncio.Future[Answer], more: HeaderLines) -> Answer:
    return with_lines(await owed, more)


def _refusal(error: PactmockError) -> Answer:
    return _json_answer(error.status, error.to_json())


def _json_answer(status: int, document: dict[str, Any]) -> Answer:
    return Answer(status, (("Content-Type", "application/json; charset=utf-8"),), compact_bytes(document))


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
