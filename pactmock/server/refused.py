"""What never becomes a request: why, and the status that says so."""

from __future__ import annotations


class Refused(Exception):
    """A message that is not taken. It is answered where that is possible, and stands in the journal."""

    def __init__(self, status: int, reason: str, limit: int | None = None) -> None:
        """`limit` is the bound that it is over, if that is why."""
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.limit = limit
