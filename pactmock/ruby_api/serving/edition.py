"""What a Ruby service expects at some time, which decides on mocked requests (reference/ruby-api.md §5)."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

from pactmock.errors import PactmockError
from pactmock.matching.budget import Budget, OutOfBudget
from pactmock.matching.explaining.explanation import Explanation
from pactmock.matching.verdict import Outcome
from pactmock.pact.made_once import made_once
from pactmock.pact.model import Request
from pactmock.ruby_api import explaining
from pactmock.ruby_api.differences import Difference, Differences
from pactmock.ruby_api.errors import RubyError, RubyException
from pactmock.ruby_api.matching import Candidate, candidate, has_route
from pactmock.ruby_api.request import Received
from pactmock.ruby_api.serving import answering, not_matched
from pactmock.ruby_api.serving.decision import Noted, RubyDecision
from pactmock.ruby_api.session import Expected
from pactmock.ruby_api.verification import incorrect
from pactmock.server.address import Address
from pactmock.server.answers.answer import Answer
from pactmock.server.answers.decision import EditionId
from pactmock.server.records.secrets import Secrets
from pactmock.server.wire.messages import host_of

_Near: TypeAlias = tuple[Expected, Candidate]

_MOST_NOTED = 1024 * 1024
"""How many bytes of a body are noted."""


class RubyEdition:
    """Decides on requests; it does not change."""

    asks_plugins = False

    def __init__(
        self, id_: EditionId, expected: tuple[Expected, ...], address: Address, secrets: Secrets, *, cors: bool
    ) -> None:
        self.id = id_
        self.expected = expected
        self._address = address
        self._secrets = secrets
        self._cors = cors
        self._answers: dict[int, Answer] = {}
        """Those that were sent, by the number of what is expected."""

    @made_once
    def _by_route(self) -> dict[tuple[str, str], list[Expected]]:
        """Those with a path that is a text."""
        found: dict[tuple[str, str], list[Expected]] = defaultdict(list)
        for item in self.expected:
            request = item.interaction.request
            if isinstance(request.path, str):
                found[request.method, request.path].append(item)
        return dict(found)

    @made_once
    def _by_pattern(self) -> list[Expected]:
        return [item for item in self.expected if not isinstance(item.interaction.request.path, str)]

    def decide(self, budget: Budget, request: Request, size: int, called_at: str | None = None) -> RubyDecision:
        """Decide on a request within a budget.

        Raises:
            OutOfBudget: when the budget is tentative, or cancelled.
        """
        received = Received(request)
        with budget:
            try:
                near = [(item, candidate(item.interaction, received)) for item in self._of_route(received)]
                decision = self._decided(near, received, size)
            except PactmockError as error:
                decision = self._undecided(received, size, error)
            except OutOfBudget as error:
                if budget.gives_back:
                    raise
                decision = self._undecided(received, size, RubyException("Timeout::Error", error.reason))
        base = called_at or self._address.url_for(host_of(request))
        answer = answering.with_location(decision.answer, base, request.path)
        if answering.is_marked(request):
            answer = answering.for_client(answer, request, base)
        elif self._cors:
            answer = answering.for_pages(answer, request)
        return decision if answer is decision.answer else replace(decision, answer=answer)

    def _of_route(self, request: Received) -> list[Expected]:
        found = self._by_route.get((request.method, request.path), [])
        patterns = [item for item in self._by_pattern if has_route(item.interaction.request, request)]
        return sorted((*found, *patterns), key=lambda item: item.number) if patterns else found

    def _decided(self, near: Sequence[_Near], request: Received, size: int) -> RubyDecision:
        matching = [item for item, compared in near if compared.is_match]
        if len(matching) == 1:
            return self._matched(matching[0], request, size)
        if matching:
            return self._several(matching, request, size)
        candidates = [_without_secrets(compared, self._secrets) for _, compared in near]
        shown = self._noted(request.request)
        told = explaining.explain(shown, candidates), not_matched.no_interaction(request, candidates)
        expected = tuple(item for item, _ in near)
        if not expected:
            return self._made(request, size, *told, Noted.UNEXPECTED)
        made = self._made(request, size, *told, Noted.INCORRECT, expected)
        return replace(made, incorrect=incorrect(request.target, candidates))

    def _matched(self, expected: Expected, request: Received, size: int) -> RubyDecision:
        interaction = expected.interaction
        answer = self._answers.get(expected.number)
        if answer is None:
            try:
                answer = answering.of_response(interaction.response)
            except RubyError as error:
                answer = answering.failure(error)
            self._answers[expected.number] = answer
        return RubyDecision(
            time.time(), self._noted(request.request), size, Outcome.MATCHED, explaining.name_of(interaction),
            interaction.key, None, answer, self.id, Noted.MATCHED, request.target, (expected,),
        )  # fmt: skip

    def _several(self, matching: Sequence[Expected], request: Received, size: int) -> RubyDecision:
        """Refuse what several interactions match: the session does not note it, so each of them stays missing."""
        found = [item.interaction for item in matching]
        told = explaining.several(request.request, found), not_matched.several_interactions(request, found)
        return self._made(request, size, *told, expected=tuple(matching))

    def _undecided(self, request: Received, size: int, error: PactmockError) -> RubyDecision:
        """Answer what could not be compared; the session does not note it, so what was expected stays missing."""
        told = explaining.undecided(request.request, error.message), answering.failure(error)
        return self._made(request, size, *told)

    def _made(
        self,
        request: Received,
        size: int,
        explanation: Explanation,
        answer: Answer,
        noted: Noted = Noted.NOTHING,
        expected: tuple[Expected, ...] = (),
    ) -> RubyDecision:
        outcome = Outcome.MISMATCH if expected else Outcome.NOT_FOUND
        identity = expected[0].interaction.key if expected else None
        return RubyDecision(
            time.time(), self._noted(request.request), size, outcome, explanation.interaction, identity, explanation,
            answer, self.id, noted, request.target, expected,
        )  # fmt: skip

    def _noted(self, request: Request) -> Request:
        if self._secrets.active:
            request = self._secrets.request(request)
        if len(request.body.content) > _MOST_NOTED:
            request = replace(request, body=replace(request.body, content=request.body.content[:_MOST_NOTED]))
        return request if request.query is None else replace(request, query=None)

    def __repr__(self) -> str:
        return f"<RubyEdition {self.id.epoch}.{self.id.number} of {len(self.expected)} interactions>"


def _without_secrets(compared: Candidate, secrets: Secrets) -> Candidate:
    """Make values of secret headers unreadable before anything is said of them."""
    headers = compared.differences.headers
    if not (secrets.active and isinstance(headers, dict)):
        return compared
    masked = {name: _masked(name, found, secrets) for name, found in headers.items()}
    return replace(compared, differences=compared.differences._replace(headers=masked))


def _masked(name: str, found: Differences, secrets: Secrets) -> Differences:
    if isinstance(found, Difference) and isinstance(found.actual, str):
        return replace(found, actual=secrets.mask(name, found.actual))
    return found
