"""What the connections of a listener ask of whoever is behind it."""

from __future__ import annotations

import asyncio
from typing import Protocol, TypeAlias

from pactmock.server.answers.answer import Answer
from pactmock.server.options import WireLimits
from pactmock.server.wire.incoming import Message
from pactmock.server.wire.intake import Intake
from pactmock.server.wire.refused import Refused

Owed: TypeAlias = "Answer | asyncio.Future[Answer]"
"""An answer, or one that will be known later."""


class Caller(Protocol):
    """The connection that a message came over."""

    transport: asyncio.Transport


class Door(Protocol):
    """Who answers what comes over the connections of a listener."""

    @property
    def limits(self) -> WireLimits:
        """The bounds of one message."""

    @property
    def intake(self) -> Intake:
        """The bounds of all messages of the process together."""

    @property
    def reserve(self) -> int:
        """How many connections it may have when the process has all that mock servers may have."""

    @property
    def speaks_http2(self) -> bool:
        """Whether clients may speak HTTP/2 here as well."""

    def body_limit(self, message: Message) -> int:
        """Return how many bytes the body of a message may have, of which the head is read."""

    def answer(self, message: Message, connection: Caller) -> Owed | None:
        """Answer a message; None when somebody else writes to the connection, and then calls `answered`."""

    def refuse(self, message: Message, refused: Refused) -> Owed:
        """Say what is sent to a client whose message is not taken."""
