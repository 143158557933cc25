"""What is said of requests that came after a test was told that all matched.

A test that ends before its client does is a bug that nobody sees: what the client still sends meets a mock server that
is gone, or the next test. It changes no verdict, neither the one that was given nor the next: there it counts as any.
"""

from __future__ import annotations

from collections.abc import Iterator

from pactmock.pact.warnings import PactWarning
from pactmock.server.records.journal import Journal


def late_requests(journal: Journal) -> Iterator[PactWarning]:
    """Yield one warning for all requests that came after the verdict."""
    if journal.first_after_verdict is None:
        return
    method, path, seconds = journal.first_after_verdict
    others = f", and {journal.after_verdict - 1} more" if journal.after_verdict > 1 else ""
    yield PactWarning(
        f"{method} {path} came {how_long(seconds)} after the verdict{others}: a test may have ended before its client"
        " did; have it wait for what it started, or forget what came (DELETE .../requests) before the next test",
        "late_request",
    )


def how_long(seconds: float) -> str:
    """Say how late something came."""
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
