"""Warnings about JSON that stands in a text."""

from __future__ import annotations

from collections.abc import Iterator

from pactmock.errors import NotJson
from pactmock.pact.json.values import parse
from pactmock.pact.specification import named
from pactmock.pact.warnings import PactWarning
from pactmock.review.subject import Payload, Subject, content_of, payload_of

_SHOWN = 60


def lists_in_texts(subject: Subject) -> Iterator[PactWarning]:
    """Yield the bodies of V1 to V3 that are a list in a text: a JSON string, while an object in a text is an object."""
    for part in subject.parts:
        text = _list_in(payload_of(part)) if content_of(part).startswith(b'"[') else None
        if text is not None and not named(subject.bound.pact.specification).typed_interactions:
            yield PactWarning(
                f"The body is a text that holds a list, {text[:_SHOWN]!r}, and so a text is what is compared: write the"
                " list itself, without quotes around it",
                "list_in_text",
                payload_of(part).place,
            )


def _list_in(payload: Payload) -> str | None:
    if not payload.content_type.is_json:
        return None
    try:
        text = parse(payload.body.content)
        return text if isinstance(parse(text), list) else None
    except NotJson:
        return None
