"""Blocks of headers, read within their bounds, and written without Huffman's code; hpack has their tables.

hpack's own reading stops at a number of bytes only, and costs what its sender likes. A header can take one byte, so a
block could hold twenty thousand of them; letters in Huffman's code are read by halves of a byte; and for each header
that is spelled out, all that follows it is copied three times. Each of these kept everybody waiting for a tenth of a
second. Writing that code takes a time that grows with the square of a text's length.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hpack import Decoder, Encoder
from hpack.exceptions import HPACKDecodingError, InvalidTableSizeError, OversizedHeaderListError
from hpack.struct import HeaderTuple

from pactmock.server.wire.http2 import huffman

_IS_INDEXED, _IS_REMEMBERED, _IS_SIZE, _IS_CODED = 0x80, 0x40, 0x20, 0x80
"""The bits that say what begins: a field by its index, one that gets an index, a size of the table; or a coded text."""

_BYTES_OF_A_HEADER = 32
"""How many bytes a header counts for besides its text (RFC 7541, section 4.1)."""


_MOST_KNOWN, _MOST_KNOWN_BYTES = 32, 128
"""How many blocks are remembered to be written again, and how long they are: one of indexes has a byte or two each."""


class PlainEncoder(Encoder):
    """Writes what is not indexed as it is: answers name the origin that asks, and that is as long as a client likes.

    A block that adds nothing to the table is the same when it is written again, and most answers are sent again.
    """

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[tuple[Any, ...], bytes] = {}

    def encode(self, headers: Iterable[Any], huffman: bool = False) -> bytes:  # noqa: ARG002
        """Write a block; that h2 does not ask for another code changes nothing."""
        lines, table, is_resized = tuple(headers), self.header_table, bool(self.table_size_changes)
        if is_resized:
            self._shorten_changes()
        entries = table.dynamic_entries
        if not is_resized and (known := self._known.get(lines)) is not None:
            return known
        count, newest = len(entries), entries[0] if entries else None
        block = super().encode(lines, huffman=False)
        # What is added stands first, or is too large and empties the table.
        if is_resized or len(entries) != count or (entries and entries[0] is not newest):
            self._known.clear()
        elif len(block) <= _MOST_KNOWN_BYTES:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[lines] = block
        return block

    def _shorten_changes(self) -> None:
        """Have the smallest size said that the table had, and the one that it has (RFC 7541, section 4.2).

        hpack says all of them, also those that its client has taken back, or none if it was told the last one twice.
        """
        self.table_size_changes = sorted({min(self.table_size_changes), self.table_size_changes[-1]})
        self.header_table.resized = True


class BoundedDecoder(Decoder):
    """Reads blocks of so many headers and so many bytes, and of one that holds more no more than that."""

    def __init__(self, most_headers: int, most_bytes: int) -> None:
        super().__init__(most_bytes)
        self._most_headers = most_headers
        self._most_coded_bytes = most_bytes // 2  # who codes them does it to make them fewer
        self._coded_bytes = 0

    def decode(self, data: bytes, raw: bool = False) -> Iterable[HeaderTuple]:  # noqa: ARG002  h2 asks for bytes
        """Read a block; a new size of the table counts as a header (RFC 7541, section 6).

        Raises:
            OversizedHeaderListError: when it holds too much.
            HPACKDecodingError: when it is none.
        """
        headers: list[Any] = []
        self._coded_bytes = at = count = size = 0
        while at < len(data):
            first, count = data[at], count + 1
            if not first & _IS_INDEXED and first & (_IS_REMEMBERED | _IS_SIZE) == _IS_SIZE:
                at = self._resize(data, at, is_first=not headers)
            else:
                header, at = self._header(data, at, first)
                headers.append(header)
                size += len(header[0]) + len(header[1]) + _BYTES_OF_A_HEADER
            if count > self._most_headers or size > self.max_header_list_size:
                raise OversizedHeaderListError("a block holds more headers, or more bytes of them, than is taken")
        if self.header_table_size > self.max_allowed_table_size:
            raise InvalidTableSizeError("a table is larger than it may be")
        return headers

    def _header(self, data: bytes, at: int, first: int) -> tuple[tuple[bytes, bytes], int]:
        """Read the header that begins there; return it, and where it ends."""
        table = self.header_table
        if first & _IS_INDEXED:
            index, at = _number(data, at, 0x7F)
            return table.get_by_index(index), at
        index, at = _number(data, at, 0x3F if first & _IS_REMEMBERED else 0x0F)
        name, at = (table.get_by_index(index)[0], at) if index else self._text(data, at)
        value, at = self._text(data, at)
        if first & _IS_REMEMBERED:
            table.add(name, value)
        return (name, value), at

    def _text(self, data: bytes, at: int) -> tuple[bytes, int]:
        length, begin = _number(data, at, 0x7F)
        text, end = data[begin : begin + length], begin + length
        if len(text) < length:
            raise HPACKDecodingError("a block ends within a header")
        if not data[at] & _IS_CODED:
            return text, end
        self._coded_bytes += length
        if self._coded_bytes > self._most_coded_bytes:
            raise OversizedHeaderListError("a block holds more that is coded than is taken")
        return huffman.decode(text), end

    def _resize(self, data: bytes, at: int, *, is_first: bool) -> int:
        size, at = _number(data, at, 0x1F)
        if size > self.max_allowed_table_size or not is_first:
            raise InvalidTableSizeError("a new size of the table is too large, or stands behind a header")
        self.header_table_size = size
        return at


def _number(data: bytes, at: int, most: int) -> tuple[int, int]:
    """Read a number, of which as much as `most` stands in the first byte; return it, and where it ends."""
    try:
        number = data[at] & most
        at += 1
        if number < most:
            return number, at
        shift = 0
        while True:
            number += (data[at] & 0x7F) << shift
            at += 1
            if not data[at - 1] & 0x80:
                return number, at
            shift += 7
            if shift > 28:
                raise HPACKDecodingError("a number of a block has no end")
    except IndexError:
        raise HPACKDecodingError("a block ends within a header") from None
