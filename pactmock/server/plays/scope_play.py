"""A scope: the requests of one test among those of many on one mock server, with a verdict of its own.

It expects what the mock server expects, or a part of it, and is asked as a mock server is. Each of its requests is
decided on once, and noted in two journals at the same moment: in its own, and in that of the mock server, whose verdict
is over all of them.
"""

from __future__ import annotations

import time
from copy import copy
from typing import TYPE_CHECKING, NoReturn

from pactmock.errors import InvalidParameter
from pactmock.pact.parts.received_headers import HTTP_1, decode
from pactmock.plugins.binding.bound_pact import BoundPact
from pactmock.server.answers import answer as answers
from pactmock.server.answers.answer import Answer
from pactmock.server.answers.decision import Decision, EditionId
from pactmock.server.lease import Lease
from pactmock.server.plays.findings import Findings
from pactmock.server.records.log import ServerLog
from pactmock.server.records.scope_journal import ScopeJournal, Together
from pactmock.server.wire.door import Owed
from pactmock.server.wire.incoming import Message
from pactmock.server.wire.refused import Refused

if TYPE_CHECKING:
    from pactmock.server.plays.faults import Fault, Faults
    from pactmock.server.plays.http_play import HttpPlay
    from pactmock.server.plays.message_play import MessagePlay
    from pactmock.server.plays.stage import Stage


class ScopePlay(Findings):
    """One scope of a mock server. `keys` are those of the interactions that it expects, None for all."""

    messages: MessagePlay | None = None
    """Messages are handed out by the mock server, to nobody in particular."""

    def __init__(self, name: str, whole: HttpPlay, stage: Stage, together: Together) -> None:
        super().__init__(stage.options, stage.address, stage.shared, whole)
        self.name = name
        self.created = time.time()
        self.log = ServerLog()
        self.lease = Lease(stage.options.ttl)
        self.journal = self._journal = ScopeJournal(name, together)
        self.keys: frozenset[str] | None = None
        self.is_there = True
        """Whether the mock server still has it."""
        self._whole = whole
        self._neighbours = whole.neighbours
        self._has_state = False
        """Whether a provider state was chosen here, or that none is; else it is that of the mock server."""
        self._state: str | None = None
        self._since = 0
        """The epoch in which that of the mock server began: what was decided before came too late there as well."""
        self._follow(EditionId(0, 0))

    def _follow(self, id_: EditionId) -> None:
        """Expect what the mock server expects now, as far as it is for this scope."""
        whole = self._whole.edition
        self._book = whole.book
        edition = copy(whole) if self.keys is None else whole.in_part(self.keys)
        if self._has_state and edition.state != self._state:
            self._has_state = self._state is None or self._state in edition.states
            edition = edition.in_state(self._state) if self._has_state else edition
        edition.id = id_
        self.edition = edition

    def follow(self, *, anew: bool) -> None:
        """Expect what the mock server expects from now on; `anew`, what was received is forgotten here as well."""
        now, book = self.edition.id, self._book
        self._follow(now.next_epoch if anew else now.next_edition)
        if self.keys is None and self._book is not book:
            self._journal.open_verdict()
        if anew:
            self._since = self.edition.id.epoch
            self._forget()

    def expect(self, keys: frozenset[str] | None) -> None:
        """Expect a part of the pact, None for all of it, with nothing received so far."""
        self.keys = keys
        self._has_state = False
        self.reset()

    def reset(self) -> None:
        self._follow(self.edition.id.next_epoch)
        self._forget()

    def _forget(self) -> None:
        self._clear_faults()
        self._journal.reset()

    def choose_state(self, state: str | None) -> None:
        edition = self.edition.in_state(state)
        self._has_state, self._state = True, state
        self.edition = edition

    def _note(self, decision: Decision) -> Owed:
        """Note a decision here and in the mock server, between which nothing else happens."""
        if not self.is_there or decision.edition.epoch != self.edition.id.epoch:
            self.record(decision)
            return decision.answer
        fault, faults = self.take_fault(decision)
        self.record(decision if fault is None else fault.on(decision))
        return decision.answer if fault is None or faults is None else faults.owed(fault, decision.answer)

    def record(self, decision: Decision) -> None:
        """Note what was decided and played in both journals."""
        self.lease.touch()
        if not self.is_there or decision.edition.epoch != self.edition.id.epoch:
            self._whole.note_of_scope(decision, self.name, is_late=decision.edition.epoch < self._since)
            if self.is_there:
                self._journal.note_late(decision)
        else:
            self._whole.note_of_scope(decision, self.name, is_late=False)
            self._journal.note(decision)

    def take_fault(self, decision: Decision) -> tuple[Fault | None, Faults | None]:
        """Return what is to become of an answer on purpose, as this scope wants it, or else the mock server."""
        if self._faults is not None and (fault := self._faults.take(decision)) is not None:
            self._whole.faults.count(decision, fault)  # it is named wherever its verdict is, too
            return fault, self._faults
        of_all = self._whole.faults_if_any
        if of_all is not None and (fault := of_all.take(decision)) is not None:
            self.faults.count(decision, fault)
            return fault, of_all
        return None, None

    def refuse(self, message: Message, refused: Refused) -> Answer:
        """Note what never became a request, here and in the mock server."""
        self.record_refusal(time.time(), refused.status, refused.reason, refused.asked_for, refused.protocol)
        return answers.refused(refused.reason, refused.status, decode(message.header(b"origin") or b""))

    def record_refusal(
        self,
        received: float,
        status: int,
        reason: str,
        asked_for: tuple[str, str] | None,
        protocol: str = HTTP_1,
    ) -> None:
        """Note in both journals what never became a request."""
        self.lease.touch()
        self._whole.refuse_of_scope(received, status, reason, asked_for, self.name, protocol)
        self._journal.refuse(received, status, reason, asked_for, protocol=protocol)

    def end(self) -> None:
        """Play nothing more: what is under way is still answered, and noted in the mock server."""
        self.is_there = False
        self.end_delays()
        self._journal.close()
        self._journal.notify()

    @property
    def is_running(self) -> bool:
        return self.is_there and self._whole.is_running

    async def settle(self) -> None:
        await self._whole.settle()

    def stay(self, seconds: float) -> None:
        """Do nothing: it is its mock server that ends."""

    def prepare(self, bound: BoundPact) -> NoReturn:  # noqa: ARG002
        raise self.no_change()

    def no_change(self) -> InvalidParameter:
        """Say that what is expected here is not changed here."""
        return InvalidParameter(
            f"The scope '{self.name}' expects interactions of its mock server: add or replace them there, and choose"
            " some by PUT .../scopes/{scope}"
        )

    def __repr__(self) -> str:
        return f"<ScopePlay {self.name} of {self._whole!r}>"
