"""The rules of one path, as values and in JSON (reference/matching.md §1.9)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field, replace
from functools import cache

from pactmock.errors import InvalidRule, Steps, below
from pactmock.pact import path_expression
from pactmock.pact.json.values import Json
from pactmock.pact.matching_rules.reading import read_rule
from pactmock.pact.matching_rules.rule import Change, MatchingRule
from pactmock.pact.matching_rules.values import Equality
from pactmock.pact.path_expression import EVERYTHING, PathExpression
from pactmock.pact.value import value


@value
class RuleEntry:
    """The rules of one path: all must pass, or one of them (`any_of`).

    `places` says where each rule stood, for errors that are found later than reading: from the request, response or
    message that the rules are of, or from the rule that these are inside of.
    """

    path: PathExpression
    rules: tuple[MatchingRule, ...]
    any_of: bool = False
    places: tuple[Steps, ...] = field(default=(), compare=False, repr=False)

    def place_of(self, index: int) -> Steps:
        """Return where the rule of an index stood; a rule that was never in a file has no place."""
        return self.places[index] if self.places else ()

    def changed(self, change: Change) -> RuleEntry:
        """Return it with what `change` makes of each rule."""
        return replace(self, rules=tuple(change(rule, self.path) for rule in self.rules))

    def to_json(self) -> dict[str, Json]:
        return {
            "combine": "OR" if self.any_of else "AND",
            "matchers": [rule.to_json() for rule in self.rules],
        }

    def debug(self, show: Callable[[object], str]) -> str:
        """Render it as the reference does inside of arrayContains."""
        rules = ", ".join(map(show, self.rules))
        logic = "Or" if self.any_of else "And"
        return f"{show(self.path)}: RuleList {{ rules: [{rules}], rule_logic: {logic}, cascaded: false }}"


def different_rules(entries: Iterable[RuleEntry]) -> Iterator[MatchingRule]:
    """Yield each rule once that is somewhere in entries, those inside of others too, for who asks whether one is there.

    That is quick: the thousands that a pact may have which say nothing beside their name are one and the same.
    """
    different = {id(rule): rule for entry in entries for rule in entry.rules}
    for rule in different.values():
        yield from with_inner(rule)


def with_inner(rule: MatchingRule) -> Iterator[MatchingRule]:
    """Yield a rule and all that are inside of it."""
    yield rule
    for inner in rule.inner:
        yield from with_inner(inner)


@cache
def equality_everywhere() -> RuleEntry:
    """Return what holds where no rules are given, as for a variant of arrayContains."""
    return RuleEntry(EVERYTHING, (Equality(),))


def entries_from_json(value: Mapping[str, Json], *place: str | int) -> tuple[RuleEntry, ...]:
    """Read rules keyed by path expressions, as for the variants of arrayContains; each remembers its place."""
    entries: list[RuleEntry] = []
    for key, rules in value.items():
        with below(key):
            entries += read_entry(path_expression.parse(key), rules, (*place, key))
    return tuple(entries)


def read_entry(path: PathExpression, value: Json, place: Steps) -> tuple[RuleEntry, ...]:
    """Read the rules of one path; a list without any, and what is no list of rules, is passed over (§1.9)."""
    matchers = value.get("matchers") if isinstance(value, dict) else None
    if not isinstance(matchers, list) or not matchers:
        return ()
    any_of = "combine" in value and str(value["combine"]).upper() == "OR"
    rules: list[MatchingRule] = []
    try:
        for item in matchers:
            rules.append(read_rule(item))  # noqa: PERF401  how many there are says which of them an error is in
    except InvalidRule as error:
        error.below("matchers", len(rules))
        raise
    place = (*place, "matchers")
    # Nearly always there is one, and a pact may have thousands of such lists.
    places = ((*place, 0),) if len(rules) == 1 else tuple([(*place, index) for index in range(len(rules))])
    return (RuleEntry(path, tuple(rules), any_of, places),)
