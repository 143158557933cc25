"""What a comparison of a request with an expectation found, and its score (reference/matching.md §6.2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from pactmock.matching.mismatch import BodyMismatch, MethodMismatch, Mismatch, PathMismatch, UndecidedMismatch
from pactmock.matching.parts.headers import HeaderMismatches
from pactmock.matching.parts.part import BodyMismatches
from pactmock.matching.parts.query import QueryMismatches
from pactmock.pact.value import value

PathMismatches: TypeAlias = tuple[PathMismatch | UndecidedMismatch, ...]


@value
class RequestResult:
    """The mismatches of a request by part; `query` and `headers` have an entry for whatever was compared."""

    method: MethodMismatch | None
    path: PathMismatches
    query: QueryMismatches
    headers: HeaderMismatches
    body: BodyMismatches

    @property
    def is_elsewhere(self) -> bool:
        """Whether the method or the path differs: such a request was not meant for this interaction."""
        return self.method is not None or bool(self.path)

    @property
    def is_undecided(self) -> bool:
        """Whether the request may be what was expected: nothing is known to differ, but not all could be compared."""
        found = False
        for item in self._flatten():
            if type(item) is not UndecidedMismatch:
                return False
            found = True
        return found

    @property
    def mismatches(self) -> tuple[Mismatch, ...]:
        """All mismatches: method, path, query, headers, body; by name within a part (§11 row 63, N)."""
        return tuple(self._flatten())

    def _flatten(self) -> Iterator[Mismatch]:
        if self.method is not None:
            yield self.method
        yield from self.path
        for name in sorted(self.query):
            yield from self.query[name]
        for name in sorted(self.headers):
            yield from self.headers[name]
        yield from self.body

    @property
    def all_matched(self) -> bool:
        if self.method is not None or self.path or self.body:
            return False
        return not (self.headers and any(self.headers.values())) and not (self.query and any(self.query.values()))

    @property
    def score(self) -> int:
        """How near this was: one more for each part that fits, one less for each that does not (§6.2)."""
        found = [(self.method,) if self.method else (), self.path, *self.query.values(), *self.headers.values()]
        return score_of(found) - self._body_penalty

    @property
    def _body_penalty(self) -> int:
        return len({item.path if isinstance(item, BodyMismatch) else item.type for item in self.body})


def score_of(found: Sequence[Sequence[Mismatch]]) -> int:
    """Count the parts in which nothing differs, less those in which something does."""
    return len(found) - 2 * sum(map(bool, found))
