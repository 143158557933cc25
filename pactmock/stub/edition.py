"""The pacts of a stub as they are played at some time: interactions, answers, and which file each is of."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from pactmock.errors import InvalidParameter, PactmockError
from pactmock.matching.book import Book
from pactmock.matching.budget import Budget, OutOfBudget
from pactmock.matching.verdict import Candidate, Outcome, Verdict
from pactmock.pact.model import HttpInteraction, Pact, Request
from pactmock.plugins.binding.bound_pact import BoundPact
from pactmock.review.rules.kinds import refuse_unknown_rules
from pactmock.server.address import Address
from pactmock.server.answers.answer import Answer
from pactmock.server.answers.decision import Decision, EditionId
from pactmock.server.answers.script import Script
from pactmock.server.records.secrets import Secrets
from pactmock.server.wire.messages import host_of
from pactmock.sources.found import FoundPact, Problem
from pactmock.stub import answering, choosing, states
from pactmock.stub.choosing import Choice
from pactmock.stub.explaining import Unanswered
from pactmock.stub.options import StubOptions
from pactmock.stub.stub_decision import StubDecision, said_of_choice, said_of_error

_SECONDS = 60.0
"""CPU time that compiling all pacts may take."""


class StubEdition:
    """Decides on requests; it does not change."""

    asks_plugins = False

    def __init__(self, pacts: Sequence[FoundPact], options: StubOptions, address: Address) -> None:
        """Compile pacts, as if they were one. No plugin is asked: bodies are compared by the core.

        Raises:
            InvalidRule, InvalidPact: when one of them cannot be played; `problems` says which.
        """
        self.id = EditionId(0, 0)
        self.files = len(pacts)
        self.interactions = sum(len(found.pact.interactions) for found in pacts)
        self._options = options
        self._address = address
        self._names = dict(enumerate(chain.from_iterable(map(_names, pacts))))
        bound = BoundPact(Pact("", "", tuple(chain.from_iterable(map(_served, pacts)))))
        refuse_unknown_rules(bound)
        with Budget(_SECONDS, work="all pacts: have fewer in one stub"):
            self._book = Book(bound.pact.http_interactions)
            self._script = Script(bound, answer_of=answering.of_response)
            self._states = states.of_options(options)

    def decide(self, budget: Budget, request: Request, size: int, called_at: str | None = None) -> Decision:
        """Choose who answers a request, and make the answer.

        Raises:
            OutOfBudget: when the budget is tentative, or cancelled.
        """
        with budget:
            try:
                choice, answer, said = self._decided(request, called_at)
            except (InvalidParameter, OutOfBudget) as error:
                if budget.gives_back and isinstance(error, OutOfBudget):
                    raise
                choice, status = None, 400 if isinstance(error, InvalidParameter) else 500
                document = {"error": str(error), "outcome": answering.NOT_FOUND}
                answer = answering.explained(status, document, request, self._options)
                said = said_of_error(request, answer, str(error))
        expectation = choice.chosen.expectation if choice else None
        return StubDecision(
            time.time(),
            request,
            size,
            Outcome.MATCHED if expectation else Outcome.NOT_FOUND,
            expectation.name if expectation else None,
            None,
            None,
            answer,
            self.id,
            said,
        )

    def _decided(self, request: Request, called_at: str | None) -> tuple[Choice | None, Answer, str]:
        asked = states.of_request(request, self._options, self._states)
        compared = _readable(request, self._book.compared(request))
        kept = [each for each in compared if asked.let(each.expectation.interaction)]
        choice = self._choose(kept, request)
        if choice is not None:
            answer = self._answer(choice, request, called_at)
            return choice, answer, said_of_choice(request, answer, choice, self._names)
        if self._options.cors and request.method.upper() == "OPTIONS":
            answer = answering.pre_flight(request, self._options)
            return None, answer, said_of_error(request, answer, "a CORS pre-flight")
        document = self._unanswered(request, compared, kept).explain(asked, self._names)
        answer = answering.explained(404, document, request, self._options)
        return None, answer, said_of_error(request, answer, document["error"])

    def _choose(self, candidates: Sequence[Candidate], request: Request) -> Choice | None:
        choose = choosing.choose_strictly if self._options.strict_match else choosing.choose
        return choose(candidates, request)

    def _answer(self, choice: Choice, request: Request, called_at: str | None) -> Answer:
        prepared = self._script.prepared(choice.chosen.expectation.index)
        answer = prepared.answer
        if prepared.generates:
            answer = self._script.generate(prepared, called_at or self._address.url_for(host_of(request)))
        return answering.for_request(answer, request, self._options)

    def _unanswered(self, request: Request, compared: Sequence[Candidate], kept: Sequence[Candidate]) -> Unanswered:
        strictly = self._options.strict_match
        if not compared:
            near = _readable(request, self._book.match(request).near)
            return Unanswered(request, near, is_elsewhere=True, strictly=strictly)
        hidden = [] if len(kept) == len(compared) else self._hidden(request, compared, kept)
        near = choosing.nearest(kept or compared, request)
        return Unanswered(request, near, is_elsewhere=False, hidden=hidden, strictly=strictly)

    def _hidden(self, request: Request, compared: Sequence[Candidate], kept: Sequence[Candidate]) -> list[Candidate]:
        """Return those that would answer if their provider states were asked for."""
        indexes = {each.expectation.index for each in kept}
        others = [each for each in compared if each.expectation.index not in indexes]
        return [each for each in others if self._choose([each], request)]

    def __repr__(self) -> str:
        return f"<StubEdition of {self.files} pacts>"


def _readable(request: Request, candidates: Sequence[Candidate]) -> Sequence[Candidate]:
    """Have what is said of secret headers say nothing that a log must not show."""
    return _SECRETS.verdict(Verdict(Outcome.MISMATCH, request, tuple(candidates))).near


_SECRETS = Secrets(active=True)


def problems(pacts: Sequence[FoundPact], options: StubOptions, address: Address) -> Iterator[Problem]:
    """Say which pacts cannot be played, and why: each on its own, as all together name only the first."""
    for found in pacts:
        try:
            StubEdition([found], options, address)
        except PactmockError as error:
            yield Problem(error.message, found.name)


def _served(found: FoundPact) -> Iterator[HttpInteraction]:
    """Return what is answered of a pact. Only a mock server takes the order of the parameters of V1 for a promise."""
    for item in found.pact.http_interactions:
        request = item.request
        yield item if request.query_text is None else replace(item, request=replace(request, query_text=None))


def _names(found: FoundPact) -> Iterator[str]:
    return (found.name for _ in found.pact.http_interactions)
