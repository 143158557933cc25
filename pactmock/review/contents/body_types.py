"""Warnings about content types that a body is said to have, and that the headers beside it do not name.

See reference/matching.md §4.3.
"""

from __future__ import annotations

from collections.abc import Iterator

from pactmock.pact.model import MessageContents, Request, declared_type
from pactmock.pact.parts import content_type as types
from pactmock.pact.parts.content_type import ContentType
from pactmock.pact.parts.headers import find
from pactmock.pact.warnings import PactWarning
from pactmock.review.subject import Subject, ruled_headers


def contradicted_types(subject: Subject) -> Iterator[PactWarning]:
    """Yield the bodies of V4 whose own type is another one than that of the message that they go in.

    A rule for the header may let both pass, so that nothing is said where there is one. The type of what a plugin made
    is up to the plugin.
    """
    for part in () if subject.interaction.plugin_configuration else subject.parts:
        if isinstance(part, MessageContents) or part.body.content_type is None or not part.body.is_present:
            continue
        own, named = part.body.content_type, declared_type(part.headers)
        if named is not None and not _passes(own, named) and "content-type" not in ruled_headers(part):
            yield PactWarning(
                f"The body is said to be {own}, and the header Content-Type says {named}, so that nothing meets both:"
                " write one of them",
                "contradicted_type",
                (*part.place, "body"),
            )


def untyped_bodies(subject: Subject) -> Iterator[PactWarning]:
    """Yield the bodies of V4 whose own type no header tells, where they look like another one."""
    for part in subject.asked:
        if not isinstance(part, Request) or part.body.content_type is None or not part.body.is_present:
            continue
        if find(part.headers, "Content-Type") is None:
            seen = types.sniff_start(part.body.content) or types.sniff_whole(part.body.content)
            if not _passes(part.body.content_type, seen):
                yield PactWarning(
                    "The provider's verification sends this body without a header Content-Type, as which it looks like"
                    f" {seen}: expect the header, with {part.body.content_type}",
                    "untyped_body",
                    (*part.place, "body"),
                )


def _passes(wanted: ContentType, received: ContentType) -> bool:
    return (
        wanted.is_unknown
        or received.is_unknown
        or wanted.is_equivalent_to(received)
        or wanted.is_equivalent_to(received.base_type)
    )
