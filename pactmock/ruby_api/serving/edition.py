"""What a Ruby service expects at some time, which decides on mocked requests (reference/ruby-api.md §5)."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice

from pactmock.matching.budget import Budget, OutOfBudget
from pactmock.matching.verdict import Outcome
from pactmock.pact.json_value import Json
from pactmock.pact.model import Request
from pactmock.ruby_api.differences import Differences, document_of
from pactmock.ruby_api.errors import RubyError, RubyException
from pactmock.ruby_api.explaining import explain, findings, name_of
from pactmock.ruby_api.matching import Candidate, candidate, has_route
from pactmock.ruby_api.request import Received
from pactmock.ruby_api.serving import answering
from pactmock.ruby_api.serving.decision import Noted, RubyDecision
from pactmock.ruby_api.session import Expected
from pactmock.ruby_api.verification import incorrect
from pactmock.ruby_api.writing import registered
from pactmock.server.address import Address
from pactmock.server.answers.answer import Answer
from pactmock.server.answers.decision import EditionId
from pactmock.server.records.secrets import Secrets
from pactmock.server.wire.messages import host_of

_MOST_NOTED = 1024 * 1024
"""How many bytes of a body are noted."""

_MOST_ANSWERED, _MOST_SAID = 1024 * 1024, 10
"""How many bytes an answer may have that shows all that differs, and how many sentences there are instead of more."""


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

    @cached_property
    def _by_route(self) -> dict[tuple[str, str], list[Expected]]:
        """Those with a path that is a text."""
        found: dict[tuple[str, str], list[Expected]] = defaultdict(list)
        for item in self.expected:
            request = item.interaction.request
            if isinstance(request.path, str):
                found[request.method, request.path].append(item)
        return dict(found)

    @cached_property
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
            except RubyError as error:
                decision = self._undecided(received, size, error)
            except RecursionError:
                decision = self._undecided(received, size, RubyException("JSON::NestingError", "it is nested too deep"))
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

    def _decided(self, near: list[tuple[Expected, Candidate]], request: Received, size: int) -> RubyDecision:
        matching = [item for item, compared in near if compared.is_match]
        if len(matching) == 1:
            return self._matched(matching[0], request, size)
        candidates = [compared for _, compared in near]
        if matching:
            return self._made(Noted.NOTHING, request, size, answering.document(_several(matching, request), 500), near)
        answer = answering.document(_none(candidates, request), 500)
        if len(answer.body) > _MOST_ANSWERED:
            answer = answering.document(_none(candidates[:_MOST_SAID], request, _said), 500)
        if not near:
            return self._made(Noted.UNEXPECTED, request, size, answer)
        made = self._made(Noted.INCORRECT, request, size, answer, near)
        return replace(made, incorrect=incorrect(request.target, candidates))

    def _matched(self, expected: Expected, request: Received, size: int) -> RubyDecision:
        interaction = expected.interaction
        try:
            answer = answering.of_response(interaction.response)
        except RubyError as error:
            answer = answering.failure(error)
        return RubyDecision(
            time.time(), self._noted(request.request), size, Outcome.MATCHED, name_of(interaction), interaction.key,
            None, answer, self.id, Noted.MATCHED, request.target, (expected,),
        )  # fmt: skip

    def _undecided(self, request: Received, size: int, error: RubyError) -> RubyDecision:
        """Answer what could not be compared; the session does not know of it, so what was expected stays missing."""
        return self._made(Noted.NOTHING, request, size, answering.failure(error))

    def _made(
        self,
        noted: Noted,
        request: Received,
        size: int,
        answer: Answer,
        near: list[tuple[Expected, Candidate]] | None = None,
    ) -> RubyDecision:
        shown = self._noted(request.request)
        explanation = explain(shown, [compared for _, compared in near or ()])
        outcome = Outcome.MISMATCH if near else Outcome.NOT_FOUND
        expected = tuple(item for item, _ in near or ())
        identity = expected[0].interaction.key if expected else None
        return RubyDecision(
            time.time(), shown, size, outcome, explanation.interaction, identity, explanation, answer, self.id,
            noted, request.target, expected,
        )  # fmt: skip

    def _noted(self, request: Request) -> Request:
        if self._secrets.active:
            request = self._secrets.request(request)
        if len(request.body.content) > _MOST_NOTED:
            request = replace(request, body=replace(request.body, content=request.body.content[:_MOST_NOTED]))
        return request if request.query is None else replace(request, query=None)

    def __repr__(self) -> str:
        return f"<RubyEdition {self.id.epoch}.{self.id.number} of {len(self.expected)} interactions>"


def _none(
    candidates: Sequence[Candidate],
    request: Received,
    differing: Callable[[str, Differences], Json] = lambda _part, found: document_of(found),
) -> dict[str, Json]:
    return {
        "message": f"No interaction found for {request.target}",
        "interaction_diffs": [_differing(compared, differing) for compared in candidates],
    }


def _said(part: str, found: Differences) -> Json:
    """Say the first differences in sentences, where all of them with the values are too much."""
    return [item.sentence for item in islice(findings(part, found), _MOST_SAID)]


def _differing(compared: Candidate, differing: Callable[[str, Differences], Json]) -> dict[str, Json]:
    interaction = compared.interaction
    state = interaction.provider_state
    parts = {name: differing(name, found) for name, found in compared.differences.parts.items()}
    return {
        "description": interaction.description,
        **({} if state is None else {"provider_state": state}),
        **parts,
    }


def _several(matching: list[Expected], request: Received) -> dict[str, Json]:
    return {
        "message": f"Multiple interaction found for {request.target}",
        "matching_interactions": [registered(item.interaction) for item in matching],
    }
