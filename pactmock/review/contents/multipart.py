"""Warnings about multipart bodies that the provider's verification compares otherwise.

See reference/matching.md §11 rows 66 and 67, F.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pactmock.matching.bodies.reading import Unreadable
from pactmock.matching.compiling import compile_category
from pactmock.matching.parts.part import Part
from pactmock.matching.rule_set import NO_RULES
from pactmock.pact.model import MessageContents, content_type_of
from pactmock.pact.warnings import PactWarning
from pactmock.review.subject import Part as PactPart
from pactmock.review.subject import Subject, payload_of

if TYPE_CHECKING:
    from pactmock.matching.bodies.mime_parts import MimePart


def repeated_parts(subject: Subject) -> Iterator[PactWarning]:
    """Yield what the provider sends of which several parts have one name."""
    for part in subject.answered:
        for mime in _parts(part):
            if mime.name and mime.occurrence == 1:
                text = (
                    f"The provider's verification compares all parts called '{mime.name}' with one of them, and refuses"
                    " the others: give each a name of its own"
                )
                yield PactWarning(text, "multipart_repeated", payload_of(part).place)


def fields_with_rules(subject: Subject) -> Iterator[PactWarning]:
    """Yield the fields of what the provider sends that are JSON or XML, with rules for what is in them."""
    for part in subject.answered:
        fields = [mime for mime in _parts(part) if not mime.is_file] if part.matching_rules else []
        if not fields:
            continue
        from pactmock.matching.bodies.multipart import is_document

        body_rules = compile_category(part.matching_rules, "body")
        for mime in fields:
            if body_rules.rooted_at(mime.key) is not NO_RULES and is_document(mime, body_rules):
                text = (
                    f"The provider's verification compares the field '{mime.key}' as a text, and knows no rules for"
                    f" what is in it: send it as a file, with a filename, or write one rule for its text at {mime.path}"
                )
                yield PactWarning(text, "multipart_field", payload_of(part).place)


def _parts(part: PactPart) -> Sequence[MimePart]:
    if isinstance(part, MessageContents) or not content_type_of(part).is_multipart or not part.body.is_present:
        return ()
    sent = payload_of(part)
    from pactmock.matching.bodies.mime_parts import take_apart  # late, like what else few bodies need

    try:
        return take_apart(Part(sent.body, sent.content_type, part.headers))
    except Unreadable:
        return ()
