"""Who answers for a moment when a mock server has ended: a client for which its test did not wait is told so.

Its request meets nothing else: the port would be closed, or another test's. It is marked, and changes no verdict.
"""

from __future__ import annotations

import asyncio
import logging
import time
from functools import partial

from pactmock.pact.parts.received_headers import decode
from pactmock.reports.visible import visible
from pactmock.server.answers import answer as answers
from pactmock.server.answers.answer import Answer
from pactmock.server.options import WireLimits
from pactmock.server.records.journal import Journal
from pactmock.server.records.late import how_long
from pactmock.server.wire.connection import Connection
from pactmock.server.wire.connections import Connections
from pactmock.server.wire.door import Caller, Door
from pactmock.server.wire.incoming import Message
from pactmock.server.wire.intake import Intake
from pactmock.server.wire.listener import Listener
from pactmock.server.wire.refused import Refused

logger = logging.getLogger("pactmock.server")
_CLOSE_SECONDS = 0.1

_ENDING: set[asyncio.Task[None]] = set()
"""What ends the connections of who came late: a loop knows its tasks only as long as somebody else does."""


class LateDoor:
    """Refuses what comes, and notes it in the journal of the mock server that has ended."""

    reserve = 0
    speaks_http2 = True

    def __init__(self, journal: Journal, limits: WireLimits, intake: Intake, seconds: float) -> None:
        self._journal = journal
        self._seconds = seconds
        self._opened = 0.0
        self._has_met = False
        self.limits = limits
        self.intake = intake

    def body_limit(self, message: Message) -> int:  # noqa: ARG002  here it is the same for all
        return self.limits.body

    def answer(self, message: Message, connection: Caller) -> Answer:  # noqa: ARG002
        return self._refused(message, message.method, decode(message.target).partition("?")[0])

    def refuse(self, message: Message, refused: Refused) -> Answer:
        return self._refused(message, *(refused.asked_for or ("A request that could not be read", "")))

    def _refused(self, message: Message, method: str, path: str) -> Answer:
        seconds = time.time() - self._opened
        reason = (
            f"{method} {path[:200]} came {how_long(seconds)} after this mock server had ended: have the test wait for"
            " its client before its block ends"
        )
        self._journal.refuse_late(time.time(), 503, reason, (method, path), seconds)
        if self._journal.after_verdict == 1:
            logger.warning("%s", visible(reason))
        return answers.refused(reason, 503, decode(message.header(b"origin") or b""))

    def open(self, listener: Listener, connections: Connections) -> None:
        """Answer on what is new from now on, for the time that was said, or until the loop ends."""
        self._opened = time.time()
        loop = asyncio.get_running_loop()
        over = loop.create_future()
        connections.hand_over(Connections(self, partial(self._meet, over)))
        loop.call_later(self._seconds, _Stay(listener, over, self._journal).end)

    def _meet(self, over: asyncio.Future[None], door: Door, connections: Connections) -> Connection:
        """Take a connection; the first one has somebody look after the end of all."""
        if not self._has_met:
            self._has_met = True
            ending = asyncio.ensure_future(self._end(over, connections))
            _ENDING.add(ending)
            ending.add_done_callback(_ENDING.discard)
        return Connection(door, connections)

    async def _end(self, over: asyncio.Future[None], connections: Connections) -> None:
        try:
            await over
        finally:
            await connections.close(_CLOSE_SECONDS)
            self._journal.close()


class _Stay:
    """The time for which the door is open. Only the loop knows it: one that is closed earlier takes it along.

    It is no task: programs close a loop without a look at its tasks, and the port would be open, with nobody there.
    """

    def __init__(self, listener: Listener, over: asyncio.Future[None], journal: Journal) -> None:
        self._listener = listener
        self._over = over
        self._journal = journal

    def end(self) -> None:
        """Come to the end, in a turn of the loop of its own: what was accepted in this one is a connection by then."""
        asyncio.get_running_loop().call_soon(self._end)

    def _end(self) -> None:
        """Free the port, and only then end connections: there are no new ones."""
        self._listener.close()
        if not self._over.done():
            self._over.set_result(None)

    def __del__(self) -> None:
        """Do what is to be done when a stay is over, whether the loop came to its end or was closed before.

        `weakref.finalize` would do nothing where a program ends, and its loop is closed with it.
        """
        for each in self._listener.sockets:
            each.close()
        self._journal.close()
