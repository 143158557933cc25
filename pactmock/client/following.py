"""Events as they come: how they are asked for, and how their stream is read, for both clients."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

from pactmock.client.call import Call, Reply

if TYPE_CHECKING:
    from pactmock.client.documents import Event

SILENT_SECONDS = 30.0
"""A service says every 15 seconds that it is there."""


def following(steps: tuple[str, ...], after: str | None) -> Call:
    """Describe the call that follows what is at a path."""
    return Call("GET", (*steps, "events"), last_event=after, seconds=SILENT_SECONDS)


class EventReader:
    """Reads a stream of server-sent events, in whatever pieces it comes."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, piece: bytes) -> list[Event]:
        """Return the events that a piece completes.

        Raises:
            UnexpectedAnswer: when what comes is none.
        """
        *lines, self._rest = (self._rest + piece).split(b"\n")
        return [_event(line) for line in lines if line.startswith(b"data: ")]


def _event(line: bytes) -> Event:
    try:
        return cast("Event", json.loads(line.removeprefix(b"data: ")))
    except ValueError:
        raise Reply(200, line).unexpected() from None
