"""Which entries of a ledger are no requests: those that are have numbers of their own in the journal."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

_MOST = 2000
"""How many are remembered, so that a request which is pending yet is found behind them."""


class Marks:
    """From which entry on how many entries were no requests."""

    def __init__(self, marks: Sequence[tuple[int, int]] = ((0, 0),)) -> None:
        self._marks = list(marks)

    @classmethod
    def read(cls, marks: Sequence[Sequence[int]]) -> Marks:
        """Read those of a snapshot."""
        return cls([(mark[0], mark[1]) for mark in marks])

    def to_json(self) -> list[list[int]]:
        return list(map(list, self._marks))

    def add(self, number: int) -> None:
        """Remember an entry that is no request."""
        self._marks.append((number, self._marks[-1][1] + 1))
        del self._marks[:-_MOST]

    def in_journal(self, number: int, unknown: int) -> int:
        """Return the number that a request has in the journal, `unknown` where nobody knows it any more."""
        place = bisect_right(self._marks, (number, float("inf"))) - 1
        return number - self._marks[place][1] if place >= 0 else unknown
