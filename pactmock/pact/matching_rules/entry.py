"""The rules of one path, as values and in JSON (reference/matching.md §1.9)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field, replace
from functools import cache
from operator import attrgetter

from pactmock.errors import InvalidRule, Steps
from pactmock.pact import path_expression
from pactmock.pact.json.values import Json
from pactmock.pact.made_once import made_once
from pactmock.pact.matching_rules.reading import is_any_of, is_one_name, read_rules
from pactmock.pact.matching_rules.rule import Change, MatchingRule
from pactmock.pact.matching_rules.values import Equality
from pactmock.pact.path_expression import EVERYTHING, PathExpression
from pactmock.pact.value import value


@value
class RuleEntry:
    """The rules of one path: all must pass, or one of them (`any_of`).

    Errors that are found later than reading need to know where a rule stood: from the request, response or message that
    the rules are of, or from the rule that these are inside of. `place` is that of their list in a file, and `places`
    are their own where they stood in none.
    """

    path: PathExpression
    rules: tuple[MatchingRule, ...]
    any_of: bool = False
    places: tuple[Steps, ...] = field(default=(), compare=False, repr=False)
    place: Steps = field(default=(), compare=False, repr=False)

    def place_of(self, index: int) -> Steps:
        """Return where the rule of an index stood; a rule that was never in a file has no place."""
        if self.places:
            return self.places[index]
        return (*self.place, "matchers", index) if self.place else ()

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


class Entries(tuple[RuleEntry, ...]):  # noqa: SLOT001  it keeps what it was asked for
    """The rules of one category, with what a dozen look for in them before any of them is played."""

    @made_once
    def different(self) -> tuple[MatchingRule, ...]:
        """Each rule that is somewhere in them, those inside of others too, for who asks whether one is there.

        They are few: of the thousands that a pact may have which say nothing beside their name, all lists are one.
        """
        return tuple(_different(self))


def different_rules(entries: Iterable[RuleEntry]) -> Iterable[MatchingRule]:
    """Return each rule once that is somewhere in entries, those inside of others too."""
    return entries.different if isinstance(entries, Entries) else _different(entries)


def _different(entries: Iterable[RuleEntry]) -> Iterator[MatchingRule]:
    different = {id(rules): rules for rules in map(attrgetter("rules"), entries)}
    for rule in {id(rule): rule for rules in different.values() for rule in rules}.values():
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


def read_entries(
    value: Mapping[str, Json], place: Steps, parse: Callable[[str], PathExpression] = path_expression.parse
) -> list[RuleEntry]:
    """Read rules keyed by path expressions, or by whatever else `parse` makes paths of; each remembers its place.

    Raises:
        InvalidRule: where a rule or a path cannot be used.
    """
    entries: list[RuleEntry] = []
    key, any_of = "", False
    rules: tuple[MatchingRule, ...] = ()
    again: Json = None
    try:
        for key, given in value.items():
            path = parse(key)
            if given != again or again is None:  # most say the same as those before them
                rules, any_of = read_rules(given), is_any_of(given)
                again = given if is_one_name(given) else None
            if rules:
                at = place + (key,)  # noqa: RUF005  in half the time
                entries.append(RuleEntry(path, rules, any_of, (), at))
    except InvalidRule as error:
        error.below(key)
        raise
    return entries
