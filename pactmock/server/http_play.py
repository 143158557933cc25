"""A pact played over HTTP: requests in, decisions noted, answers out (reference/matching.md §6).

A small request is decided on the spot: no task, no future, nothing between the verdict and the bytes that are sent.
What is large, slow or for plugins is decided in a thread, by the edition that is played when its turn comes.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from pactmock.matching.budget import Budget, OutOfBudget
from pactmock.matching.expectation import Expectation
from pactmock.matching.explaining.explanation import Explanation
from pactmock.matching.texts.shortening import cut
from pactmock.pact.model import Request
from pactmock.pact.received_headers import decode
from pactmock.plugins.binding.bound_pact import BoundPact
from pactmock.server import answer as answers
from pactmock.server.answer import Answer
from pactmock.server.decision import Decision
from pactmock.server.edition import Edition
from pactmock.server.neighbours import Neighbours
from pactmock.server.options import WireLimits
from pactmock.server.play import Change, ListedInteraction
from pactmock.server.stage import Stage
from pactmock.server.wire.connection import Connection, Owed
from pactmock.server.wire.connections import Connections
from pactmock.server.wire.first_line import asked_for
from pactmock.server.wire.incoming import Message
from pactmock.server.wire.intake import Intake
from pactmock.server.wire.listener import Listener
from pactmock.server.wire.messages import encode, request_to
from pactmock.server.wire.refused import Refused

if TYPE_CHECKING:
    from pactmock.server.message_play import MessagePlay

_STOP_SECONDS = 1.0
"""How long decisions that are under way may take when the mock server stops, and what they are owed to be sent."""

_CANCEL_SECONDS = 0.3
"""How long decisions may take to notice that nobody waits for them any more."""

_PLUGIN_SECONDS = 600.0
"""How long a decision may wait for plugins, whose calls have times of their own."""

_MOST_MISSING = 1000
"""How many interactions that were never asked for are listed."""


class HttpPlay:
    """The interactions of a pact, behind a port of their own and behind the gateway."""

    transport = "http"

    def __init__(self, bound: BoundPact, stage: Stage) -> None:
        """Compile a pact.

        Raises:
            InvalidRule, InvalidPact: with the JSON pointer of what cannot be played.
        """
        self._stage = stage
        self._options = stage.options
        self._journal = stage.journal
        self._lease = stage.lease
        self._shared = stage.shared
        self._neighbours = Neighbours(stage.address, stage.shared)
        self.edition = self._edition(bound)
        self.messages = _messages(bound, stage)
        self._listener: Listener | None = None
        self._connections: Connections | None = None
        self._attempt = stage.options.decisions.attempt()
        self._most_inline = stage.options.decisions.inline
        self._under_way: set[Budget] = set()
        self._is_stopped = False

    def _edition(self, bound: BoundPact) -> Edition:
        return Edition(bound, self._options, self._stage.address, self._neighbours)

    async def start(self, ports: Sequence[int]) -> None:
        """Start to listen, on the first of some ports that is free.

        Raises:
            PortUnavailable: when it cannot.
        """
        authority = self._options.authority
        tls = authority.context(self._options.host, self._answer_without_tls) if authority else None
        connections = Connections(self)
        self._listener = await Listener.open(connections, self._options.host, ports, tls, self.limits.head_seconds)
        self._connections, self._stage.address.port = connections, self._listener.port

    async def stop(self) -> None:
        """Stop to listen; the port is free when this returns. What is under way is answered, or comes to nothing."""
        if self._listener is None or self._connections is None:
            return
        listener, self._listener = self._listener, None
        # They know this play, and in a circle only the garbage collector would find it and its pact, much later.
        connections, self._connections = self._connections, None
        listener.close()
        giving_up = asyncio.get_running_loop().call_later(_STOP_SECONDS, self._give_up)
        await connections.close(_STOP_SECONDS + _CANCEL_SECONDS)
        giving_up.cancel()
        self._give_up()
        self._journal.close()
        self._journal.notify()

    def _give_up(self) -> None:
        self._is_stopped = True
        for budget in self._under_way:
            budget.cancel()

    @property
    def is_running(self) -> bool:
        return self._listener is not None

    # What the connections ask.

    @property
    def limits(self) -> WireLimits:
        return self._options.wire

    @property
    def intake(self) -> Intake:
        return self._shared.intake

    reserve = 0

    def body_limit(self, message: Message) -> int:  # noqa: ARG002  here it is the same for all
        return self._options.wire.body

    def answer(self, message: Message, connection: Connection) -> Owed:  # noqa: ARG002
        return self.play(request_to(message, decode(message.target)), message.size)

    def refuse(self, message: Message, refused: Refused) -> Answer:
        """Note what never became a request."""
        self._journal.refuse(time.time(), refused.status, refused.reason, refused.asked_for)
        return answers.refused(refused.reason, refused.status, decode(message.header(b"origin") or b""))

    def _answer_without_tls(self, begin: bytes) -> bytes:
        """Note a request that came without TLS, and say what the way is; it ends with the connection."""
        refused = Refused(
            400,
            f"This is http, and this mock server speaks TLS: call it at {self._stage.address.url_for(None)}, and trust"
            " the certificate of GET /ca.pem, `ca_pem` in Python",
        )
        refused.asked_for = asked_for(begin)
        return encode(self.refuse(Message(), refused), "GET", "close")

    # Deciding.

    def play(self, request: Request, size: int, called_at: str | None = None) -> Owed:
        """Decide on a request of some size and note that; what is returned may then be sent.

        `called_at` is the URL of this server as the sender knows it, where that is not seen from the request.
        """
        edition = self.edition
        attempt, turn = self._attempt.renew(), self._shared.turn
        if size <= self._most_inline and not (edition.asks_plugins or turn.is_over):
            try:
                return self._note(edition.decide(attempt, request, size, called_at))
            except OutOfBudget:
                pass  # it takes longer than others may wait for
            finally:
                if attempt.used:
                    turn.spend(attempt.used)
        return asyncio.ensure_future(self._decide_later(request, size, called_at))

    async def _decide_later(self, request: Request, size: int, called_at: str | None) -> Answer:
        while True:
            decision = await self._in_thread(self.edition, request, size, called_at)
            if decision is None:
                return answers.refused("The mock server was ended before this request was decided", 503)
            now = self.edition.id
            if decision.is_match or decision.edition == now or decision.edition.epoch != now.epoch:
                return self._note(decision)
            # What was not expected then may be expected now.

    async def _in_thread(self, edition: Edition, request: Request, size: int, called_at: str | None) -> Decision | None:
        """Decide in a thread; None when the mock server has stopped meanwhile."""
        budget = self._options.decisions.budget(len(request.body.content))
        if edition.asks_plugins:
            budget.wall_seconds = _PLUGIN_SECONDS
        workers = self._shared.asking if edition.asks_plugins else self._shared.deciding
        self._under_way.add(budget)
        try:
            decision = await workers.run(self, partial(edition.decide, budget, request, size, called_at))
        except OutOfBudget:  # which a budget is when it was cancelled
            return None
        finally:
            self._under_way.discard(budget)
        return None if self._is_stopped else decision

    def _note(self, decision: Decision) -> Answer:
        """Note a decision, which has to happen before its answer is sent."""
        self._lease.touch()
        now = self.edition.id
        if decision.edition is now or decision.edition.epoch == now.epoch:
            self._journal.note(decision)
        else:
            self._journal.note_late(decision)
        return decision.answer

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
        failed = self._journal.failed or (self.messages is not None and self.messages.failed)
        return not failed and self.is_complete

    def listed(self) -> list[ListedInteraction]:
        edition, journal = self.edition, self._journal
        return [
            ListedInteraction(
                item.name,
                item.request.method,
                cut(item.request.path),
                edition.counted(item) in journal.received,
                journal.served.get(item.key, 0),
            )
            for item in edition.book.expectations
        ]

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
        expected = self.edition.expected
        missing = self.interactions - sum(expected[name] for name in self._journal.received)
        of_messages = self.messages.unlisted if self.messages is not None else 0
        return self._journal.unlisted_failures + max(0, missing - _MOST_MISSING) + of_messages

    def _missing(self) -> Iterator[Expectation]:
        received, edition = self._journal.received, self.edition
        return (item for item in edition.book.expectations if edition.counted(item) not in received)

    async def refresh(self) -> None:
        """Do nothing: what is noted is known."""

    async def wait(self, seconds: float) -> bool:
        changed = asyncio.get_running_loop().create_future()

        def look() -> None:
            if (self.is_complete or not self.is_running) and not changed.done():
                changed.set_result(None)

        self._journal.listeners.append(look)
        try:
            look()
            await asyncio.wait([changed], timeout=seconds)
        finally:
            self._journal.listeners.remove(look)
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
            if anew:
                self._journal.reset()

        return change

    @property
    def state(self) -> str | None:
        return self.edition.state

    def choose_state(self, state: str | None) -> None:
        self.edition = self.edition.in_state(state)

    def reset(self) -> None:
        self.edition = self.edition.in_next_epoch()
        if self.messages is not None:
            self.messages.reset()
        self._journal.reset()

    def __repr__(self) -> str:
        return f"<HttpPlay of {self.edition!r} at {self._stage.address!r}>"


def _messages(bound: BoundPact, stage: Stage) -> MessagePlay | None:
    """Play the messages of a pact, None where there are none."""
    if not bound.pact.messages:
        return None
    from pactmock.server.message_play import MessagePlay  # late: most pacts have none

    return MessagePlay(bound, stage)
