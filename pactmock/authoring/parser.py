"""Reads a definition expression word by word: brackets, texts and literals (reference/matching.md §9.1).

What the words mean together is in `pactmock.authoring.definition`.
"""

from __future__ import annotations

from collections.abc import Collection

from pactmock.authoring import tokens
from pactmock.authoring.expression import ValueType
from pactmock.authoring.tokens import Token, TokenKind
from pactmock.errors import InvalidRule
from pactmock.pact.generators import Generator
from pactmock.pact.value import value

MOST_LEVELS = 64
"""How deep expressions may stand inside each other, as they are read by recursion."""

_FROM_STATE = "fromProviderState"


@value
class Example:
    """An example that was read: its text, its type, and the generator of `fromProviderState` where it has one."""

    value: str = ""
    type: ValueType = ValueType.UNKNOWN
    generator: Generator | None = None


NO_EXAMPLE = Example()


class Parser:
    """One expression, and how far it is read. Errors start with the reference's headline (§9.4)."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.level = 0

    @property
    def rest(self) -> str:
        """What has not been read yet."""
        return self.text[self.position :]

    def next(self, wanted: str | None = None) -> Token:
        """Take the next word. `wanted` says what is missing when there is none."""
        token, position = tokens.read(self.text, self.position)
        if wanted is not None and token.kind is TokenKind.END:
            raise self.error(token, f"Error: Expected {wanted}, got the end of the expression")
        self.position = position
        return token

    def at(self, mark: str) -> bool:
        """Tell whether this is the next word."""
        return tokens.read(self.text, self.position)[0].text == mark

    def error(self, token: Token, headline: str, advice: str = "") -> InvalidRule:
        """Make the error for a word."""
        return tokens.error(self.text, token.start, headline, advice)

    def enter(self, token: Token) -> None:
        """Go into an expression inside another one; `leave` comes back out."""
        self.level += 1
        if self.level > MOST_LEVELS:
            raise self.error(token, f"Error: Expressions stand inside each other more than {MOST_LEVELS} levels deep")

    def leave(self) -> None:
        self.level -= 1

    def expect(self, mark: str, missing: str, headline: str) -> None:
        """Take a bracket or a comma; `missing` names it for the end of the text, `headline` for another word there."""
        token = self.next(missing)
        if token.text != mark:
            raise self.error(token, f"{headline}, got '{token.text}'")

    def open(self, missing: str = "'('") -> None:
        """Take an opening bracket."""
        self.expect("(", missing, "Error: Expected an opening bracket")

    def close(self, missing: str = "')'") -> None:
        """Take a closing bracket."""
        self.expect(")", missing, "Error: Expected a closing bracket")

    def comma(self) -> None:
        """Take a comma."""
        self.expect(",", "a comma", "Error: Expected a comma")

    def string(self) -> str:
        """Read a text, with its escapes decoded."""
        token = self.next("a string")
        if token.kind is not TokenKind.TEXT:
            raise self.error(token, f"Error: Expected a string value, got {token.text}")
        return tokens.decoded(self.text, token)

    def string_or_state(self) -> Example:
        """Read a text, or a value of a provider state with an example of any type."""
        return self.primitive() if self.at(_FROM_STATE) else Example(self.string(), ValueType.STRING)

    def primitive(self, *, state: bool = True) -> Example:
        """Read a literal, or where `state` allows it a value of a provider state."""
        return self.literal("a primitive value", tuple(ValueType), state=state)

    def literal(self, wanted: str, types: Collection[ValueType], *, state: bool) -> Example:
        """Read a literal of one of the types."""
        token = self.next(wanted)
        if state and token.text == _FROM_STATE:
            return self._from_state()
        if token.kind is TokenKind.TEXT:
            found: Example | None = Example(tokens.plain(token), ValueType.STRING)
        elif token.kind in _NUMBERS:
            found = Example(token.text, _NUMBERS[token.kind])
        else:
            found = _WORDS.get(token.text)
        if found is None or found.type not in types:
            raise self.error(token, f"Error: Expected {wanted}, got '{token.text}'")
        return found

    def _from_state(self) -> Example:
        self.open()
        expression = self.string()
        self.comma()
        example = self.primitive(state=False)
        self.close()
        attributes = {"expression": expression, "dataType": _DATA_TYPES[example.type]}
        return Example(example.value, example.type, Generator("ProviderState", attributes))


_DATA_TYPES = {
    ValueType.BOOLEAN: "BOOLEAN",
    ValueType.INTEGER: "INTEGER",
    ValueType.DECIMAL: "DECIMAL",
    ValueType.STRING: "STRING",
}

_WORDS = {
    "null": Example("", ValueType.STRING),
    "true": Example("true", ValueType.BOOLEAN),
    "false": Example("false", ValueType.BOOLEAN),
}
_NUMBERS = {TokenKind.INTEGER: ValueType.INTEGER, TokenKind.DECIMAL: ValueType.DECIMAL}
