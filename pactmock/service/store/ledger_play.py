"""A play with a ledger, of all of a mock server or of one scope: what it decides is in there before it is answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from pactmock.errors import PactmockError
from pactmock.pact.model import Request
from pactmock.pact.parts.received_headers import decode
from pactmock.server.answers import answer as answers
from pactmock.server.answers.answer import Answer
from pactmock.server.answers.decision import Decision
from pactmock.server.plays.findings import Findings
from pactmock.server.wire.door import Owed
from pactmock.server.wire.incoming import Message
from pactmock.server.wire.refused import Refused
from pactmock.service.store.answering import not_noted

if TYPE_CHECKING:
    from pactmock.server.plays.faults import Fault, Faults
    from pactmock.service.store.ledger import Ledger

_LOOK_SECONDS = 0.02
"""How often who waits looks at what other replicas received."""


class LedgerPlay(Findings):
    """What is played, with a ledger; `scope` is the name of the scope, None for the whole."""

    ledger: Ledger
    scope: str | None = None
    is_there = True
    """Whether what is decided here still counts."""

    def play_here(self, request: Request, size: int, called_at: str | None) -> Owed:
        """Decide on a request, and have that noted."""
        decision = self._decide_at_once(request, size, called_at)
        if decision is not None:
            return self._noted(decision, partial(self.play_again, request, size, called_at))
        return self._play_later(request, size, called_at)

    def play_again(self, request: Request, size: int, called_at: str | None) -> Owed:
        """Decide once more on a request, as something else is played by now."""
        return self.play_here(request, size, called_at)

    def _noted(self, decision: Decision, again: Callable[[], Owed], *, is_sure: bool = False) -> Owed:
        fault, faults = self.fault_for(decision)
        if fault is None or faults is None:
            return self.ledger.notes.note(decision, self, again, is_sure=is_sure)
        # It is used up where all see that, so that it is played as often as was wanted.
        is_other = asyncio.Event()

        def decide_again() -> Owed:
            is_other.set()  # with a fault of its own, or none
            return again()

        noted = self.ledger.notes.note(fault.on(decision), self, decide_again, changes=fault.times is not None)
        return asyncio.ensure_future(_played(fault, faults, decision.answer, noted, is_other))

    def fault_for(self, decision: Decision) -> tuple[Fault | None, Faults | None]:
        """Return what is to become of an answer on purpose, and whose fault that is."""
        return (None if self._faults is None else self._faults.for_(decision)), self._faults

    async def _decide_later(self, request: Request, size: int, called_at: str | None) -> Answer:
        """Decide in a thread, on what is surely played: what takes long may come late (`Notes.note`)."""
        try:
            await self.ledger.catch_up()
        except PactmockError as error:
            return not_noted(error)
        decision = await self._in_thread(self.edition, request, size, called_at)
        if decision is None:
            return answers.refused("The mock server was ended before this request was decided", 503)
        owed = self._noted(decision, partial(self.play_again, request, size, called_at), is_sure=True)
        return owed if isinstance(owed, Answer) else await owed

    def refuse_here(self, message: Message, refused: Refused) -> Owed:
        """Have it noted that a message never became a request."""
        answer = answers.refused(refused.reason, refused.status, decode(message.header(b"origin") or b""))
        said = time.time(), refused.status, refused.reason, refused.asked_for
        return self.ledger.notes.refuse(*said, answer, self.scope)

    async def refresh(self) -> None:
        await self.ledger.settle()

    async def wait(self, seconds: float) -> bool:
        until = asyncio.get_running_loop().time() + seconds
        while not self.is_complete and self.is_running and asyncio.get_running_loop().time() < until:
            await asyncio.sleep(_LOOK_SECONDS)
            await self.ledger.catch_up()
        return self.is_complete


async def _played(
    fault: Fault, faults: Faults, meant: Answer, noted: asyncio.Future[Answer], is_other: asyncio.Event
) -> Answer:
    """Play a fault if it was noted: not for an answer of another decision, and not for one that says why it was not."""
    answer = await noted
    return answer if is_other.is_set() or answer is not meant else await faults.owed(fault, answer)
