"""Warnings about JSON that stands in a text."""

from __future__ import annotations

from collections.abc import Iterator

from pactmock.errors import NotJson
from pactmock.pact.json_value import parse
from pactmock.pact.specification import named
from pactmock.pact.warnings import PactWarning
from pactmock.review.subject import Payload, Subject, payload_of

_SHOWN = 60


def lists_in_texts(subject: Subject) -> Iterator[PactWarning]:
    """Yield the bodies of V1 to V3 that are a list in a text: a JSON string, while an object in a text is an object."""
    if named(subject.bound.pact.specification).typed_interactions:
        return
    for payload in map(payload_of, subject.parts):
        text = _list_in(payload)
        if text is not None:
            yield PactWarning(
                f"The body is a text that holds a list, {text[:_SHOWN]!r}, and so a text is what is compared: write the"
                " list itself, without quotes around it",
                "list_in_text",
                payload.place,
            )


def _list_in(payload: Payload) -> str | None:
    if not payload.body.content.startswith(b'"[') or not payload.content_type.is_json:
        return None
    try:
        text = parse(payload.body.content)
        return text if isinstance(parse(text), list) else None
    except NotJson:
        return None
