"""Patterns of a pact in Python's spelling, as far as that matters for writing texts (reference/matching.md §0.3).

The reference's dialect has `\\h` for a hexadecimal digit, POSIX and property classes, named groups without `P`, and
classes inside of classes. What the translation loses, flags and intersections, costs a few tries more: every text is
checked with the pattern itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_HEX, _LETTERS, _PUNCTUATION = "0-9a-fA-F", "a-zA-Z", r"!-/:-@\[-`{-~"
_CLASSES = {
    "alpha": _LETTERS, "digit": "0-9", "alnum": "0-9" + _LETTERS, "upper": "A-Z", "lower": "a-z", "xdigit": _HEX,
    "space": " ", "blank": " ", "punct": _PUNCTUATION, "word": r"\w", "print": " -~", "graph": "!-~", "ascii": " -~",
    "l": _LETTERS, "letter": _LETTERS, "lu": "A-Z", "ll": "a-z", "latin": _LETTERS, "n": "0-9", "nd": "0-9",
    "p": _PUNCTUATION, "s": "$+<=>^`|~", "sc": "$", "z": " ", "zs": " ",
}  # fmt: skip
_PIECES = {
    "posix": r"\[:\^?\w+:\]",
    "property": r"\\[pP]\{\^?[\w ]+\}",
    "hexadecimal": r"\\[hH]",
    "code": r"\\x\{[0-9a-fA-F]+\}",
    "reference": r"\\k<\w+>",
    "boundary": r"\\[AzZG]",
    "escape": r"\\.",
    "named": r"\(\?<(?=\w)",
    "flags": r"\(\?[imx]*(?:-[imx]+)?[:)]",
    "opening": r"\[\^?\]?",
    "closing": r"\]",
}
_DIFFERENCES = re.compile("|".join(f"(?P<{name}>{piece})" for name, piece in _PIECES.items()), re.DOTALL)


def python_spelling(pattern: str) -> str:
    """Translate a pattern; what is not known stays, and whoever reads it finds that it is no pattern."""
    depth = 0

    def rewrite(found: re.Match[str]) -> str:
        nonlocal depth
        kind, piece = found.lastgroup or "", found[0]
        if kind == "opening":
            depth += 1
            return piece if depth == 1 else r"\]" * piece.endswith("]")
        if kind == "closing":
            depth = max(0, depth - 1)
            # The brackets inside of a class only unite, and so does leaving them out.
            return "" if depth else piece
        return _REWRITERS[kind](piece, depth > 0)

    return _DIFFERENCES.sub(rewrite, pattern)


def _class(piece: str, name: str, *, negated: bool, inside: bool) -> str:
    characters = _CLASSES.get(name.strip().lower())
    if characters is None:
        return piece
    if not inside:
        return f"[{'^' * negated}{characters}]"
    if not negated:
        return characters
    listed = re.compile(f"[{characters}]")
    return "".join(re.escape(chr(code)) for code in range(0x20, 0x7F) if not listed.match(chr(code)))


def _reference(piece: str, _inside: bool) -> str:
    name = piece[3:-1]
    return f"\\{name}" if name.isdigit() else f"(?P={name})"


def _flags(piece: str, _inside: bool) -> str:
    # Only the flag for comments changes what a text looks like; Python wants it to stand first.
    if piece.endswith(":"):
        return "(?:"
    return "(?x)" if "x" in piece.partition("-")[0] else ""


_REWRITERS: dict[str, Callable[[str, bool], str]] = {
    "posix": lambda piece, inside: _class(piece, piece.strip("[:^]"), negated="^" in piece, inside=inside),
    "property": lambda piece, inside: _class(
        piece, piece[3:-1].lstrip("^"), negated=("^" in piece) != (piece[1] == "P"), inside=inside
    ),
    "hexadecimal": lambda piece, inside: _class(piece, "xdigit", negated=piece == r"\H", inside=inside),
    "code": lambda piece, _inside: re.escape(chr(int(piece[3:-1], 16))),
    "reference": _reference,
    "boundary": lambda _piece, _inside: "",
    "escape": lambda piece, _inside: r"\n" if piece == r"\R" else piece,
    "named": lambda _piece, _inside: "(?P<",
    "flags": _flags,
}
