"""Why a stub has no response to a request: the nearest interactions with their files, and only what refuses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pactmock.matching.explaining.explain import explain
from pactmock.matching.interaction_name import in_words
from pactmock.matching.texts.shortening import cut
from pactmock.matching.verdict import Candidate, Outcome, Verdict
from pactmock.pact.json.values import Json
from pactmock.pact.model import Request
from pactmock.pact.value import value
from pactmock.reports import json
from pactmock.reports.visible import visible
from pactmock.stub.answering import NOT_FOUND
from pactmock.stub.choosing import without_tolerated
from pactmock.stub.states import States

_LISTED = 3
_MOST_TOLERATED = 20


@value
class Unanswered:
    """A request, and what came near to it: the nearest first, of the same method and path where any is.

    `hidden` are those that would have answered if their provider states were asked for. `strictly` says that nothing
    is tolerated.
    """

    request: Request
    near: Sequence[Candidate]
    is_elsewhere: bool
    hidden: Sequence[Candidate] = ()
    strictly: bool = False

    def explain(self, states: States, names: Mapping[int, str]) -> dict[str, Json]:
        """Return the body of the 404; `names` says by the index of an interaction which file or URL it is of."""
        listed = list({each.expectation.index: each for each in (*self.hidden, *self.near)}.values())[:_LISTED]
        shown = [each if self.strictly else without_tolerated(each, self.request) for each in listed]
        outcome = Outcome.NOT_FOUND if self.is_elsewhere else Outcome.MISMATCH
        explanation = explain(Verdict(outcome, self.request, tuple(shown)))
        document: dict[str, Any] = {**json.answer(explanation), "outcome": NOT_FOUND}
        if self.hidden:
            interaction = self.hidden[0].expectation.interaction
            why = f"{self._target()} fits {in_words(interaction)}, but {states.why_not(interaction)}"
            document["error"] = visible(cut(why))
            document["advice"] = None
        elif not listed:
            document["error"] = visible(f"{self._target()} was not expected: no pact has an interaction over HTTP")
        for each, said in zip(listed, document["nearMisses"], strict=True):
            said["interaction"]["source"] = names[each.expectation.index]
            said["tolerated"] = [] if self.strictly else self._tolerated(each)
        if document["interaction"] is not None:
            document["interaction"]["source"] = names[listed[0].expectation.index]
        return document

    def _target(self) -> str:
        return f"{cut(self.request.method)} {cut(self.request.path)}"

    def _tolerated(self, candidate: Candidate) -> list[Json]:
        """List what differs as well, and refuses nothing."""
        refusing = without_tolerated(candidate, self.request).result.mismatches
        others = [item for item in candidate.result.mismatches if item not in refusing]
        return [cut(item.description()) for item in others[:_MOST_TOLERATED]]
