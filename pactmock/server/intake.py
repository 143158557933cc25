"""How much the process takes in at once, over all its connections.

Each message has bounds of its own. A thousand that come at once are within them and still more than there is memory,
so connections and the bytes of bodies that nobody has dealt with yet are counted for the process as a whole.
"""

from __future__ import annotations

from pactmock.server.refused import Refused

MEGABYTE = 1024 * 1024


class Intake:
    """Counts connections, and the bytes of bodies that were received and not yet dealt with."""

    def __init__(self, body_bytes: int = 128 * MEGABYTE, connections: int = 5000) -> None:
        self.most_body_bytes = body_bytes
        self.most_connections = connections
        self.body_bytes = 0
        self.connections = 0

    def take(self, size: int) -> bool:
        """Count bytes of a body; tell whether there is room for them, and count nothing where there is none."""
        if self.body_bytes + size > self.most_body_bytes:
            return False
        self.body_bytes += size
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
        )

    def __repr__(self) -> str:
        return f"<Intake {self.connections} connections, {self.body_bytes} bytes>"
