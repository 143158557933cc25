"""Finds what scores higher than the expectations of a request's own method and path, which decides where it went.

The reference takes a request for one that was not expected when an interaction of another method or path scores higher
(reference/matching.md §6.3). Most interactions of a pact have the same headers and no query, so what these parts score
is found once for all that share them, and that is nearly always too little.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from typing import TypeAlias

from pactmock.matching import budget
from pactmock.matching.expectation import Expectation
from pactmock.matching.verdict import Candidate
from pactmock.pact.model import Request

_Nearness: TypeAlias = tuple[int, int]
_STEPS = 4
"""What looking at one expectation costs of the steps after which the clock is looked at."""


class Rivals:
    """The expectations of a pact by what they ask of query and headers; each group in the order of the pact."""

    def __init__(self, expectations: Sequence[Expectation]) -> None:
        groups: dict[Hashable, list[Expectation]] = {}
        for item in expectations:
            groups.setdefault(_fields(item.request), []).append(item)
        self._groups = sorted(groups.values(), key=lambda group: -group[0].most_parts)

    def of(self, request: Request, best: Candidate, known: Collection[int]) -> Candidate | None:
        """Return the nearest that is nearer than `best`; `known` are the indexes of those of its method and path.

        Raises:
            OutOfBudget: when that takes too long.
        """
        found, nearness = None, best.nearness
        for group in self._groups:
            if -group[0].most_parts > nearness[0]:
                break
            nearer = _nearer(request, group, nearness, known)
            if nearer is not None:
                found, nearness = nearer, nearer.nearness
        return found


def _nearer(
    request: Request, group: Sequence[Expectation], nearness: _Nearness, known: Collection[int]
) -> Candidate | None:
    given = budget.current()
    given.spend(_STEPS)
    # One of method and path differs at least, so these two add nothing, and a body can only take something away.
    most = group[0].score_of_fields(request)
    found = None
    for item in group:
        if (-most, item.index) >= nearness:
            break
        given.spend(_STEPS)
        if item.index in known or (-most - _target_score(item, request), item.index) >= nearness:
            continue
        candidate = Candidate(item, item.match(request))
        if candidate.nearness < nearness:
            found, nearness = candidate, candidate.nearness
    return found


def _target_score(item: Expectation, request: Request) -> int:
    """Return what method and path score: nothing when one of them differs. They do not both agree: that is known."""
    return 0 if item.match_method(request) is None or not item.match_path(request) else -2


def _fields(request: Request) -> Hashable:
    """Return what decides on query and headers. Rules are compared as they are written."""
    rules = request.matching_rules
    return (
        request.query_text,
        None if request.query is None else frozenset(request.query.items()),
        frozenset(request.headers.items()),
        repr([rules.get("query"), rules.get("header")]) if rules else "",
    )
