"""What a body really is, for the `contentType` rule (reference/matching.md §4.8)."""

from __future__ import annotations

import re

import filetype

from pactmock.pact import content_type as types


def problem(content: bytes, expected: str) -> str | None:
    """Return None when the content is of the expected type, else what was detected instead."""
    signature = _signature(content)
    if signature is not None:
        return None if signature == expected else _detected(expected, signature)
    if b"\0" in content:
        return None if expected == str(types.OCTET_STREAM) else _detected(expected, str(types.OCTET_STREAM))
    if expected == str(types.TEXT):
        return None
    found = types.sniff_start(content) or types.TEXT
    wanted = types.parse(expected)
    fits = wanted is not None and wanted.is_equivalent_to(found)
    return None if fits else _detected(expected, str(found))


def _detected(expected: str, detected: str) -> str:
    return f"Expected binary contents to have content type '{expected}' but detected contents was '{detected}'"


_TEXT_SIGNATURES = (
    (re.compile(rb"\s*<\?xml", re.IGNORECASE), "text/xml"),
    (
        re.compile(
            rb"\s*<(?:!doctype html|html|head|body|script|iframe|h1|div|font|table|a|style|title|b|br|p)[ >]",
            re.IGNORECASE,
        ),
        "text/html",
    ),
    (re.compile(rb"#!"), "text/x-shellscript"),
)
"""Signatures of texts that the reference's library knows and ours does not."""


def _signature(content: bytes) -> str | None:
    if not content:
        return None
    found = next((name for start, name in _TEXT_SIGNATURES if start.match(content)), None)
    return found or filetype.guess_mime(content)
