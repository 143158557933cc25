"""Warnings about what is written as in a contract, and stands in a pact."""

from __future__ import annotations

from collections.abc import Iterator

from pactmock.pact.warnings import PactWarning
from pactmock.review.subject import Subject, content_of, payload_of

_MATCHER = b'"pact:matcher:type"'


def matchers_in_bodies(subject: Subject) -> Iterator[PactWarning]:
    """Yield the bodies with matchers inside, which in a pact are compared as they stand."""
    for part in subject.parts:
        if _MATCHER in content_of(part):
            yield PactWarning(
                "The body holds 'pact:matcher:type', which in a pact is compared as it stands: write rules under"
                " 'matchingRules', or the whole as a contract in consumer-test form, which has no 'metadata'",
                "matcher_in_body",
                payload_of(part).place,
            )
