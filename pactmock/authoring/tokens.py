"""The words of a definition expression, and the texts inside its quotes (reference/matching.md §9.1, §9.2).

A text is read word by word as the grammar asks for the next one, so an expression that is wrong costs no more than
what comes before the mistake.
"""

from __future__ import annotations

import re
from enum import Enum

from pactmock.errors import InvalidRule
from pactmock.pact.digits import integer_of
from pactmock.pact.value import value


class TokenKind(Enum):
    """What a word is."""

    TEXT = "a text in quotes"
    DECIMAL = "a decimal number"
    INTEGER = "an integer"
    NAME = "a name"
    MARK = "a bracket, a comma or a dollar"
    OTHER = "something that no expression has"
    END = "the end"


@value
class Token:
    """One word, as it is written, and the index of its first character."""

    kind: TokenKind
    text: str
    start: int


# A quote after a backslash goes on with the text, unless the text would then have no end: `'C:\'` is one.
# Carriage returns are white space, which they are not in the reference (§11 row 51, F).
_TOKEN = re.compile(
    r"""
    [ \t\n\f\r]*+
    (?:
      (?P<TEXT> '(?:[^'\\]|\\.)*+' | '[^']*+' )
    | (?P<DECIMAL> -?[0-9]++\.[0-9]+ )
    | (?P<INTEGER> -?[0-9]++ )
    | (?P<NAME> [A-Za-z]+ )
    | (?P<MARK> [(),$] )
    | (?P<OTHER> \.[0-9]+ | '.* | . )
    | (?P<END> \Z )
    )
    """,
    re.VERBOSE | re.DOTALL,
)
# Integers of 64 bits, signed or not.
_SMALLEST, _LARGEST = -(2**63), 2**64 - 1


def read(text: str, position: int) -> tuple[Token, int]:
    """Read the word at a position; the answer is the word, and where the next one is looked for."""
    found = _TOKEN.match(text, position)
    assert found is not None and found.lastgroup is not None  # noqa: S101, PT018 - END matches where nothing else does
    kind = TokenKind[found.lastgroup]
    written = found[found.lastgroup]
    if kind is TokenKind.INTEGER and not _SMALLEST <= integer_of(written) <= _LARGEST:
        kind = TokenKind.OTHER
    return Token(kind, written, found.start(found.lastgroup)), found.end()


_SHOWN = 60


def error(text: str, start: int, headline: str, advice: str = "") -> InvalidRule:
    """Make the error for a place in an expression: the reference's headline, then the column and the text around it."""
    first, last = max(0, start - _SHOWN), start + _SHOWN
    before, after = "…" if first else "", "…" if last < len(text) else ""
    return InvalidRule(f"{headline}\nat column {start + 1} of {before}{text[first:last]}{after}{advice}")


def plain(token: Token) -> str:
    r"""Return a text as it is between its quotes; only `\'` stands for something else, a quote.

    The reference keeps the backslash there, and strips quotes off the ends of the text itself (§11 row 51, F).
    """
    return _PAIR.sub(lambda found: "'" if found[0] == r"\'" else found[0], token.text[1:-1])


_PAIR = re.compile(r"\\.", re.DOTALL)


def decoded(text: str, token: Token) -> str:
    r"""Return a text with its escapes decoded; a pair that is none, such as `\d`, stays as it is (§9.2).

    Raises:
        InvalidRule: for an escape `\u` that names no character.
    """

    def replace(found: re.Match[str]) -> str:
        braced, four, bare, other = found.groups()
        if bare:
            raise _bad_escape(text, token, "")
        if other is not None:
            return _ESCAPES.get(other, found[0])
        return _character(text, token, four if braced is None else braced)

    return _ESCAPE.sub(replace, token.text[1:-1])


_ESCAPE = re.compile(r"\\(?:u\{([^}]*)\}|u([^{].{3})|(u)|(.))", re.DOTALL)
_ESCAPES = {"\\": "\\", "'": "'", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_HEXADECIMAL = re.compile("[0-9A-Fa-f]+")
_MOST_HEXADECIMAL = 8
_LAST_CHARACTER, _SURROGATES = 0x10FFFF, range(0xD800, 0xE000)


def _character(text: str, token: Token, digits: str) -> str:
    if not digits:
        raise _bad_escape(text, token, ": cannot parse integer from empty string")
    if not _HEXADECIMAL.fullmatch(digits):
        raise _bad_escape(text, token, ": invalid digit found in string")
    if len(digits.lstrip("0")) > _MOST_HEXADECIMAL:
        raise _bad_escape(text, token, ": number too large to fit in target type")
    code = int(digits, 16)
    return "\N{REPLACEMENT CHARACTER}" if code > _LAST_CHARACTER or code in _SURROGATES else chr(code)


def _bad_escape(text: str, token: Token, reason: str) -> InvalidRule:
    return error(text, token.start, f"Error: Invalid unicode character escape sequence{reason}")
