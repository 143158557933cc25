"""Path expressions: where in a body a matching rule or a generator applies (reference/matching.md §2.1).

jsonpath-ng parses them. Pact allows names that it does not (`$.a-b`, `$.#text`, `Content-Type` without a root) and
forbids much that it does, so names and indexes are first taken out: `$.a-b[7].*` is the shape `$['0'][1].*` with the
name `a-b` and the index 7. A shape is parsed once, however many expressions have it. What has no shape is diagnosed
character by character, with the reference's texts.
"""

from __future__ import annotations

import re
from dataclasses import field
from enum import Enum
from functools import cache, lru_cache
from typing import Any, TypeAlias

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
        """The number of steps, the root counted as one; the empty expression has none and stands for everything."""
        return len(self.tokens) + 1 if self.text else 0

    def __str__(self) -> str:
        return self.text


EVERYTHING = PathExpression("", ())
"""The empty expression, which matches every path with the least weight."""

ROOT = PathExpression("$", ())

_IDENTIFIER = r"[\w\-:#@]+"
_QUOTED = r"(?:\\[\\']|[^'])+"
_STEP = re.compile(rf"\.(\*)|\.({_IDENTIFIER})|\['({_QUOTED})'\]|\[(\d{{1,19}})\]|(\[\*\])")
_are_names = re.compile(rf"\$(?:\.{_IDENTIFIER})+").fullmatch
_IMPLICIT_ROOT = re.compile(r"[^\W_][\w\-:#@]*")
_PLAIN_NAME = re.compile(r"[_A-Za-z][_A-Za-z0-9]*")


def parse(text: str) -> PathExpression:
    """Parse an expression; the last few thousand are known to the whole process.

    Raises:
        InvalidRule: with the reference's text, which holds the expression and a character index.
    """
    name = text[2:]
    if name.isidentifier() and text.isascii() and text.startswith("$."):  # it is read sooner than it is looked up
        return PathExpression(text, (name,))
    known = _KNOWN.get(text)
    if known is None:
        known = PathExpression(text, tuple(text.split(".")[1:])) if _are_names(text) else _parse(text)
        remember(known)
    return known


def _parse(text: str) -> PathExpression:
    if not text:
        return EVERYTHING
    shape, taken = _take_apart(text)
    tokens = (taken[token] if isinstance(token, int) else token for token in _parse_shape(shape))
    return PathExpression(text, tuple(tokens))


def remember(path: PathExpression) -> None:
    """Know an expression from now on, also one that was made and not parsed: who writes it into a file reads it again.

    A test run that wrote its contracts reads them in the end, and would load a parser for what it knows.
    """
    if len(_KNOWN) >= _MOST_KNOWN:
        _KNOWN.clear()
    _KNOWN[path.text] = path


_KNOWN: dict[str, PathExpression] = {}
_MOST_KNOWN = 4096
"""Then all are forgotten at once, in 0.3 milliseconds; to forget one at a time would make each dearer to note."""


def of_name(name: str) -> PathExpression:
    """Make the expression of one literal field, as the header and query rules of a V3 file are keyed (§1.9)."""
    return of_tokens((name,))


def spelled(text: str, tokens: tuple[Token, ...]) -> PathExpression:
    """Return the expression that a text is, where it reads back as just these tokens, and else the one they write."""
    try:
        path = parse(text)
    except InvalidRule:
        return of_tokens(tokens)
    return path if path.tokens == tokens else of_tokens(tokens)


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


def _take_apart(text: str) -> tuple[str, list[str | int]]:
    """Split an expression into its shape, `$['0'][1][*]`, and the names and indexes that stand at these numbers."""
    position, steps, taken = 1, ["$"], list[str | int]()
    if text[0] != "$":
        root = _IMPLICIT_ROOT.match(text)
        if root is None:
            raise InvalidRule(f'Path expression "{text}" does not start with a root marker "$"')
        steps.append("['0']")
        taken.append(root[0])
        position = root.end()
    while position < len(text):
        found = _STEP.match(text, position)
        if found is None:
            raise InvalidRule(_diagnose(text, position))
        star, name, quoted, index, star_index = found.groups()
        if star or star_index:
            steps.append(_STAR if star else "[*]")
        else:
            steps.append(f"['{len(taken)}']" if index is None else f"[{len(taken)}]")
            taken.append(int(index) if index else name or _ESCAPED.sub(r"\1", quoted))
        position = found.end()
    return "".join(steps), taken


_ESCAPED = re.compile(r"\\([\\'])")

# jsonpath-ng has one node for `.*` and `[*]`, so the first goes as a name that no number is.
_STAR = "['*.']"


@cache
def _parser() -> Any:
    from jsonpath_ng.parser import JsonPathParser  # late, as all of it: many pacts have no expression

    return JsonPathParser()


@lru_cache(maxsize=4096)
def _parse_shape(shape: str) -> tuple[int | Wildcard, ...]:
    """Parse a shape; its tokens are the numbers of what was taken out, and wildcards. Most pacts have few shapes."""
    from jsonpath_ng.exceptions import JSONPathError
    from jsonpath_ng.jsonpath import Child, Fields, Index

    try:
        tree = _parser().parse(shape)
    except JSONPathError as error:
        raise InvalidRule(f'Path expression of the form "{shape}" cannot be parsed: {error}') from None
    steps: list[int | Wildcard] = []
    while isinstance(tree, Child):
        node = tree.right
        if isinstance(node, Index):
            steps.append(int(node.indices[0]))
        elif isinstance(node, Fields):
            name = str(node.fields[0])
            steps.append(int(name) if name.isdigit() else Wildcard.ANY)
        else:
            steps.append(Wildcard.ANY_INDEX)
        tree = tree.left
    return tuple(reversed(steps))


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
