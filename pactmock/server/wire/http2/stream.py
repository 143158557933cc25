"""One request on a connection of HTTP/2, and the answer to it: how far both have come."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from enum import Enum

from pactmock.server.answers.answer import Answer
from pactmock.server.wire.http2.broken_rule import Code
from pactmock.server.wire.incoming import Message
from pactmock.server.wire.intake import Intake
from pactmock.server.wire.share import Share


class Stage(Enum):
    """How far a stream has come."""

    COMING = "coming"
    """Not all of the request is there."""
    WAITING = "waiting"
    """All of it is there, and others are answered first."""
    DECIDED = "decided"
    """Its answer will be known later."""
    SENDING = "sending"


class Stream:
    """What is known of one. `unsent` is what is left of the body of the answer, from `sent` on."""

    __slots__ = (
        "code", "has_client_ended", "id", "message", "most_body_bytes", "owed", "promised", "seen", "seen_at", "sent",
        "share", "stage", "unsent",
    )  # fmt: skip

    def __init__(self, id_: int, intake: Intake, give_up: Callable[[], None]) -> None:
        self.id = id_
        self.message = Message()
        self.share = Share(intake, give_up)
        self.stage = Stage.COMING
        self.has_client_ended = False
        self.most_body_bytes = 0
        self.promised: int | None = None
        """How many bytes of a body its head promises, None where it says nothing of that."""
        self.owed: asyncio.Future[Answer] | None = None
        self.unsent = b""
        self.sent = 0
        self.code: int = Code.NO_ERROR
        """Why the stream is ended when all is sent, where the client has more to send, or has broken a rule."""
        self.seen: tuple[object, ...] = ()
        self.seen_at = 0.0

    @property
    def left(self) -> int:
        """How many bytes of the answer are not sent."""
        return len(self.unsent) - self.sent

    @property
    def state(self) -> tuple[object, ...]:
        """How far it has come: another value means that it goes on."""
        return self.stage, self.message.body_bytes, self.sent

    def release(self) -> None:
        """Let go of the body of the request: it was dealt with, or will never be."""
        self.share.give_back()
        self.message.body, self.message.body_bytes = b"", 0

    def close(self) -> None:
        """Let go of everything."""
        self.release()
        self.share.close()
        self.unsent, self.sent = b"", 0

    def __repr__(self) -> str:
        return f"<Stream {self.id} {self.stage.value}>"
