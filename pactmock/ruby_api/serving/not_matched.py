"""What a request that did not match is answered, as JSON (reference/ruby-api.md §5, §7)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain, islice
from typing import TypeAlias

from pactmock.pact.json.values import Json
from pactmock.ruby_api.differences import Differences, document_of, each
from pactmock.ruby_api.explaining import findings
from pactmock.ruby_api.interaction import Interaction
from pactmock.ruby_api.matching import Candidate
from pactmock.ruby_api.request import Received
from pactmock.ruby_api.serving import answering
from pactmock.ruby_api.writing import registered
from pactmock.server.answers.answer import Answer

_MOST_ANSWERED, _MOST_SAID = 1024 * 1024, 10
"""How many bytes an answer may have that shows all that differs, and how many sentences there are instead of more."""

_Tell: TypeAlias = Callable[[str, Differences], Json]


def no_interaction(request: Received, candidates: Sequence[Candidate]) -> Answer:
    """Answer a request that no interaction expects, with what differs from those of its route."""
    if _have_room(candidates):
        answer = _answer(request, candidates, _with_values)
        if len(answer.body) <= _MOST_ANSWERED:
            return answer
    return _answer(request, candidates[:_MOST_SAID], _in_sentences)


def _have_room(candidates: Sequence[Candidate]) -> bool:
    """Tell whether all that differs may have room in an answer, before it is written out."""
    parts = (found for candidate in candidates for found in candidate.differences.parts.values())
    every = chain.from_iterable(map(each, parts))
    return next(islice(every, _MOST_ANSWERED // _SHORTEST, None), None) is None


_SHORTEST = len('{"EXPECTED":1,"ACTUAL":1}')
"""How many bytes of an answer a difference has at the least."""


def several_interactions(request: Received, matching: Sequence[Interaction]) -> Answer:
    """Answer a request that several interactions expect."""
    document = {
        "message": f"Multiple interaction found for {request.target}",
        "matching_interactions": list(map(registered, matching)),
    }
    return answering.document(document, 500)


def _answer(request: Received, candidates: Sequence[Candidate], tell: _Tell) -> Answer:
    document = {
        "message": f"No interaction found for {request.target}",
        "interaction_diffs": [_differing(compared, tell) for compared in candidates],
    }
    return answering.document(document, 500)


def _differing(compared: Candidate, tell: _Tell) -> dict[str, Json]:
    interaction = compared.interaction
    state = interaction.provider_state
    return {
        "description": interaction.description,
        **({} if state is None else {"provider_state": state}),
        **{part: tell(part, found) for part, found in compared.differences.parts.items()},
    }


def _with_values(_part: str, found: Differences) -> Json:
    return document_of(found)


def _in_sentences(part: str, found: Differences) -> Json:
    return [item.sentence for item in findings(part, found, _MOST_SAID)[0]]
