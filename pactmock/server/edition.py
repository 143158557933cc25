"""What a mock server plays over HTTP at some time: expectations and answers. Once played it does not change: another
edition follows it."""

from __future__ import annotations

import time
from collections.abc import Callable
from copy import copy

from pactmock.matching.book import Book
from pactmock.matching.budget import Budget
from pactmock.matching.expectation import Expectation
from pactmock.matching.explain import Elsewhere, explain, name_interaction
from pactmock.matching.explanation import InteractionName
from pactmock.matching.verdict import Outcome, Verdict
from pactmock.pact.model import Pact, Request
from pactmock.pact.quick_values import quick_maker
from pactmock.plugins.pact_plugins import PactPlugins
from pactmock.server import answer as answers
from pactmock.server.address import Address
from pactmock.server.answer import Answer
from pactmock.server.decision import Decision
from pactmock.server.messages import host_of
from pactmock.server.options import MockServerOptions
from pactmock.server.script import Script

_make_decision = quick_maker(Decision)


class Edition:
    """One edition of one epoch."""

    def __init__(
        self,
        pact: Pact,
        plugins: PactPlugins,
        options: MockServerOptions,
        address: Address,
        elsewhere: Elsewhere,
    ) -> None:
        """Compile a pact, with the plugins that it names.

        Raises:
            InvalidRule: with the JSON pointer of a matching rule that cannot be used.
            InvalidPact: with the JSON pointer of what cannot be played.
        """
        self.epoch = 0
        self.number = 0
        self.plugins = plugins
        self.asks_plugins = bool(plugins)
        """Whether deciding may take its time, so that it is done in another thread."""
        self.book = Book(plugins.bind(pact).http_interactions, plugins.body_compiler)
        self._script = Script(pact, options.seed, plugins)
        self._options = options
        self._address = address
        self._elsewhere = elsewhere
        self._names: dict[int, InteractionName] = {}
        self.expected = frozenset(map(self.counted, self.book.expectations))
        """What has to be received: see `Decision.identity`."""

    def in_next_epoch(self) -> Edition:
        """Return the same edition as the beginning of another epoch."""
        following = copy(self)
        following.epoch += 1
        return following

    def decide(self, budget: Budget, request: Request, size: int, called_at: str | None = None) -> Decision:
        """Decide on a request within a budget. This changes nothing, so it can be done in any thread.

        `called_at` is the URL of the mock server as the sender knows it, where that is not seen from the request.

        Raises:
            OutOfBudget: when the budget is tentative, or cancelled.
        """
        received = time.time()
        with budget:
            verdict = self.book.match(request)
            nearest = verdict.nearest
            explanation = None
            if verdict.outcome is Outcome.MATCHED and nearest is not None:
                reply = answers.for_request(
                    self._script.answer(nearest.index, request, self._url_of(called_at)), request
                )
            else:
                explanation = explain(self._options.secrets.verdict(verdict), lambda _: self._elsewhere(request))
                reply = self._pre_flight(request) or answers.explain(explanation)
        return _make_decision(
            received=received,
            request=self._options.secrets.request(request),
            size=size,
            outcome=verdict.outcome,
            is_failure=verdict.counts_as_failure,
            interaction=self._name(nearest) if nearest else None,
            identity=self._received_by(verdict),
            explanation=explanation,
            answer=reply,
            epoch=self.epoch,
            edition=self.number,
        )

    def _url_of(self, called_at: str | None) -> Callable[[Request], str]:
        if called_at is not None:
            return lambda _request: called_at
        return lambda request: self._address.url_for(host_of(request))

    def counted(self, expectation: Expectation) -> str:
        """Return under which name it counts that an expectation was received: one request can serve several (§6.4)."""
        return expectation.key if self._options.counts_interactions else expectation.identity

    def _name(self, expectation: Expectation) -> InteractionName:
        name = self._names.get(expectation.index)
        if name is None:
            name = self._names[expectation.index] = name_interaction(expectation)
        return name

    def _received_by(self, verdict: Verdict) -> str | None:
        nearest = verdict.nearest
        return self.counted(nearest) if nearest is not None and verdict.counts_as_received else None

    def _pre_flight(self, request: Request) -> Answer | None:
        if self._options.cors_pre_flight and request.method.upper() == "OPTIONS":
            return answers.pre_flight(request)
        return None

    def __repr__(self) -> str:
        return f"<Edition {self.epoch}.{self.number} of {len(self.book.expectations)} expectations>"
