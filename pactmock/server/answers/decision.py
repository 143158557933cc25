"""What was decided on one request: a value, so that it can be made in any thread and noted where the state is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pactmock.matching.interaction_name import InteractionName
from pactmock.matching.verdict import Outcome
from pactmock.pact.model import Request
from pactmock.pact.value import value
from pactmock.server.answers.answer import Answer

if TYPE_CHECKING:
    from pactmock.matching.explaining.explanation import Explanation


class EditionId(NamedTuple):
    """What a decision was made against.

    A pact that is replaced, and a reset, begin an *epoch*; interactions that are added make an *edition* of it. What
    was decided in another epoch says nothing of this one; in an older edition, a match is still a match.
    """

    epoch: int
    number: int

    @property
    def next_epoch(self) -> EditionId:
        return EditionId(self.epoch + 1, 0)

    @property
    def next_edition(self) -> EditionId:
        return EditionId(self.epoch, self.number + 1)


@value
class RequestLine:
    """Method, path and query of a request as they were received; None for what could not be read, or is not there."""

    method: str | None = None
    path: str | None = None
    query: str | None = None


@value
class Decision:
    """A request with the verdict on it and the answer to it, and what they were decided against."""

    received: float
    """When it came, as a Unix time."""
    request: Request
    """As it may be noted: what is secret in it is unreadable."""
    size: int
    """The bytes that it had on the wire."""
    outcome: Outcome
    interaction: InteractionName | None
    """The interaction that was met, or came nearest."""
    identity: str | None
    """What was received by this request: the key of the first interaction that asks for the same."""
    explanation: Explanation | None
    """None for a request that matched."""
    answer: Answer
    edition: EditionId

    @property
    def request_line(self) -> RequestLine:
        return RequestLine(self.request.method, self.request.path, self.request.query_text)

    @property
    def is_failure(self) -> bool:
        """Whether it fails a test.

        An unexpected OPTIONS request never does: browsers send them (reference/matching.md §11 row 53).
        """
        if self.outcome is Outcome.NOT_FOUND:
            return self.request.method != "OPTIONS"
        return self.outcome is not Outcome.MATCHED

    @property
    def explained(self) -> Explanation:
        """What is to be said of it, whatever the verdict is."""
        if self.explanation is not None:
            return self.explanation
        from pactmock.matching.explaining.explanation import MATCH, Explanation  # late: few ask about what matched

        received = self.request.method, self.request.path
        return Explanation(MATCH, *received, interaction=self.interaction, received=received)

    @property
    def fault(self) -> str | None:
        """What became of the answer on purpose, None where it was sent as it is."""
        return None

    @property
    def is_match(self) -> bool:
        return self.outcome is Outcome.MATCHED
