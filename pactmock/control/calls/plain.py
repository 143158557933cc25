"""Calls that need nobody to read them once more: tests make thousands of these, one after the other.

The front door has read each message whole and within its bounds. Where its target has no escapes, all that is left to
do is to find its route and to write an answer, and what aiohttp takes for that is as much as most calls take. Whatever
is not plain goes to aiohttp: pages, streams, `HEAD`, escapes, headers that come twice, what is no call. Both hand a
call to `Calls`.
"""

from __future__ import annotations

import logging
import re
import time
from collections import defaultdict
from collections.abc import Callable, Coroutine, Mapping, Sequence
from email.utils import formatdate
from functools import lru_cache
from typing import Any

from pactmock.control.calls.answering import Calls, failed
from pactmock.control.calls.call import Call, headers_of
from pactmock.control.calls.reply import Reply, Streamed
from pactmock.control.calls.route import Route
from pactmock.server.answers.answer import Answer
from pactmock.server.wire.door import Owed
from pactmock.server.wire.incoming import Message

logger = logging.getLogger("pactmock.control")

_PLAIN = re.compile(rb"((?:/[A-Za-z0-9_~:-][A-Za-z0-9._~:-]*)+|/)(?:\?([A-Za-z0-9._~:=&,-]*))?")
"""A target that says what it says: its path has no escapes, and no part that is empty or begins with a dot."""


class PlainCalls:
    """Answers those of `routes` that do not stream."""

    def __init__(
        self, calls: Calls, routes: Sequence[Route], begin: Callable[[Coroutine[Any, Any, Answer]], Owed]
    ) -> None:
        """Answer calls; `begin` begins what answers one, at once or as a task."""
        self._calls = calls
        self._begin = begin
        self._routes: dict[tuple[str, int], list[tuple[Sequence[str], Route]]] = defaultdict(list)
        for route in routes:
            if not route.streams:
                parts = route.path.split("/")
                self._routes[route.method, len(parts)].append((parts, route))

    def answer(self, message: Message, peer: str) -> Owed | None:
        """Begin to answer a message, whose sender has an address; None for what is not plain."""
        target = _PLAIN.fullmatch(message.target)
        if target is None:
            return None
        path = target[1].decode()
        found = self._find(message.method, path.split("/"))
        if found is None:
            return None
        route, names = found
        headers = headers_of(message.headers)
        if len(headers) < len(message.headers) or "host" not in headers:
            return None
        query = [] if target[2] is None else _pairs(target[2].decode())
        call = Call(message.method, path, names, query, headers, message.content, peer)
        return None if self._calls.is_for_page(call) else self._begin(self._answered(route, call))

    def _find(self, method: str, parts: Sequence[str]) -> tuple[Route, Mapping[str, str]] | None:
        for wanted, route in self._routes.get((method, len(parts)), ()):
            names = _names(wanted, parts)
            if names is not None:
                return route, names
        return None

    async def _answered(self, route: Route, call: Call) -> Answer:
        try:
            self._calls.check(call, route.path)
        except Exception as error:  # noqa: BLE001  each becomes a document, and what nobody expected is logged
            reply: Reply | Streamed = failed(error, call.method, call.path)
        else:
            reply = await self._calls.perform(route, call)
        assert isinstance(reply, Reply)  # noqa: S101  no route that streams is among these
        logger.debug("%s %s -> %d", call.method, call.path, reply.status)
        lines = (*reply.lines, ("Date", _date(int(time.time()))), _SERVER)
        return Answer(reply.status, lines, reply.content)

    def __repr__(self) -> str:
        return f"<PlainCalls: {sum(map(len, self._routes.values()))} routes>"


def _names(wanted: Sequence[str], parts: Sequence[str]) -> dict[str, str] | None:
    """Return what stands where the path of a route varies; None where it is not that path."""
    names = {}
    for name, part in zip(wanted, parts, strict=True):
        if name.startswith("{"):
            names[name[1:-1]] = part
        elif name != part:
            return None
    return names


def _pairs(query: str) -> list[tuple[str, str]]:
    pairs = (item.partition("=") for item in query.split("&") if item)
    return [(name, text) for name, _, text in pairs]


_SERVER = "Server", "pactmock"


@lru_cache(1)
def _date(seconds: int) -> str:
    return formatdate(seconds, usegmt=True)
