"""What a mock server plays over HTTP at some time: expectations and answers. Once played it does not change: another
edition follows it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection
from copy import copy
from dataclasses import replace
from functools import partial

from pactmock.errors import NoSuchState
from pactmock.matching.book import Book
from pactmock.matching.budget import Budget, OutOfBudget
from pactmock.matching.cost import compiling_budget
from pactmock.matching.expectation import Expectation
from pactmock.matching.unanswered import without_answer
from pactmock.matching.verdict import Candidate, Outcome, Verdict
from pactmock.pact.model import Request
from pactmock.pact.parts.received_headers import ReceivedHeaders
from pactmock.plugins.binding.bound_pact import BoundPact
from pactmock.review.rules.kinds import refuse_unknown_rules
from pactmock.server.address import Address
from pactmock.server.answers import answer as answers
from pactmock.server.answers.answer import Answer
from pactmock.server.answers.decision import Decision, EditionId
from pactmock.server.answers.script import Script
from pactmock.server.deciding import provider_states
from pactmock.server.deciding.neighbours import Neighbours
from pactmock.server.deciding.repeated import Repeated
from pactmock.server.deciding.steering import is_steered
from pactmock.server.known_pacts import KnownPacts
from pactmock.server.options import MockServerOptions
from pactmock.server.wire.messages import host_of

_MATCHED = Outcome.MATCHED  # as a name of its own it is found in a tenth of the time

_MOST_NOTED = 16 * 1024 * 1024
"""How many bytes of a body are noted: the journal of a whole process has bounds, and one request must not fill it."""


class Edition:
    """One edition of one epoch."""

    def __init__(
        self,
        bound: BoundPact,
        options: MockServerOptions,
        address: Address,
        elsewhere: Neighbours,
        known: KnownPacts,
    ) -> None:
        """Compile a pact, with what its plugins add, unless that was done for another mock server.

        Raises:
            InvalidRule: with the JSON pointer of a matching rule that cannot be used.
            InvalidPact: with the JSON pointer of what cannot be played.
        """
        self.id = EditionId(0, 0)
        self.state: str | None = None
        """The provider state that was chosen: interactions that are given it go first."""
        self.asks_plugins = bound.asks_plugins
        """Whether deciding may take its time, so that it is done in another thread."""
        with compiling_budget():
            self.book = known.once(bound.pact, Book, partial(_book, bound))
            make_script = partial(Script, bound, options.seed)
            # With a seed, what it makes next depends on what it has made.
            self._script = known.once(bound.pact, Script, make_script) if options.seed is None else make_script()
        self._secrets = options.secrets
        self._answers_pre_flight = options.cors_pre_flight
        self._counts_interactions = options.counts_interactions
        self._address = address
        self._elsewhere = elsewhere
        self._repeated = Repeated()

    @property
    def states(self) -> frozenset[str]:
        """The names of all provider states that interactions are given."""
        return self.book.states

    @property
    def expected(self) -> Counter[str]:
        """What has to be received (see `Decision.identity`), and by how many interactions it is expected."""
        return self.book.by_key if self._counts_interactions else self.book.by_identity

    def in_next_epoch(self) -> Edition:
        """Return the same edition as the beginning of another epoch."""
        following = copy(self)
        following.id = self.id.next_epoch
        return following

    def in_state(self, state: str | None) -> Edition:
        """Return the same edition with another provider state chosen, None for none.

        Raises:
            NoSuchState: when no interaction is given it.
        """
        if state is not None and state not in self.states:
            raise NoSuchState(provider_states.unknown(state, self.states), state=state[:200])
        following = copy(self)
        following.id, following.state, following._repeated = self.id.next_edition, state, Repeated()
        return following

    def in_part(self, keys: Collection[str]) -> Edition:
        """Return the same edition of only the interactions with some keys; all else of the pact is not expected."""
        following = copy(self)
        following.book, following._repeated = self.book.only(keys), Repeated()
        following.state = self.state if self.state in following.states else None
        return following

    def match(self, request: Request) -> Verdict:
        """Hold a request against what is expected, in the provider state that it names, else in the chosen one.

        One that names a state which no interaction is given does not match: it would meet what it is not meant for.

        Raises:
            OutOfBudget: when the current budget is tentative, or cancelled.
        """
        named = ", ".join(request.headers.get(provider_states.HEADER) or ())
        if not named or named in self.states:
            return self.book.match(request, named or self.state)
        return provider_states.in_unknown_state(self.book.match(request), named, self.states)

    def recall(self, request: Request, size: int) -> Decision | None:
        """Decide on a request of which it was found that only method and path decide, as of most GETs; None for others.

        It takes no budget, as there is nothing to compare. The request must name no provider state.
        """
        met = self.book.recall(request)
        if met is None:
            return None
        prepared = self._script.prepared(met.expectation.index)
        return None if prepared.generates else self._met(time.time(), met, request, size, prepared.answer)

    def decide(self, budget: Budget, request: Request, size: int, called_at: str | None = None) -> Decision:
        """Decide on a request within a budget. This changes nothing, so it can be done in any thread.

        `called_at` is the URL of the mock server as the sender knows it, where that is not seen from the request.

        Raises:
            OutOfBudget: when the budget is tentative, or cancelled.
        """
        received = time.time()
        headers = request.headers
        is_known = type(headers) is ReceivedHeaders and headers.is_steering is False  # as of most: a call is dear here
        names_state = not is_known and is_steered(headers) and provider_states.HEADER in headers
        met = None if names_state else self.book.recall(request)
        if met is None:
            known = self._repeated.find(request, self._elsewhere.state) if self._repeated.known else None
            if known is not None:
                return replace(known, received=received, edition=self.id)
            with budget:
                verdict = self.match(request) if names_state else self.book.match(request, self.state)
                if verdict.outcome is not _MATCHED:
                    return self._missed(received, request, size, verdict)
            met = verdict.near[0]
        prepared = self._script.prepared(met.expectation.index)
        if not prepared.generates:
            return self._met(received, met, request, size, prepared.answer)
        with budget:
            try:
                made = self._script.generate(prepared, called_at or self._address.url_for(host_of(request)))
            except OutOfBudget as error:
                return self._missed(received, request, size, without_answer(met, request, error))
        return self._met(received, met, request, size, made)

    def _met(self, received: float, met: Candidate, request: Request, size: int, answer: Answer) -> Decision:
        expectation, reply = met.expectation, answers.for_request(answer, request)
        name, identity = expectation.name, self.counted(expectation)
        return Decision(received, self._noted(request), size, _MATCHED, name, identity, None, reply, self.id)

    def _missed(self, received: float, request: Request, size: int, verdict: Verdict) -> Decision:
        """Explain why a request did not match; the others are asked about it as it was received."""
        from pactmock.matching.explaining.explain import explain  # late: many servers explain nothing

        nearest, state = verdict.nearest, self._elsewhere.state
        explanation = explain(self._secrets.verdict(verdict), lambda _: self._elsewhere(request))
        reply = self._pre_flight(request) or answers.explain(explanation, request)
        name = nearest.name if nearest else None
        identity = self.counted(nearest) if nearest and verdict.counts_as_received else None
        noted = self._noted(request)
        decision = Decision(received, noted, size, verdict.outcome, name, identity, explanation, reply, self.id)
        if not self.asks_plugins:
            self._repeated.keep(request, decision, state)
        return decision

    def _noted(self, request: Request) -> Request:
        """Return a request as it is noted: without what is secret, and without what can be made of the rest again."""
        if self._secrets.active:
            request = self._secrets.request(request)
        if len(request.body.content) > _MOST_NOTED:
            noted = request.body.content[:_MOST_NOTED]
            request = replace(request, body=replace(request.body, content=noted))
        return request if request.query is None else replace(request, query=None)

    def counted(self, expectation: Expectation) -> str:
        """Return under which name it counts that an expectation was received.

        One request can serve several (reference/matching.md §6.4).
        """
        return expectation.key if self._counts_interactions else expectation.identity

    def _pre_flight(self, request: Request) -> Answer | None:
        if self._answers_pre_flight and request.method.upper() == "OPTIONS":
            return answers.pre_flight(request)
        return None

    def __repr__(self) -> str:
        return f"<Edition {self.id.epoch}.{self.id.number} of {len(self.book.expectations)} expectations>"


def _book(bound: BoundPact) -> Book:
    refuse_unknown_rules(bound)
    return Book(bound.pact.http_interactions, bound.body_compilers)
