"""How long a mock server lives that nobody touches."""

from __future__ import annotations

from time import monotonic, time


class Lease:
    """When a mock server was last touched, and after how many seconds without that it ends; None for never."""

    def __init__(self, seconds: float | None = None) -> None:
        self.seconds = seconds
        self.touched = monotonic()

    def touch(self) -> None:
        """Begin the time anew."""
        self.touched = monotonic()

    @property
    def idle(self) -> float:
        """The seconds since it was last touched."""
        return monotonic() - self.touched

    @property
    def left(self) -> float | None:
        """The seconds that are left, less than none when it has run out; None when it never does."""
        return None if self.seconds is None else self.touched + self.seconds - monotonic()

    @property
    def expires(self) -> float | None:
        """When it runs out if nobody touches the mock server until then, as a Unix time."""
        left = self.left
        return None if left is None else time() + left

    def __repr__(self) -> str:
        return f"<Lease of {self.seconds} seconds>"
