"""Who answers for a moment when a mock server has ended: a client for which its test did not wait is told so.

Its request meets nothing else: the port would be closed, or another test's. It is marked, and changes no verdict.
"""

from __future__ import annotations

import asyncio
import logging
import time

from pactmock.pact.received_headers import decode
from pactmock.reports.visible import visible
from pactmock.server.answers import answer as answers
from pactmock.server.answers.answer import Answer
from pactmock.server.options import WireLimits
from pactmock.server.records.journal import Journal
from pactmock.server.records.late import how_long
from pactmock.server.wire.connection import Connection
from pactmock.server.wire.connections import Connections
from pactmock.server.wire.incoming import Message
from pactmock.server.wire.intake import Intake
from pactmock.server.wire.listener import Listener
from pactmock.server.wire.refused import Refused

logger = logging.getLogger("pactmock.server")
_CLOSE_SECONDS = 0.1

_STAYING: set[asyncio.Task[None]] = set()
"""Those that answer now: a loop knows its tasks only as long as somebody else does."""


class LateDoor:
    """Refuses what comes, and notes it in the journal of the mock server that has ended."""

    reserve = 0

    def __init__(self, journal: Journal, limits: WireLimits, intake: Intake, seconds: float) -> None:
        self._journal = journal
        self._seconds = seconds
        self._opened = 0.0
        self.limits = limits
        self.intake = intake

    def body_limit(self, message: Message) -> int:  # noqa: ARG002  here it is the same for all
        return self.limits.body

    def answer(self, message: Message, connection: Connection) -> Answer:  # noqa: ARG002
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
        self._opened, successor = time.time(), Connections(self)
        connections.hand_over(successor)
        staying = asyncio.ensure_future(self._stay(listener, successor))
        _STAYING.add(staying)
        staying.add_done_callback(_STAYING.discard)

    async def _stay(self, listener: Listener, connections: Connections) -> None:
        try:
            await asyncio.sleep(self._seconds)
        finally:
            listener.close()
            await connections.close(_CLOSE_SECONDS)
            self._journal.close()
