"""Regular expressions of a pact: whole-text matches in the dialect of the reference (reference/matching.md §0.3).

The `regex` package runs them, and this is the one module that imports it. It lets go of the interpreter lock and
takes a timeout, so that a pattern like `(a+)+$` is a mismatch and not a hung service. Its dialect is close to
Oniguruma's; `oniguruma.py` covers what differs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import regex

from pactmock.errors import InvalidRule
from pactmock.matching import oniguruma

TIMEOUT_SECONDS = 1.0
"""How long one pattern may work on one text."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern; `text` is as the pact has it."""

    text: str
    _compiled: Any

    def problem(self, text: str, shown: str | None = None) -> str | None:
        """Return None when the whole text matches, else why it does not; `shown` stands for the text there."""
        try:
            found = self._compiled.fullmatch(text, timeout=TIMEOUT_SECONDS)
        except TimeoutError:
            return f"'{self.text}' was given up on '{text}' after {TIMEOUT_SECONDS:g} second(s): simplify the pattern"
        return None if found else f"Expected '{text if shown is None else shown}' to match '{self.text}'"

    def search(self, text: str) -> Any:
        """Return the first match anywhere in a text, or None; generators replace what was found.

        Raises:
            TimeoutError: when that takes too long.
        """
        return self._compiled.search(text, timeout=TIMEOUT_SECONDS)

    def __repr__(self) -> str:
        return f"<Pattern {self.text!r}>"


@lru_cache(maxsize=8192)
def compile_pattern(text: str) -> Pattern:
    """Compile a pattern once for the whole process.

    Raises:
        InvalidRule: with the position and the reason.
    """
    try:
        return Pattern(text, regex.compile(oniguruma.rewrite(text), regex.MULTILINE | regex.VERSION1))
    except (regex.error, oniguruma.NotAPatternError) as error:
        raise InvalidRule(f"'{text}' is not a valid regular expression - {error}") from None
    except RecursionError:
        raise InvalidRule(f"'{text[:100]}...' is not a valid regular expression - it is nested too deep") from None
