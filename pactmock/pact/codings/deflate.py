"""The codings of zlib: `gzip` and `deflate`."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from pactmock.pact.codings.coding import CHUNK, Coding, EndsTooEarly, NotDecodable

_ZLIB_OR_GZIP = zlib.MAX_WBITS | 32
_GZIP = zlib.MAX_WBITS | 16
_RAW = -zlib.MAX_WBITS


def _framed(content: bytes) -> Iterator[bytes]:
    return _inflated(content, _ZLIB_OR_GZIP)


def _deflated(content: bytes) -> Iterator[bytes]:
    """Decode `deflate` as it is by the book, and as many servers and clients send it: without its frame."""
    try:
        zlib.decompressobj(_ZLIB_OR_GZIP).decompress(content, CHUNK)
    except zlib.error:
        return _inflated(content, _RAW)
    return _inflated(content, _ZLIB_OR_GZIP)


def _inflated(content: bytes, window: int) -> Iterator[bytes]:
    while True:
        stream = zlib.decompressobj(window)
        rest = content
        while not stream.eof:
            try:
                piece = stream.decompress(rest, CHUNK)
            except zlib.error as error:
                # Without the beginning, which is as in `Error -3 while decompressing data: incorrect header check`.
                raise NotDecodable(str(error).rpartition(": ")[2]) from None
            if not piece and not stream.unconsumed_tail and not stream.eof:
                raise EndsTooEarly
            yield piece
            rest = stream.unconsumed_tail
        content = stream.unused_data
        if not content.strip(b"\0"):  # gzip may have several members, and zeros behind them
            return


GZIP = Coding(_framed, lambda content: zlib.compress(content, wbits=_GZIP))
DEFLATE = Coding(_deflated, zlib.compress)
