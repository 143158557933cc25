"""Content codings: bodies that are compressed on their way, as their `Content-Encoding` says (RFC 9110, section 8.4).

The reference does not look at that header (reference/matching.md §11 row 71, F).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import TypeAlias

from pactmock.pact.headers import Headers, find

Codings: TypeAlias = tuple[str, ...]
"""Names in lower case, in the order in which they were applied."""

KNOWN = frozenset({"gzip", "x-gzip", "deflate"})
UNREAD = frozenset({"br", "zstd", "compress", "x-compress", "dcb", "dcz"})
"""What clients send too, and there is no library for here."""

MOST = 5
"""How many are undone or applied, one upon another: nobody needs as many, and a header has room for thousands."""

_CHUNK = 64 * 1024
_ZLIB_OR_GZIP = zlib.MAX_WBITS | 32
_GZIP = zlib.MAX_WBITS | 16
_RAW = -zlib.MAX_WBITS


class NotDecodable(Exception):
    """Why a body is not what its `Content-Encoding` says, in a few words."""


def codings_of(headers: Headers) -> Codings:
    """Return what headers say that was done to a body; `identity` is nothing."""
    values = find(headers, "Content-Encoding") if headers else None
    if values is None:
        return ()
    names = (name.strip().lower() for name in ",".join(values).split(","))
    return tuple(name for name in names if name not in {"", "identity"})


def are_known(codings: Codings) -> bool:
    """Tell whether these can be undone and applied."""
    return len(codings) <= MOST and KNOWN.issuperset(codings)


def decode(content: bytes, codings: Codings, watch: Callable[[int], None]) -> bytes:
    """Undo codings of which all are known; `watch` is told how many bytes there are so far, and may raise.

    Raises:
        NotDecodable: when the body is not coded so.
    """
    for name in reversed(codings):
        try:
            content = _inflate(content, _ZLIB_OR_GZIP, watch)
        except zlib.error as error:
            if name != "deflate":
                raise NotDecodable(_reason(error)) from None
            content = _inflate_raw(content, watch)
    return content


def _inflate_raw(content: bytes, watch: Callable[[int], None]) -> bytes:
    """Decode what many servers and clients send as `deflate`: without the frame that it has by the book."""
    try:
        return _inflate(content, _RAW, watch)
    except zlib.error as error:
        raise NotDecodable(_reason(error)) from None


def _inflate(content: bytes, window: int, watch: Callable[[int], None]) -> bytes:
    made = bytearray()
    while True:
        stream = zlib.decompressobj(window)
        rest = content
        while not stream.eof:
            piece = stream.decompress(rest, _CHUNK)
            if not piece and not stream.unconsumed_tail and not stream.eof:
                raise zlib.error("it ends too early")
            made += piece
            watch(len(made))
            rest = stream.unconsumed_tail
        content = stream.unused_data
        if not content.strip(b"\0"):  # gzip may have several members, and zeros behind them
            return bytes(made)


def _reason(error: zlib.error) -> str:
    # Without the beginning, which is as in `Error -3 while decompressing data: incorrect header check`.
    return str(error).rpartition(": ")[2]


def encode(content: bytes, codings: Codings) -> bytes:
    """Apply codings of which all are known; the same content is the same bytes each time."""
    for name in codings:
        content = zlib.compress(content, wbits=zlib.MAX_WBITS if name == "deflate" else _GZIP)
    return content


def is_coded(content: bytes, codings: Codings) -> bool:
    """Tell whether a body is coded so, as one that was recorded as bytes; not by a `deflate` without its frame.

    Of that, nobody could tell it from a text. The beginning tells: a small body may become one that fills the memory.
    """
    piece = content[:_CHUNK]
    for _ in codings:
        stream = zlib.decompressobj(_ZLIB_OR_GZIP)
        try:
            piece = stream.decompress(piece, _CHUNK)
        except zlib.error:
            return False
        if not piece and not stream.eof:
            return False
    return True
