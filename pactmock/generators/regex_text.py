"""Texts for a regular expression (reference/matching.md §0.3, last row).

rstr writes them, and this is the one module that imports it. It reads Python's dialect, ignores look-arounds and
word boundaries, and has no limit, so the spelling is translated first, and every text is checked with the pattern
itself before it is used.
"""

from __future__ import annotations

import re
import string
import warnings
from collections.abc import Sequence
from functools import lru_cache
from random import Random
from typing import Any

from rstr.xeger import Xeger, sre_parse  # type: ignore[attr-defined]

from pactmock.generators.maker import CannotGenerate
from pactmock.generators.regex_spelling import python_spelling
from pactmock.matching import budget
from pactmock.matching.budget import Budget, OutOfBudget
from pactmock.matching.patterns.pattern import Pattern, compile_pattern
from pactmock.pact.value import value

MAX_EXTRA_REPEATS = 20
"""How often `x*`, `x+` and `x{n,}` repeat beyond what they must, like in the reference."""

MAX_STEPS = 65_536
"""How many repeats one text may have in all; nested quantifiers multiply."""

TRIES, PATIENCE_SECONDS = 200, 0.1
"""How often, and for how long, a text is looked for that the pattern really matches."""


@value
class RegexTexts:
    """A compiled pattern that writes texts."""

    pattern: Pattern
    _tree: Any

    @property
    def longest(self) -> int:
        """How many characters a text has at the most, roughly."""
        return min(MAX_STEPS, _longest(self._tree)) if self._tree is not None else 0

    def make(self, random: Random) -> str:
        """Return a text that the whole pattern matches.

        Raises:
            CannotGenerate: when none was found.
            OutOfBudget: when nothing is left of the current budget.
        """
        if self._tree is None:
            raise CannotGenerate(f"texts for '{self.pattern.text}' cannot be made, only matched")
        given = budget.current()
        patience = Budget(min(PATIENCE_SECONDS, given.left))
        for _ in range(TRIES):
            text = _write(self._tree, random)
            try:
                with patience:
                    if self.pattern.problem(text) is None:
                        return text
                    patience.check()
            except OutOfBudget:
                if given.tentative:
                    raise
                break
        given.check()
        raise CannotGenerate(f"no text was found that '{self.pattern.text}' matches")


@lru_cache(maxsize=4096)
def compile_texts(pattern: str) -> RegexTexts:
    """Compile a pattern; the result is cached for the whole process.

    Raises:
        InvalidRule: with the position and the reason, when it is no regular expression.
    """
    compiled = compile_pattern(pattern)
    # Python warns of spellings that it may read otherwise one day; the check of each text covers that.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return RegexTexts(compiled, sre_parse.parse(python_spelling(pattern)))
        except (re.error, OverflowError, RecursionError):
            return RegexTexts(compiled, None)


def _longest(tree: Any) -> int:
    """Add up what the pieces of a pattern write; whatever is no repeat, group or choice writes a character or none."""
    total = 0
    for kind, found in tree:
        name = str(kind)
        if name.endswith("_REPEAT"):
            least, most, inner = found
            total += (least + MAX_EXTRA_REPEATS if most > _WRITTEN_LIMIT else most) * _longest(inner)
        elif name == "SUBPATTERN":
            total += _longest(found[-1])
        elif name == "BRANCH":
            total += max(map(_longest, found[1]), default=0)
        elif name == "ATOMIC_GROUP":
            total += _longest(found)
        else:
            total += 1
    return total


def _write(tree: Any, random: Random) -> str:
    try:
        return _Writer(random).write(tree)
    except (LookupError, RecursionError, ValueError):
        raise CannotGenerate("the pattern refers to a group that has no text yet, or allows no character") from None


_PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))
_ALPHABETS = {
    "whitespace": " ",  # a line break would end a header
    "nonwhitespace": _PRINTABLE[1:],
    "nondigits": "".join(sorted(set(_PRINTABLE) - set(string.digits))),
    "nonword": "".join(sorted(set(string.punctuation + " ") - {"_"})),
}
_WRITTEN_LIMIT = 2**31
"""Larger limits are how the parser says that there is none."""


class _Writer(Xeger):
    """rstr with printable texts, sorted choices (a seed must count in any process) and limits."""

    def __init__(self, random: Random) -> None:
        super().__init__(random, **_ALPHABETS)
        self._steps = MAX_STEPS
        self._spend = budget.current().spend
        self._cases = {
            **self._cases,
            "any": lambda _: random.choice(_PRINTABLE),
            "not_literal": lambda code: random.choice(_PRINTABLE.replace(chr(code), "")),
            "range": lambda ends: map(chr, range(ends[0], min(ends[1], ends[0] + 0xFFF) + 1)),
            "possessive_repeat": lambda value: self._handle_repeat(*value),
            "atomic_group": self._build_string,
            "assert": lambda _: "",
        }

    def write(self, tree: Any) -> str:
        return self._build_string(tree)

    def _build_string(self, parsed: Any) -> str:
        self._spend(len(parsed))
        return super()._build_string(parsed)

    def _handle_in(self, value: Any) -> str:
        return self._random.choice(_choices(tuple(value)))

    def _handle_repeat(self, start_range: int, end_range: int, value: Any) -> str:
        if end_range > _WRITTEN_LIMIT:
            end_range = start_range + MAX_EXTRA_REPEATS
        times = self._random.randint(start_range, end_range)
        self._steps -= times
        if self._steps < 0:
            raise CannotGenerate("the texts of the pattern are too long")
        return "".join(self._build_string(value) for _ in range(times))


@lru_cache(maxsize=4096)
def _choices(items: Sequence[Any]) -> str:
    """List the characters of a class, sorted; of a negated one those that can be printed."""
    states = _Writer(Random())  # noqa: S311 - only asked for alphabets
    negated = items[0][0].name == "NEGATE"
    listed = {character for item in items[negated:] for character in states._handle_state(item)}
    return "".join(sorted(set(_PRINTABLE) - listed if negated else listed))
