"""Which interaction answers a request at a stub, by the rules of pact-stub-server, which are tolerant.

Method, path and query have to match, and so has a body that POST, PUT or PATCH brings. All else counts and never
refuses: headers, a content type that is another one (the content is not compared then), a body that is not there, the
body of a GET. The interaction answers from which the request differs least, and the first one of several.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from heapq import nsmallest

from pactmock.matching.book import best_of_those_that_match
from pactmock.matching.mismatch import BodyTypeMismatch, Mismatch
from pactmock.matching.verdict import Candidate
from pactmock.pact.model import Request
from pactmock.pact.value import value

_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


@value
class Choice:
    """The candidate that answers, what was tolerated of the request, and those that would have done as well."""

    chosen: Candidate
    tolerated: tuple[Mismatch, ...] = ()
    ties: tuple[Candidate, ...] = ()


def choose(candidates: Sequence[Candidate], request: Request) -> Choice | None:
    """Choose as pact-stub-server does; None where each candidate has something that refuses the request."""
    possible = [each for each in candidates if without_tolerated(each, request).result.all_matched]
    if not possible:
        return None
    best, *others = sorted(possible, key=_differences)
    least = len(best.result.mismatches)
    ties = tuple(each for each in others if len(each.result.mismatches) == least)
    return Choice(best, best.result.mismatches, ties)


def choose_strictly(candidates: Sequence[Candidate], request: Request) -> Choice | None:
    """Choose as a mock server does: all has to match."""
    best = best_of_those_that_match(candidates, request)
    return None if best is None else Choice(best)


def without_tolerated(candidate: Candidate, request: Request) -> Candidate:
    """Return a candidate without the mismatches that refuse nothing, so that none is taken for the cause."""
    brings_body = request.method.upper() in _WITH_BODY and request.body.is_present
    body = [item for item in candidate.result.body if not isinstance(item, BodyTypeMismatch)] if brings_body else ()
    return replace(candidate, result=replace(candidate.result, headers={}, body=body))


def nearest(candidates: Iterable[Candidate], request: Request, most: int = 3) -> list[Candidate]:
    """Return a few of some candidates: first those with the least that refuses, then those that differ least."""
    return nsmallest(
        most,
        candidates,
        key=lambda each: (len(without_tolerated(each, request).result.mismatches), *_differences(each)),
    )


def _differences(candidate: Candidate) -> tuple[int, int]:
    return len(candidate.result.mismatches), candidate.expectation.index
