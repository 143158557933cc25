"""The data plane's only contact with aiohttp's requests and responses.

A mock must not add what nobody asked for and must see what was really sent. So: raw paths, headers with their case
and order, bodies as they came (not decompressed), no invented `Server`, `Date` or `Content-Type`, and requests that
the parser refuses go to the journal too (reference/field.md §6.2).
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Protocol

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http import RawRequestMessage
from aiohttp.streams import StreamReader
from aiohttp.web_protocol import RequestHandler
from multidict import CIMultiDict

from pactmock.pact import body as bodies
from pactmock.pact import content_type as types
from pactmock.pact import headers as header_lines
from pactmock.pact import query_string
from pactmock.pact.body import Body
from pactmock.pact.headers import Headers
from pactmock.pact.model import Request
from pactmock.server.answer import Answer, refusal
from pactmock.server.listener import STOP_SECONDS
from pactmock.server.options import WireLimits

logger = logging.getLogger("pactmock.server")


class Player(Protocol):
    """What stands behind the wire."""

    def play(self, request: Request) -> Answer:
        """Decide on a request, note it, and say what to send."""

    def refuse(self, status: int, reason: str) -> Answer:
        """Note what was refused before it was a request, and say what to send."""


def make_runner(player: Player, limits: WireLimits) -> web.ServerRunner:
    """Make what runs behind a listener for a player."""

    async def handle(incoming: web.BaseRequest) -> web.StreamResponse:
        return _Response(await _receive(incoming, player, limits))

    server = _Server(
        player,
        handle,
        request_factory=_request_factory(limits.body),
        access_log=None,
        auto_decompress=False,
        max_line_size=limits.line,
        max_field_size=limits.field,
        max_headers=limits.headers,
    )
    return web.ServerRunner(server, shutdown_timeout=STOP_SECONDS)


async def _receive(incoming: web.BaseRequest, player: Player, limits: WireLimits) -> Answer:
    if incoming.headers.get("Expect", "").lower() == "100-continue":
        await incoming.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        incoming.writer.output_size = 0  # the interim answer is no part of the response
    try:
        content = await incoming.read() if incoming.body_exists else b""
    except web.HTTPRequestEntityTooLarge:
        reason = (
            f"{incoming.method} {incoming.raw_path}: the body is larger than the {limits.body} bytes that this mock"
            " server takes; raise --max-body-size"
        )
        return player.refuse(413, reason)
    return player.play(to_request(incoming.method, incoming.raw_path, incoming.raw_headers, content))


_ABSOLUTE_FORM = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")


def to_request(method: str, target: str, raw_headers: tuple[tuple[bytes, bytes], ...], content: bytes) -> Request:
    """Make the value of a received request (reference/matching.md §6.5). The path stays percent-encoded."""
    if not target.startswith("/"):
        target = _ABSOLUTE_FORM.sub("", target, count=1)
    path, _, query_text = target.partition("#")[0].partition("?")
    headers = header_lines.from_lines((_decode(name), _decode(value)) for name, value in raw_headers)
    return Request(
        method=method,
        path=path or "/",
        query=query_string.parse(query_text) if query_text else None,
        query_text=query_text or None,
        headers=headers,
        body=_body(content, headers) if content else bodies.EMPTY,
    )


def host_of(request: Request) -> str | None:
    """Return the name or address that a request was sent to, without the port."""
    values = request.headers.get("host")
    return host_name(values[0]) if values else None


def host_name(host: str) -> str:
    """Take the port off what a `Host` header says."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.rpartition(":")[0] if ":" in host else host


def _decode(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _body(content: bytes, headers: Headers) -> Body:
    named = headers.get("content-type")
    content_type = types.parse(named[0]) if named else None
    return bodies.present(content, content_type or types.sniff_start(content))


def _request_factory(max_body: int) -> Callable[..., web.BaseRequest]:
    def make(
        message: RawRequestMessage,
        payload: StreamReader,
        protocol: RequestHandler,
        writer: AbstractStreamWriter,
        task: asyncio.Task[None],
    ) -> web.BaseRequest:
        loop = asyncio.get_running_loop()
        return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=max_body)

    return make


class _Server(web.Server):
    """A handler of connections that knows its player."""

    def __init__(
        self, player: Player, handler: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]], **options: object
    ) -> None:
        super().__init__(handler, **options)  # type: ignore[arg-type]  # the options of RequestHandler
        self.player = player

    def __call__(self) -> RequestHandler:
        return _Connection(self, loop=self._loop, **self._kwargs)


class _Connection(RequestHandler):
    """One connection. What goes wrong on it is told to the player, and to the client in a sentence."""

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        if request.writer.output_size > 0:
            raise ConnectionError("The response has been started, so the error cannot be told any more")
        server = self._manager
        assert isinstance(server, _Server)  # noqa: S101  made by `_Server.__call__`
        if status >= 500:
            logger.error("A request to a mock server could not be handled", exc_info=exc)
            reason = f"pactmock failed to handle {request.method} {request.raw_path}: {exc!r}; please report this"
        else:
            reason = _parser_reason(message or str(exc))
        response = _Response(server.player.refuse(status, reason))
        response.force_close()
        return response


def _parser_reason(message: str) -> str:
    first = message.strip().splitlines()[0].rstrip(":") if message.strip() else "malformed request"
    return f"This is not an HTTP/1.1 request that can be read: {first}"


class _Response(web.Response):
    """A response with just the headers of the answer, and those that carry it."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(status=answer.status, headers=CIMultiDict(answer.headers), body=answer.body)

    async def _start(self, request: web.BaseRequest) -> AbstractStreamWriter:
        if request.method != "HEAD":
            self._headers.popall("Content-Length", None)  # a pact may record the length of another body
        return await super()._start(request)

    async def _prepare_headers(self) -> None:
        asked = [name for name in _INVENTED if name in self._headers]
        await super()._prepare_headers()
        for name in _INVENTED:
            if name not in asked:
                self._headers.popall(name, None)


_INVENTED = ("Server", "Date", "Content-Type")


def refused(status: int, reason: str) -> Answer:
    """Make the answer to what was refused before it was a request."""
    return refusal(status, {"error": reason, "outcome": "Unexpected-Request", "interaction": None, "mismatches": []})
