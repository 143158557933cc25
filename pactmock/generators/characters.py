"""Characters by chance, in pieces: what makes long texts looks at its budget meanwhile."""

from __future__ import annotations

from random import Random

from pactmock.matching import budget

_PIECE = 4096
_STEPS_A_PIECE = 256
"""A piece takes a millisecond, after which a budget looks at the clock."""


def any_of(alphabet: str, count: int, random: Random) -> str:
    """Choose so many characters, each of all.

    Raises:
        OutOfBudget: when nothing is left of the current budget.
    """
    if count <= _PIECE:
        return "".join(random.choices(alphabet, k=count))
    spend, pieces = budget.current().spend, []
    for start in range(0, count, _PIECE):
        spend(_STEPS_A_PIECE)
        pieces += random.choices(alphabet, k=min(_PIECE, count - start))
    return "".join(pieces)
