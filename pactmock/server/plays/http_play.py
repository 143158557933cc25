"""A pact played over HTTP: what is expected, what was received, and the verdict on both (reference/matching.md §6)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from pactmock.errors import PactmockError
from pactmock.pact.made_once import made_once
from pactmock.pact.model import Request
from pactmock.pact.parts.received_headers import ReceivedHeaders, decode, protocol_of
from pactmock.plugins.binding.bound_pact import BoundPact
from pactmock.server.answers import answer as answers
from pactmock.server.answers.decision import Decision
from pactmock.server.deciding import scope_names
from pactmock.server.deciding.edition import Edition
from pactmock.server.deciding.neighbours import Neighbours
from pactmock.server.deciding.steering import is_steered
from pactmock.server.plays.findings import Findings
from pactmock.server.plays.play import Change
from pactmock.server.plays.stage import Stage
from pactmock.server.wire.door import Owed
from pactmock.server.wire.incoming import Message
from pactmock.server.wire.refused import Refused

if TYPE_CHECKING:
    from pactmock.server.plays.faults import Faults
    from pactmock.server.plays.message_play import MessagePlay
    from pactmock.server.plays.scopes import Scopes


class HttpPlay(Findings):
    """The interactions of a pact, behind a port of their own and behind the gateway."""

    def __init__(self, bound: BoundPact, stage: Stage) -> None:
        """Compile a pact.

        Raises:
            InvalidRule, InvalidPact: with the JSON pointer of what cannot be played.
        """
        super().__init__(stage.options, stage.address, stage.shared)
        self._stage = stage
        self._journal = stage.journal
        self._lease = stage.lease
        self.neighbours = self._neighbours = Neighbours(stage.address, stage.shared)
        self.edition = self._edition(bound)
        self.messages = _messages(bound, stage)

    def _edition(self, bound: BoundPact) -> Edition:
        return Edition(bound, self._options, self._stage.address, self._neighbours, self._shared.known)

    @made_once
    def scopes(self) -> Scopes:
        """Those of the tests that are told apart here."""
        from pactmock.server.plays.scopes import Scopes  # late: few mock servers have any

        return Scopes(self, self._stage)

    @property
    def _scopes_if_any(self) -> Scopes | None:
        return self.__dict__.get("scopes")

    def end_delays(self) -> None:
        super().end_delays()
        if self._scopes_if_any is not None:
            self._scopes_if_any.end_delays()

    def stay(self, seconds: float) -> None:
        from pactmock.server.deciding.late_door import LateDoor  # late: only servers inside a program stay

        self._late_door = LateDoor(self._journal, self._options.wire, self.intake, seconds)

    async def stop(self) -> None:
        self.end_delays()
        await super().stop()
        self._journal.close()
        self._journal.notify()
        if self._scopes_if_any is not None:
            self._scopes_if_any.close()

    def play(self, request: Request, size: int, called_at: str | None = None) -> Owed:
        if is_steered(request.headers):
            return self.play_in(None, request, size, called_at)
        # Where somebody wants to know how long decisions take, this is one of them.
        decision = self.edition.recall(request, size) if self._shared.times is None else None
        if decision is None:
            decision = self._decide_at_once(request, size, called_at)
        return self._play_later(request, size, called_at) if decision is None else self._note(decision)

    def play_in(self, by_path: str | None, request: Request, size: int, called_at: str | None = None) -> Owed:
        """Play a request in the scope that it names, by the path that it came by or by itself; else in none.

        One that names a scope in which it cannot be is refused, and noted: it must not count in another one.
        """
        try:
            name = scope_names.named_by(request.headers, by_path)
            scope = None if name is None else self.scopes.use(name)
        except PactmockError as error:
            return self._refuse_scope(request, error)
        if scope is not None:
            return scope.play(request, size, called_at)
        return super().play(request, size, called_at)

    def _refuse_scope(self, request: Request, error: PactmockError) -> Owed:
        self._lease.touch()
        target = request.path if request.query_text is None else f"{request.path}?{request.query_text}"
        by = protocol_of(request.headers)
        self._journal.refuse(time.time(), error.status, error.message, (request.method, target), protocol=by)
        return answers.refused(error.message, error.status, ", ".join(request.headers.get("origin") or ()))

    def refuse(self, message: Message, refused: Refused, by_path: str | None = None) -> Owed:
        """Note what never became a request, also in the scope that it names, as far as that was read."""
        headers = ReceivedHeaders(message.headers)
        if by_path is not None or is_steered(headers):
            try:
                name = scope_names.named_by(headers, by_path)
                if name is not None:
                    return self.scopes.use(name).refuse(message, refused)
            except PactmockError:
                pass  # it is refused anyway, and nobody knows of which scope it is
        self._journal.refuse(time.time(), refused.status, refused.reason, refused.asked_for, protocol=refused.protocol)
        return answers.refused(refused.reason, refused.status, decode(message.header(b"origin") or b""))

    def _note(self, decision: Decision) -> Owed:
        """Note a decision, which has to happen before its answer is sent; return what is owed for it."""
        self._lease.touch()
        now = self.edition.id
        if decision.edition is now or decision.edition.epoch == now.epoch:
            if self._faults is not None:
                return self._note_with_fault(decision, self._faults)
            self._journal.note(decision)
        else:
            self._journal.note_late(decision)
        return decision.answer

    def note_of_scope(self, decision: Decision, scope: str, *, is_late: bool) -> None:
        """Note a decision that a scope is about to note too."""
        self._lease.touch()
        if is_late:
            self._journal.note_late(decision, scope)
        else:
            self._journal.note(decision, scope)

    def refuse_of_scope(
        self,
        received: float,
        status: int,
        reason: str,
        asked_for: tuple[str, str] | None,
        scope: str,
        protocol: str,
    ) -> None:
        """Note what a scope is about to note too, and never became a request."""
        self._journal.refuse(received, status, reason, asked_for, scope, protocol=protocol)

    def _note_with_fault(self, decision: Decision, faults: Faults) -> Owed:
        """Note a decision where answers may come later, or not at all."""
        fault = faults.take(decision)
        if fault is None:
            self._journal.note(decision)
            return decision.answer
        self._journal.note(fault.on(decision))
        return faults.owed(fault, decision.answer)

    def prepare(self, bound: BoundPact) -> Change:
        prepared, messages = self._edition(bound), self.messages or _messages(bound, self._stage)
        script = messages.prepare(bound) if messages is not None else None

        def change(*, anew: bool) -> None:
            now = self.edition.id
            prepared.id = now.next_epoch if anew else now.next_edition
            prepared.state = self.state if self.state in prepared.states else None
            self.edition = prepared
            self.messages = messages
            if messages is not None and script is not None:
                messages.change(script, anew=anew)
            self._journal.open_verdict()
            if anew:
                self._clear_faults()
                self._journal.reset()
            self._have_scopes_follow(anew=anew)

        return change

    def _have_scopes_follow(self, *, anew: bool) -> None:
        if self._scopes_if_any is not None:
            self._scopes_if_any.follow(anew=anew)

    def choose_state(self, state: str | None) -> None:
        self.edition = self.edition.in_state(state)
        self._have_scopes_follow(anew=False)

    def reset(self) -> None:
        self._clear_faults()
        self.edition = self.edition.in_next_epoch()
        if self.messages is not None:
            self.messages.reset()
        self._journal.reset()
        self._have_scopes_follow(anew=True)


def _messages(bound: BoundPact, stage: Stage) -> MessagePlay | None:
    """Play the messages of a pact, None where there are none."""
    if not bound.pact.messages:
        return None
    from pactmock.server.plays.message_play import MessagePlay  # late: most pacts have none

    return MessagePlay(bound, stage)
