"""Explains a verdict: the nearest interactions, part by part, with the rule that decided and some advice.

An explanation is bounded, whatever was expected and received: the whole has at most 256 kilobytes as JSON, and each
value is cut to a kilobyte. What is not shown is not rendered either.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import chain
from typing import TypeAlias

from pactmock.matching.expectation import Expectation
from pactmock.matching.explaining import explanation as kinds
from pactmock.matching.explaining.advice import advise
from pactmock.matching.explaining.differences import Differences
from pactmock.matching.explaining.explanation import Explanation, NearMiss
from pactmock.matching.texts.shortening import VALUE, cut, cut_content, fitted, size
from pactmock.matching.verdict import Candidate, Outcome, Verdict
from pactmock.pact import specification
from pactmock.pact.documents.writing import write_request
from pactmock.pact.json.values import Json
from pactmock.pact.model import Request
from pactmock.pact.parts.body import MISSING, Body, to_value
from pactmock.pact.parts.charset import Charset
from pactmock.pact.parts.content_type import ContentType
from pactmock.pact.parts.headers import to_single_values

Elsewhere: TypeAlias = Callable[[Request], str | None]
"""Says which other mock server of this process would have matched a request, if one would."""

_NEAREST, _OTHERS = 44_000, 20_000
"""How many bytes the mismatches of the nearest interaction may have as JSON, and those of each of the others."""
_REQUEST = 16_000

_TYPES = {
    Outcome.MATCHED: kinds.MATCH,
    Outcome.MISMATCH: kinds.MISMATCH,
    Outcome.UNDECIDED: kinds.UNDECIDED,
    Outcome.NOT_FOUND: kinds.NOT_FOUND,
}


def explain(verdict: Verdict, elsewhere: Elsewhere | None = None) -> Explanation:
    """Explain a verdict, with a hint where another mock server would have matched."""
    request, type_ = verdict.request, _TYPES[verdict.outcome]
    received = cut(request.method), cut(request.path)
    if verdict.nearest is None:
        return Explanation(type_, *received, received=received, request=shown_request(request))
    interaction = verdict.nearest.name
    if verdict.outcome is Outcome.MATCHED:
        return Explanation(type_, *received, interaction=interaction, received=received)
    near = _near_misses(verdict, elsewhere)
    expected = near[0].method, near[0].path
    is_elsewhere = verdict.outcome is Outcome.NOT_FOUND
    return Explanation(
        type_,
        *(received if is_elsewhere else expected),
        interaction=interaction,
        received=received,
        request=shown_request(request),
        parts=near[0].parts,
        near=near,
    )


def missing(expectation: Expectation) -> Explanation:
    """Explain that no request was received for an interaction."""
    request, interaction = expectation.request, expectation.name
    return Explanation(
        kinds.MISSING, cut(request.method), cut(request.path), interaction=interaction, request=shown_request(request)
    )


def shown_request(request: Request) -> Json:
    """Write a request in V3 form, shortened. A body that is too large to be shown is not parsed for that."""
    content = request.body.content
    if len(content) <= _REQUEST:
        whole = write_request(request, _SHOWN)
        # To write it out takes less than to look through it; it is not large, whatever it is.
        return whole if size(whole) <= _REQUEST else fitted(whole, _REQUEST)
    shown = cut_content(content, f"({len(content):,} bytes that are no text)")
    return fitted(write_request(replace(request, body=MISSING), _SHOWN), _REQUEST - VALUE) | {"body": shown}


def _shown_body(
    body: Body,
    content_type: ContentType,
    *,
    is_declared: bool,  # noqa: ARG001  it is only shown
    charset: Charset = None,
) -> Json:
    return to_value(body, content_type, charset)


_SHOWN = replace(specification.V3, write_headers=to_single_values, write_body=_shown_body)
"""V3, but for what is written so that it can be read again: the reference shows values as they are."""


def _near_misses(verdict: Verdict, elsewhere: Elsewhere | None) -> tuple[NearMiss, ...]:
    rooms = chain([_NEAREST], (_OTHERS for _ in verdict.near))
    near = [_near_miss(verdict.request, *pair) for pair in zip(verdict.near, rooms, strict=False)]
    other = elsewhere(verdict.request) if elsewhere and verdict.outcome is Outcome.NOT_FOUND else None
    if other is not None:
        near[0] = replace(near[0], advice=cut(f"{other}: was it meant for that one?"))
    return tuple(near)


def _near_miss(request: Request, candidate: Candidate, room: int) -> NearMiss:
    expectation, result = candidate.expectation, candidate.result
    advice = advise(request, expectation, result)
    return NearMiss(
        expectation.name,
        cut(expectation.request.method),
        cut(expectation.request.path),
        result.score,
        Differences(expectation, room).parts(candidate),
        None if advice is None else cut(advice),
    )
