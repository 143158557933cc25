"""Reads Huffman's code of HPACK a byte at a time: hpack reads it by halves of one, which takes three times as long.

The table says what each byte means behind each beginning of a letter. It is made of that of hpack, a row when it is
needed: all of it would be four megabytes, and the loop would stand for as long as the longest block takes.
"""

from __future__ import annotations

from typing import Any

from hpack.exceptions import HPACKDecodingError
from hpack.huffman_table import HUFFMAN_COMPLETE, HUFFMAN_EMIT_SYMBOL, HUFFMAN_FAIL, HUFFMAN_TABLE

_Row = list[tuple[Any, bytes]]
"""For each byte the row of what follows it, and the letters that it ends. It is empty until it is needed."""

_HALVES = 16
_ROWS: list[_Row] = [[] for _ in range(len(HUFFMAN_TABLE) // _HALVES)]
_NUMBERS = {id(row): number for number, row in enumerate(_ROWS)}
_NOTHING: _Row = []
_NOTHING.extend([(_NOTHING, b"")] * 256)
"""The row behind what is no code."""

_LAST = frozenset({0, *(number for number, flags, _ in HUFFMAN_TABLE if flags & HUFFMAN_COMPLETE)})
"""The rows behind which a text may end: what has begun there is padding."""


def decode(coded: bytes) -> bytes:
    """Return the text.

    Raises:
        HPACKDecodingError: when it is none.
    """
    row, letters = _ROWS[0], []
    for byte in coded:
        row, more = (row or _filled(row))[byte]
        letters.append(more)
    if _NUMBERS.get(id(row)) not in _LAST:
        raise HPACKDecodingError("a text is not in Huffman's code")
    return b"".join(letters)


def _filled(row: _Row) -> _Row:
    number, filled = _NUMBERS[id(row)], _Row()
    for byte in range(256):
        middle, flags, letter = HUFFMAN_TABLE[number * _HALVES + byte // _HALVES]
        letters = [letter] if flags & HUFFMAN_EMIT_SYMBOL else []
        end, more_flags, letter = HUFFMAN_TABLE[middle * _HALVES + byte % _HALVES]
        letters += [letter] if more_flags & HUFFMAN_EMIT_SYMBOL else []
        filled.append((_NOTHING if (flags | more_flags) & HUFFMAN_FAIL else _ROWS[end], bytes(letters)))
    row[:] = filled  # at once: loops of other threads read by it, too
    return row
