"""All expectations of a pact: picks the one that a request meets, or the nearest (reference/matching.md §6.3).

An interaction that matches fully always wins, also over one that scores higher (§11 row 2, F). Expectations are
found by method and literal path, so a request is not compared with the many that cannot match it; those are only
looked at for the nearest one, and only as far as they could still be nearer than the best so far.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pactmock.matching.expectation import Expectation, compile_expectation
from pactmock.matching.result import RequestResult
from pactmock.matching.verdict import Outcome, Verdict
from pactmock.pact.model import HttpInteraction, Request


class Book:
    """The expectations of a mock server; it does not change."""

    def __init__(self, interactions: Iterable[HttpInteraction]) -> None:
        """Compile the interactions.

        Raises:
            InvalidRule: with the JSON pointer of a rule that cannot be compiled.
        """
        identities = _Identities()
        self.expectations = tuple(
            compile_expectation(item, index, identities.of(item.request, index))
            for index, item in enumerate(interactions)
        )
        self._literal: dict[tuple[str, str], list[Expectation]] = {}
        self._patterns: dict[str, list[Expectation]] = {}
        for expectation in self.expectations:
            method = expectation.request.method.upper()
            if expectation.path_rules is None:
                self._literal.setdefault((method, expectation.request.path), []).append(expectation)
            else:
                self._patterns.setdefault(method, []).append(expectation)
        self._by_most_parts = sorted(self.expectations, key=lambda item: (-item.most_parts, item.index))

    def match(self, request: Request) -> Verdict:
        """Decide on a request."""
        best: tuple[Expectation, RequestResult] | None = None
        near: list[tuple[Expectation, RequestResult]] = []
        for expectation in self._candidates(request):
            result = expectation.match(request)
            near.append((expectation, result))
            if result.all_matched and (best is None or result.score > best[1].score):
                best = expectation, result
        if best is not None:
            return Verdict(Outcome.MATCHED, request, *best)
        return self._nearest(request, near)

    def _candidates(self, request: Request) -> Iterator[Expectation]:
        """Yield the expectations of this method and path, in the order of the pact."""
        method = request.method.upper()
        literal = self._literal.get((method, request.path), [])
        patterns = self._patterns.get(method)
        if not patterns:
            yield from literal
            return
        fitting = [item for item in patterns if not item.match_path(request)]
        yield from sorted(literal + fitting, key=lambda item: item.index)

    def _nearest(self, request: Request, near: list[tuple[Expectation, RequestResult]]) -> Verdict:
        best = max(near, key=lambda item: (item[1].score, -item[0].index), default=None)
        seen = {item.index for item, _ in near}
        for expectation in self._by_most_parts:
            # What is not a candidate differs in method or path, so it scores its parts at the very most.
            if best is not None and (expectation.most_parts, -expectation.index) < (best[1].score, -best[0].index):
                break
            if expectation.index not in seen:
                result = expectation.match(request)
                if best is None or (result.score, -expectation.index) > (best[1].score, -best[0].index):
                    best = expectation, result
        if best is None:
            return Verdict(Outcome.NOT_FOUND, request, None, None)
        outcome = Outcome.NOT_FOUND if best[1].is_elsewhere else Outcome.MISMATCH
        return Verdict(outcome, request, *best)

    def __repr__(self) -> str:
        return f"<Book of {len(self.expectations)} expectations>"


class _Identities:
    """Finds, while a book is made, the first request that is the same as another in every respect."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], list[tuple[Request, int]]] = {}

    def of(self, request: Request, index: int) -> int:
        same_target = self._seen.setdefault((request.method.upper(), request.path), [])
        for other, identity in same_target:
            if other == request:
                return identity
        same_target.append((request, index))
        return index
