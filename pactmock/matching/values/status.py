"""The status of a response (reference/matching.md §3.7, §5.4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pactmock.matching.mismatch import StatusMismatch
from pactmock.matching.patterns.pattern import compile_pattern
from pactmock.matching.texts.rendering import debug_rule
from pactmock.matching.values.checks import RuleTable, combine, plugin_problem
from pactmock.matching.values.status_codes import status_code_problem
from pactmock.pact import matching_rules as rules
from pactmock.pact.matching_rules import RuleEntry


def compare(expected: int, actual: int, entry: RuleEntry | None) -> list[StatusMismatch]:
    """Compare two statuses under the rules of the category `status`, or for equality where there are none."""
    if entry is None:
        problems = [] if expected == actual else [f"expected {expected} but was {actual}"]
    else:
        outcomes = [_CHECKS[type(rule)](rule, expected, actual) for rule in entry.rules]
        problems = combine(outcomes, any_of=entry.any_of)
    return [StatusMismatch(expected, actual, problem) for problem in problems]


_Check = Callable[[Any, int, int], str | None]
_CHECKS: RuleTable[_Check] = RuleTable(
    {
        rules.Equality: lambda _rule, expected, actual: (
            None if expected == actual else f"Expected {actual} to be equal to {expected}"
        ),
        rules.Regex: lambda rule, _expected, actual: compile_pattern(rule.regex).problem(str(actual)),
        rules.Include: lambda rule, _expected, actual: (
            None if rule.value in str(actual) else f"Expected {actual} to include '{rule.value}'"
        ),
        rules.StatusCode: lambda rule, _expected, actual: status_code_problem(rule, actual),
        rules.Decimal: lambda _rule, _expected, actual: f"Expected {actual} to match a decimal number",
        rules.Plugin: plugin_problem,
        **dict.fromkeys(
            (rules.Type, rules.MinType, rules.MaxType, rules.MinMaxType, rules.Number, rules.Integer),
            lambda _rule, _expected, _actual: None,
        ),
    },
    otherwise=lambda rule, _expected, actual: f"Unable to match {actual} using {debug_rule(rule)}",
)
