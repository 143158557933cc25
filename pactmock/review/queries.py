"""Warnings about queries that the provider's verification sends otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from pactmock.pact.model import Request
from pactmock.pact.warnings import PactWarning
from pactmock.review.subject import Subject


def parameters_without_value(subject: Subject) -> Iterator[PactWarning]:
    """Yield the parameters that have no value, which the verifier leaves out of its request."""
    for part in subject.asked:
        for name, values in (part.query or {}).items() if isinstance(part, Request) else ():
            if None in values:
                yield PactWarning(
                    f"The provider's verification leaves out the query parameter '{name}' where it has no value: give"
                    " it an empty text, which is met by a parameter without a value too",
                    "parameter_without_value",
                    (*part.place, "query"),
                )
