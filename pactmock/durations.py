"""How long something took, over and over: counted by how long, so that nothing is kept of each time.

What is measured is in all floors of the house, and none of them knows who asks for it.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate
from threading import Lock
from typing import NamedTuple


class Counted(NamedTuple):
    """What was counted until now: for each bound, how many took at most so long; the last number is that of all."""

    at_most: tuple[int, ...]
    seconds: float
    """The sum of all."""


class Durations:
    """A count for each of some bounds, which are seconds in rising order. Any thread may add to it."""

    def __init__(self, *bounds: float) -> None:
        self.bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self._seconds = 0.0
        self._lock = Lock()

    def add(self, seconds: float) -> None:
        """Count one that took so long."""
        index = bisect_left(self.bounds, seconds)
        with self._lock:
            self._counts[index] += 1
            self._seconds += seconds

    @property
    def counted(self) -> Counted:
        """What was counted until now."""
        with self._lock:
            return Counted(tuple(accumulate(self._counts)), self._seconds)

    def __repr__(self) -> str:
        return f"<Durations: {self.counted.at_most[-1]} times, {self._seconds:g} s>"
