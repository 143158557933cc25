"""What the book says of a request (reference/matching.md §6.3)."""

from __future__ import annotations

from enum import Enum

from pactmock.matching.expectation import Expectation
from pactmock.matching.mismatch import Mismatch
from pactmock.matching.result import RequestResult
from pactmock.pact.model import Request
from pactmock.pact.value import value


class Outcome(Enum):
    """What can be said of a request; the value is what `X-Pact` says."""

    MATCHED = "Request-Matched"
    MISMATCH = "Request-Mismatch"
    UNDECIDED = "Request-Undecided"
    NOT_FOUND = "Unexpected-Request"


@value
class Candidate:
    """An expectation that a request was held against, and what that found."""

    expectation: Expectation
    result: RequestResult
    is_chosen: bool = False
    """Whether its interaction is given the provider state that was chosen."""

    @property
    def rank(self) -> tuple[bool, int, int]:
        """What comes first: the provider state that was chosen, then what is nearer."""
        return not self.is_chosen, *self.nearness

    @property
    def nearness(self) -> tuple[int, int]:
        """What is nearer comes first: a higher score, then the order in the pact."""
        return -self.result.score, self.expectation.index

    @property
    def distance(self) -> int:
        """How far it is by the score alone."""
        return -self.result.score


@value
class Verdict:
    """A request that was received, and the expectation that it met or those that it came nearest to.

    `near` has the best first; it is empty only when the pact expects nothing at all.
    """

    outcome: Outcome
    request: Request
    near: tuple[Candidate, ...]

    @property
    def nearest(self) -> Expectation | None:
        return self.near[0].expectation if self.near else None

    @property
    def mismatches(self) -> tuple[Mismatch, ...]:
        return self.near[0].result.mismatches if self.near else ()

    @property
    def counts_as_received(self) -> bool:
        """Whether the nearest expectation was what was asked for, matching or not: method and path are its own."""
        return self.outcome is not Outcome.NOT_FOUND and not self.near[0].result.is_elsewhere
