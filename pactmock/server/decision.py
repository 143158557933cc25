"""What was decided on one request: a value, so that it can be made in any thread and noted where the state is."""

from __future__ import annotations

from dataclasses import dataclass

from pactmock.matching.explanation import MATCH, Explanation, InteractionName
from pactmock.matching.verdict import Outcome
from pactmock.pact.model import Request
from pactmock.server.answer import Answer


@dataclass(frozen=True, slots=True)
class Decision:
    """A request with the verdict on it and the answer to it, and what they were decided against.

    A pact that is replaced, and a reset, begin an *epoch*; interactions that are added make an *edition* of it. What
    was decided in another epoch says nothing of this one; in an older edition, a match is still a match.
    """

    received: float
    """When it came, as a Unix time."""
    request: Request
    """As it may be noted: what is secret in it is unreadable."""
    size: int
    """The bytes that it had on the wire."""
    outcome: Outcome
    is_failure: bool
    interaction: InteractionName | None
    """The interaction that was met, or came nearest."""
    identity: str | None
    """What was received by this request: the key of the first interaction that asks for the same."""
    explanation: Explanation | None
    """None for a request that matched."""
    answer: Answer
    epoch: int
    edition: int

    @property
    def explained(self) -> Explanation:
        """What is to be said of it, whatever the verdict is."""
        if self.explanation is not None:
            return self.explanation
        received = self.request.method, self.request.path
        return Explanation(MATCH, *received, interaction=self.interaction, received=received)

    @property
    def is_match(self) -> bool:
        return self.outcome is Outcome.MATCHED
