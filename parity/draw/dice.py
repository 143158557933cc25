"""Seeded dice, with the throws that drawing needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Dice(Random):
    """The same seed draws the same cases, on every machine."""

    def chance(self, probability: float) -> bool:
        return self.random() < probability

    def one(self, items: Sequence[T]) -> T:
        """Draw one item."""
        return items[int(self.random() * len(items))]

    def some(self, items: Sequence[T], low: int, high: int) -> list[T]:
        """Draw between `low` and `high` different items, in any order."""
        return self.sample(items, min(self.randint(low, high), len(items)))

    def times(self, low: int, high: int, make: Callable[[], T]) -> list[T]:
        """Make between `low` and `high` items."""
        return [make() for _ in range(self.randint(low, high))]
