"""A pact that several replicas play: what is decided here is noted in the ledger of all before it is answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pactmock.errors import InvalidPact, PactmockError
from pactmock.pact.made_once import made_once
from pactmock.pact.model import Request
from pactmock.pact.parts.received_headers import ReceivedHeaders
from pactmock.plugins.binding.bound_pact import HTTP, BoundPact
from pactmock.server.answers import answer as answers
from pactmock.server.answers.answer import Answer
from pactmock.server.deciding import scope_names
from pactmock.server.deciding.steering import is_steered
from pactmock.server.plays.http_play import HttpPlay
from pactmock.server.plays.stage import Stage
from pactmock.server.wire.door import Owed
from pactmock.server.wire.incoming import Message
from pactmock.server.wire.refused import Refused
from pactmock.service.store.answering import not_noted
from pactmock.service.store.ledger_play import LedgerPlay

if TYPE_CHECKING:
    from pactmock.service.store.ledger import Ledger
    from pactmock.service.store.shared_scopes import SharedScopes


class SharedPlay(LedgerPlay, HttpPlay):
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
        self.ledger = ledger
        self._has_ended = False

    @made_once
    def scopes(self) -> SharedScopes:
        """Those of the tests that are told apart here, on all replicas."""
        from pactmock.service.store.shared_scopes import SharedScopes  # late: few mock servers have any

        return SharedScopes(self, self._stage)

    @property
    def is_delaying(self) -> bool:
        """Whether this replica keeps answers back, here or in a scope."""
        places = (self, *(self.scopes if self.has_scopes else ()))
        return any(each.faults_if_any is not None and each.faults_if_any.is_delaying for each in places)

    @property
    def has_scopes(self) -> bool:
        """Whether any test is told apart."""
        return self._scopes_if_any is not None

    async def start(self, ports: Sequence[int]) -> None:
        """Listen nowhere: it is reached by the gateway."""

    async def stop(self) -> None:
        self._has_ended = True
        await super().stop()
        self._give_up()

    @property
    def is_running(self) -> bool:
        return not self._has_ended

    def play(self, request: Request, size: int, called_at: str | None = None) -> Owed:
        if is_steered(request.headers):
            return self.play_in(None, request, size, called_at)
        return self.play_here(request, size, called_at)

    def play_in(self, by_path: str | None, request: Request, size: int, called_at: str | None = None) -> Owed:
        try:
            name = scope_names.named_by(request.headers, by_path)
            if name is None:
                return self.play_here(request, size, called_at)
            scope = self.scopes.at_hand(name)
        except PactmockError as error:
            return self._refuse_scope(request, error)
        if scope is not None:
            return scope.play_here(request, size, called_at)
        return asyncio.ensure_future(self._play_in_new(name, request, size, called_at))

    async def _play_in_new(self, name: str, request: Request, size: int, called_at: str | None) -> Answer:
        """Play a request that is the first one in its scope."""
        try:
            scope = await self.scopes.made_for_all(name)
            owed = scope.play_here(request, size, called_at)
        except PactmockError as error:
            owed = self._refuse_scope(request, error)
        return owed if isinstance(owed, Answer) else await owed

    def _refuse_scope(self, request: Request, error: PactmockError) -> Owed:
        if error.retry_seconds is not None:
            return not_noted(error)
        target = request.path if request.query_text is None else f"{request.path}?{request.query_text}"
        answer = answers.refused(error.message, error.status, ", ".join(request.headers.get("origin") or ()))
        return self.ledger.notes.refuse(time.time(), error.status, error.message, (request.method, target), answer)

    def refuse(self, message: Message, refused: Refused, by_path: str | None = None) -> Owed:
        headers = ReceivedHeaders(message.headers)
        if by_path is not None or is_steered(headers):
            try:
                name = scope_names.named_by(headers, by_path)
                scope = None if name is None else self.scopes.at_hand(name)
            except PactmockError:
                scope = None  # it is refused anyway, and nobody knows of which scope it is
            if scope is not None:
                return scope.refuse_here(message, refused)
        return self.refuse_here(message, refused)

    async def settle(self) -> None:
        await super().settle()
        await self.ledger.settle()
