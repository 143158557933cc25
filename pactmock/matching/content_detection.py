"""What a body really is, for the `contentType` rule (reference/matching.md §4.8)."""

from __future__ import annotations

import filetype

from pactmock.pact import content_type as types


def problem(content: bytes, expected: str) -> str | None:
    """Return None when the content is of the expected type, else what was detected instead."""
    detected = detect(content)
    if detected == expected or _is_equivalent(expected, detected):
        return None
    return f"Expected binary contents to have content type '{expected}' but detected contents was '{detected}'"


def detect(content: bytes) -> str:
    """Name the type from a file signature; where there is none, text is looked at as §4.2 does."""
    signature = filetype.guess_mime(content) if content else None
    if signature is not None:
        return str(signature)
    return str((_is_text(content) and types.sniff_start(content)) or types.OCTET_STREAM)


def _is_equivalent(expected: str, detected: str) -> bool:
    wanted, found = types.parse(expected), types.parse(detected)
    return wanted is not None and found is not None and found.is_text and wanted.is_equivalent_to(found)


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return False
    return all(character.isprintable() or character.isspace() for character in text)
