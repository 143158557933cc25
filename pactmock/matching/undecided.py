"""What is said of a part that could not be compared within the budget of its request: it is a failure, never a pass."""

from __future__ import annotations

from pactmock.matching import budget
from pactmock.matching.budget import OutOfBudget
from pactmock.matching.mismatch import UndecidedMismatch


def undecided(part: str, name: str, expected: str, actual: str, error: OutOfBudget) -> UndecidedMismatch:
    """Make the mismatch of a part, `name` as a sentence begins with it.

    Raises:
        OutOfBudget: the same again, when the budget says that running out is for the caller to deal with.
    """
    if budget.current().gives_back:
        raise error
    return UndecidedMismatch(expected, actual, f"{name} could not be compared: {error.reason}", part)
