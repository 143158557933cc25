"""Warnings about bodies of forms that are JSON in the pact, which no client sends under that type."""

from __future__ import annotations

from collections.abc import Iterator

from pactmock.pact.model import content_type_of
from pactmock.pact.warnings import PactWarning
from pactmock.review.subject import Subject, payload_of


def json_forms(subject: Subject) -> Iterator[PactWarning]:
    """Yield the bodies of forms that are a JSON object or list."""
    for part in subject.parts:
        if not content_type_of(part).is_form:
            continue
        sent = payload_of(part)
        if sent.body.content[:1] not in {b"{", b"["}:
            continue
        from pactmock.matching.explaining.advice.bodies import form_of  # late: few pacts have forms

        written = form_of(sent.body.content)
        if written is not None:
            text = f"This body is JSON where its type is a form, so that no form is like it: write it as `{written}`"
            yield PactWarning(text, "json_for_form", sent.place)
