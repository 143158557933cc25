"""A body, which can be missing, null, empty or present, and its forms in pact files (reference/matching.md §1.6, §1.7).

The four states differ in what they ask of a request: a missing body does not care, a null or empty one wants none,
a present one is compared.
"""

from __future__ import annotations

import base64
import binascii
import re
from enum import Enum

from pactmock.errors import NotJson
from pactmock.pact.json.values import Json, compact, compact_bytes, parse, to_text
from pactmock.pact.parts import content_type as types
from pactmock.pact.parts.charset import Charset, charset_of, decode, encode, encode_json, to_utf8
from pactmock.pact.parts.content_type import ContentType
from pactmock.pact.value import value

ABSENT = object()
"""Stands for a key that is not in the file, as opposed to one whose value is null."""

_HINTS = frozenset({"BINARY", "TEXT", "DEFAULT"})
V4_MEMBERS = frozenset({"content", "contentType", "encoded", "contentTypeHint"})


class BodyState(Enum):
    """What is known of a body."""

    MISSING = "missing"
    NULL = "null"
    EMPTY = "empty"
    PRESENT = "present"


_PRESENT = BodyState.PRESENT  # as a name of its own it is found in a tenth of the time


@value
class Body:
    """The bytes of a body as they go over the wire, with the type stored beside them, if any."""

    state: BodyState
    content: bytes = b""
    content_type: ContentType | None = None
    hint: str | None = None

    @property
    def is_present(self) -> bool:
        return self.state is _PRESENT

    def __str__(self) -> str:
        if not self.is_present:
            return self.state.value.capitalize()
        kind = f", {self.content_type}" if self.content_type else ""
        return f"Present({len(self.content)} bytes{kind})"

    def text(self) -> str | None:
        """Return the content as text, or None when it is not UTF-8."""
        try:
            return self.content.decode()
        except UnicodeDecodeError:
            return None


MISSING = Body(BodyState.MISSING)
NULL = Body(BodyState.NULL)
EMPTY = Body(BodyState.EMPTY)


def present(content: bytes, content_type: ContentType | None = None, hint: str | None = None) -> Body:
    """Make a body of some bytes; no bytes are an empty body."""
    return Body(_PRESENT, content, content_type, hint) if content else EMPTY


def from_v3(value: Json, header_type: ContentType | None) -> Body:
    """Read the `body` of a V1 to V3 file, `ABSENT` where there is none (§1.6).

    Raises:
        InvalidPact: when the charset of the type cannot hold it.
    """
    if value is ABSENT:
        return MISSING
    if value is None:
        return NULL
    if not isinstance(value, str):
        return present(_wire(compact_bytes(value), header_type, charset_of(header_type)))
    return _from_v3_text(value, header_type) if value else EMPTY


def _from_v3_text(text: str, header_type: ContentType | None) -> Body:
    content_type = header_type or types.sniff_text(text)
    charset = charset_of(content_type)
    if content_type.is_json:
        # `100` and `[1]` are JSON strings too under a JSON type (§11 row 32, K), and so is `say "hi"` (row 73, F).
        document = text.encode() if _is_document(text) else compact_bytes(text)
        return present(encode_json(document, charset), content_type)
    if content_type.is_text:
        return present(encode(text, charset), content_type)
    decoded = decode_base64(text)
    return present(text.encode() if decoded is None else decoded)


def _wire(content: bytes, content_type: ContentType | None, charset: Charset) -> bytes:
    """Return what goes over the wire of a text in UTF-8."""
    if charset is None:
        return content
    is_json = content_type is not None and content_type.is_json
    return encode_json(content, charset) if is_json else encode(content.decode(), charset)


def _is_document(text: str) -> bool:
    """Tell whether a text under a JSON type is a document itself: a JSON string or object."""
    try:
        return isinstance(parse(text), str | dict)
    except NotJson:
        return False


def is_json(content: bytes, content_type: ContentType) -> bool:
    """Tell whether a body is JSON: by its type, or as an object where a query of GraphQL would be a text."""
    if not content_type.is_graphql:
        return content_type.is_json
    try:
        return isinstance(parse(content), dict)
    except NotJson:
        return False


def to_v3(body: Body, content_type: ContentType, *, is_declared: bool, charset: Charset = None) -> Json:
    """Write a body for V1 to V3: `ABSENT` for a missing one (§1.6).

    `is_declared` says whether a header or metadata name the type; else whoever reads it guesses from the content.
    """
    content = to_utf8(body.content, charset, is_json=True) if content_type.is_json else b""
    if _STARTS_A_STRING.match(content):
        try:
            return _json_string(parse(content), is_declared)
        except NotJson:
            return encode_base64(body.content)
    value = to_value(body, content_type, charset)
    if is_declared and isinstance(value, str) and not content_type.is_text and decode_base64(value) is not None:
        return encode_base64(body.content)  # whatever is base64 is read as that, also what is a text by chance (§1.6)
    return value


_STARTS_A_STRING = re.compile(rb'\s*"')


def to_value(body: Body, content_type: ContentType, charset: Charset = None) -> Json:
    """Return what a body is as JSON: `ABSENT` for a missing one, a document, a text, or bytes in base64."""
    if not body.is_present:
        return {BodyState.MISSING: ABSENT, BodyState.NULL: None, BodyState.EMPTY: ""}[body.state]
    if is_json(body.content, content_type):
        try:
            return parse(to_utf8(body.content, charset, is_json=True))
        except NotJson:
            return encode_base64(body.content)
    text = decode(body.content, charset)
    return encode_base64(body.content) if text is None else text


def _json_string(text: str, is_declared: bool) -> str:
    """Write a JSON string plainly where everybody reads that as it, and else with its quotes (§11 row 73, F).

    The reference puts a plain text in quotes as it is, whatever is in it.
    """
    quoted = compact(text)
    is_found = is_declared or types.sniff_text(text).is_json
    return text if is_found and text and quoted == f'"{text}"' and not _is_document(text) else quoted


def from_v4(value: Json, header_type: ContentType | None) -> Body:
    """Read the `body` or `contents` of a V4 file (§1.7).

    Raises:
        InvalidPact: when the charset of the type cannot hold it.
    """
    if value is ABSENT:
        return MISSING
    if value is None:
        return NULL
    if isinstance(value, dict) and "content" in value:
        return _from_v4_object(value, header_type)
    if isinstance(value, dict) and value.keys() <= V4_MEMBERS:
        return MISSING
    content = compact_bytes(value)
    content_type = header_type or types.sniff_start(content)
    return present(_wire(content, content_type, charset_of(header_type)), content_type)


def _from_v4_object(value: dict[str, Json], header_type: ContentType | None) -> Body:
    given = value.get("contentType")
    declared = (types.parse(given) if isinstance(given, str) else None) or header_type
    content = value["content"]
    if content is None:
        # A null of JSON is sent as a document; without a type there is nothing to send (§11 row 31, F).
        return Body(BodyState.NULL, b"null", declared) if declared is not None and declared.is_json else NULL
    charset = charset_of(header_type) or charset_of(declared)
    raw = _decode_v4_content(content, value.get("encoded", False), declared, charset)
    hint = value.get("contentTypeHint")
    if hint is not None:
        hint = hint if hint in _HINTS else "DEFAULT"
    return present(raw, declared or types.sniff_start(raw), hint)


def _decode_v4_content(content: Json, encoded: Json, declared: ContentType | None, charset: Charset) -> bytes:
    text = to_text(content)
    if isinstance(encoded, str) and encoded.lower() == "base64":
        decoded = decode_base64(text)
        return text.encode() if decoded is None else decoded
    is_document = encoded is False and declared is not None and declared.is_json and content != ""
    return _wire(compact_bytes(content) if is_document else text.encode(), declared, charset)


def to_v4(
    body: Body,
    content_type: ContentType,
    *,
    is_declared: bool,  # noqa: ARG001  it is written here
    charset: Charset = None,
) -> Json:
    """Write a body for V4: `ABSENT` for a missing one (§1.7).

    `content_type` is the type found for the part; the reference writes `*/*` for an untyped response body
    (§11 row 61, F), drops a null body, and writes a JSON null so that it is read as one (row 31, F).
    """
    if body.state is BodyState.MISSING:
        return ABSENT
    if body.state is BodyState.NULL:
        if body.content_type is not None:
            return {"content": None, "contentType": str(body.content_type), "encoded": False}
        # Under a JSON type, an object with this content would be read as the JSON null.
        return None if content_type.is_json else {"content": None}
    if body.state is BodyState.EMPTY:
        return {"content": ""}
    written = {"contentType": str(content_type), **_encode_v4_content(body, content_type, charset)}
    return written | ({"contentTypeHint": body.hint} if body.hint else {})


def _encode_v4_content(body: Body, content_type: ContentType, charset: Charset) -> dict[str, Json]:
    if is_json(body.content, content_type):
        try:
            document = parse(to_utf8(body.content, charset, is_json=True))
        except NotJson:
            return {"content": encode_base64(body.content), "encoded": "base64"}
        # As content, "" stands for an empty body and null for none: documents that say so go as JSON text.
        if document is None or document == "":
            return {"content": compact_bytes(document).decode(), "encoded": "json"}
        return {"content": document, "encoded": False}
    # As a text, the reference would send a query of GraphQL in quotes (§11 row 69, F), and any text as UTF-8 (row 70,
    # F). XML it reads as UTF-8 in either form.
    goes_as_bytes = body.hint == "BINARY" or content_type.is_binary or content_type.is_graphql
    text = None if goes_as_bytes else decode(body.content, charset)
    if text is None or (charset and not content_type.is_xml and text.encode() != body.content):
        return {"content": encode_base64(body.content), "encoded": "base64"}
    return {"content": text, "encoded": False}


def decode_base64(text: str) -> bytes | None:
    """Decode standard base64, or return None when the text is not base64."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def encode_base64(content: bytes) -> str:
    """Encode as standard base64 text."""
    return base64.b64encode(content).decode()
