"""What the book says of a request, and the JSON that the control API and the client under test see (§6.3)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from pactmock.matching.expectation import Expectation
from pactmock.matching.mismatch import Mismatch
from pactmock.matching.result import RequestResult
from pactmock.pact import specification
from pactmock.pact.json_value import Json
from pactmock.pact.model import HttpInteraction, Request
from pactmock.pact.writing import write_request


class Outcome(Enum):
    """The four things that can be said; the value is what `X-Pact` says."""

    MATCHED = "Request-Matched"
    MISMATCH = "Request-Mismatch"
    NOT_FOUND = "Unexpected-Request"
    MISSING = "Missing-Request"


_TYPES = {
    Outcome.MATCHED: "request-match",
    Outcome.MISMATCH: "request-mismatch",
    Outcome.NOT_FOUND: "request-not-found",
    Outcome.MISSING: "missing-request",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """A request that was received, and the expectation that it met or came nearest to.

    `nearest` is None only when the pact expects nothing at all.
    """

    outcome: Outcome
    request: Request
    nearest: Expectation | None
    result: RequestResult | None

    @property
    def mismatches(self) -> tuple[Mismatch, ...]:
        return self.result.mismatches if self.result else ()

    @property
    def counts_as_failure(self) -> bool:
        """An unexpected OPTIONS request never fails a test: browsers send them on their own (§11 row 53)."""
        if self.outcome is Outcome.NOT_FOUND:
            return self.request.method != "OPTIONS"
        return self.outcome is Outcome.MISMATCH

    def sentence(self) -> str:
        """Say in one sentence what happened and what came nearest."""
        target = f"{self.request.method} {self.request.path}"
        if self.nearest is None:
            return f"{target} was not expected: this pact has no HTTP interactions"
        name = describe(self.nearest.interaction)
        if self.outcome is Outcome.MATCHED:
            return f"{target} matched {name}"
        reasons = "; ".join(mismatch.description() for mismatch in self.mismatches)
        if self.outcome is Outcome.MISMATCH:
            return f"{target} does not match {name}: {reasons}"
        return f"{target} was not expected; the nearest interaction is {name}: {reasons}"

    def to_json(self) -> dict[str, Json]:
        """Return the MISMATCH of the control API."""
        shape: dict[str, Json] = {"type": _TYPES[self.outcome]}
        if self.outcome is Outcome.MISMATCH and self.nearest is not None:
            expected = self.nearest.request
            shape |= {"method": expected.method, "path": expected.path}
            shape["mismatches"] = [mismatch.to_json() for mismatch in self.mismatches]
        elif self.outcome is Outcome.NOT_FOUND:
            shape |= _request_json(self.request)
        if self.nearest is not None:
            shape["interaction" if self.outcome is not Outcome.NOT_FOUND else "nearest"] = name_interaction(
                self.nearest
            )
        return shape


def missing_request(expectation: Expectation) -> dict[str, Json]:
    """Return the MISMATCH of an interaction that no request was received for."""
    return {
        "type": _TYPES[Outcome.MISSING],
        **_request_json(expectation.request),
        "interaction": name_interaction(expectation),
    }


def _request_json(request: Request) -> dict[str, Json]:
    return {
        "method": request.method,
        "path": request.path,
        "request": write_request(request, specification.V3),
    }


def name_interaction(expectation: Expectation) -> dict[str, Json]:
    """Name an interaction for a reader and for a program: description, provider states, index."""
    interaction = expectation.interaction
    return {
        "description": interaction.description,
        "providerStates": [state.to_json() for state in interaction.provider_states],
        "index": expectation.index,
    }


def describe(interaction: HttpInteraction) -> str:
    """Name an interaction inside a sentence: `'a request for a user' (given 'user 1 exists')`."""
    states = ", ".join(f"'{state.name}'" for state in interaction.provider_states)
    return f"'{interaction.description}'" + (f" (given {states})" if states else "")
