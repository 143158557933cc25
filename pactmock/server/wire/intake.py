"""How much the process takes in at once, over all its connections.

Each message has bounds of its own. A thousand that come at once are within them and still more than there is memory,
so connections and the bytes of bodies that nobody has dealt with yet are counted for the process as a whole.
"""

from __future__ import annotations

import time
from collections import Counter
from operator import attrgetter
from typing import Protocol

from pactmock.server.options import MEGABYTE
from pactmock.server.wire.refused import INTAKE, Refused

_STALE_SECONDS = 0.5
"""An upload that brought next to nothing for so long makes room for others, when there is none."""


class Upload(Protocol):
    """The body of a message on its way in."""

    heard: float
    """When it last brought as much as others should wait for, by the monotonic clock."""

    def give_up(self) -> None:
        """Refuse the rest of it, and let go of what is there."""


class Intake:
    """Counts connections, and the bytes of bodies that were received and not yet dealt with."""

    def __init__(self, body_bytes: int = 128 * MEGABYTE, connections: int = 5000) -> None:
        self.most_body_bytes = body_bytes
        self.most_connections = connections
        self.body_bytes = 0
        self.connections = 0
        self.uploads: set[Upload] = set()
        """Bodies of some size that are not complete."""
        self.refused: Counter[str] = Counter()
        """How many messages and connections were refused, by the bound that they are over (`Refused.over`)."""

    def take(self, size: int) -> bool:
        """Count bytes of a body; tell whether there is room for them, and count nothing where there is none."""
        if self.body_bytes + size > self.most_body_bytes:
            return False
        self.body_bytes += size
        return True

    def make_room(self, for_whom: Upload) -> bool:
        """Give up the unfinished upload that brought next to nothing for the longest time; tell whether there was one.

        Whoever sends a little now and then could else keep everybody from sending, for as long as it likes.
        """
        now = time.monotonic()
        others = [each for each in self.uploads if each is not for_whom and now - each.heard > _STALE_SECONDS]
        if not others:
            return False
        min(others, key=attrgetter("heard")).give_up()
        return True

    def give_back(self, size: int) -> None:
        """Count bytes no longer: they were dealt with, or their client is gone."""
        self.body_bytes -= size

    def refusal(self) -> Refused:
        """Return what is said where there is no room."""
        return Refused(
            503,
            f"The bodies that this process has at hand hold more than {self.most_body_bytes} bytes together: send fewer"
            " at once, or raise --max-intake-size",
            over=INTAKE,
        )

    def __repr__(self) -> str:
        return f"<Intake {self.connections} connections, {self.body_bytes} bytes>"
