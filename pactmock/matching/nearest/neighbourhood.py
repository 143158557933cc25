"""Finds the few expectations whose path is like that of a request, without comparing the request with all of them.

A request that nobody expects is told what comes nearest. In a pact of fifty thousand interactions that has to be
looked up: what differs from the request in one place of its path shares the beginning or the end of it, so it stands
beside it where paths are sorted forwards or backwards.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence

from pactmock.matching.expectation import Expectation

MOST_LOOKED_UP = 16
"""How many expectations are compared with a request that is unlike all of them."""

_ON_EACH_SIDE = 6
"""How many paths are looked at before and behind the place where the path of a request would stand."""

_OF_ONE_PATH = 4
"""How many expectations of one path are looked at that is not that of the request; its own method goes first."""


class Neighbourhood:
    """The paths of a pact, sorted forwards and backwards."""

    def __init__(self, expectations: Sequence[Expectation]) -> None:
        self.is_small = len(expectations) <= MOST_LOOKED_UP
        """Whether all expectations are around any request."""
        self._by_path: dict[str, list[Expectation]] = {}
        for item in expectations:
            self._by_path.setdefault(item.request.path, []).append(item)
        self._forwards = sorted(self._by_path)
        self._backwards = sorted(path[::-1] for path in self._by_path)

    def around(self, method: str, path: str) -> Sequence[Expectation]:
        """Return the expectations that are most like a method and path, the most like first; all of a small pact."""
        wanted = path.encode()
        ordered = sorted(
            self._beside(path), key=lambda each: (-_likeness(wanted, each.encode()), self._by_path[each][0].index)
        )
        found: list[Expectation] = []
        for each in ordered:
            items = sorted(self._by_path[each][:_MOST_SORTED], key=lambda item: item.request.method.upper() != method)
            found += items[: MOST_LOOKED_UP if each == path or self.is_small else _OF_ONE_PATH]
            if len(found) >= MOST_LOOKED_UP:
                break
        return found[:MOST_LOOKED_UP]

    def _beside(self, path: str) -> Collection[str]:
        if len(self._by_path) <= MOST_LOOKED_UP:
            return self._by_path
        return {*_beside(self._forwards, path), *(each[::-1] for each in _beside(self._backwards, path[::-1]))}


_MOST_SORTED = 256
"""How many of the expectations of one path are asked for their method."""


def _beside(paths: Sequence[str], path: str) -> Iterator[str]:
    at = bisect_left(paths, path)
    yield from paths[max(0, at - _ON_EACH_SIDE) : at + _ON_EACH_SIDE]


def _likeness(one: bytes, other: bytes) -> int:
    """Count what two paths share: the bytes at the beginning and at the end, and more where they are as deep."""
    length = min(len(one), len(other))
    # As numbers they are compared in one step: what is alike before the first difference leaves no bits.
    before = int.from_bytes(one[:length], "big") ^ int.from_bytes(other[:length], "big")
    behind = int.from_bytes(one[len(one) - length :], "little") ^ int.from_bytes(other[len(other) - length :], "little")
    shared = 2 * length - (before.bit_length() + 7) // 8 - (behind.bit_length() + 7) // 8
    return 4 * shared - abs(len(one) - len(other)) + 8 * (one.count(b"/") == other.count(b"/"))
