"""A pact played over HTTP: what is expected, what was received, and the verdict on both (reference/matching.md §6)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from pactmock.errors import InvalidParameter, NoSuchInteraction
from pactmock.matching.expectation import Expectation
from pactmock.matching.texts.shortening import cut
from pactmock.pact.model import Request
from pactmock.pact.received_headers import decode
from pactmock.pact.warnings import PactWarning
from pactmock.plugins.binding.bound_pact import BoundPact
from pactmock.reports.listed import ListedInteraction
from pactmock.server.answers import answer as answers
from pactmock.server.answers.answer import Answer
from pactmock.server.answers.decision import Decision
from pactmock.server.deciding.door import DecidingDoor
from pactmock.server.deciding.edition import Edition
from pactmock.server.deciding.neighbours import Neighbours
from pactmock.server.plays.play import Change
from pactmock.server.plays.stage import Stage
from pactmock.server.wire.door import Owed
from pactmock.server.wire.incoming import Message
from pactmock.server.wire.refused import Refused

if TYPE_CHECKING:
    from pactmock.matching.explaining.explanation import Explanation
    from pactmock.server.plays.faults import Fault, Faults
    from pactmock.server.plays.message_play import MessagePlay

_MOST_MISSING = 1000
"""How many interactions that were never asked for are listed."""

_MOST_KEYS = 5
"""How many keys are listed to whoever names an interaction by a description that several have."""


class HttpPlay(DecidingDoor):
    """The interactions of a pact, behind a port of their own and behind the gateway."""

    transport = "http"
    edition: Edition

    def __init__(self, bound: BoundPact, stage: Stage) -> None:
        """Compile a pact.

        Raises:
            InvalidRule, InvalidPact: with the JSON pointer of what cannot be played.
        """
        super().__init__(stage.options, stage.address, stage.shared)
        self._stage = stage
        self._journal = stage.journal
        self._lease = stage.lease
        self._neighbours = Neighbours(stage.address, stage.shared)
        self.edition = self._edition(bound)
        self.messages = _messages(bound, stage)
        self._faults: Faults | None = None

    def _edition(self, bound: BoundPact) -> Edition:
        return Edition(bound, self._options, self._stage.address, self._neighbours)

    def end_delays(self) -> None:
        if self._faults is not None:
            self._faults.end()

    def stay(self, seconds: float) -> None:
        from pactmock.server.deciding.late_door import LateDoor  # late: only servers inside a program stay

        self._late_door = LateDoor(self._journal, self._options.wire, self.intake, seconds)

    async def stop(self) -> None:
        self.end_delays()
        await super().stop()
        self._journal.close()
        self._journal.notify()

    def refuse(self, message: Message, refused: Refused) -> Answer:
        """Note what never became a request."""
        self._journal.refuse(time.time(), refused.status, refused.reason, refused.asked_for)
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

    def _note_with_fault(self, decision: Decision, faults: Faults) -> Owed:
        """Note a decision where answers may come later, or not at all."""
        fault = faults.take(decision)
        if fault is None:
            self._journal.note(decision)
            return decision.answer
        self._journal.note(fault.on(decision))
        return faults.owed(fault, decision.answer)

    def put_fault(self, key: str, fault: Fault) -> ListedInteraction:
        item = self._named(key)
        if self._faults is None:
            from pactmock.server.plays.faults import Faults  # late: few tests want any

            self._faults = Faults()
        self._faults.put(item.key, fault)
        return self._listed(item)

    def _named(self, key: str) -> Expectation:
        """Return the interaction of a key, or else the one of a description: it may have several, in other states."""
        expected = self.edition.book.expectations
        named = [each for each in expected if each.key == key]
        named = named or [each for each in expected if each.interaction.description == key]
        if not named:
            raise NoSuchInteraction(
                f"There is no interaction with the key or description '{key[:200]}': GET .../interactions lists them",
                key=key[:200],
            )
        keys = list(dict.fromkeys(each.key for each in named))
        if len(keys) > 1:
            raise InvalidParameter(
                f"There are {len(keys)} interactions with the description '{key[:200]}': say by its key which one is"
                f" meant, of {', '.join(keys[:_MOST_KEYS])}{', ...' if len(keys) > _MOST_KEYS else ''}",
                parameter="key",
            )
        return named[0]

    @property
    def played_faults(self) -> list[PactWarning]:
        return [] if self._faults is None else self._faults.warnings

    def _clear_faults(self) -> None:
        if self._faults is not None:
            self._faults.clear()

    def find(self, request: Request) -> Expectation | None:
        """Return the expectation that a request would meet. One that asks plugins would take its time: it says none."""
        return None if self.edition.asks_plugins else self.edition.book.find(request)

    async def explain(self, request: Request) -> Explanation:
        """Decide on a request that nobody sent; nothing is noted."""
        edition = self.edition
        budget = self._options.decisions.budget(len(request.body.content))
        workers = self._shared.asking if edition.asks_plugins else self._shared.deciding

        def decide() -> Explanation:
            from pactmock.matching.explaining.explain import explain

            with budget:
                return explain(edition.match(request), self._neighbours)

        return await workers.run(self, decide)

    # What was found.

    @property
    def interactions(self) -> int:
        return len(self.edition.book.expectations)

    @property
    def is_complete(self) -> bool:
        if self.messages is not None and not self.messages.is_complete:
            return False
        return self.edition.expected.keys() <= self._journal.received

    @property
    def matched(self) -> bool:
        return not self.failed and self.is_complete

    @property
    def failed(self) -> int:
        return self._journal.failed + (self.messages.failed if self.messages is not None else 0)

    @property
    def missing(self) -> int:
        of_messages = self.messages.missing if self.messages is not None else 0
        return self._never_received + of_messages

    @property
    def _never_received(self) -> int:
        expected = self.edition.expected
        return max(0, self.interactions - sum(expected[name] for name in self._journal.received))

    def listed(self) -> list[ListedInteraction]:
        return list(map(self._listed, self.edition.book.expectations))

    def named(self, key: str) -> ListedInteraction:
        return self._listed(self._named(key))

    def _listed(self, item: Expectation) -> ListedInteraction:
        fault, left = self._faults.of(item.key) if self._faults is not None else (None, None)
        return ListedInteraction(
            item.name,
            item.request.method,
            cut(item.request.path),
            self.edition.counted(item) in self._journal.received,
            self._journal.served.get(item.key, 0),
            str(fault) if fault else None,
            left,
        )

    def explanations(self) -> list[Explanation]:
        """Explain what failed in the order it was received, then the interactions that were never asked for (§6.4).

        Messages come last.
        """
        from pactmock.matching.explaining.explain import missing

        failed = [entry.explained for entry in self._journal.failures]
        missed = map(missing, islice(self._missing(), _MOST_MISSING))
        return [*failed, *missed, *(self.messages.explanations() if self.messages is not None else ())]

    @property
    def unlisted(self) -> int:
        of_messages = self.messages.unlisted if self.messages is not None else 0
        return self._journal.unlisted_failures + max(0, self._never_received - _MOST_MISSING) + of_messages

    def _missing(self) -> Iterator[Expectation]:
        received, edition = self._journal.received, self.edition
        return (item for item in edition.book.expectations if edition.counted(item) not in received)

    async def refresh(self) -> None:
        """Do nothing: what is noted is known."""

    async def wait(self, seconds: float) -> bool:
        await self._journal.until(lambda: self.is_complete or not self.is_running, seconds)
        return self.is_complete

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

        return change

    @property
    def state(self) -> str | None:
        return self.edition.state

    def choose_state(self, state: str | None) -> None:
        self.edition = self.edition.in_state(state)

    def reset(self) -> None:
        self._clear_faults()
        self.edition = self.edition.in_next_epoch()
        if self.messages is not None:
            self.messages.reset()
        self._journal.reset()


def _messages(bound: BoundPact, stage: Stage) -> MessagePlay | None:
    """Play the messages of a pact, None where there are none."""
    if not bound.pact.messages:
        return None
    from pactmock.server.plays.message_play import MessagePlay  # late: most pacts have none

    return MessagePlay(bound, stage)
