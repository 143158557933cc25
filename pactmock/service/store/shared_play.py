"""A pact that several replicas play: what is decided here is noted in the ledger of all before it is answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, NoReturn

from pactmock.errors import InvalidPact, NoScopes, PactmockError
from pactmock.pact.model import Request
from pactmock.pact.received_headers import decode
from pactmock.plugins.binding.bound_pact import HTTP, BoundPact
from pactmock.server.answers import answer as answers
from pactmock.server.answers.answer import Answer
from pactmock.server.answers.decision import Decision
from pactmock.server.deciding import scope_names
from pactmock.server.deciding.steering import is_steered
from pactmock.server.plays.http_play import HttpPlay
from pactmock.server.plays.stage import Stage
from pactmock.server.wire.door import Owed
from pactmock.server.wire.incoming import Message
from pactmock.server.wire.refused import Refused
from pactmock.service.store.answering import not_noted

if TYPE_CHECKING:
    from pactmock.server.plays.faults import Fault
    from pactmock.service.store.ledger import Ledger

_LOOK_SECONDS = 0.02
"""How often who waits looks at what other replicas received."""


def _no_scopes() -> NoScopes:
    return NoScopes("Replicas tell no scopes apart: use a mock server a test, or a service without --store")


class SharedPlay(HttpPlay):
    """The interactions of a pact behind the gateway of this replica; no port of its own."""

    def __init__(self, bound: BoundPact, stage: Stage, ledger: Ledger) -> None:
        """Compile a pact.

        Raises:
            InvalidRule, InvalidPact: with the JSON pointer of what cannot be played, or not by replicas.
        """
        if {item.transport for item in bound.pact.interactions} - HTTP:
            raise InvalidPact(
                "The interactions of this pact are for the transport of a plugin, which a service with --store does not"
                " have: play it on a service without one"
            ).below("interactions")
        super().__init__(bound, stage)
        self._ledger = ledger
        self._has_ended = False

    @property
    def scopes(self) -> NoReturn:
        """Tell that there are none.

        Raises:
            NoScopes: always.
        """
        raise _no_scopes()

    async def start(self, ports: Sequence[int]) -> None:
        """Listen nowhere: it is reached by the gateway."""

    async def stop(self) -> None:
        self._has_ended = True
        await super().stop()
        self._give_up()
        self._journal.close()

    @property
    def is_running(self) -> bool:
        return not self._has_ended

    def play(self, request: Request, size: int, called_at: str | None = None) -> Owed:
        if is_steered(request.headers):
            return self.play_in(None, request, size, called_at)
        return self._play_at_once(request, size, called_at)

    def play_in(self, by_path: str | None, request: Request, size: int, called_at: str | None = None) -> Owed:
        try:
            if scope_names.named_by(request.headers, by_path) is not None:
                raise _no_scopes()
        except PactmockError as error:
            return self._refuse_scope(request, error)
        return self._play_at_once(request, size, called_at)

    def _refuse_scope(self, request: Request, error: PactmockError) -> Owed:
        target = request.path if request.query_text is None else f"{request.path}?{request.query_text}"
        answer = answers.refused(error.message, error.status, ", ".join(request.headers.get("origin") or ()))
        return self._ledger.refuse(time.time(), error.status, error.message, (request.method, target), answer)

    def _play_at_once(self, request: Request, size: int, called_at: str | None) -> Owed:
        decision = self._decide_at_once(request, size, called_at)
        if decision is not None:
            return self._noted(decision, partial(self.play, request, size, called_at))
        return self._play_later(request, size, called_at)

    def _noted(self, decision: Decision, again: Callable[[], Owed], *, is_sure: bool = False) -> Owed:
        fault = None if self._faults is None else self._faults.for_(decision)
        if fault is None:
            return self._ledger.note(decision, again, is_sure=is_sure)
        # It is used up where all see that, so that it is played as often as was wanted.
        noted = self._ledger.note(fault.on(decision), again, changes=fault.times is not None)
        return asyncio.ensure_future(self._played(fault, decision.answer, noted))

    async def _played(self, fault: Fault, meant: Answer, noted: asyncio.Future[Answer]) -> Answer:
        answer = await noted
        return await self.faults.owed(fault, answer) if answer is meant else answer

    async def _decide_later(self, request: Request, size: int, called_at: str | None) -> Answer:
        """Decide in a thread, on what is surely played: what takes long may come late (`Ledger.note`)."""
        try:
            await self._ledger.catch_up()
        except PactmockError as error:
            return not_noted(error)
        decision = await self._in_thread(self.edition, request, size, called_at)
        if decision is None:
            return answers.refused("The mock server was ended before this request was decided", 503)
        owed = self._noted(decision, partial(self.play, request, size, called_at), is_sure=True)
        return owed if isinstance(owed, Answer) else await owed

    def refuse(self, message: Message, refused: Refused, by_path: str | None = None) -> Owed:  # noqa: ARG002
        answer = answers.refused(refused.reason, refused.status, decode(message.header(b"origin") or b""))
        return self._ledger.refuse(time.time(), refused.status, refused.reason, refused.asked_for, answer)

    async def refresh(self) -> None:
        await self._ledger.settle()

    async def settle(self) -> None:
        await super().settle()
        await self._ledger.settle()

    async def wait(self, seconds: float) -> bool:
        until = asyncio.get_running_loop().time() + seconds
        while not self.is_complete and self.is_running and asyncio.get_running_loop().time() < until:
            await asyncio.sleep(_LOOK_SECONDS)
            await self._ledger.catch_up()
        return self.is_complete
