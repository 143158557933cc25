"""Bodies that are bytes: binary types, and types that are not known (reference/matching.md §3.7, §4.8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from pactmock.matching.bodies import utf8
from pactmock.matching.parts.part import BodyCheck, BodyMismatches, ExpectedPart, Part, mismatch
from pactmock.matching.patterns.pattern import compile_pattern
from pactmock.matching.rule_set import RuleList
from pactmock.matching.texts.rendering import debug_rule
from pactmock.matching.values import content_detection
from pactmock.matching.values.checks import RuleTable, plugin_problem
from pactmock.pact import matching_rules as rules
from pactmock.pact.matching_rules import MatchingRule


def compile_body(expected: ExpectedPart) -> BodyCheck:
    """Compile the comparison with expected bytes: under the rules at `$`, or for equality."""
    if expected.rules.rules is not None:
        return _under_rules(expected, expected.rules.rules)

    def check(actual: Part) -> BodyMismatches:
        if actual.content == expected.content:
            return ()
        text = f"Actual body {_preview(actual)} is not equal to the expected body {_preview(expected)}"
        return [mismatch("$", expected, actual, text)]

    return check


_PREVIEWED_BYTES = 32


def _preview(part: Part) -> str:
    start = part.content[:_PREVIEWED_BYTES].hex()
    return f"[{part.content_type}, {len(part.content)} bytes, starting with {start}]"


def _under_rules(expected: ExpectedPart, rule_list: RuleList) -> BodyCheck:
    checks = [(_CHECKS[type(item.rule)], item.rule) for item in rule_list.rules]

    def check(actual: Part) -> BodyMismatches:
        problems = rule_list.combine([check(rule, expected.content, actual.content) for check, rule in checks])
        return [mismatch("$", expected, actual, problem) for problem in problems]

    return check


def _shown(content: bytes) -> str:
    return f"'{list(content[:10])}...' ({len(content)} bytes)"


def _as_text(check: Callable[[Any, str], str | None]) -> _Check:
    def check_bytes(rule: MatchingRule, _expected: bytes, actual: bytes) -> str | None:
        try:
            return check(rule, actual.decode())
        except UnicodeDecodeError as error:
            return f"Could not convert actual bytes into a UTF-8 string - {utf8.reason(error)}"

    return check_bytes


_Check: TypeAlias = Callable[[Any, bytes, bytes], str | None]
_CHECKS: RuleTable[_Check] = RuleTable(
    {
        rules.Regex: _as_text(lambda rule, actual: compile_pattern(rule.regex).problem(actual)),
        rules.Include: _as_text(
            lambda rule, actual: None if rule.value in actual else f"Expected '{actual}' to include '{rule.value}'"
        ),
        # The expected bytes come first here, unlike with JSON (§11 row 18).
        rules.Equality: lambda _rule, expected, actual: (
            None if expected == actual else f"Expected {_shown(expected)} to be equal to {_shown(actual)}"
        ),
        rules.ContentType: lambda rule, _expected, actual: content_detection.problem(actual, rule.value),
        rules.NotEmpty: lambda _rule, _expected, actual: None if actual else "Expected [] (0 bytes) to not be empty",
        rules.Plugin: plugin_problem,
        **dict.fromkeys(
            (rules.Type, rules.MinType, rules.MaxType, rules.MinMaxType), lambda _rule, _expected, _actual: None
        ),
    },
    otherwise=lambda rule, _expected, actual: f"Unable to match {_shown(actual)} using {debug_rule(rule)}",
)
