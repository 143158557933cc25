"""Path expressions: where in a body a matching rule or a generator applies (reference/matching.md §2.1).

They are read here, a step at a time. Libraries for JSONPath forbid names that Pact allows (`$.a-b`, `$.#text`, no root
as in `Content-Type`), and allow much that it forbids. What is no step is diagnosed character by character, with the
reference's texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field
from enum import Enum
from functools import lru_cache
from typing import TypeAlias

from pactmock.errors import InvalidRule
from pactmock.pact.value import value


class Wildcard(Enum):
    """The two tokens that stand for any step."""

    ANY = "*"
    ANY_INDEX = "[*]"


Token: TypeAlias = str | int | Wildcard
"""A field name, a list index, or a wildcard. The root is not a token: every expression starts there."""


@value
class PathExpression:
    """A parsed expression. Two are equal when their texts are: `Q1` and `$.Q1` are different keys of a file."""

    text: str
    tokens: tuple[Token, ...] = field(compare=False)

    @property
    def length(self) -> int:
        """The number of parts, the root counted; the empty expression has none and stands for everything."""
        return len(self.tokens) + 1 if self.text else 0

    def __str__(self) -> str:
        return self.text


EVERYTHING = PathExpression("", ())
"""The empty expression, which matches every path with the least weight."""

ROOT = PathExpression("$", ())

_IDENTIFIER = r"[\w\-:#@]+"
_QUOTED = r"(?:\\[\\']|[^'])+"
_STEP = re.compile(rf"\.(\*)|\.({_IDENTIFIER})|\['({_QUOTED})'\]|\[(\d{{1,19}})\]|(\[\*\])")
_IMPLICIT_ROOT = re.compile(r"[^\W_][\w\-:#@]*")
_PLAIN_NAME = re.compile(r"[_A-Za-z][_A-Za-z0-9]*")


@lru_cache(maxsize=65536)
def parse(text: str) -> PathExpression:
    """Parse an expression; the result is cached for the whole process.

    Raises:
        InvalidRule: with the reference's text, which holds the expression and a character index.
    """
    if not text:
        return EVERYTHING
    return PathExpression(text, tuple(_tokens(text)))


def of_name(name: str) -> PathExpression:
    """Make the expression of one literal field, as the header and query rules of a V3 file are keyed (§1.9)."""
    return of_tokens((name,))


NAMED = frozenset({"header", "query"})
"""The categories of rules and generators whose keys are names, and no expressions."""


def key_of(path: PathExpression, category: str) -> str:
    """Write an expression as a V3 file keys it in a category: as it is, or as the name that it begins with."""
    return str(path.tokens[0]) if category in NAMED and path.tokens else path.text


def of_tokens(tokens: tuple[Token, ...]) -> PathExpression:
    """Make the expression that these tokens write."""
    return PathExpression("$" + "".join(map(write_token, tokens)), tokens)


def write_token(token: Token) -> str:
    """Write one step: `.name`, `['any text']`, `[0]`, `.*` or `[*]`."""
    if isinstance(token, str):
        if _PLAIN_NAME.fullmatch(token):
            return f".{token}"
        escaped = token.replace("\\", "\\\\").replace("'", "\\'")
        return f"['{escaped}']"
    if isinstance(token, int):
        return f"[{token}]"
    return ".*" if token is Wildcard.ANY else "[*]"


def _tokens(text: str) -> Iterator[Token]:
    position = 1
    if text[0] != "$":
        root = _IMPLICIT_ROOT.match(text)
        if root is None:
            raise InvalidRule(f'Path expression "{text}" does not start with a root marker "$"')
        yield root[0]
        position = root.end()
    while position < len(text):
        step = _STEP.match(text, position)
        if step is None:
            raise InvalidRule(_diagnose(text, position))
        yield _token_of(step)
        position = step.end()


def _token_of(step: re.Match[str]) -> Token:
    star, name, quoted, index, _ = step.groups()
    if star:
        return Wildcard.ANY
    if index:
        return int(index)
    return name or (_ESCAPED.sub(r"\1", quoted) if quoted else Wildcard.ANY_INDEX)


_ESCAPED = re.compile(r"\\([\\'])")


def _diagnose(text: str, position: int) -> str:
    """Say in the reference's words why no step can be read at `position`."""
    character = text[position]
    if character == "." and position + 1 == len(text):
        return f'Expected a path after "." in path expression "{text}" at index {position}'
    if character == ".":
        return f'Expected either a "*" or path identifier in path expression "{text}" at index {position + 1}'
    if character == "[":
        return _diagnose_brackets(text, position)
    if character != "'" and text[position - 1] not in "]*$":
        return f'"{character}" is not allowed in an identifier in path expression "{text}" at index {position}'
    return f'Expected a "." or "[" instead of "{character}" in path expression "{text}" at index {position}'


def _diagnose_brackets(text: str, position: int) -> str:
    where = f'in path expression "{text}" at index'
    rest = text[position + 1 :]
    if not rest:
        return f'Expected a "\'" (single qoute) or a digit in path expression "{text}" after index {position}'
    if rest[0] == "]":
        return f"Empty bracket expressions are not allowed {where} {position + 1}"
    if rest[0] == "'":
        return _diagnose_quoted(text, position + 2)
    for offset, character in enumerate(rest, position + 1):
        if character == "]":
            break
        if not (character.isdigit() or (character == "*" and offset == position + 1)):
            if rest[0] == "*":
                return f'Unterminated brackets, found "{character}" instead of "]" {where} {offset}'
            return f'Indexes can only consist of numbers or a "*", found "{character}" instead {where} {offset}'
    return f"Unterminated brackets {where} {len(text) - 1}"


def _diagnose_quoted(text: str, start: int) -> str:
    where = f'in path expression "{text}" at index'
    if text.startswith("'", start):
        return f"Empty strings are not allowed {where} {start}"
    end = text.find("'", start)
    if end < 0:
        return f"Unterminated string {where} {len(text) - 1}"
    if end + 1 == len(text):
        return f"Unterminated brackets {where} {end}"
    return f'Unterminated brackets, found "{text[end + 1]}" instead of "]" {where} {end + 1}'
