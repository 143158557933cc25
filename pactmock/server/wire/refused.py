"""What never becomes a request: why, and the status that says so."""

from __future__ import annotations

from pactmock.pact.parts.received_headers import HTTP_1

BODY, LINE, HEADERS, SECONDS = "body", "line", "headers", "seconds"
CONNECTIONS, INTAKE = "connections", "intake"
BOUNDS = (BODY, LINE, HEADERS, SECONDS, CONNECTIONS, INTAKE)
"""What a message can be over: of its own the first four, and of all together."""

UNREAD = ("(unread)", "")
"""What was asked for by a request whose headers were not read."""


class Refused(Exception):
    """A message that is not taken. It is answered where that is possible, and stands in the journal."""

    def __init__(
        self, status: int, reason: str, limit: int | None = None, *, over: str | None = None, unfinished: bool = False
    ) -> None:
        """`over` says which of the bounds above it is over, if that is why, and `limit` how much that is.

        `unfinished` says that its client left it so.
        """
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.limit = limit
        self.over = over
        self.unfinished = unfinished
        self.protocol = HTTP_1
        self.asked_for: tuple[str, str] | None = None
        """Method and target, where a request was made that nobody could decide on: that fails a test."""
