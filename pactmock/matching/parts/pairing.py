"""Pairs the items of two lists whose order does not count, so that as many as possible have a counterpart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache


def unpaired(expected: int, actual: int, fits: Callable[[int, int], bool]) -> Sequence[int]:
    """Return which of so many expected items have no counterpart of their own.

    `fits` is asked of a pair once at most, and first of two items at the same position.
    """
    pairs = _Pairs(actual, fits)
    return [item for item in range(expected) if not pairs.add(item)]


class _Pairs:
    """Expected items with their counterparts, as many as were added so far."""

    def __init__(self, actual: int, fits: Callable[[int, int], bool]) -> None:
        self._actual = actual
        self._fits = cache(fits)
        self._stands_for: dict[int, int] = {}
        """Received item to the expected one that it is the counterpart of."""

    def add(self, item: int) -> bool:
        """Find a counterpart of one more item, where others may have to look for another (an augmenting path)."""
        asked_by: dict[int, int] = {}
        waiting = [item]
        for one in waiting:
            for other in (*range(one, self._actual), *range(min(one, self._actual))):
                if other in asked_by or not self._fits(one, other):
                    continue
                asked_by[other] = one
                if other not in self._stands_for:
                    self._hand_on(other, asked_by)
                    return True
                waiting.append(self._stands_for[other])
        return False

    def _hand_on(self, free: int, asked_by: dict[int, int]) -> None:
        """Give a free item to the one that asked for it, whose former counterpart goes to who asked for that."""
        had = {one: other for other, one in self._stands_for.items()}
        other: int | None = free
        while other is not None:
            one = asked_by[other]
            self._stands_for[other] = one
            other = had.get(one)
