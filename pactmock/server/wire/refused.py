"""What never becomes a request: why, and the status that says so."""

from __future__ import annotations


class Refused(Exception):
    """A message that is not taken. It is answered where that is possible, and stands in the journal."""

    def __init__(self, status: int, reason: str, limit: int | None = None, *, unfinished: bool = False) -> None:
        """`limit` is the bound that it is over, if that is why; `unfinished` says that its client left it so."""
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.limit = limit
        self.unfinished = unfinished
        self.asked_for: tuple[str, str] | None = None
        """Method and target, where a request was made that nobody could decide on: that fails a test."""
