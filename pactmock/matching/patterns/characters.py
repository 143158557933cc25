"""What stands for one character, or for any of many, in the reference's patterns, in the words of the `regex` package.

Letters after a backslash, names in POSIX brackets and numbers of characters mean the same in both dialects for the most
part; what means more or less is spelled out here (reference/matching.md §0.3).
"""

from __future__ import annotations

import sys

from pactmock.matching.patterns.group import NotAPatternError

_WORD = r"\p{Alphabetic}\p{M}\p{Nd}\p{Pc}"
_HEX = "0-9a-fA-F"
_SETS = {"w": _WORD, "h": _HEX}
_MORE = {"w": "\u00b2\u00b3\u00b9\u00bc\u00bd\u00be"}
"""What is of a set outside of brackets alone: Latin-1 has a table of its own there."""
_PLAIN = {"e": r"\x1b", "z": r"\Z", "Z": r"(?=\n?\Z)", "O": "(?s:.)", "N": r"[^\n]"}
_KNOWN = frozenset("abABdDefGhHkKnNOpPrRsStuvwWxXzZ")
"""The letters that say something after a backslash; any other stands for itself."""
_MISSING = frozenset("yYM")
"""The letters that say what the package has no words for: borders of text segments, bytes with a high bit."""
_BRACKETS = {
    "alnum": r"\p{Alnum}",
    "alpha": r"\p{Alpha}",
    "ascii": r"\x00-\x7f",
    "blank": r"\p{Blank}",
    "cntrl": r"\p{Cc}",
    "digit": r"\p{Nd}",
    "graph": r"\p{Graph}",
    "lower": r"\p{Lower}",
    "print": r"\p{Print}",
    "punct": r"\p{P}\p{S}",
    "space": r"\s",
    "upper": r"\p{Upper}",
    "xdigit": _HEX,
    "word": _WORD,
}


def numbered(code: int) -> str:
    """Write the character of a number.

    Raises:
        NotAPatternError: when there is none.
    """
    if code > sys.maxunicode:
        raise NotAPatternError("too big wide-char value")
    return f"\\U{code:08x}"


def escaped(letter: str, *, in_set: bool) -> str:
    """Rewrite an escape of one letter, in a set or outside of one.

    Raises:
        NotAPatternError: for what the package has no words for.
    """
    if letter in _MISSING:
        raise NotAPatternError(f"pactmock knows no \\{letter}")
    characters = _SETS.get(letter.lower())
    if characters is not None:
        negated = "^" if letter.isupper() else ""
        if in_set:
            return f"[^{characters}]" if negated else characters
        return f"[{negated}{characters}{_MORE.get(letter.lower(), '')}]"
    if letter in _PLAIN and not in_set:
        return _PLAIN[letter]
    if letter == "e":
        return _PLAIN["e"]
    return letter if letter.isascii() and letter.isalpha() and letter not in _KNOWN else f"\\{letter}"


def bracket(negated: str, name: str) -> str:
    """Rewrite a POSIX bracket, as `[:alpha:]`, which stands in a set.

    Raises:
        NotAPatternError: when it has no such name.
    """
    if name not in _BRACKETS:
        raise NotAPatternError("invalid POSIX bracket type")
    return f"[^{_BRACKETS[name]}]" if negated else _BRACKETS[name]
