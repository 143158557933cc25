"""The port behind which requests are decided on: where it listens, what its connections ask, where a decision is made.

A small request is decided on the spot: no task, no future, nothing between the verdict and the bytes that are sent.
What is large, slow or for plugins is decided in a thread, by the edition that is played when its turn comes.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Protocol

from pactmock.matching.budget import Budget, OutOfBudget
from pactmock.pact.model import Request
from pactmock.pact.parts.received_headers import decode
from pactmock.server.address import Address
from pactmock.server.answers import answer as answers
from pactmock.server.answers.answer import Answer
from pactmock.server.answers.certified import certified
from pactmock.server.answers.decision import Decision, EditionId
from pactmock.server.decision_times import timed
from pactmock.server.options import MockServerOptions, WireLimits
from pactmock.server.records.totals import PLUGIN, SIZE, TIME
from pactmock.server.shared import Shared
from pactmock.server.wire.connections import Connections
from pactmock.server.wire.door import Caller, Owed
from pactmock.server.wire.first_line import asked_for
from pactmock.server.wire.incoming import Message
from pactmock.server.wire.intake import Intake
from pactmock.server.wire.listener import Listener
from pactmock.server.wire.messages import encode, request_to
from pactmock.server.wire.refused import Refused
from pactmock.server.wire.tls.client_certificates import shown_by
from pactmock.server.wire.tls.securing import Securing

if TYPE_CHECKING:
    from pactmock.server.deciding.late_door import LateDoor

_STOP_SECONDS = 1.0
"""How long decisions that are under way may take when the server stops, and what they are owed to be sent."""

_CANCEL_SECONDS = 0.3
"""How long decisions may take to notice that nobody waits for them any more."""

_TAKE_IN_SECONDS = 1.0
"""How long a verdict waits for messages that are coming in."""

_LOOK_SECONDS = 0.005

_PLUGIN_SECONDS = 600.0
"""How long a decision may wait for plugins, whose calls have times of their own."""


class Decides(Protocol):
    """What is played at some time: it decides on requests, in any thread, and does not change."""

    id: EditionId
    asks_plugins: bool
    """Whether deciding may take its time, so that it is done in another thread."""

    def decide(self, budget: Budget, request: Request, size: int, called_at: str | None = None) -> Decision:
        """Decide on a request within a budget; `called_at` is the URL of the server as the sender knows it.

        Raises:
            OutOfBudget: when the budget is tentative, or cancelled.
        """


class DecidingDoor(ABC):
    """A port of its own, and who decides there."""

    edition: Decides

    def __init__(
        self, options: MockServerOptions, address: Address, shared: Shared, owner: DecidingDoor | None = None
    ) -> None:
        """Make the door; one with an `owner` is reached through that, and decides in its time."""
        self._options = options
        self._address = address
        self._shared = shared
        self._listener: Listener | None = None
        self._connections: Connections | None = None
        self._attempt = options.decisions.attempt()
        self._most_inline = options.decisions.inline
        self._asks_clients = options.tls is not None and options.tls.clients is not None
        self._owner = owner
        self._under_way: set[Budget] = set() if owner is None else owner._under_way
        self._is_stopped = False
        self._late_door: LateDoor | None = None

    @abstractmethod
    def _note(self, decision: Decision) -> Owed:
        """Note a decision, which has to happen before its answer is sent; return what is owed for it."""

    @abstractmethod
    def refuse(self, message: Message, refused: Refused) -> Owed:
        """Note what never became a request, and say what is sent to its client."""

    async def start(self, ports: Sequence[int]) -> None:
        """Start to listen, on the first of some ports that is free.

        Raises:
            PortUnavailable: when it cannot.
        """
        host, tls = self._options.host, self._options.tls
        context = None if tls is None else tls.context(host, self._answer_without_tls, self._note_handshake)
        connections = Connections(self)
        make = connections if context is None else partial(Securing, context, self.limits.head_seconds, connections)
        self._listener = await Listener.open(make, host, ports)
        self._connections, self._address.port = connections, self._listener.port

    async def stop(self) -> None:
        """Stop to listen; the port is free when this returns. What is under way is answered, or comes to nothing.

        Where there is a door for who is late, that one has the port for a moment.
        """
        if self._listener is None or self._connections is None:
            return
        listener, self._listener = self._listener, None
        # They know this play, and in a circle only the garbage collector would find it and its pact, much later.
        connections, self._connections = self._connections, None
        if self._late_door is None:
            listener.close()
        else:
            self._late_door.open(listener, connections)
        if connections.are_open:
            giving_up = asyncio.get_running_loop().call_later(_STOP_SECONDS, self._give_up)
            await connections.close(_STOP_SECONDS + _CANCEL_SECONDS)
            giving_up.cancel()
        else:
            await connections.close(0.0)
        self._give_up()

    async def settle(self) -> None:
        """Wait until all that was sent before is decided: its sender may be gone, and a verdict would be too green.

        How long that may take is bounded by what a decision may cost, and for what is still coming in by a second, on
        the port and by the gateway.
        """
        if self._connections is not None:
            await self._connections.taken_in(_TAKE_IN_SECONDS)
        if self._shared.gateway is not None:
            await self._shared.gateway.come_in(self, _TAKE_IN_SECONDS)
        waited_for = set(self._under_way)
        while waited_for & self._under_way:  # noqa: ASYNC110  the hot path is to set no event
            await asyncio.sleep(_LOOK_SECONDS)

    def _give_up(self) -> None:
        self._is_stopped = True
        for budget in self._under_way:
            budget.cancel()

    @property
    def is_deciding(self) -> bool:
        """Whether something is decided that takes its time."""
        return bool(self._under_way)

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
    speaks_http2 = True
    trusting = "trust the certificate of GET /ca.pem, `ca_pem` in Python"
    """What clients that speak TLS have to do as well."""

    def body_limit(self, message: Message) -> int:  # noqa: ARG002  here it is the same for all
        return self._options.wire.body

    def answer(self, message: Message, connection: Caller) -> Owed:
        request = request_to(message, decode(message.target))
        if self._asks_clients:
            client = shown_by(connection.transport)
            request = request if client is None else certified(request, client)
        return self.play(request, message.size)

    def _answer_without_tls(self, begin: bytes) -> bytes:
        """Note a request that came without TLS, and say what the way is; it ends with the connection."""
        tls = self._options.tls
        assert tls is not None  # noqa: S101  else nobody would look for it
        refused = Refused(
            400,
            f"This is http, and this mock server speaks TLS: call it at {self._address.url_for(None)}, and"
            f" {self.trusting if tls.mints else 'trust who has signed its certificate'}",
        )
        refused.asked_for = asked_for(begin)
        answer = self.refuse(Message(), refused)
        assert isinstance(answer, Answer)  # noqa: S101  who has a port of its own notes at once
        return encode(answer, "GET", "close")

    def _note_handshake(self, sentence: str) -> None:
        """Note that a client came no further than to the handshake: nobody knows what it would have asked for."""
        self.refuse(Message(), Refused(400, sentence))

    # Deciding.

    def play(self, request: Request, size: int, called_at: str | None = None) -> Owed:
        """Decide on a request of some size and note that; what is returned may then be sent.

        `called_at` is the URL of this server as the sender knows it, where that is not seen from the request.
        """
        decision = self._decide_at_once(request, size, called_at)
        return self._play_later(request, size, called_at) if decision is None else self._note(decision)

    def _play_later(self, request: Request, size: int, called_at: str | None) -> Owed:
        """Decide in a thread on what could not be decided on at once."""
        self._shared.totals.in_threads[self._why_later(size)] += 1
        return asyncio.ensure_future(self._decide_later(request, size, called_at))

    def _decide_at_once(self, request: Request, size: int, called_at: str | None) -> Decision | None:
        """Decide where the request arrives; None where that would take longer than others may wait for."""
        edition, times = self.edition, self._shared.times
        attempt, turn = self._attempt.renew(), self._shared.turn
        if size > self._most_inline or edition.asks_plugins or turn.is_over:
            return None
        try:
            if times is None:
                return edition.decide(attempt, request, size, called_at)
            return timed(times.on_loop, edition, attempt, request, size, called_at)
        except OutOfBudget:
            return None
        finally:
            if attempt.used:
                turn.spend(attempt.used)

    def _why_later(self, size: int) -> str:
        if self.edition.asks_plugins:
            return PLUGIN
        return SIZE if size > self._most_inline else TIME

    async def _decide_later(self, request: Request, size: int, called_at: str | None) -> Answer:
        while True:
            decision = await self._in_thread(self.edition, request, size, called_at)
            if decision is None:
                return answers.refused("The mock server was ended before this request was decided", 503)
            now = self.edition.id
            if decision.is_match or decision.edition == now or decision.edition.epoch != now.epoch:
                owed = self._note(decision)
                return owed if isinstance(owed, Answer) else await owed
            # What was not expected then may be expected now.

    async def _in_thread(self, edition: Decides, request: Request, size: int, called_at: str | None) -> Decision | None:
        """Decide in a thread; None when the mock server has stopped meanwhile."""
        owner = self._owner or self
        budget = self._options.decisions.budget(len(request.body.content))
        if edition.asks_plugins:
            budget.wall_seconds = _PLUGIN_SECONDS
        workers = self._shared.asking if edition.asks_plugins else self._shared.deciding
        times = self._shared.times
        decide = edition.decide if times is None else partial(timed, times.in_threads, edition)
        self._under_way.add(budget)
        try:
            decision = await workers.run(owner, partial(decide, budget, request, size, called_at))
        except OutOfBudget:  # which a budget is when it was cancelled
            return None
        finally:
            self._under_way.discard(budget)
        return None if owner._is_stopped else decision

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.edition!r} at {self._address!r}>"
