"""A Ruby service as a play: one port for those who drive it and for the code under test (reference/ruby-api.md §1).

The header decides. What is mocked is decided as everywhere, on the loop or in a thread, and noted in the journal before
it is answered; what drives the service is done one call after the other.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import NoReturn, TypeVar

from pactmock.errors import InvalidParameter, NoSuchInteraction, NotAllowed
from pactmock.matching.explaining.explanation import Explanation
from pactmock.matching.texts.shortening import cut
from pactmock.pact.json.values import Json
from pactmock.pact.model import Request
from pactmock.pact.parts.received_headers import decode
from pactmock.plugins.binding.bound_pact import BoundPact
from pactmock.reports.listed import ListedInteraction
from pactmock.ruby_api import explaining, files
from pactmock.ruby_api.files import Writing
from pactmock.ruby_api.serving import answering
from pactmock.ruby_api.serving.administration import Administration
from pactmock.ruby_api.serving.callers import check_caller
from pactmock.ruby_api.serving.decision import Noted, RubyDecision
from pactmock.ruby_api.serving.edition import RubyEdition
from pactmock.ruby_api.serving.options import RubyOptions
from pactmock.ruby_api.session import Expected, Session
from pactmock.server.answers import answer as answers
from pactmock.server.answers.answer import Answer
from pactmock.server.answers.decision import Decision, EditionId
from pactmock.server.deciding.door import DecidingDoor
from pactmock.server.plays.faults import Fault
from pactmock.server.plays.stage import Stage
from pactmock.server.records.events import PACT_WRITTEN, VERDICT_GIVEN
from pactmock.server.wire.door import Caller, Owed
from pactmock.server.wire.incoming import Message
from pactmock.server.wire.messages import host_of, request_to
from pactmock.server.wire.refused import Refused

logger = logging.getLogger("pactmock.ruby_api")
T = TypeVar("T")


class RubyPlay(DecidingDoor):
    """One session behind one port."""

    transport = "http"
    edition: RubyEdition
    messages = None
    state = None
    played_faults = ()
    trusting = "switch off that certificates are verified; beside a control API, GET /ca.pem there has the one to trust"

    def __init__(self, stage: Stage, settings: RubyOptions) -> None:
        super().__init__(stage.options, stage.address, stage.shared)
        self.settings = settings
        self.session = Session()
        self._stage = stage
        self._journal = stage.journal
        self._administration = Administration(self)
        self.edition = self._edition(EditionId(0, 0))

    def _edition(self, id_: EditionId) -> RubyEdition:
        secrets = self._options.secrets
        return RubyEdition(id_, self.session.expected, self._stage.address, secrets, cors=self.settings.cors)

    def expect(self, *, anew: bool) -> None:
        """Play what the session expects now; `anew`, what was received before is forgotten."""
        now = self.edition.id
        self.edition = self._edition(now.next_epoch if anew else now.next_edition)
        self._journal.open_verdict()
        if anew:
            self._journal.reset()
        self._shared.changes += 1

    # What comes in.

    def answer(self, message: Message, connection: Caller) -> Owed:  # noqa: ARG002
        request = request_to(message, decode(message.target))
        if request.method == "OPTIONS" and (self.settings.cors or answering.asks_to_drive(request)):
            if answering.asks_to_drive(request):
                try:
                    check_caller(request, self._options.host, self.settings.allowed_origins)
                except NotAllowed as error:
                    return _refusal(error)
            return answering.pre_flight(request, cors=self.settings.cors)
        if answering.is_marked(request):
            call = self._administration.call_for(request)
            if call is not None:
                return asyncio.ensure_future(self._drive(call, request))
        return self.play(request, message.size)

    async def _drive(self, call: Callable[[], Awaitable[Answer]], request: Request) -> Answer:
        try:
            check_caller(request, self._options.host, self.settings.allowed_origins)
        except NotAllowed as error:
            return _refusal(error)
        self._stage.lease.touch()
        answer = await call()
        return answering.for_client(answer, request, self._stage.address.url_for(host_of(request)))

    def _note(self, decision: Decision) -> Owed:
        """Note a decision in the journal and in the session, which has to happen before its answer is sent."""
        self._stage.lease.touch()
        if decision.edition.epoch != self.edition.id.epoch:
            self._journal.note_late(decision)
            return decision.answer
        if isinstance(decision, RubyDecision):
            match decision.noted:
                case Noted.MATCHED:
                    self.session.match(decision.near[0])
                case Noted.INCORRECT if decision.incorrect is not None:
                    self.session.mismatch(decision.near, decision.incorrect)
                case Noted.UNEXPECTED:
                    self.session.miss(cut(decision.target))
        self._journal.note(decision)
        return decision.answer

    def refuse(self, message: Message, refused: Refused) -> Answer:
        """Note what never became a request: it fails the test where its head shows that it was none of the calls."""
        self._journal.refuse(time.time(), refused.status, refused.reason, refused.asked_for, protocol=refused.protocol)
        if refused.asked_for is not None and message.head_is_read and not answering.is_marked_message(message):
            self.session.miss(cut(f"{' '.join(refused.asked_for)} (refused: {refused.reason})"))
        return answers.refused(refused.reason, refused.status, decode(message.header(b"origin") or b""))

    # What the calls ask for.

    def compile(self, work: Callable[[], T]) -> asyncio.Future[T]:
        """Have something read in a thread."""
        return self._shared.compiling.run(self, work)

    async def write(self, writing: Writing) -> dict[str, Json]:
        """Write what was used, and return the whole pact.

        Raises:
            RubyError, WriteFailed: when it cannot be written.
        """
        used = self.session.written
        document = await self._shared.files.run(writing.path, partial(files.write, used, writing))
        if used and writing.mode != files.NONE and writing.directory is not None:
            count = len(document["interactions"])
            self._stage.log.note(f"pact written to {writing.path} ({count} interaction(s))")
            merged = writing.mode in (files.UPDATE, files.MERGE)
            self._journal.tell(PACT_WRITTEN, path=str(writing.path), interactions=count, merged=merged)
        return document

    def give_verdict(self) -> None:
        """Note that a test was told the verdict."""
        session = self.session
        if session.matched:
            self._journal.close_verdict()
        mismatches = session.failed + len(session.missing)
        self._journal.tell(VERDICT_GIVEN, matched=session.matched, mismatches=mismatches)

    # What a mock server asks.

    @property
    def interactions(self) -> int:
        return len(self.session.expected)

    @property
    def is_complete(self) -> bool:
        return not self.session.missing

    @property
    def matched(self) -> bool:
        return self.session.matched

    @property
    def failed(self) -> int:
        return self.session.failed

    @property
    def missing(self) -> int:
        return len(self.session.missing)

    def named(self, key: str) -> ListedInteraction:
        found = next((item for item in self.listed() if key in (item.name.key, item.name.description)), None)
        if found is None:
            raise NoSuchInteraction(
                f"There is no interaction with the key or description '{key[:200]}': GET .../interactions lists them",
                key=key[:200],
            )
        return found

    def listed(self) -> list[ListedInteraction]:
        return list(map(self._listed, self.session.expected))

    def _listed(self, item: Expected) -> ListedInteraction:
        interaction = item.interaction
        return ListedInteraction(
            explaining.name_of(interaction),
            interaction.request.method,
            cut(explaining.path_of(interaction)),
            self.session.is_done(item),
            self._journal.served.get(interaction.key, 0),
        )

    def explanations(self) -> list[Explanation]:
        failed = [entry.explained for entry in self._journal.failures]
        return [*failed, *map(explaining.missing, self.session.missing)]

    @property
    def unlisted(self) -> int:
        return self._journal.unlisted_failures

    def stay(self, seconds: float) -> None:
        """Do nothing: clients expect the port to be free when it has stopped."""

    async def stop(self) -> None:
        await super().stop()
        self._journal.close()
        self._journal.notify()

    async def refresh(self) -> None:
        """Do nothing: what is noted is known."""

    async def wait(self, seconds: float) -> bool:
        await self._journal.until(lambda: self.is_complete or not self.is_running, seconds)
        return self.is_complete

    def find(self, request: Request) -> None:
        """Say nothing: neighbours are told of by mock servers that play pacts."""

    async def explain(self, request: Request) -> Explanation:
        """Decide on a request that nobody sent; nothing is noted."""
        budget = self._options.decisions.budget(len(request.body.content))
        decide = partial(self.edition.decide, budget, request, len(request.body.content))
        return (await self._shared.deciding.run(self, decide)).explained

    def reset(self) -> None:
        """Forget what was received; what is expected stays."""
        self.session.forget()
        self.expect(anew=True)

    def end_delays(self) -> None:
        """Do nothing: no answer is delayed."""

    def prepare(self, bound: BoundPact) -> NoReturn:  # noqa: ARG002
        raise _driven("its interactions are registered", "POST /interactions")

    def choose_state(self, state: str | None) -> NoReturn:  # noqa: ARG002
        raise _driven("provider states say nothing there", "POST /interactions")

    def put_fault(self, key: str, fault: Fault) -> NoReturn:  # noqa: ARG002
        raise _driven("it plays no faults", "POST / of the control API for a mock server that does")

    def __repr__(self) -> str:
        return f"<RubyPlay of {self.session!r} at {self._address!r}>"


def _refusal(error: NotAllowed) -> Answer:
    """Refuse a page; it may not even read why."""
    return answering.text(f"{error.message}\n", error.status)


def _driven(why: str, how: str) -> InvalidParameter:
    return InvalidParameter(f"This is a service that a client of the Ruby mock service drives, and {why}: use {how}")
