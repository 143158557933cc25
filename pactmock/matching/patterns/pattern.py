"""Regular expressions of a pact: whole-text matches in the dialect of the reference (reference/matching.md §0.3).

The `regex` package runs them, and this is the one module that imports it. It takes a timeout, so that a pattern like
`(a|aa)+$` is given up and does not hang the service. Its dialect is close to Oniguruma's; `oniguruma.py` covers what
differs.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from functools import lru_cache
from math import inf
from typing import Any

from pactmock.errors import InvalidRule
from pactmock.matching import budget
from pactmock.matching.budget import Budget, OutOfBudget
from pactmock.matching.patterns import oniguruma
from pactmock.matching.patterns.group import NotAPatternError
from pactmock.pact.value import value

_FIRST_TRY_SECONDS = 0.002
"""Enough for nearly every pattern. Nobody looks at the clock of the thread for that, nor lets go of the interpreter."""

_STEPS, _QUICK_STEPS = 64, 8
"""What one text costs of the steps after which the clock is looked at, and one that is surely done quickly."""

_QUICK_CHOICES = 50_000
"""How many ways through a text take a millisecond or less."""

_FIXED_REPEAT = re.compile(r"\{[0-9]+\}")
_CHOICE = re.compile(r"[*+?{|]")

_MOST_CALLING = 0.05
"""How many seconds a pattern may use whose groups call groups: one that never ends takes 35 MB in these."""

_LEAST_SHARE = 0.1
"""When so little is left of what a pattern may use, it is not tried again."""


@value
class Pattern:
    """A compiled pattern; `text` is as the pact has it."""

    text: str
    _compiled: Any
    size: int = 1
    """How many pieces it has when all that must be repeated is written out."""
    _most_seconds: float | None = None
    _quick_up_to: int = 0
    """The length of texts on which it cannot take long, so that no clock is needed: that costs more than the match."""

    def matches(self, text: str) -> bool:
        """Tell whether the whole text matches.

        Raises:
            OutOfBudget: when that takes more than half of what is left of the current budget.
        """
        return self._run(self._compiled.fullmatch, text) is not None

    def problem(self, text: str) -> str | None:
        """Return None when the whole text matches, else why it does not; raises as `matches` does."""
        return None if self.matches(text) else f"Expected '{text}' to match '{self.text}'"

    def search(self, text: str) -> Any:
        """Return the first match anywhere in a text, or None; generators replace what was found.

        Raises:
            OutOfBudget: when that takes more than half of what is left of the current budget.
        """
        return self._run(self._compiled.search, text)

    def _run(self, work: Callable[..., Any], text: str) -> Any:
        given = budget.current()
        if len(text) <= self._quick_up_to:
            given.spend(_QUICK_STEPS)
            return work(text)
        given.spend(_STEPS)
        try:
            return work(text, timeout=_FIRST_TRY_SECONDS, concurrent=False)
        except TimeoutError:
            pass
        try:
            return self._persist(work, text, given)
        except MemoryError:
            raise OutOfBudget(
                f"'{cut(self.text)}' was given up on '{cut(text)}' as it takes too much memory: simplify the pattern"
            ) from None

    def _persist(self, work: Callable[..., Any], text: str, given: Budget) -> Any:
        """Try again with half of what is left, so that something remains for other patterns.

        The timeout of the package is one of the whole process, whose clock runs faster while other threads work too.
        """
        share = min(given.left / 2, self._most_seconds or inf)
        used, haste = 0.0, 1.0
        while used < share * (1 - _LEAST_SHARE):
            own, whole = time.thread_time(), time.process_time()
            try:
                return work(text, timeout=(share - used) * haste, concurrent=not given.tentative)
            except TimeoutError:
                spent = time.thread_time() - own
                used += spent
                haste = min(_MOST_HASTE, (time.process_time() - whole) / spent if spent else _MOST_HASTE)
        raise OutOfBudget(
            f"'{cut(self.text)}' was given up on '{cut(text)}' after {_FIRST_TRY_SECONDS + used:.2g} second(s) of work:"
            " simplify the pattern"
        )

    def __repr__(self) -> str:
        return f"<Pattern {self.text!r}>"


def _quick_up_to(pattern: str) -> int:
    """Return the length of texts for which a pattern without groups has few ways to match, from any of their places.

    Without groups nothing is repeated twice, so each repeat multiplies the ways by the length at the most. What only
    looks like one, as it is escaped or in a set, is counted too.
    """
    if "(" in pattern:
        return 0
    choices = len(_CHOICE.findall(_FIXED_REPEAT.sub("", pattern)))
    return int(_QUICK_CHOICES ** (1 / (choices + 1)))


_MOST_HASTE = 4.0
"""How much longer a timeout may be for the sake of other threads, which may stop to work at any time."""

_SHOWN_CHARACTERS = 100


def cut(text: str) -> str:
    """Return the beginning of a text, for a sentence that names it."""
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}..."


@lru_cache(maxsize=8192)
def compile_pattern(text: str) -> Pattern:
    """Compile a pattern once for the whole process.

    Raises:
        InvalidRule: with the position and the reason.
    """
    import regex  # late: it takes as long as twenty of our own modules, and many pacts have no pattern

    try:
        rewritten = oniguruma.rewrite(text)
        compiled = regex.compile(rewritten.text, regex.MULTILINE | regex.VERSION1)
        return Pattern(text, compiled, rewritten.size, _MOST_CALLING if rewritten.calls else None, _quick_up_to(text))
    except (regex.error, NotAPatternError) as error:
        raise InvalidRule(f"'{cut(text)}' is not a valid regular expression - {error}") from None
    except RecursionError:
        raise InvalidRule(f"'{text[:100]}...' is not a valid regular expression - it is nested too deep") from None
