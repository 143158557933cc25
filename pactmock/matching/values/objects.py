"""Matching rules on a JSON object as a whole (reference/matching.md §3.5); its members are compared elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from pactmock.matching import budget
from pactmock.matching.texts.rendering import debug_map, debug_rule
from pactmock.matching.values.checks import RuleTable, size_problem
from pactmock.pact import matching_rules as rules
from pactmock.pact.json.values import Json, equal
from pactmock.pact.matching_rules import MatchingRule

_Object: TypeAlias = dict[str, Json]


def object_problem(rule: MatchingRule, expected: _Object, actual: _Object, cascaded: bool) -> str | None:
    """Apply one rule to an object; return None or the text of the mismatch."""
    return _CHECKS[type(rule)](rule, expected, actual, cascaded)


_Check: TypeAlias = Callable[[Any, _Object, _Object, bool], str | None]


def _never(rule: MatchingRule, _expected: _Object, actual: _Object, _cascaded: bool) -> str:
    return f"Unable to match {debug_map(actual)} using {debug_rule(rule)}"


def _nothing(_rule: MatchingRule, _expected: _Object, _actual: _Object, _cascaded: bool) -> None:
    return None


def _sized(rule: MatchingRule, _expected: _Object, actual: _Object, cascaded: bool) -> str | None:
    return None if cascaded else size_problem(rule, len(actual), lambda: debug_map(actual))


def _equality(_rule: MatchingRule, expected: _Object, actual: _Object, _cascaded: bool) -> str | None:
    budget.current().check()  # so that what is compared again at every level below does not add up
    return None if equal(expected, actual) else f"Expected {debug_map(actual)} to be equal to {debug_map(expected)}"


def _plugin(rule: rules.Plugin, expected: _Object, actual: _Object, cascaded: bool) -> str | None:
    if rule.apply is None:
        return _never(rule, expected, actual, cascaded)
    return None if cascaded else rule.apply(expected, actual, False)


_CHECKS: RuleTable[_Check] = RuleTable(
    {
        rules.Regex: _nothing,
        rules.Type: _nothing,
        rules.ArrayContains: _nothing,
        rules.IgnoreOrder: _nothing,
        rules.EachKey: _nothing,
        rules.EachValue: _nothing,
        rules.Values: _nothing,
        rules.MinType: _sized,
        rules.MaxType: _sized,
        rules.MinMaxType: _sized,
        rules.Equality: _equality,
        rules.NotEmpty: lambda _rule, _expected, actual, _cascaded: (
            None if actual else "Expected {} (Map) to not be empty"
        ),
        rules.Plugin: _plugin,
    },
    otherwise=_never,
)
