"""HTTP/1.1 on the connections of a mock server.

httptools parses; this module is the only one that knows it. A request is played as soon as its last byte is there, on
the spot: no task, no future, nothing between the verdict and the bytes that are sent. Only one with a large body, or
for a pact with plugins, is decided on in a thread, so that it holds up nobody else. Whatever the parser refuses is told
to the player too, and to the client in a sentence.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, cast

import httptools

from pactmock.matching.verdict import Verdict
from pactmock.pact.model import Request
from pactmock.server.answer import Answer
from pactmock.server.messages import decode, encode, to_request
from pactmock.server.options import WireLimits

logger = logging.getLogger("pactmock.server")

_COMPARING = ThreadPoolExecutor(1, "pactmock comparing")
"""Compares large bodies, one at a time: threads that compare are in each other's way, as each regular expression lets
go of the interpreter. With one, 34 requests/s of 530 kB are answered, with two 22, with four 5.
"""

_STOP_SECONDS = 0.2
"""How long what was already answered may take to be sent when a server stops."""


class Player(Protocol):
    """What stands behind the wire."""

    @property
    def asks_plugins(self) -> bool:
        """Whether deciding may take its time, so that it is done in another thread."""

    def decide(self, request: Request) -> tuple[float, Verdict, Answer]:
        """Decide on a request without noting it; may be called in another thread."""

    def note_decision(self, received: float, verdict: Verdict, reply: Answer) -> Answer:
        """Note what was decided, and say what to send."""

    def refuse(self, status: int, reason: str) -> Answer:
        """Note what was refused before it was a request, and say what to send."""


class Connections:
    """The open connections of one mock server; calling it makes the protocol of a new one."""

    def __init__(self, player: Player, limits: WireLimits) -> None:
        self._player = player
        self._limits = limits
        self._open: set[Connection] = set()
        self._all_closed: asyncio.Future[None] | None = None

    def __call__(self) -> asyncio.Protocol:
        return Connection(self._player, self._limits, self)

    def add(self, connection: Connection) -> None:
        self._open.add(connection)

    def discard(self, connection: Connection) -> None:
        self._open.discard(connection)
        if not self._open and self._all_closed is not None and not self._all_closed.done():
            self._all_closed.set_result(None)

    async def close(self) -> None:
        """End all connections: idle ones at once, others when their answer is sent or a moment has passed."""
        for connection in tuple(self._open):
            connection.close()
        if not self._open:
            return
        self._all_closed = asyncio.get_running_loop().create_future()
        done, _ = await asyncio.wait([self._all_closed], timeout=_STOP_SECONDS)
        if not done:
            for connection in tuple(self._open):
                connection.abort()


class Connection(asyncio.Protocol):
    """One connection: the state of the request that is being received, and what has to be sent."""

    def __init__(self, player: Player, limits: WireLimits, connections: Connections) -> None:
        self._player = player
        self._limits = limits
        self._connections = connections
        self._transport = cast("asyncio.Transport", None)  # there is one from `connection_made` on
        self._parser = httptools.HttpRequestParser(self)
        self._is_closing = False
        self._is_paused = False
        self._deciding: asyncio.Future[None] | None = None
        self._waiting: deque[tuple[Request, bool, bool]] = deque()
        self._begin()

    def _begin(self) -> None:
        self._at_start = True
        self._upgrade = _NONE
        self._own_method = ""
        self._target = b""
        self._headers: list[tuple[bytes, bytes]] = []
        self._header_bytes = 0
        self._body: list[bytes] = []
        self._body_bytes = 0

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._connections.add(self)

    def connection_lost(self, _error: Exception | None) -> None:
        self._connections.discard(self)
        del self._parser  # it knows this connection, and in a circle only the garbage collector would find both

    def pause_writing(self) -> None:
        """Play nothing more for a client that does not read its answers."""
        self._is_paused = True
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        self._is_paused = False
        self._go_on()
        if not self._is_paused and not self._is_closing:
            self._transport.resume_reading()

    def _go_on(self) -> None:
        """Answer the requests that had to wait for one before them."""
        while self._waiting and not (self._is_paused or self._is_closing or self._deciding is not None):
            self._answer(*self._waiting.popleft())

    def data_received(self, data: bytes) -> None:
        while data and not self._is_closing:
            at_start, self._at_start = self._at_start, False
            try:
                self._parser.feed_data(data)
            except httptools.HttpParserUpgrade as upgrade:
                data = self._decline_upgrade(data[upgrade.args[0] :])
            except httptools.HttpParserInvalidMethodError as error:
                method = _METHOD.match(data) if at_start else None
                if method is None:
                    self._refuse(400, f"This is not an HTTP/1.1 request that can be read: {error}")
                    return
                data = self._rename_method(method[1], data[method.end() :])
            except httptools.HttpParserCallbackError as error:
                self._fail(error.__context__ or error)
                return
            except httptools.HttpParserError as error:
                self._refuse(400, f"This is not an HTTP/1.1 request that can be read: {error}")
                return
            else:
                return

    # What the parser calls.

    def on_url(self, url: bytes) -> None:
        if self._upgrade is _NONE:
            self._target += url
            if len(self._target) > self._limits.line:
                self._refuse(414, f"The request line is longer than the {self._limits.line} bytes that are taken")

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._upgrade is not _NONE:
            return
        self._headers.append((name, value))
        self._header_bytes += len(name) + len(value)
        if len(self._headers) > self._limits.headers or self._header_bytes > self._limits.field:
            self._refuse(
                431,
                f"The request has more than {self._limits.headers} headers, or more than {self._limits.field} bytes"
                " of them",
            )

    def on_headers_complete(self) -> None:
        if self._upgrade is _NONE and any(
            name.lower() == b"expect" and value.lower() == b"100-continue" for name, value in self._headers
        ):
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        if self._body_bytes <= self._limits.body:
            self._body.append(body)
        elif not self._is_closing:
            self._refuse(
                413,
                f"{self._method()} {decode(self._target)}: the body is larger than the {self._limits.body} bytes that"
                " this mock server takes; raise --max-body-size",
            )

    def on_message_complete(self) -> None:
        if self._is_closing:
            return
        if self._upgrade is _NONE and self._parser.should_upgrade():
            framing = [(name, value) for name, value in self._headers if name.lower() in _FRAMING]
            if framing:  # the parser takes the body for another protocol: see `_decline_upgrade`
                self._upgrade = _with_body(self._method(), framing)
                return
        self._play()

    # What follows from that.

    def _method(self) -> str:
        return self._own_method or self._upgrade.method or self._parser.get_method().decode("ascii")

    def _play(self) -> None:
        request = to_request(self._method(), decode(self._target), self._headers, b"".join(self._body))
        keeps_alive = self._parser.should_keep_alive()
        is_old = self._parser.get_http_version() == "1.0"
        self._begin()
        if self._is_paused or self._deciding is not None:
            self._waiting.append((request, keeps_alive, is_old))
        else:
            self._answer(request, keeps_alive, is_old)

    def _answer(self, request: Request, keeps_alive: bool, is_old: bool) -> None:
        if len(request.body.content) > self._limits.inline or self._player.asks_plugins:
            self._deciding = asyncio.ensure_future(self._answer_later(request, keeps_alive, is_old))
            return
        self._send(self._player.note_decision(*self._player.decide(request)), request, keeps_alive, is_old)

    async def _answer_later(self, request: Request, keeps_alive: bool, is_old: bool) -> None:
        """Decide on a large request, or with plugins, in a thread, so that others are served meanwhile."""
        executor = None if self._player.asks_plugins else _COMPARING
        try:
            decision = await asyncio.get_running_loop().run_in_executor(executor, self._player.decide, request)
        except Exception as error:  # noqa: BLE001  whatever it is, the client is told
            self._fail(error)
            return
        finally:
            self._deciding = None
        self._send(self._player.note_decision(*decision), request, keeps_alive, is_old)
        self._go_on()

    def _send(self, answer: Answer, request: Request, keeps_alive: bool, is_old: bool) -> None:
        connection = ("keep-alive" if is_old else None) if keeps_alive else "close"
        self._transport.write(encode(answer, request.method, connection))
        if not keeps_alive:
            self.close()

    def _decline_upgrade(self, rest: bytes) -> bytes:
        """Go on as if nobody had asked for another protocol, with what follows the headers.

        Java's client asks for HTTP/2 with every request, also with one that has a body. That body is parsed behind a
        head which only says how long it is.
        """
        self._parser = httptools.HttpRequestParser(self)
        if self._upgrade is not _NONE:
            self._parser.feed_data(self._upgrade.head)
        return rest

    def _rename_method(self, method: bytes, rest: bytes) -> bytes:
        """Read a request whose method the parser does not know, such as `get`, under a name that it knows."""
        self._parser = httptools.HttpRequestParser(self)
        self._begin()
        self._own_method = method.decode("ascii")
        self._at_start = False
        return b"POST " + rest

    def _refuse(self, status: int, reason: str) -> None:
        if not self._is_closing:
            answer = self._player.refuse(status, reason)
            self._transport.write(encode(answer, "GET", "close"))
            self.close()

    def _fail(self, cause: BaseException) -> None:
        """Say that it is our fault; the traceback goes to the log."""
        logger.error("a request to a mock server could not be handled", exc_info=cause)
        self._refuse(500, f"pactmock failed to handle a request: {cause!r}; please report this")

    def close(self) -> None:
        """Take nothing more, and close when all that was written is sent."""
        self._is_closing = True
        self._transport.close()

    def abort(self) -> None:
        """Close now."""
        self._transport.abort()


_METHOD = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+) (?=[/*h])")
"""A method that may be one, before a target; the parser only takes those that it knows."""


class _Upgrade:
    """A request with a body that asks for another protocol: its method, and a head that only frames the body."""

    def __init__(self, method: str = "", head: bytes = b"") -> None:
        self.method = method
        self.head = head


_NONE = _Upgrade()
_FRAMING = frozenset({b"content-length", b"transfer-encoding"})


def _with_body(method: str, framing: list[tuple[bytes, bytes]]) -> _Upgrade:
    lines = [b"POST / HTTP/1.1\r\n", *(name + b": " + value + b"\r\n" for name, value in framing), b"\r\n"]
    return _Upgrade(method, b"".join(lines))
