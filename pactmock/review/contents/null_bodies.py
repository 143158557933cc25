"""Warnings about bodies that are a JSON null, which the reference takes for none.

See reference/matching.md §11 row 31, F.
"""

from __future__ import annotations

from collections.abc import Iterator

from pactmock.pact.parts.body import BodyState
from pactmock.pact.warnings import PactWarning
from pactmock.review.subject import Subject, content_of, payload_of

_AS_TEXT = '{"content": "null", "encoded": "json"}'


def null_bodies(subject: Subject) -> Iterator[PactWarning]:
    """Yield the bodies that are the JSON null here, and are read as no body by the provider's verification."""
    for part in subject.parts:
        if content_of(part) != b"null":
            continue
        sent = payload_of(part)
        if not sent.content_type.is_json:
            continue
        if sent.body.state is BodyState.NULL:
            advice = f"write it as {_AS_TEXT}, or leave the body out if none is meant"
        elif subject.version.write_body(sent.body, sent.content_type, is_declared=True) is None:
            advice = "write the pact in V4, or expect a document that has the null in it"
        else:
            continue
        text = f"The provider's verification takes a body that is null for one that is not there: {advice}"
        yield PactWarning(text, "null_body", sent.place)
