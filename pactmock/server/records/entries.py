"""What a journal holds: a request with what was decided on it, or one that never became a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeAlias

from pactmock.matching.texts.shortening import cut
from pactmock.pact.parts.received_headers import HTTP_1, protocol_of
from pactmock.pact.value import value
from pactmock.server.answers.decision import Decision, RequestLine
from pactmock.server.records.events import REQUEST_LATE, REQUEST_MATCHED, REQUEST_MISMATCHED, REQUEST_REFUSED

if TYPE_CHECKING:
    from pactmock.matching.explaining.explanation import Explanation
    from pactmock.matching.interaction_name import InteractionName

_RECORD_BYTES = 1000
"""What a record holds besides the texts and bytes that it is about, roughly."""


@value
class Record:
    """What was decided on one request. `number` counts from 1.

    One that is *late* was decided in an epoch that has ended: it is there to be read, and counts for nothing.
    """

    number: int
    decision: Decision
    size: int
    """The bytes it holds on to, as far as they are counted."""
    is_late: bool = False
    event: int = 0
    """The number of its event."""
    after_verdict: float | None = None
    """How many seconds it came after a green verdict, which it does not change; None for all others."""
    scope: str | None = None
    """The name of the scope that it belongs to; None for none."""
    is_confirmed: bool = True
    """Whether it was answered, as far as anybody knows: a replica may have ended just then."""

    @property
    def event_name(self) -> str:
        if self.is_late or self.after_verdict is not None:
            return REQUEST_LATE
        return REQUEST_MATCHED if self.decision.is_match else REQUEST_MISMATCHED

    @property
    def received(self) -> float:
        return self.decision.received

    @property
    def request_line(self) -> RequestLine:
        return self.decision.request_line

    @property
    def interaction(self) -> InteractionName | None:
        return self.decision.interaction

    @property
    def status(self) -> int:
        """That of the answer."""
        return self.decision.answer.status

    @property
    def fault(self) -> str | None:
        return self.decision.fault

    @property
    def protocol(self) -> str:
        """The one that it came by."""
        return protocol_of(self.decision.request.headers)

    @property
    def is_failure(self) -> bool:
        return self.decision.is_failure

    @property
    def explained(self) -> Explanation:
        return self.decision.explained

    @property
    def shown_size(self) -> int:
        """How much it says of itself in a list, roughly: bodies are cut short there."""
        return 2 * (_RECORD_BYTES + self.decision.size - len(self.decision.request.body.content)) + (
            0 if self.decision.explanation is None else len(self.decision.answer.body)
        )

    @property
    def is_match(self) -> bool:
        return self.is_confirmed and self.decision.is_match


def size_of(decision: Decision) -> int:
    """Count what a decision holds: the request, the answer, and what explains it."""
    explained = 1 if decision.explanation is None else _EXPLAINED_FACTOR
    return _RECORD_BYTES + decision.size + explained * len(decision.answer.body)


_EXPLAINED_FACTOR = 4
"""An explanation is a tree of values, of which the body of the answer is the JSON."""


@value
class Refusal:
    """A request that never became one: it could not be read, was too large, or did not come to its end."""

    number: int
    received: float
    status: int
    reason: str
    asked_for: tuple[str, str] | None = None
    """Method and target, where they could be read: then it fails a test, as nobody decided on it."""
    event: int = 0
    """The number of its event."""
    after_verdict: float | None = None
    """How many seconds it came after a green verdict, or after the mock server had ended; None for all others."""
    scope: str | None = None
    """The name of the scope that it belongs to; None for none."""
    protocol: str = HTTP_1
    """The one that it came by."""

    @property
    def request_line(self) -> RequestLine:
        if self.asked_for is None:
            return RequestLine()
        method, target = self.asked_for
        path, _, query = target.partition("?")
        return RequestLine(method, path, query or None)

    @property
    def interaction(self) -> None:
        """Nobody compared it with any."""

    @property
    def fault(self) -> None:
        """None was played."""

    @property
    def event_name(self) -> str:
        return REQUEST_REFUSED if self.after_verdict is None else REQUEST_LATE

    is_confirmed: ClassVar[bool] = True

    @property
    def size(self) -> int:
        return _RECORD_BYTES + len(self.reason)

    @property
    def explained(self) -> Explanation:
        """Why it fails a test."""
        from pactmock.matching.explaining.explanation import REFUSED, Explanation  # late: few requests are refused

        line = self.request_line
        method, path = cut(line.method or ""), cut(line.path or "")
        return Explanation(REFUSED, method, path, received=(method, path), error=cut(self.reason))

    @property
    def shown_size(self) -> int:
        return self.size

    @property
    def is_match(self) -> bool:
        return False

    @property
    def is_late(self) -> bool:
        return False

    @property
    def is_failure(self) -> bool:
        return True


Entry: TypeAlias = Record | Refusal
