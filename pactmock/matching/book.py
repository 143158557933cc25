"""All expectations of a pact: picks the one that a request meets, or the nearest (reference/matching.md §6.3).

An interaction that matches fully always wins, also over one that scores higher (§11 row 2, F). Expectations are
found by method and literal path, so a request is not compared with the many that cannot match it; of those only the
few are looked at that may be nearer, or whose path is similar.
"""

from __future__ import annotations

from bisect import insort
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from pactmock.errors import InvalidRule
from pactmock.matching import budget
from pactmock.matching.budget import Budget, OutOfBudget
from pactmock.matching.cost import PatternCost
from pactmock.matching.expectation import Expectation, compile_expectation
from pactmock.matching.keys import Identities, Keys
from pactmock.matching.mismatch import UndecidedMismatch
from pactmock.matching.parts.part import BodyCompiler
from pactmock.matching.parts.path import as_sent, encoded
from pactmock.matching.verdict import Candidate, Outcome, Verdict
from pactmock.pact.made_once import made_once
from pactmock.pact.model import HttpInteraction, Request

if TYPE_CHECKING:
    from pactmock.matching.nearest.neighbourhood import Neighbourhood
    from pactmock.matching.nearest.rivals import Rivals

T = TypeVar("T")
_Target: TypeAlias = tuple[str, str]
"""A method and a literal path."""

_LISTED = 3
"""How many of the nearest interactions a verdict names."""

_FEW = 1000
"""How many expectations are sorted for the nearest in a few milliseconds."""

_STEPS = 8
"""What comparing one expectation costs of the steps after which the clock is looked at."""


_MATCHED = Outcome.MATCHED  # as a name of its own it is found in a tenth of the time

_NONE: Mapping[int, BodyCompiler] = {}


class Book:
    """The expectations of a mock server; it does not change."""

    def __init__(
        self, interactions: Iterable[HttpInteraction], body_compilers: Mapping[int, BodyCompiler] = _NONE
    ) -> None:
        """Compile the interactions; `body_compilers` are plugins' comparisons of bodies, by position.

        Raises:
            InvalidRule: with the JSON pointer of a rule that cannot be compiled.
        """
        self._literal: dict[_Target, list[Expectation]] = {}
        self._encoded: dict[_Target, list[Expectation]] = {}
        """By the encoded form of a path that no client can send as it is."""
        self._patterns: dict[str, list[Expectation]] = {}
        self._bare: dict[_Target, Candidate] = {}
        """What the only expectation found of a target, where it expects nothing else."""
        keys, identities, cost = Keys(), Identities(), PatternCost()
        expectations = []
        for index, interaction in enumerate(map(as_sent, interactions)):
            request = interaction.request
            method = request.method.upper()
            key = keys.key_of(interaction)
            identity = identities.identity_of(request, key)
            try:
                cost.add(request.matching_rules)
                expectation = compile_expectation(interaction, index, key, identity, body_compilers.get(index))
            except InvalidRule as error:
                error.below(*request.place)
                raise
            self._enter(expectation, method)
            expectations.append(expectation)
        self.expectations = tuple(expectations)

    @made_once
    def states(self) -> frozenset[str]:
        """The names of all provider states that interactions are given."""
        return frozenset(state.name for each in self.expectations for state in each.interaction.provider_states)

    @made_once
    def by_identity(self) -> Counter[str]:
        """How many interactions expect the same request, by the identity of that."""
        return Counter([each.identity for each in self.expectations])

    @made_once
    def by_key(self) -> Counter[str]:
        """The same where each interaction is expected by itself."""
        return Counter([each.key for each in self.expectations])

    def _enter(self, expectation: Expectation, method: str) -> None:
        request = expectation.request
        if request.matching_rules.get("path"):
            self._patterns.setdefault(method, []).append(expectation)
        elif expectation.encoded_path is not None:
            self._encoded.setdefault((method, expectation.encoded_path), []).append(expectation)
        else:
            self._literal.setdefault((method, request.path), []).append(expectation)

    def only(self, keys: Collection[str]) -> Book:
        """Return the book of interactions with these keys: the same expectations, so that nothing is compiled again.

        They keep their keys and identities, which are those of the whole pact.
        """
        book = Book(())
        book.expectations = tuple(each for each in self.expectations if each.key in keys)
        for each in book.expectations:
            book._enter(each, each.request.method.upper())
        return book

    @made_once
    def _rivals(self) -> Rivals:
        from pactmock.matching.nearest.rivals import Rivals  # late: whatever matches needs none

        return self._looked_up(Rivals)

    @made_once
    def _neighbourhood(self) -> Neighbourhood:
        from pactmock.matching.nearest.neighbourhood import Neighbourhood

        return self._looked_up(Neighbourhood)

    def _looked_up(self, index: Callable[[Sequence[Expectation]], T]) -> T:
        if len(self.expectations) <= _FEW:
            return index(self.expectations)
        with budget.current().for_all():
            return index(self.expectations)

    def match(self, request: Request, state: str | None = None) -> Verdict:
        """Decide on a request, within the current budget; interactions given a provider state that is chosen go first.

        Raises:
            OutOfBudget: when that budget is a tentative one and ran out, or was cancelled.
        """
        if not budget.is_set():
            with Budget():
                return self.match(request, state)
        near = self.compared(request)
        if state is not None:
            near = [replace(each, is_chosen=each.expectation.is_given(state)) for each in near]
        best = best_of_those_that_match(near, request)
        if best is not None:
            if len(near) == 1 and best.expectation.is_bare:
                self._bare[request.method, request.path] = best
            return Verdict(_MATCHED, request, (best,))
        near.sort(key=attrgetter("rank"))
        undecided = [candidate for candidate in near if candidate.result.is_undecided]
        if undecided:
            others = (candidate for candidate in near if not candidate.result.is_undecided)
            return Verdict(Outcome.UNDECIDED, request, (*undecided, *others)[:_LISTED])
        return self._nearest(request, near)

    def recall(self, request: Request) -> Candidate | None:
        """Return what a request matches of which it was found that only method and path decide, as of most GETs."""
        return self._bare.get((request.method, request.path)) if self._bare and request.query is None else None

    def find(self, request: Request, seconds: float = 0.005) -> Expectation | None:
        """Return the expectation that a request matches fully, if that is found within so much CPU time."""
        try:
            with Budget(min(seconds, budget.current().left), tentative=True):
                best = best_of_those_that_match(self.compared(request), request)
        except OutOfBudget:
            return None
        return best.expectation if best else None

    def compared(self, request: Request) -> list[Candidate]:
        """Compare with the expectations of this method and path: literal paths first, as patterns can be slow."""
        method = request.method.upper()
        literal: Sequence[Expectation] = self._literal.get((method, request.path), ())
        if self._encoded:
            literal = [*literal, *self._encoded.get((method, encoded(request.path)), ())]
        found = [Candidate(item, item.match(request)) for item in literal]
        for item in self._patterns.get(method, ()):
            path = item.match_path(request)
            if not path or isinstance(path[0], UndecidedMismatch):
                found.append(Candidate(item, item.match(request, path)))
        return found

    def _nearest(self, request: Request, near: list[Candidate]) -> Verdict:
        """Add what is nearer elsewhere, and say whether the nearest is where the request was meant for (§6.3)."""
        given = budget.current()
        found = {candidate.expectation.index: candidate for candidate in near}
        try:
            if near and not (near[0].is_chosen or self._neighbourhood.is_small):
                rival = self._rivals.of(request, near[0], found.keys())
                found |= {rival.expectation.index: rival} if rival else {}
            scores = sorted(candidate.result.score for candidate in near)[-_LISTED:]
            for item in self._neighbourhood.around(request.method.upper(), request.path):
                is_full = len(scores) == _LISTED
                if item.index in found or (is_full and _cannot_be_listed(item, request, scores[0], near)):
                    continue
                given.spend(_STEPS)
                candidate = found[item.index] = Candidate(item, item.match(request))
                insort(scores, candidate.result.score)
                del scores[:-_LISTED]
        except OutOfBudget:
            if given.gives_back:
                raise
        # Of those that score the same the ones with a similar path were found first.
        order = attrgetter("rank") if near else attrgetter("distance")
        listed = sorted(found.values(), key=order)[:_LISTED]
        is_elsewhere = not listed or listed[0].result.is_elsewhere
        return Verdict(Outcome.NOT_FOUND if is_elsewhere else Outcome.MISMATCH, request, tuple(listed))

    def __repr__(self) -> str:
        return f"<Book of {len(self.expectations)} expectations>"


def _cannot_be_listed(item: Expectation, request: Request, least: int, near: Sequence[Candidate]) -> bool:
    """Tell whether an expectation surely scores less than those that are listed, or no more and was found later."""
    differs = item.path_rules is None and item.encoded_path is None and item.request.path != request.path
    most = item.most_parts + (0 if differs else 2)
    return most < least if near else most <= least


def best_of_those_that_match(candidates: Sequence[Candidate], request: Request) -> Candidate | None:
    """Return which of some candidates answers: the best of those that match fully, None where there is none."""
    if len(candidates) == 1:  # as for most requests
        return candidates[0] if candidates[0].result.all_matched else None
    matching = [candidate for candidate in candidates if candidate.result.all_matched]
    if len(matching) < _SEVERAL:
        return matching[0] if matching else None
    from pactmock.matching.nearest.examples import nearest_example

    return nearest_example(matching, min(matching, key=attrgetter("rank")), request)


_SEVERAL = 2
