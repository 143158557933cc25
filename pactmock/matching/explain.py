"""Why a request did not match: the nearest interactions, part by part, with the rule that decided and some advice.

Nothing here is computed when a request is played. It is asked for by whoever reads a verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from pactmock.errors import InvalidRule
from pactmock.matching.advice import advise
from pactmock.matching.expectation import Expectation
from pactmock.matching.mismatch import BodyMismatch, HeaderMismatch, Mismatch, PathMismatch, QueryMismatch
from pactmock.matching.rule_set import Place, RuleList
from pactmock.matching.verdict import Candidate, Outcome, Verdict
from pactmock.pact import path_expression, specification
from pactmock.pact.json_value import Json
from pactmock.pact.model import Request
from pactmock.pact.path_expression import Wildcard
from pactmock.pact.writing import write_request

Elsewhere: TypeAlias = Callable[[Request], str | None]
"""Says which other mock server of this process would have matched a request, if one would."""

_TYPES = {
    Outcome.MATCHED: "request-match",
    Outcome.MISMATCH: "request-mismatch",
    Outcome.UNDECIDED: "request-undecided",
    Outcome.NOT_FOUND: "request-not-found",
}


def to_json(verdict: Verdict, elsewhere: Elsewhere | None = None) -> dict[str, Json]:
    """Return the MISMATCH of the control API (docs/control-api.md)."""
    shape: dict[str, Json] = {"type": _TYPES[verdict.outcome]}
    if verdict.outcome is Outcome.NOT_FOUND or verdict.nearest is None:
        shape |= _request_json(verdict.request)
    else:
        expected = verdict.nearest.request
        shape |= {"method": expected.method, "path": expected.path}
        shape["mismatches"] = [mismatch.to_json() for mismatch in verdict.mismatches]
        shape["interaction"] = name_interaction(verdict.nearest)
    return shape | {"nearMisses": near_misses(verdict, elsewhere)}


def missing_request(expectation: Expectation) -> dict[str, Json]:
    """Return the MISMATCH of an interaction that no request was received for."""
    return {
        "type": "missing-request",
        **_request_json(expectation.request),
        "interaction": name_interaction(expectation),
    }


def _request_json(request: Request) -> dict[str, Json]:
    written = write_request(request, specification.V3)
    return {"method": request.method, "path": request.path, "request": written}


def name_interaction(expectation: Expectation) -> dict[str, Json]:
    """Name an interaction for a reader and for a program: description, provider states, index, a plugin's markup."""
    interaction = expectation.interaction
    markup = interaction.markup
    return {
        "description": interaction.description,
        "providerStates": [state.to_json() for state in interaction.provider_states],
        "index": expectation.index,
        **({"interactionMarkup": markup.to_json()} if markup else {}),
    }


def near_misses(verdict: Verdict, elsewhere: Elsewhere | None = None) -> list[dict[str, Json]]:
    """Return the interactions that came nearest, the best first; none for a request that matched."""
    if verdict.outcome is Outcome.MATCHED:
        return []
    found = [_near_miss(verdict.request, candidate) for candidate in verdict.near]
    other = elsewhere(verdict.request) if elsewhere and verdict.outcome is Outcome.NOT_FOUND else None
    if other is not None and found:
        found[0]["advice"] = f"{other}: was it meant for that one?"
    return found


def advice(verdict: Verdict, elsewhere: Elsewhere | None = None) -> str | None:
    """Return the advice on the nearest interaction, if there is any."""
    found = near_misses(verdict, elsewhere)
    return found[0]["advice"] if found else None


def _near_miss(request: Request, candidate: Candidate) -> dict[str, Json]:
    expectation, result = candidate.expectation, candidate.result
    return {
        "interaction": name_interaction(expectation),
        "expected": {"method": expectation.request.method, "path": expectation.request.path},
        "score": result.score,
        "parts": [
            {"part": name, "matched": not found, "mismatches": [_with_rule(expectation, item) for item in found]}
            for name, found in _parts(candidate)
        ],
        "advice": advise(request, expectation, result),
    }


def _parts(candidate: Candidate) -> Iterator[tuple[str, list[Mismatch]]]:
    result = candidate.result
    yield "method", [result.method] if result.method else []
    yield "path", list(result.path)
    yield "query", _flat(result.query[name] for name in sorted(result.query))
    yield "headers", _flat(result.headers[name] for name in sorted(result.headers))
    yield "body", list(result.body)


def _flat(groups: Iterable[Iterable[Mismatch]]) -> list[Mismatch]:
    return [item for group in groups for item in group]


def _with_rule(expectation: Expectation, mismatch: Mismatch) -> dict[str, Json]:
    return mismatch.to_json() | {"rule": deciding_rule(expectation, mismatch)}


def deciding_rule(expectation: Expectation, mismatch: Mismatch) -> Json:
    """Return the rules that decided, with the path they are written for; None where equality did."""
    place = _place_of(expectation, mismatch)
    rule_list = place.rules if isinstance(place, Place) else place
    if rule_list is None:
        return None
    return {
        "path": rule_list.path,
        "combine": "OR" if rule_list.any_of else "AND",
        "matchers": [item.rule.to_json() for item in rule_list.rules],
    }


def _place_of(expectation: Expectation, mismatch: Mismatch) -> Place | RuleList | None:
    if isinstance(mismatch, PathMismatch):
        return expectation.path_rules
    if isinstance(mismatch, HeaderMismatch):
        return expectation.header_rules.field(mismatch.key.lower())
    if isinstance(mismatch, QueryMismatch):
        return expectation.query_rules.field(mismatch.parameter)
    return _walk(expectation.body_rules, mismatch.path) if isinstance(mismatch, BodyMismatch) else None


def _walk(place: Place, path: str) -> Place | None:
    try:
        tokens = path_expression.parse(path).tokens
    except InvalidRule:
        return None  # some paths of mismatches are no expressions: `/` for a whole body, `$.$.a` for a form
    for token in tokens:
        if isinstance(token, Wildcard):
            return None
        place = place.index(token) if isinstance(token, int) else place.field(token)
    return place
