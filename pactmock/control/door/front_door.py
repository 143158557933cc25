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
from pactmock.control.door.front_connection import FrontConnection
from pactmock.control.door.gateway import Passage, lines_for_browser, with_lines
from pactmock.errors import PactmockError
from pactmock.pact.json.values import compact_bytes
from pactmock.server.answers.answer import Answer, HeaderLines
from pactmock.server.deciding.door import DecidingDoor
from pactmock.server.options import WireLimits
from pactmock.server.wire.connections import Connections
from pactmock.server.wire.door import Caller, Owed
from pactmock.server.wire.incoming import Message
from pactmock.server.wire.intake import Intake
from pactmock.server.wire.messages import request_to
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
        self._connections: Connections | None = None

    def open(self, make_handler: Callable[[], asyncio.Protocol]) -> Connections:
        """Return the connections of the door; `make_handler` makes what reads messages for the API."""
        self._make_handler = make_handler
        self._connections = Connections(self, FrontConnection)
        return self._connections

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

    async def come_in(self, play: object, seconds: float) -> None:
        """Wait for messages that may be for what plays a pact: a verdict on that would be too green."""
        if self._connections is None:
            return
        coming = [each.coming for each in self._connections if isinstance(each, FrontConnection)]
        concerned = [front for front, message in filter(None, coming) if self._may_be_for(play, message)]
        if concerned:
            await self._connections.come_in(concerned, seconds)

    def _may_be_for(self, play: object, message: Message) -> bool:
        """Tell whether a message is for what plays a pact, as its first line says, or has to be asked for."""
        passage = Passage.of(message)
        if passage is None:
            return False
        try:
            server = self._service.at_hand(passage.key)
        except PactmockError:
            return False
        return server is None or server.play is play

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
