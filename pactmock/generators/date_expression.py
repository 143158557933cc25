"""Date and time expressions, such as `next monday + 2 weeks @ noon` (reference/matching.md §7.7).

An expression is compiled once into the changes that it makes to a moment. Unlike in the reference no token is passed
over in silence: `now x` is an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from functools import lru_cache
from typing import TypeVar

from pactmock.errors import InvalidRule
from pactmock.generators import calendar_steps as steps
from pactmock.generators.date_words import DATE, DIRECTIONS, HALVES, OPERATORS, TIME, Change, Grammar, repeat
from pactmock.matching import budget
from pactmock.pact.value import value

T = TypeVar("T")


@value
class DateExpression:
    """A compiled expression. Two are equal when their texts are."""

    text: str
    _changes: tuple[Change, ...] = field(compare=False, repr=False)

    def apply(self, moment: datetime) -> datetime:
        """Return the moment that the expression means when it is `moment` now.

        Raises:
            OverflowError: where that is not in the years 1 to 9999.
            OutOfBudget: when nothing is left of the current budget.
        """
        spend = budget.current().spend
        for change in self._changes:
            spend()
            moment = change(moment)
        return moment


@lru_cache(maxsize=4096)
def parse_date(text: str) -> DateExpression:
    """Compile the expression of a Date generator; the empty one changes nothing.

    Raises:
        InvalidRule: with what was expected, and where.
    """
    return DateExpression(text, _parse(text, 0, len(text), DATE))


@lru_cache(maxsize=4096)
def parse_time(text: str) -> DateExpression:
    """Compile the expression of a Time generator, as `parse_date` does."""
    return DateExpression(text, _parse(text, 0, len(text), TIME))


@lru_cache(maxsize=4096)
def parse_date_time(text: str) -> DateExpression:
    """Compile the expression of a DateTime generator: a date, and after the first `@` a time; either may be empty."""
    at = text.find("@")
    if at < 0:
        return DateExpression(text, _parse(text, 0, len(text), DATE))
    return DateExpression(text, _parse(text, 0, at, DATE) + _parse(text, at + 1, len(text), TIME))


def _parse(text: str, start: int, end: int, grammar: Grammar) -> tuple[Change, ...]:
    return _Parser(text, start, end, grammar).parse() if end > start else ()


@value
class _Token:
    """A word, a number or something else; the empty text stands for the end."""

    text: str
    start: int
    number: int | None = None


class _Parser:
    """Reads one date or one time, which is a range of the whole text."""

    def __init__(self, text: str, start: int, end: int, grammar: Grammar) -> None:
        self.text = text
        self.grammar = grammar
        tokens = []
        while found := grammar.tokens.match(text, start, end):
            start = found.end()
            # Like the reference, which counts in 64 bits, and so that no text takes long to read.
            number = int(found["number"]) if found["number"] and len(found["number"]) < 20 else None
            piece = found[found.lastgroup or 0]
            tokens.append(_Token(piece, start - len(piece), number))
        self.tokens = [*tokens, _Token("", end)]
        self.position = 0

    @property
    def token(self) -> _Token:
        return self.tokens[self.position]

    def parse(self) -> tuple[Change, ...]:
        changes = [self._start()] if self.token.text not in OPERATORS else []
        follows = "+ or -"
        while self.token.text:
            sign = self._take(OPERATORS, follows)
            count = self._number("an integer value")
            changes.append(repeat(self._take(self.grammar.units, self.grammar.a_unit), sign * count))
            follows = "no more tokens"
        return tuple(changes)

    def _start(self) -> Change:
        token, grammar = self.token, self.grammar
        if token.text in DIRECTIONS:
            direction = self._take(DIRECTIONS, grammar.a_start)
            return repeat(self._take(grammar.offsets, grammar.an_offset), direction)
        if grammar.clock and token.text.isdecimal():
            said = self.token
            hour = self._number("hour 1 to 12")
            self._take({"o'clock": None}, "o'clock")
            if not 1 <= hour <= 12:
                raise _expected("hour 1 to 12", self.text, said)
            if not self.token.text or self.token.text in OPERATORS:
                return steps.next_o_clock(hour)
            return self._take(HALVES, "am, pm, + or -")(hour)
        return self._take(grammar.bases, grammar.a_start)

    def _number(self, what: str) -> int:
        number = self.token.number
        if number is None:
            raise _expected(what, self.text, self.token)
        self.position += 1
        return number

    def _take(self, words: Mapping[str, T], what: str) -> T:
        token = self.token
        if token.text not in words:
            raise _expected(what, self.text, token)
        self.position += 1
        return words[token.text]


def _expected(what: str, text: str, token: _Token) -> InvalidRule:
    """Make the error; its first line is the reference's, and the others point at the place."""
    shown = "".join(" " if character.isspace() else character for character in text)
    mark = "^" * max(1, len(token.text))
    return InvalidRule(
        f"Error: Expected {what}\n  {shown}\n  {' ' * token.start}{mark} Expected {what} here, at character"
        f" {token.start + 1} of the expression"
    )
