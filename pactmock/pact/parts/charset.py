"""The charset in which the text of a body goes over the wire: the one that its `Content-Type` names.

The reference takes every text for UTF-8, whatever the type says (reference/matching.md §11 row 70, F). Only charsets in
which documents are written count; under any other, and without one, text is UTF-8.
"""

from __future__ import annotations

import re
from encodings.aliases import aliases
from functools import lru_cache
from typing import TypeAlias

from pactmock.errors import InvalidPact
from pactmock.pact.parts.content_type import ContentType

Charset: TypeAlias = str | None
"""What Python calls a charset; None for UTF-8, and for what is not known."""

_WIDE = frozenset({"utf_16", "utf_16_le", "utf_16_be", "utf_32", "utf_32_le", "utf_32_be"})
"""The charsets in which a letter of ASCII is not the byte of that number."""

_KNOWN = _WIDE | {
    *("ascii", "latin_1", "koi8_r", "koi8_u", "mac_roman", "tis_620"),
    *(f"iso8859_{number}" for number in (*range(2, 12), *range(13, 17))),
    *(f"cp125{number}" for number in range(9)),
    *("cp437", "cp850", "cp852", "cp866", "cp932", "cp949"),
    *("shift_jis", "euc_jp", "iso2022_jp", "gb2312", "gbk", "gb18030", "big5", "big5hkscs", "euc_kr"),
}


def charset_of(content_type: ContentType | None) -> Charset:
    """Return the charset of a text that has this type; what is no text has none."""
    if content_type is None or not content_type.attributes or not content_type.is_text:
        return None
    return charset_named(dict(content_type.attributes).get("charset", ""))


@lru_cache(maxsize=256)
def charset_named(name: str) -> Charset:
    """Return the charset of a name as registered, in any case."""
    normal = name.lower().replace("-", "_")
    found = aliases.get(normal, normal)
    return found if found in _KNOWN else None


def encode(text: str, charset: Charset) -> bytes:
    """Return what goes over the wire of a text.

    Raises:
        InvalidPact: when the charset has no such characters.
    """
    try:
        return text.encode(charset or "utf-8")
    except UnicodeEncodeError as error:
        character = text[error.start]
        raise InvalidPact(
            f"The charset of the Content-Type has no {character!r} (U+{ord(character):04X}): use charset=utf-8, or give"
            " the bytes of the body in base64"
        ) from None


def encode_json(content: bytes, charset: Charset) -> bytes:
    """Return what goes over the wire of a JSON document that is UTF-8: with escapes, so that it is read by anybody."""
    return content if charset is None else _BEYOND_ASCII.sub(_escape, content.decode()).encode(charset)


_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


def _escape(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be").hex()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))


def decode(content: bytes, charset: Charset) -> str | None:
    """Return the text of some bytes, or None when they are none in this charset."""
    try:
        return content.decode(charset or "utf-8")
    except UnicodeDecodeError:
        return None


def to_utf8(content: bytes, charset: Charset, *, is_json: bool = False) -> bytes:
    """Return a text in UTF-8; what is no text in its charset stays as it is.

    JSON is UTF-8 whatever its type says (RFC 8259), so that it is decoded only where it is not.
    """
    if charset is None or (is_json and charset not in _WIDE and decode(content, None) is not None):
        return content
    text = decode(content, charset)
    return content if text is None else text.encode()


def from_utf8(content: bytes, charset: Charset, *, is_json: bool = False) -> bytes:
    """Return what goes over the wire of a text in UTF-8.

    Raises:
        InvalidPact: when the charset has no such characters.
    """
    if charset is None:
        return content
    return encode_json(content, charset) if is_json else encode(content.decode(errors="replace"), charset)
