"""The rules of one path, as values and in JSON (reference/matching.md §1.9)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, replace

from pactmock.errors import InvalidRule
from pactmock.pact import path_expression
from pactmock.pact.json_value import Json
from pactmock.pact.matching_rules.reading import read_rule
from pactmock.pact.matching_rules.rule import Change, MatchingRule
from pactmock.pact.matching_rules.values import Equality
from pactmock.pact.path_expression import EVERYTHING, PathExpression
from pactmock.pact.pointer import Pointer
from pactmock.pact.value import value


@value
class RuleEntry:
    """The rules of one path: all must pass, or one of them (`any_of`).

    `pointers` says where in the file each rule stood, for errors that are found later than reading.
    """

    path: PathExpression
    rules: tuple[MatchingRule, ...]
    any_of: bool = False
    pointers: tuple[Pointer, ...] = field(default=(), compare=False, repr=False)

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


EQUALITY_EVERYWHERE = RuleEntry(EVERYTHING, (Equality(),))
"""What holds where no rules are given, as for a variant of arrayContains."""


def entries_from_json(value: Mapping[str, Json], pointer: Pointer) -> tuple[RuleEntry, ...]:
    """Read rules keyed by path expressions, as for a body and for the variants of arrayContains."""
    return tuple(
        entry
        for key, rules in value.items()
        for entry in read_entry(parse_path(key, pointer / key), rules, pointer / key)
    )


def parse_path(text: str, pointer: Pointer) -> PathExpression:
    """Parse the path of a rule; an error says where it stands."""
    try:
        return path_expression.parse(text)
    except InvalidRule as error:
        raise InvalidRule(error.message, pointer=pointer.text) from None


def read_entry(path: PathExpression, value: Json, pointer: Pointer) -> Iterator[RuleEntry]:
    """Read the rules of one path; a list without any, and what is no list of rules, is passed over (§1.9)."""
    matchers = value.get("matchers") if isinstance(value, dict) else None
    if not isinstance(matchers, list) or not matchers:
        return
    where = pointer / "matchers"
    pointers = tuple(where / i for i in range(len(matchers)))
    rules = tuple(map(read_rule, matchers, pointers))
    any_of = str(value.get("combine", "AND")).upper() == "OR"
    yield RuleEntry(path, rules, any_of, pointers)
