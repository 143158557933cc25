"""Large documents are taken apart one at a time: each takes a hundred times its size in memory while that lasts."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from pactmock.matching import budget
from pactmock.matching.budget import OutOfBudget

MOST_NODES = 400_000
"""How many elements and attributes a document may have: with texts between them they take 250 MB."""

_FEW_NODES = 40_000
_LOOK_SECONDS = 0.1
_turn = threading.RLock()


def check_nodes(nodes: int) -> None:
    """Make sure that a document is not too large to be taken apart.

    Raises:
        OutOfBudget: when it is.
    """
    if nodes > MOST_NODES:
        raise OutOfBudget(
            f"it has {nodes:,} elements and attributes, and no more than {MOST_NODES:,} are compared: send less"
        )


@contextmanager
def turn(nodes: int) -> Iterator[None]:
    """Wait until no other thread has a large document; one that is small need not wait.

    Raises:
        OutOfBudget: when nothing is left of the current budget, or it is a tentative one, which has no time to wait.
    """
    if nodes <= _FEW_NODES:
        yield
        return
    given = budget.current()
    if given.tentative:
        raise OutOfBudget("it is large")
    while not _turn.acquire(timeout=_LOOK_SECONDS):
        given.check()
    try:
        yield
    finally:
        _turn.release()
