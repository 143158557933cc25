"""Warnings about texts in another charset than UTF-8, which the provider's verification knows nothing of.

See reference/matching.md §11 row 70, F.
"""

from __future__ import annotations

from collections.abc import Iterator

from pactmock.errors import NotJson
from pactmock.pact.json.values import compact_bytes, parse
from pactmock.pact.model import MessageContents, message_charset, part_charset
from pactmock.pact.parts.charset import Charset
from pactmock.pact.parts.content_type import ContentType
from pactmock.pact.warnings import PactWarning
from pactmock.review.subject import Subject, payload_of


def other_charsets(subject: Subject) -> Iterator[PactWarning]:
    """Yield the texts that the verifier sends and compares as UTF-8, whatever their type says, and that differ in that.

    V4 has them in base64, which it takes as they are; but not JSON and XML, nor what there are rules for.
    """
    for part in subject.parts:
        charset = message_charset(part) if isinstance(part, MessageContents) else part_charset(part)
        if charset is None:
            continue
        sent = payload_of(part)
        is_document = sent.content_type.is_json or sent.content_type.is_xml
        as_bytes = subject.version.typed_interactions and not is_document
        is_ruled = part in subject.answered and bool(part.matching_rules.get("body"))
        may_differ = sent.body.is_present and (is_ruled or not as_bytes)
        if may_differ and not _is_the_same(sent.body.content, sent.content_type, charset):
            advice = (
                "use charset=utf-8" if is_document or is_ruled else "use charset=utf-8, or have the pact written in V4"
            )
            text = f"The provider's verification takes this text for UTF-8, whatever charset its type names: {advice}"
            yield PactWarning(text, "charset", sent.place)


def _is_the_same(text: bytes, content_type: ContentType, charset: Charset) -> bool:
    """Tell whether a text in UTF-8 is the same bytes in its charset."""
    try:
        document = compact_bytes(parse(text)) if content_type.is_json else text
        return document.decode().encode(charset or "utf-8") == document
    except (NotJson, UnicodeError):
        return False
