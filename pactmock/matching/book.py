"""All expectations of a pact: picks the one that a request meets, or the nearest (reference/matching.md §6.3).

An interaction that matches fully always wins, also over one that scores higher (§11 row 2, F). Expectations are
found by method and literal path, so a request is not compared with the many that cannot match it; those are only
looked at for the nearest one, and only as far as they could still be nearer than the best so far.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from operator import attrgetter
from typing import TypeAlias

from pactmock.matching.expectation import Expectation, compile_expectation
from pactmock.matching.keys import Identities, Keys
from pactmock.matching.part import BodyCompiler
from pactmock.matching.verdict import Candidate, Outcome, Verdict
from pactmock.pact.model import HttpInteraction, Request
from pactmock.pact.quick_values import quick_maker

_Target: TypeAlias = tuple[str, str]
"""A method and a literal path."""

_make_candidate, _make_verdict = quick_maker(Candidate), quick_maker(Verdict)
_LISTED = 3
"""How many of the nearest interactions a verdict names."""


BodyCompilers: TypeAlias = Callable[[HttpInteraction], BodyCompiler | None]
"""Says which plugin's comparison the body of a request has, None for those of the core."""


def _of_the_core(_interaction: HttpInteraction) -> None:
    return None


class Book:
    """The expectations of a mock server; it does not change."""

    def __init__(self, interactions: Iterable[HttpInteraction], body_compilers: BodyCompilers = _of_the_core) -> None:
        """Compile the interactions.

        Raises:
            InvalidRule: with the JSON pointer of a rule that cannot be compiled.
        """
        self._literal: dict[_Target, list[Expectation]] = {}
        self._patterns: dict[str, list[Expectation]] = {}
        keys, identities = Keys(), Identities()
        expectations = []
        for index, interaction in enumerate(interactions):
            request = interaction.request
            method = request.method.upper()
            key = keys.key_of(interaction)
            identity = identities.identity_of(request, key)
            expectation = compile_expectation(interaction, index, key, identity, body_compilers(interaction))
            if request.matching_rules.get("path"):
                self._patterns.setdefault(method, []).append(expectation)
            else:
                self._literal.setdefault((method, request.path), []).append(expectation)
            expectations.append(expectation)
        self.expectations = tuple(expectations)

    @cached_property
    def _by_most_parts(self) -> list[Expectation]:
        return sorted(self.expectations, key=lambda item: (-item.most_parts, item.index))

    def match(self, request: Request) -> Verdict:
        """Decide on a request."""
        near = [_make_candidate(expectation, expectation.match(request)) for expectation in self._candidates(request)]
        best = _best_of_those_that_match(near)
        if best is not None:
            return _make_verdict(Outcome.MATCHED, request, (best,))
        return self._nearest(request, near)

    def find(self, request: Request) -> Expectation | None:
        """Return the expectation that a request matches fully, without looking for the nearest when there is none."""
        near = [_make_candidate(expectation, expectation.match(request)) for expectation in self._candidates(request)]
        best = _best_of_those_that_match(near)
        return best.expectation if best else None

    def _candidates(self, request: Request) -> Sequence[Expectation]:
        """Return the expectations of this method and path, in the order of the pact."""
        method = request.method.upper()
        literal = self._literal.get((method, request.path), ())
        patterns = self._patterns.get(method)
        if not patterns:
            return literal
        fitting = [item for item in patterns if not item.match_path(request)]
        return sorted([*literal, *fitting], key=attrgetter("index"))

    def _nearest(self, request: Request, near: list[Candidate]) -> Verdict:
        seen = {candidate.expectation.index for candidate in near}
        near.sort(key=attrgetter("rank"))
        for expectation in self._by_most_parts:
            # What is not a candidate differs in method or path, so it scores its parts at the very most.
            if len(near) >= _LISTED and (-expectation.most_parts, expectation.index) > near[_LISTED - 1].rank:
                break
            if expectation.index not in seen:
                insort(near, Candidate(expectation, expectation.match(request)), key=attrgetter("rank"))
        is_elsewhere = not near or near[0].result.is_elsewhere
        return Verdict(Outcome.NOT_FOUND if is_elsewhere else Outcome.MISMATCH, request, tuple(near[:_LISTED]))

    def __repr__(self) -> str:
        return f"<Book of {len(self.expectations)} expectations>"


def _best_of_those_that_match(candidates: Iterable[Candidate]) -> Candidate | None:
    matching = [candidate for candidate in candidates if candidate.result.all_matched]
    return matching[0] if len(matching) == 1 else min(matching, key=attrgetter("rank"), default=None)
