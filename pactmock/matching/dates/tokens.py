"""Date and time patterns of Java's `DateTimeFormatter`, taken apart: runs of one letter, and literal texts.

What a letter says is in `letters`, how it is read in `readers`; here is which patterns there are, and which are refused
with the reference's words (reference/matching.md §8.1).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from pactmock.errors import InvalidRule
from pactmock.matching import budget
from pactmock.matching.dates.letters import LETTERS, Writer, abbreviation, zone_id
from pactmock.matching.texts.rendering import quoted
from pactmock.pact.value import value


@value
class Token:
    """A run of one letter, or a literal text when `letter` is empty."""

    text: str
    letter: str = ""

    @property
    def writer(self) -> Writer:
        """Writes what the token stands for."""
        return LETTERS[self.letter].write(len(self.text)) if self.letter else lambda _moment: self.text


# Like the reference, a quoted text never gives back a quote that it took for `''`. Only a text that is never closed
# can have more quotes after `''`; they are passed at once to take linear time.
_TOKEN = re.compile(r"'((?:[^']|'')++)'|'(')(?:'')*+|(([A-Za-z])\4*)|([^A-Za-z0-9{}\[\]']+)")


def tokenise(pattern: str) -> tuple[Token, ...]:
    """Split a pattern into runs of letters and literals.

    Raises:
        InvalidRule: with the reference's text and what to do about it.
    """
    tokens: list[Token] = []
    position = 0
    while position < len(pattern) or not tokens:
        found = _TOKEN.match(pattern, position)
        if found is None or (found[4] and found[4] not in LETTERS):
            raise InvalidRule(_unreadable(pattern, pattern[position:]))
        tokens.append(_token(pattern, found))
        position = found.end()
    return tuple(tokens)


def _token(pattern: str, found: re.Match[str]) -> Token:
    text, quote, letters, letter, plain = found.groups()
    if letter is None:
        # Inside of quotes, quotes that follow each other are one, however many: so reads the reference.
        return Token(quote or plain or re.sub("'+", "'", text))
    limits = LETTERS[letter].limits
    for most, name in limits:
        if len(letters) > most:
            raise InvalidRule(_too_many(pattern, letters, name, min(limits)[0]))
    return Token(letters, letter)


def _unreadable(pattern: str, rest: str) -> str:
    where = f"at text '{rest}'"
    if rest == pattern:
        where = f"with error - Parsing Error: Nom({quoted(rest)}, IsNot)"
    advice = f"'{rest[:1]}' is not a pattern letter, put literal text in single quotes"
    if rest.startswith("'"):
        advice = "a single quote is not closed, write '' for a quote itself"
    return f"Parsing datetime pattern '{pattern}' failed {where}: {advice if rest else 'it is empty'}"


def _too_many(pattern: str, letters: str, name: str, most: int) -> str:
    count = len(letters)
    return (
        f"Parsing datetime pattern '{pattern}' failed with error - Parsing Failure: "
        f'TooManyPatternLetters("Too many pattern letters for {name}: {count}", {count}): '
        f"at most {most} '{letters[0]}' may stand in a row"
    )


_PIECE = 256
"""How many tokens are written between two looks at the budget."""


def writer(tokens: tuple[Token, ...]) -> Writer:
    """Return the function that writes a moment by a tokenised pattern.

    A moment whose zone has no name that the pattern accepts (`z` for a zone that has only an offset, `V` for a
    fixed offset) is written as the same instant in UTC.
    """
    parts = [token.writer for token in tokens]
    letters = {token.letter for token in tokens}

    def write(moment: datetime) -> str:
        if ("z" in letters and not abbreviation(moment)) or ("V" in letters and not zone_id(moment)):
            moment = moment.astimezone(UTC)
        if len(parts) <= _PIECE:
            return "".join([part(moment) for part in parts])
        spend, texts = budget.current().spend, []
        for start in range(0, len(parts), _PIECE):
            spend(_PIECE)
            texts += [part(moment) for part in parts[start : start + _PIECE]]
        return "".join(texts)

    return write
