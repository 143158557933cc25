"""Warnings about redirections, which the provider's verification follows."""

from __future__ import annotations

from collections.abc import Iterator

from pactmock.pact.model import Response
from pactmock.pact.warnings import PactWarning
from pactmock.review.subject import Subject

_FOLLOWED = frozenset({301, 302, 303, 307, 308})


def followed_redirects(subject: Subject) -> Iterator[PactWarning]:
    """Yield the responses that send the verifier elsewhere: it compares what it finds there."""
    for part in subject.answered:
        if isinstance(part, Response) and part.status in _FOLLOWED:
            yield PactWarning(
                f"The provider's verification follows a redirection, and holds what it finds there against this"
                f" {part.status}: leave the interaction out of it (`--filter-description`), and test it in another way",
                "redirect_followed",
                (*part.place, "status"),
            )
