"""All expectations of a pact: picks the one that a request meets, or the nearest (reference/matching.md §6.3).

An interaction that matches fully always wins, also over one that scores higher (§11 row 2, F). Expectations are
found by method and literal path, so a request is not compared with the many that cannot match it; of those only the
few are looked at that may be nearer, or whose path is similar.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cached_property
from operator import attrgetter
from typing import TypeAlias

from pactmock.matching import budget
from pactmock.matching.budget import Budget, OutOfBudget
from pactmock.matching.expectation import Expectation, compile_expectation
from pactmock.matching.keys import Identities, Keys
from pactmock.matching.mismatch import UndecidedMismatch
from pactmock.matching.neighbourhood import Neighbourhood
from pactmock.matching.part import BodyCompiler
from pactmock.matching.verdict import Candidate, Outcome, Verdict
from pactmock.pact.model import HttpInteraction, Request
from pactmock.pact.quick_values import quick_maker

_Target: TypeAlias = tuple[str, str]
"""A method and a literal path."""

_make_candidate, _make_verdict = quick_maker(Candidate), quick_maker(Verdict)
_LISTED = 3
"""How many of the nearest interactions a verdict names."""

_LARGE = 2000
"""How many expectations make what is looked up for the nearest when the book is made, and not when it is needed."""

_STEPS = 8
"""What comparing one expectation costs of the steps after which the clock is looked at."""


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

        if len(expectations) > _LARGE:  # so that no request has to wait for them
            _ = self._by_most_parts, self._neighbourhood

    @cached_property
    def _by_most_parts(self) -> list[Expectation]:
        return sorted(self.expectations, key=attrgetter("most_parts"), reverse=True)

    @cached_property
    def _neighbourhood(self) -> Neighbourhood:
        return Neighbourhood(self.expectations)

    def match(self, request: Request) -> Verdict:
        """Decide on a request, within the current budget.

        Raises:
            OutOfBudget: when that budget is a tentative one and ran out, or was cancelled.
        """
        if not budget.is_set():
            with Budget():
                return self.match(request)
        near = self._compared(request)
        best = _best_of_those_that_match(near)
        if best is not None:
            return _make_verdict(Outcome.MATCHED, request, (best,))
        near.sort(key=attrgetter("rank"))
        undecided = [candidate for candidate in near if candidate.result.is_undecided]
        if undecided:
            others = (candidate for candidate in near if not candidate.result.is_undecided)
            return Verdict(Outcome.UNDECIDED, request, (*undecided, *others)[:_LISTED])
        return self._nearest(request, near)

    def find(self, request: Request, seconds: float = 0.005) -> Expectation | None:
        """Return the expectation that a request matches fully, if that is found within so much CPU time."""
        with Budget(min(seconds, budget.current().left)):
            best = _best_of_those_that_match(self._compared(request))
        return best.expectation if best else None

    def _compared(self, request: Request) -> list[Candidate]:
        """Compare with the expectations of this method and path: literal paths first, as patterns can be slow."""
        method = request.method.upper()
        literal = self._literal.get((method, request.path), ())
        found = [_make_candidate(item, item.match(request)) for item in literal]
        for item in self._patterns.get(method, ()):
            path = item.match_path(request)
            if not path or isinstance(path[0], UndecidedMismatch):
                found.append(_make_candidate(item, item.match(request, path)))
        return found

    def _nearest(self, request: Request, near: list[Candidate]) -> Verdict:
        """Add what is nearer elsewhere, and say whether the nearest is where the request was meant for (§6.3)."""
        given = budget.current()
        found = {candidate.expectation.index: candidate for candidate in near}
        try:
            for item in self._elsewhere(request, near[0] if near else None, frozenset(found)):
                given.spend(_STEPS)
                found[item.index] = found.get(item.index) or Candidate(item, item.match(request))
        except OutOfBudget:
            if given.gives_back:
                raise
        listed = sorted(found.values(), key=attrgetter("rank"))[:_LISTED]
        is_elsewhere = not listed or listed[0].result.is_elsewhere
        return Verdict(Outcome.NOT_FOUND if is_elsewhere else Outcome.MISMATCH, request, tuple(listed))

    def _elsewhere(self, request: Request, best: Candidate | None, known: Collection[int]) -> Iterator[Expectation]:
        """Find what has another method or path: all that may be nearer than `best`, then those with a similar path."""
        if best is not None and self._neighbourhood.everything is None:
            yield from self._nearer(request, best, known)
        yield from self._neighbourhood.around(request.method.upper(), request.path)

    def _nearer(self, request: Request, best: Candidate, known: Collection[int]) -> Iterator[Expectation]:
        given = budget.current()
        for item in self._by_most_parts:
            # What is elsewhere differs in method or path, so it scores its other parts at the very most.
            if item.most_parts < best.result.score:
                return
            given.spend(_STEPS)
            if item.index not in known and _may_rank_before(item, request, best.rank):
                yield item

    def __repr__(self) -> str:
        return f"<Book of {len(self.expectations)} expectations>"


def _may_rank_before(item: Expectation, request: Request, rank: tuple[int, int]) -> bool:
    """Tell whether an expectation may be nearer, by all parts but the body, which can only lower its score."""
    return (-item.match_without_body(request).score, item.index) < rank


def _best_of_those_that_match(candidates: Iterable[Candidate]) -> Candidate | None:
    matching = [candidate for candidate in candidates if candidate.result.all_matched]
    return matching[0] if len(matching) == 1 else min(matching, key=attrgetter("rank"), default=None)
