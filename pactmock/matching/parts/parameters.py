"""Values with parameters, as `text/html; charset=utf-8`, of headers and of metadata (reference/matching.md §5.3).

A media type and the values of parameters are compared in any case, whether these are in quotes or not (RFC 9110; §11
row 77, F), and parameters in any order. More than are expected are fine.
"""

from __future__ import annotations

import re

_PIECE = re.compile(r'(?:[^;"]|"(?:[^"\\]|\\.)*"?)+')
_ESCAPED = re.compile(r"\\(.)")


def parameter_problems(kind: str, name: str, expected: str, actual: str, index: int | None) -> list[str]:
    """Compare two values with parameters; there is a text for each expected parameter that differs.

    `kind` is the word in the text, `header` or `metadata`; `index` is None for a single value.
    """
    at_index = "" if index is None else f" at index {index}"
    text = f"Expected {kind} '{name}'{at_index} to have value '{expected}' but was '{actual}'"
    wanted_value, wanted = _split(expected)
    received_value, received = _split(actual)
    if wanted_value != received_value:
        return [text]
    return [text for key, value in wanted.items() if received.get(key) != value]


def _split(value: str) -> tuple[str, dict[str, str]]:
    pieces = [piece.strip() for piece in _PIECE.findall(value) if piece.strip()] or [""]
    pairs = (piece.partition("=") for piece in pieces[1:])
    parameters = {key.strip().lower(): _plain(item.strip()) for key, equals, item in pairs if equals}
    return pieces[0].lower() if "/" in pieces[0] else pieces[0], parameters


def _plain(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = _ESCAPED.sub(r"\1", value[1:-1])
    return value.lower()
