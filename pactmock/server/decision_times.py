"""How long decisions take, once somebody wants to know."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from pactmock.durations import Durations

if TYPE_CHECKING:
    from pactmock.matching.budget import Budget
    from pactmock.pact.model import Request
    from pactmock.server.answers.decision import Decision
    from pactmock.server.deciding.door import Decides

_BOUNDS = (0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)


class DecisionTimes:
    """The seconds that were spent on deciding, each decision where it was made."""

    def __init__(self) -> None:
        self.on_loop = Durations(*_BOUNDS)
        self.in_threads = Durations(*_BOUNDS)


def timed(
    times: Durations, edition: Decides, budget: Budget, request: Request, size: int, called_at: str | None
) -> Decision:
    """Have an edition decide, and count how long that took. What it gives up, is decided again, and counted then.

    Raises:
        OutOfBudget: as the edition does.
    """
    since = perf_counter()
    decision = edition.decide(budget, request, size, called_at)
    times.add(perf_counter() - since)
    return decision
