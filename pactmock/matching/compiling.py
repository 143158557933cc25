"""Compiling: matching rules as they are read become checks at places (reference/matching.md §2.4, §3).

This is done once for an interaction. Where something in a rule cannot work, it is refused here, with its JSON pointer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from pactmock.errors import InvalidRule
from pactmock.matching.rule_set import CompiledRule, Place, RuleList, in_lower_case, root_of
from pactmock.pact import matching_rules as rules
from pactmock.pact.matching_rules import MatchingRule, RuleEntry, different_rules
from pactmock.pact.matching_rules.categories import MatchingRules
from pactmock.pact.path_expression import PathExpression, Wildcard


def compile_category(
    matching_rules: MatchingRules,
    category: str,
    prepare: Callable[[Iterable[RuleEntry]], Iterable[RuleEntry]] | None = None,
) -> Place:
    """Compile the rules of a category, prepared if asked for; the answer is the place of the root.

    Rules of queries and headers hold for what is below them too, but are never called cascaded there (§2.4).

    Raises:
        InvalidRule: with the JSON pointer of a rule that holds a pattern which cannot be compiled.
    """
    entries = matching_rules.get(category, ())
    return compile_entries(prepare(entries) if prepare else entries, cascades=category not in _NEVER_CASCADED)


_NEVER_CASCADED = frozenset({"header", "query"})


def compile_entries(entries: Iterable[RuleEntry], *, cascades: bool = True) -> Place:
    """Compile entries, as of a category or of a variant; the answer is the place of the root."""
    compiled: dict[int, CompiledRule] = {}
    return root_of(((entry.path, compile_rules(entry, compiled)) for entry in entries), cascades=cascades)


def lower_cased(entries: Iterable[RuleEntry]) -> Iterable[RuleEntry]:
    """Prepare the rules of headers, whose names are compared in any case."""
    return (replace(entry, path=in_lower_case(entry.path)) for entry in entries)


def without_any_index(entries: Iterable[RuleEntry]) -> Iterable[RuleEntry]:
    """Prepare the rules of an XML body: `[*]` says nothing there, as elements of one name have no indexes (§4.5).

    Of two rules for the same place, the one that never had it comes first, and so is taken: the reference knows no
    other (§11 row 19, F).
    """
    for entry in sorted(entries, key=lambda entry: Wildcard.ANY_INDEX in entry.path.tokens):
        tokens = tuple(token for token in entry.path.tokens if token is not Wildcard.ANY_INDEX)
        yield replace(entry, path=PathExpression(entry.path.text, tokens))


def check_rules(entries: Sequence[RuleEntry]) -> None:
    """Raise what compiling these entries would raise, without the work for rules that are never refused.

    Raises:
        InvalidRule: with the JSON pointer of the rule at fault.
    """
    if any(rule.may_be_refused for rule in different_rules(entries)):
        for entry in entries:
            if any(rule.may_be_refused for rule in entry.rules):
                compile_rules(entry)


def compile_rules(entry: RuleEntry, known: dict[int, CompiledRule] | None = None) -> RuleList:
    """Compile the rules of one path, and note in `known`, by their identity, those that are compiled: most are alike.

    Raises:
        InvalidRule: with the JSON pointer of the rule at fault.
    """
    compiled: list[CompiledRule] = []
    known = {} if known is None else known
    try:
        for rule in entry.rules:
            if id(rule) not in known:
                known[id(rule)] = compile_rule(rule)
            compiled.append(known[id(rule)])
    except InvalidRule as error:
        error.below(*entry.place_of(len(compiled)))
        raise
    return RuleList(tuple(compiled), entry.any_of, entry.path.text)


def compile_rule(rule: MatchingRule) -> CompiledRule:
    """Compile one rule, and the rules inside it."""
    from pactmock.matching.values import scalars, strings  # late: many pacts have no rules

    compiled = CompiledRule(rule, strings.compile_check(rule), scalars.compile_check(rule))
    parts = _INNER_PARTS.get(type(rule))
    return parts(compiled, rule) if parts else compiled


def _each_key(compiled: CompiledRule, rule: rules.EachKey) -> CompiledRule:
    from pactmock.matching.values import strings

    keys = tuple(strings.compile_check(inner) for inner in rule.rules)
    return CompiledRule(rule, compiled.string, compiled.scalar, keys=keys)


def _each_value(compiled: CompiledRule, rule: rules.EachValue) -> CompiledRule:
    if not rule.rules:  # without rules of its own it hides none, and works as `values` does (§11 row 10, F)
        return compiled
    below = PathExpression("$.*", (Wildcard.ANY,))
    inner = root_of([(below, RuleList(tuple(map(compile_rule, rule.rules))))])
    return CompiledRule(rule, compiled.string, compiled.scalar, inner=inner)


def _array_contains(compiled: CompiledRule, rule: rules.ArrayContains) -> CompiledRule:
    variants = tuple((variant.index, compile_entries(variant.rules)) for variant in rule.variants)
    return CompiledRule(rule, compiled.string, compiled.scalar, variants=variants)


_INNER_PARTS: dict[type[MatchingRule], Callable[[CompiledRule, Any], CompiledRule]] = {
    rules.EachKey: _each_key,
    rules.EachValue: _each_value,
    rules.ArrayContains: _array_contains,
}
