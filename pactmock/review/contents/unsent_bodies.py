"""Warnings about bodies of responses that HTTP does not send."""

from __future__ import annotations

from collections.abc import Iterator

from pactmock.pact.model import HttpInteraction
from pactmock.pact.warnings import PactWarning
from pactmock.review.subject import Subject

_WITHOUT_BODY = frozenset({204, 304})


def unsent_bodies(subject: Subject) -> Iterator[PactWarning]:
    """Yield the bodies of answers to HEAD, and of statuses that have none: the verification waits for them in vain."""
    item = subject.interaction
    if not isinstance(item, HttpInteraction) or not item.response.body.is_present:
        return
    status, method = item.response.status, item.request.method
    if status in _WITHOUT_BODY or method == "HEAD":
        to_what = f"with status {status}" if status in _WITHOUT_BODY else "to HEAD"
        yield PactWarning(
            f"An answer {to_what} has no body, so that no provider passes the verification: leave the body out",
            "unsent_body",
            (*item.response.place, "body"),
        )
