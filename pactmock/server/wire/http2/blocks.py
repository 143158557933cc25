"""Blocks of headers: bounded before they are decoded, and written without Huffman's code.

hpack does both in Python, and in reading only stops at a number of bytes.

A header can take one byte, so that a block within its bytes could hold twenty thousand of them, or one of a million
letters in Huffman's code, and keep everybody waiting for a tenth of a second. To look where each one ends takes little
of that, and stops at the bounds.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hpack import Decoder, Encoder
from hpack.exceptions import HPACKDecodingError, OversizedHeaderListError
from hpack.struct import HeaderTuple

_BITS_OF_A_SIZE = 5
_LITERAL_PREFIXES = ((0x40, 6), (0x20, _BITS_OF_A_SIZE), (0x00, 4))
"""By which bit a field begins that is no index, and how many bits of a number follow it (RFC 7541, section 6)."""


class PlainEncoder(Encoder):
    """Writes what is not indexed as it is: Huffman's code takes a time that grows with the square of a value's length.

    Answers name the origin that asks, so that a client can have values written that are as long as it likes.
    """

    def encode(self, headers: Iterable[Any], huffman: bool = False) -> bytes:  # noqa: ARG002
        """Write a block; that h2 does not ask for another code changes nothing."""
        return super().encode(headers, huffman=False)


class BoundedDecoder(Decoder):
    """A decoder that takes blocks of so many headers, and decodes none that has more."""

    def __init__(self, most_headers: int, most_bytes: int) -> None:
        super().__init__(most_bytes)
        self._most_headers = most_headers
        self._most_coded_bytes = most_bytes // 2  # who codes them does it to make them fewer

    def decode(self, data: bytes, raw: bool = False) -> Iterable[HeaderTuple]:
        """Decode a block.

        Raises:
            OversizedHeaderListError: when it holds too much.
            HPACKDecodingError: when it is none.
        """
        if len(data) > self._most_headers:  # each takes a byte at the least
            check(data, self._most_headers, self._most_coded_bytes)
        return super().decode(data, raw)


def check(block: bytes, most_headers: int, most_coded_bytes: int) -> None:
    """See whether a block is within its bounds, of which a new size of the table counts as a header.

    Raises:
        OversizedHeaderListError: when it is not.
        HPACKDecodingError: when it is none.
    """
    at, count, coded = 0, 0, 0
    while at < len(block):
        at, more = _end_of_field(block, at)
        count, coded = count + 1, coded + more
        if count > most_headers or coded > most_coded_bytes:
            raise OversizedHeaderListError("a block holds more headers, or more that is coded, than is taken")


def _end_of_field(data: bytes, at: int) -> tuple[int, int]:
    """Return where the field ends that begins there, and how many bytes of it are in Huffman's code."""
    first = data[at]
    if first & 0x80:
        return _number(data, at, 7)[1], 0
    bits = next(bits for bit, bits in _LITERAL_PREFIXES if first & bit or not bit)
    index, at = _number(data, at, bits)
    if bits == _BITS_OF_A_SIZE:
        return at, 0
    coded = 0
    if not index:
        at, coded = _end_of_string(data, at)
    at, more = _end_of_string(data, at)
    return at, coded + more


def _end_of_string(data: bytes, at: int) -> tuple[int, int]:
    length, begin = _number(data, at, 7)
    return begin + length, length if data[at] & 0x80 else 0


def _number(data: bytes, at: int, bits: int) -> tuple[int, int]:
    """Read a number, of which as many bits stand in the first byte; return it, and where it ends."""
    most = (1 << bits) - 1
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
