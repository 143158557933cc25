"""The rules of one category, compiled: which rules hold at a place of a body (reference/matching.md §2.3 to §2.5).

A walk through a document asks at every step which of the rules is the best one for the path so far. Instead of
weighing every expression against every path, the expressions become a state machine: a `Place` knows the rules that
hold where it stands, and gives the place one step further. A place is computed once and kept, so a request walks
along places that exist and neither parses nor weighs anything.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from pactmock.matching.budget import OutOfBudget
from pactmock.matching.texts.shortening import cut
from pactmock.matching.values.checks import combine
from pactmock.matching.values.location import step_of_key
from pactmock.pact import matching_rules as rules
from pactmock.pact.json.values import Json
from pactmock.pact.matching_rules import MatchingRule
from pactmock.pact.path_expression import PathExpression, Token, Wildcard
from pactmock.pact.value import value

if TYPE_CHECKING:
    from pactmock.matching.values.scalars import ScalarCheck
    from pactmock.matching.values.strings import StringCheck


@value
class CompiledRule:
    """One rule with its checks made, and the rules inside it compiled."""

    rule: MatchingRule
    string: StringCheck
    scalar: ScalarCheck
    inner: Place | None = None
    """For eachValue: the place of the list or object itself, below which only the inner rules hold."""
    keys: tuple[StringCheck, ...] = ()
    """For eachKey: what each key must pass."""
    variants: tuple[tuple[int, Place], ...] = ()
    """For arrayContains: the index of each example, and the root of its own rules."""


@value
class RuleList:
    """The rules of one path: all must pass, or with `any_of` one of them."""

    rules: tuple[CompiledRule, ...]
    any_of: bool = False
    path: str = ""
    """The expression that they are written for, to explain with."""

    def string_problems(self, expected: str, actual: str, cascaded: bool) -> list[str]:
        """Compare two texts; return the texts of all mismatches, none when they match."""
        if len(self.rules) == 1:  # as nearly always; a list would take as long as most rules do
            problem = self.rules[0].string(expected, actual, cascaded)
            return [] if problem is None else [cut(problem)]
        return self.combine([rule.string(expected, actual, cascaded) for rule in self.rules])

    def scalar_problems(self, expected: Json, actual: Json, cascaded: bool) -> list[str]:
        """Compare two JSON values; return the texts of all mismatches, none when they match."""
        return self.combine([rule.scalar(expected, actual, cascaded) for rule in self.rules])

    def combine(self, outcomes: Sequence[str | None]) -> list[str]:
        """Apply AND or OR to what the single rules found."""
        return combine(outcomes, any_of=self.any_of)

    def apply(self, apply_rule: Callable[[CompiledRule], None], found: list[Any]) -> None:
        """Apply rule by rule, where each adds its mismatches to `found`; with OR, one that adds none takes all back."""
        start = len(found)
        for rule in self.rules:
            before = len(found)
            try:
                apply_rule(rule)
            except OutOfBudget:
                if self.any_of:  # the rule may pass: only what is certain stays
                    del found[start:]
                raise
            if self.any_of and len(found) == before:
                del found[start:]
                return

    def holds(self, kind: type[MatchingRule]) -> bool:
        """Tell whether a rule of this kind is in the list."""
        return any(isinstance(item.rule, kind) for item in self.rules)


class _Candidate(NamedTuple):
    """An expression on its way: how many of its tokens are matched, and their weight so far."""

    expression: PathExpression
    rules: RuleList
    matched: int
    weight: int

    @property
    def is_complete(self) -> bool:
        return self.matched == len(self.expression.tokens)

    @property
    def awaited_literals(self) -> tuple[str | int, ...]:
        """The steps that it waits for; none when it is complete, or waits for any."""
        token = Wildcard.ANY if self.is_complete else self.expression.tokens[self.matched]
        if isinstance(token, Wildcard):
            return ()
        step = step_of_key(token) if isinstance(token, str) else token
        return (token, step) if step != token and str(step) == token else (token,)

    def advance(self, step: str | int) -> _Candidate | None:
        """Take one step; a complete expression goes on for all that is below it, one that does not match is lost."""
        if self.is_complete:
            return self
        weight = _weight(self.expression.tokens[self.matched], step)
        return _Candidate(self.expression, self.rules, self.matched + 1, self.weight * weight) if weight else None

    @property
    def rank(self) -> tuple[int, int, tuple[int, ...]]:
        # Ties are left to hashing by the reference (§11 row 7, N); here the expression that is literal earlier wins.
        literal = tuple(0 if isinstance(token, Wildcard) else 1 for token in self.expression.tokens)
        return self.weight * self.expression.length, self.expression.length, literal


class Place:
    """Where a walk stands: the rules that hold there, and the way to the next places.

    `rules` is None where no rule applies. `cascaded` says that they were written for a place further up.
    `is_direct` says that some rule was written for just this place, be it the best one or not; `is_keyed` that this was
    values, eachKey or eachValue; `has_type_rule` that a type rule holds here or above (XML asks for it).
    """

    __slots__ = (
        "_by_literal",
        "_cascades",
        "_children",
        "_everywhere",
        "_other",
        "_other_index",
        "cascaded",
        "depth",
        "has_type_rule",
        "is_direct",
        "is_keyed",
        "rules",
    )  # fmt: skip

    def __init__(self, candidates: Collection[_Candidate], depth: int, *, cascades: bool = True) -> None:
        complete = [candidate for candidate in candidates if candidate.matched == len(candidate.expression.tokens)]
        best = complete[0] if len(complete) == 1 else max(complete, key=attrgetter("rank"), default=None)
        self.depth = depth
        self.rules = best.rules if best else None
        self._cascades = cascades
        self.cascaded = cascades and best is not None and best.expression.length != depth
        direct = [candidate for candidate in complete if candidate.expression.length == depth]
        self.is_direct = bool(direct)
        self.is_keyed = any(item.rule.is_keyed for candidate in direct for item in candidate.rules.rules)
        self.has_type_rule = any(candidate.rules.holds(rules.OfType) for candidate in complete)
        # Sorted by what they wait for, so that a step need not look at all of them.
        self._everywhere: list[_Candidate] = []
        self._by_literal: dict[str | int, list[_Candidate]] = {}
        for candidate in candidates:
            literals = candidate.awaited_literals
            for literal in literals:
                self._by_literal.setdefault(literal, []).append(candidate)
            if not literals:
                self._everywhere.append(candidate)
        self._children: dict[str | int, Place] = {}
        self._other: Place | None = None
        self._other_index: Place | None = None

    def field(self, name: str) -> Place:
        """Return the place of an object's member. A name of digits counts as an index, as in the reference (§2.2)."""
        return self._step(step_of_key(name))

    def index(self, position: int) -> Place:
        """Return the place of a list's item."""
        return self._step(position)

    @property
    def below_any_index(self) -> Place | None:
        """The one place of all items of a list, or None where some index has rules of its own."""
        return None if any(isinstance(literal, int) for literal in self._by_literal) else self._step(0)

    def _step(self, step: str | int) -> Place:
        child = self._children.get(step)
        if child is not None:
            return child
        if step in self._by_literal:
            child = self._children[step] = self._advance(step)
            return child
        if isinstance(step, int):
            if self._other_index is None:
                self._other_index = self._advance(step)
            return self._other_index
        if self._other is None:
            self._other = self._advance(step)
        return self._other

    def _advance(self, step: str | int) -> Place:
        if self._is_settled:
            return self
        waiting = (*self._everywhere, *self._by_literal.get(step, ()))
        moved = (candidate.advance(step) for candidate in waiting)
        below = [candidate for candidate in moved if candidate is not None]
        return Place(below, self.depth + 1, cascades=self._cascades)

    def in_lower_case(self) -> Place:
        """Return the place of this root if all names in its expressions were in lower case."""
        waiting = (*self._everywhere, *self._literal)
        lowered = ((in_lower_case(item.expression), item.rules) for item in waiting)
        return root_of(lowered, cascades=self._cascades)

    def rooted_at(self, name: str) -> Place:
        """Return the root of a member that is a document of its own, where only the rules hold that name the member."""
        step = step_of_key(name)
        return root_of(
            (PathExpression(item.expression.text, item.expression.tokens[1:]), item.rules)
            for item in self._literal
            if step_of_key(str(item.expression.tokens[0])) == step
        )

    @property
    def _literal(self) -> Collection[_Candidate]:
        """The candidates that wait for one step, each once."""
        return {id(item): item for group in self._by_literal.values() for item in group}.values()

    @property
    def _is_settled(self) -> bool:
        """Whether nothing changes any more further down, so that this place can stand for all below it."""
        settled = not self._by_literal and all(candidate.is_complete for candidate in self._everywhere)
        return settled and not self.is_direct and (self.cascaded or self.rules is None or not self._cascades)

    def __repr__(self) -> str:
        return f"<Place depth={self.depth} rules={self.rules and [r.rule for r in self.rules.rules]}>"


def _weight(token: Token, step: str | int) -> int:
    """Weigh one token against one step: 2 for itself, 1 for a wildcard that covers it, 0 for no match (§2.3)."""
    if token is Wildcard.ANY:
        return 1
    if token is Wildcard.ANY_INDEX:
        return 1 if isinstance(step, int) else 0
    if isinstance(token, int):
        return 2 if token == step and isinstance(step, int) else 0
    return 2 if token == str(step) else 0


NO_RULES = Place((), 1)
"""The root of a category without rules."""

_ROOT_WEIGHT = 2


def root_of(rule_lists: Iterable[tuple[PathExpression, RuleList]], *, cascades: bool = True) -> Place:
    """Return the place of the root, from where the rule lists hold for what their expressions reach."""
    candidates = [_Candidate(path, rules, 0, _ROOT_WEIGHT if path.text else 1) for path, rules in rule_lists]
    return Place(candidates, 1, cascades=cascades) if candidates else NO_RULES


def in_lower_case(path: PathExpression) -> PathExpression:
    """Lower all names in an expression."""
    tokens = (token.lower() if isinstance(token, str) else token for token in path.tokens)
    return PathExpression(path.text, tuple(tokens))
