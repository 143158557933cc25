"""What compiling the patterns of one pact may take: refused before, where it is more than anybody means.

A pattern writes out what it repeats (`pattern_group.MOST_REPEATED`), and a pact may have many patterns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pactmock.errors import InvalidRule, Steps, below
from pactmock.pact.matching_rules import MatchingRule, RuleEntry
from pactmock.pact.rule_categories import MatchingRules

MOST_REPEATED_IN_A_PACT = 200_000
"""How many pieces all patterns of a pact may have beyond what is written there: 140 MB at the most."""


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
                    with below(*place):
                        self._count(text)

    def _count(self, text: str) -> None:
        from pactmock.matching.patterns.pattern import compile_pattern  # late: many pacts have no pattern

        self._repeated += max(0, compile_pattern(text).size - len(text))
        if self._repeated > MOST_REPEATED_IN_A_PACT:
            raise InvalidRule(
                f"The repeats of all patterns of this pact make more than {MOST_REPEATED_IN_A_PACT:,} pieces of them:"
                " repeat less, or in fewer patterns"
            )


def _patterns(entries: Iterable[RuleEntry]) -> Iterator[tuple[str, Steps]]:
    for entry in entries:
        for index, rule in enumerate(entry.rules):
            for text in _patterns_of(rule):
                yield text, entry.place_of(index)


def _patterns_of(rule: MatchingRule) -> Iterator[str]:
    yield from rule.patterns
    for inner in rule.inner:
        yield from _patterns_of(inner)
