"""Query strings: names to lists of values, where a value may be missing (`?a`) (reference/matching.md §1.5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from pactmock.pact.json.values import Json, compact

Query: TypeAlias = Mapping[str, tuple[str | None, ...]]
"""Parameter name to its values in order; None stands for a parameter without `=`."""


_WATCHED = 256


def pieces(text: str) -> list[str]:
    """Split a query text, decoded, but with its order and its empty pieces, as V1 compares it."""
    return list(map(decode, text.split("&")))


def parse(text: str, watch: Callable[[int], None] | None = None) -> dict[str, tuple[str | None, ...]] | None:
    """Parse what stands after the `?`. No text, and a text without parameters, is no query at all (None).

    `watch` is called with the number of parameters that are read next, a few hundred at a time; it may raise.
    """
    if not text:
        return None
    query: dict[str, list[str | None]] = {}
    for number, piece in enumerate(text.split("&")):
        if watch is not None and number % _WATCHED == 0:
            watch(_WATCHED)
        if piece:
            name, equals, value = piece.partition("=")
            query.setdefault(decode(name), []).append(decode(value) if equals else None)
    return {name: tuple(values) for name, values in query.items()} or None


def decode(text: str) -> str:
    """Decode a name or a value; what is not UTF-8 then stays as it is."""
    if "%" not in text and "+" not in text:
        return text
    from urllib.parse import unquote_to_bytes  # late: few queries have what is encoded

    try:
        return unquote_to_bytes(text.replace("+", " ")).decode()
    except UnicodeDecodeError:
        return text


def from_text(value: Json) -> Query | None:
    """Read the `query` of a V1 to V2 file: a text; anything else is no query."""
    return parse(value) if isinstance(value, str) else None


def from_text_or_map(value: Json) -> Query | None:
    """Read the `query` of a V3 or V4 file: a text, or a map of names to a value or a list of values."""
    if not isinstance(value, dict):
        return from_text(value)
    query: dict[str, tuple[str | None, ...]] = {}
    for name, given in value.items():
        items = given if isinstance(given, list) else (given,)
        # Items that are not text: the reference takes the JSON of the whole list for each (§11 row 34, F).
        query[name] = tuple(item if isinstance(item, str) or item is None else compact(item) for item in items)
    return query or None


def to_map(query: Query) -> dict[str, list[str | None]]:
    """Write a query for V3 and V4."""
    return {name: list(values) for name, values in query.items()}


def to_text(query: Query) -> str:
    """Write a query for V1 to V2: sorted by name, everything but letters, digits and `-` encoded.

    Names are encoded and other characters go as UTF-8, which the reference does not do (§11 row 33, F).
    """
    return "&".join(
        _encode(name) if value is None else f"{_encode(name)}={_encode(value)}"
        for name in sorted(query)
        if name
        for value in query[name]
    )


def _encode(text: str) -> str:
    return "".join(_ENCODED[byte] for byte in text.encode())


_ENCODED = [
    chr(byte) if (chr(byte).isalnum() and byte < 0x80) or byte == ord("-") else "+" if byte == 0x20 else f"%{byte:02x}"
    for byte in range(256)
]
