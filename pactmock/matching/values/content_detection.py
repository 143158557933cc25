"""What a body really is, for the `contentType` rule (reference/matching.md §4.8)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

import filetype

from pactmock.pact.parts import content_type as types


def problem(content: bytes, expected: str) -> str | None:
    """Return None when the content is of the expected type, else what was detected instead."""
    signature = _signature(content) or (str(types.OCTET_STREAM) if b"\0" in content else str(types.TEXT))
    if signature == expected:
        return None
    if signature != str(types.TEXT):
        return _detected(expected, signature)
    found = types.sniff_start(content)
    fits = found is not None and found == types.parse(expected)
    return None if fits else _detected(expected, str(found or types.TEXT))


def _detected(expected: str, detected: str) -> str:
    return f"Expected binary contents to have content type '{expected}' but detected contents was '{detected}'"


def _signature(content: bytes) -> str | None:
    if not content:
        return None
    taken_first = _first(_TAKEN_FIRST, content)
    if taken_first is not None:
        return taken_first
    guessed = filetype.guess_mime(content)
    return _NAMES.get(guessed, guessed) or _first(_TAKEN_LAST, content)


_Signatures: TypeAlias = Sequence[tuple[re.Pattern[bytes], str]]


def _first(signatures: _Signatures, content: bytes) -> str | None:
    return next((name for start, name in signatures if start.match(content)), None)


def _compile(*signatures: tuple[bytes, str]) -> _Signatures:
    return [
        (re.compile(start, re.DOTALL | re.IGNORECASE if b"<" in start else re.DOTALL), name)
        for start, name in signatures
    ]


# What the reference's library (the Rust crate infer) knows and ours does not, in its order.
_TAKEN_FIRST = _compile(
    (rb"\xca\xfe\xba\xbe..(?:[\x01-\xff].|\0[\x2d-\xff])", "application/java"),
    (rb"BC", "application/x-llvm"),
    (rb"[\xce\xcf]\xfa\xed\xfe|\xfe\xed\xfa[\xce\xcf]|\xca\xfe\xba\xbe\0\0\0[\0-\x2c]", "application/x-mach-binary"),
    (rb"dex\n.{32}p", "application/vnd.android.dex"),
    (rb"dey\n.{36}dex\n.{32}p.{23}", "application/vnd.android.dey"),
    (rb"0\x82.|-----BEGIN .", "application/x-x509-ca-cert"),
    (rb"(?:L\x01|d\x86|\0\x02).", "application/x-executable"),
    (rb"QFI\xfb.", "application/x-qemu-disk"),
    (rb".{60}BOOKMOBI", "application/x-mobipocket-ebook"),
    (rb"\0\0\0\x0cjP  \r\n\x87\n\0", "image/jp2"),
    (rb".{8}WEBP", "image/webp"),
    (rb"\xff\n.|\0\0\0\x0cJXL \r\n\x87\n.", "image/jxl"),
    (rb"AT&TFORM.{4}DJV", "image/vnd.djvu"),
    (rb"MC0\.0\0|AC(?:1\.[23]\0|1\.[45]0|2\.10|2\.2[12]|10(?:0[12346]|09|1[2458]|2[147]|3[25]))", "image/vnd.dwg"),
    (rb".{4}ftypM4V", "video/x-m4v"),
    (rb"OggS.{24}OpusHead", "audio/opus"),
    (rb"DSD .", "audio/x-dsf"),
    (rb"MAC .", "audio/x-ape"),
    (rb"PAR2\0PKT.", "application/x-par2"),
    (rb"BZ3v1", "application/vnd.bzip3"),
)
_TAKEN_LAST = _compile(
    (rb".{0,1020}%PDF", "application/pdf"),
    (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (rb".{128}DICM", "application/dicom"),
    (rb"\xc7\x71|\x71\xc7|070701.", "application/x-cpio"),
    (
        rb"[\t\n\f\r ]*<(?:!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|!--)[ >]",
        "text/html",
    ),
    (rb"[\t\n\f\r ]*(?:\xef\xbb\xbf|\xfe\xff|\xff\xfe)?<\?xml", "text/xml"),
    (rb"#!.", "text/x-shellscript"),
)

_NAMES = {
    "image/jpx": "image/jp2",
    "image/apng": "image/png",
    "image/x-icon": "image/vnd.microsoft.icon",
    "image/heic": "image/heif",
    "image/x-xcf": None,
    "audio/mp4": "audio/m4a",
    "application/x-rar-compressed": "application/vnd.rar",
    "application/x-msdownload": "application/vnd.microsoft.portable-executable",
    "application/x-sqlite3": "application/vnd.sqlite3",
    "application/x-deb": "application/vnd.debian.binary-package",
    "application/x-brotli": None,
    "application/x-lzop": None,
}
"""What ours calls otherwise than the reference's; None for what that does not know."""
