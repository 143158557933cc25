"""What compiling the patterns of one pact may take: refused before, where it is more than anybody means.

A pattern writes out what it repeats (`patterns.group.MOST_REPEATED`), and a pact may have many patterns. Generators use
some of theirs when they are compiled. All that is done for a pact has one budget.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from pactmock.errors import InvalidRule, Steps, below
from pactmock.matching import budget
from pactmock.matching.budget import Budget, OutOfBudget
from pactmock.pact.matching_rules import RuleEntry, different_rules, with_inner
from pactmock.pact.matching_rules.categories import MatchingRules

MOST_REPEATED_IN_A_PACT = 200_000
"""How many pieces all patterns of a pact may have beyond what is written there: 140 MB at the most."""


COMPILING_SECONDS = 4.0
"""The CPU time that all patterns and generators of a pact may take when it is posted."""


def compiling_budget() -> Budget:
    """Return what compiling a pact may cost: the budget that is current, where somebody gave one for that."""
    if budget.is_set():
        return budget.current()
    return Budget(COMPILING_SECONDS, work="this pact: simplify its patterns and generators, or have fewer of them")


@contextmanager
def refusing() -> Iterator[None]:
    """Have the pact refused when the budget runs out in a `with` block.

    Raises:
        InvalidRule: then.
        OutOfBudget: when the budget says that running out is for the caller to deal with.
    """
    try:
        yield
    except OutOfBudget as error:
        if budget.current().gives_back:
            raise
        raise InvalidRule(f"This cannot be made ready in time: {error.reason}") from None


class PatternCost:
    """Adds up what the patterns of a pact repeat, each pattern once."""

    def __init__(self) -> None:
        self._counted: set[str] = set()
        self._repeated = 0

    def add(self, matching_rules: MatchingRules) -> None:
        """Compile and count the patterns of one request.

        Raises:
            InvalidRule: with the JSON pointer of the pattern that is none, or is too much.
        """
        for entries in matching_rules.values():
            for text, place in _patterns(entries):
                if text not in self._counted:
                    self._counted.add(text)
                    with below(*place), refusing():
                        self._count(text)

    def _count(self, text: str) -> None:
        from pactmock.matching.patterns.pattern import compile_pattern  # late: many pacts have no pattern

        budget.current().check()
        self._repeated += max(0, compile_pattern(text).size - len(text))
        if self._repeated > MOST_REPEATED_IN_A_PACT:
            raise InvalidRule(
                f"The repeats of all patterns of this pact make more than {MOST_REPEATED_IN_A_PACT:,} pieces of them:"
                " repeat less, or in fewer patterns"
            )


def _patterns(entries: Sequence[RuleEntry]) -> Iterator[tuple[str, Steps]]:
    if not any(rule.patterns for rule in different_rules(entries)):  # as of many bodies
        return
    for entry in entries:
        for index, rule in enumerate(entry.rules):
            for text in (text for one in with_inner(rule) for text in one.patterns):
                yield text, entry.place_of(index)
