"""What is said of the pacts that were written, as values: one in a line, what cannot be read, a page of both."""

from __future__ import annotations

from pactmock.pact.documents.summary import PactSummary
from pactmock.pact.value import value


@value
class KeptPact:
    """A pact that was written: what it holds, the name of its file, and when that was; seconds since 1970."""

    summary: PactSummary
    file: str
    written: float


@value
class Unread:
    """What may be a pact and cannot be read, with one sentence why."""

    file: str
    problem: str


@value
class PactPage:
    """Some of what is kept, sorted by file; `total` counts all, and `next` is the offset to go on from, if any."""

    pacts: tuple[KeptPact, ...]
    unread: tuple[Unread, ...]
    total: int
    next: int | None
