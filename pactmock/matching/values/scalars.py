"""Matching rules on JSON values, where the expected value is a scalar (reference/matching.md §3.2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from pactmock.matching.texts.rendering import debug_json, debug_rule, shown, text_of, value_and_type
from pactmock.matching.values import semantic_version, strings
from pactmock.matching.values.checks import RuleTable, anything, bounds, fixed, plugin
from pactmock.pact import matching_rules as rules
from pactmock.pact.json.values import Json, compact, equal, to_text
from pactmock.pact.matching_rules import MatchingRule
from pactmock.pact.parts.body import decode_base64

ScalarCheck: TypeAlias = Callable[[Json, Json, bool], str | None]
"""Compares an expected and an actual JSON value; the flag says whether the rule came down from a parent."""


def compile_check(rule: MatchingRule) -> ScalarCheck:
    """Make the check of a rule.

    Raises:
        InvalidRule: when the rule holds a pattern that cannot be compiled.
    """
    return _COMPILERS[type(rule)](rule)


def equality(expected: Json, actual: Json, _cascaded: bool = False) -> str | None:
    """Compare strictly; this is also what holds where no rule does."""
    if equal(expected, actual):
        return None
    return f"Expected {value_and_type(actual)} to be equal to {value_and_type(expected)}"


def type_mismatch(expected: Json, actual: Json) -> str:
    """Say that two values are of different types."""
    return f"Expected {value_and_type(actual)} to be the same type as {value_and_type(expected)}"


def _kind(value: Json) -> type:
    return float if type(value) is int else type(value)


def _same_type(expected: Json, actual: Json, _cascaded: bool) -> str | None:
    return None if _kind(expected) is _kind(actual) else type_mismatch(expected, actual)


def _sized(rule: MatchingRule) -> ScalarCheck:
    low, high = bounds(rule)

    def check(expected: Json, actual: Json, cascaded: bool) -> str | None:
        if isinstance(expected, list) and isinstance(actual, list) and not cascaded:
            if len(actual) < low:
                return f"Expected '{shown(actual)}' to have at least {low} item(s)"
            if high is not None and len(actual) > high:
                return f"Expected '{shown(actual)}' to have at most {high} item(s)"
        return _same_type(expected, actual, cascaded)

    return check


def _text(value: Json) -> str:
    return value if isinstance(value, str) else compact(value)


def _regex(rule: rules.Regex) -> ScalarCheck:
    from pactmock.matching.patterns.pattern import compile_pattern  # late, like what else few rules need

    pattern = compile_pattern(rule.regex)
    return lambda _expected, actual, _cascaded: (
        None if pattern.matches(_text(actual)) else f"Expected '{text_of(actual)}' to match '{pattern.text}'"
    )


def _include(rule: rules.Include) -> ScalarCheck:
    return lambda _expected, actual, _cascaded: (
        None if rule.value in _text(actual) else f"Expected '{text_of(actual)}' to include '{rule.value}'"
    )


def _typed(words: str) -> Callable[[MatchingRule], ScalarCheck]:
    def compile_typed(rule: MatchingRule) -> ScalarCheck:
        types = rule.json_types
        return lambda _expected, actual, _cascaded: (
            None if type(actual) in types else f"Expected {value_and_type(actual)} {words}"
        )

    return compile_typed


def _boolean(_expected: Json, actual: Json, _cascaded: bool) -> str | None:
    if type(actual) is bool or actual in ("true", "false"):
        return None
    return f"Expected {value_and_type(actual)} to match a boolean"


def _dated(rule: rules.Formatted) -> ScalarCheck:
    from pactmock.matching.dates.validity import compile_pattern

    text = rule.format or rule.iso_format
    pattern = compile_pattern(text)

    def check(_expected: Json, actual: Json, _cascaded: bool) -> str | None:
        value = to_text(actual)
        reason = pattern.problem(value)
        return None if reason is None else f"Expected '{value}' to match a {rule.word} pattern of '{text}': {reason}"

    return check


def _content_type(rule: rules.ContentType) -> ScalarCheck:
    from pactmock.matching.values import content_detection

    def check(_expected: Json, actual: Json, _cascaded: bool) -> str | None:
        text = _text(actual)
        decoded = decode_base64(text) if isinstance(actual, str) else None
        reason = content_detection.problem(text.encode() if decoded is None else decoded, rule.value)
        return None if reason is None else f"Failed to match data to have a content type of '{rule.value}': {reason}"

    return check


_EMPTY_VALUES: tuple[tuple[Json, str], ...] = (
    (None, "Expected non-empty value but got a NULL"),
    ("", "Expected '' (String) to not be empty"),
    ([], "Expected [] (Array) to not be empty"),
    ({}, "Expected {} (Object) to not be empty"),
)


def _not_empty(_expected: Json, actual: Json, _cascaded: bool) -> str | None:
    return next((text for empty, text in _EMPTY_VALUES if equal(empty, actual)), None)


def _semver(_expected: Json, actual: Json, _cascaded: bool) -> str | None:
    if not isinstance(actual, str):
        return f"Expected something that matches a semantic version, but got '{shown(actual)}'"
    return semantic_version.problem(actual)


def _as_text(rule: MatchingRule) -> ScalarCheck:
    check_text = strings.compile_check(rule)

    def check(expected: Json, actual: Json, cascaded: bool) -> str | None:
        if isinstance(actual, str):
            return check_text(_text(expected), actual, cascaded)
        return f"Unable to match {debug_json(actual)} using {debug_rule(rule)}"

    return check


_COMPILERS: RuleTable[Callable[[Any], ScalarCheck]] = RuleTable(
    {
        rules.Equality: fixed(equality),
        rules.Values: fixed(equality),
        rules.IgnoreOrder: fixed(equality),
        rules.Regex: _regex,
        rules.Include: _include,
        rules.Type: fixed(_same_type),
        rules.MinType: _sized,
        rules.MaxType: _sized,
        rules.MinMaxType: _sized,
        rules.Null: _typed("to be a null value"),
        rules.Integer: _typed("to be an integer"),
        rules.Decimal: _typed("to be a decimal number"),
        rules.Number: _typed("to be a number"),
        rules.Boolean: fixed(_boolean),
        rules.Date: _dated,
        rules.Time: _dated,
        rules.Timestamp: _dated,
        rules.ContentType: _content_type,
        rules.NotEmpty: fixed(_not_empty),
        rules.Semver: fixed(_semver),
        rules.StatusCode: fixed(anything),
        rules.ArrayContains: fixed(anything),
        rules.EachKey: fixed(anything),
        rules.EachValue: fixed(anything),
        rules.Plugin: plugin,
    },
    otherwise=_as_text,
)
"""A rule that is left out is one on texts: it says of a JSON text what it says of any, and no other value passes."""
