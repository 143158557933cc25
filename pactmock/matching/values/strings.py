"""Matching rules on texts: paths, query and header values, form fields, text bodies (reference/matching.md §3.3)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeAlias

from pactmock.matching.texts.rendering import debug_rule
from pactmock.matching.values import semantic_version
from pactmock.matching.values.checks import RuleTable, anything, fixed, plugin
from pactmock.matching.values.status_codes import status_code_problem
from pactmock.pact import matching_rules as rules
from pactmock.pact.digits import integer_of
from pactmock.pact.matching_rules import MatchingRule

StringCheck: TypeAlias = Callable[[str, str, bool], str | None]
"""Compares an expected and an actual text; the flag says whether the rule came down from a parent.

It returns None, or the text of the mismatch.
"""


def compile_check(rule: MatchingRule) -> StringCheck:
    """Make the check of a rule.

    Raises:
        InvalidRule: when the rule holds a pattern that cannot be compiled.
    """
    return _COMPILERS[type(rule)](rule)


_FLOAT = re.compile(r"[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|inf|infinity|nan)", re.IGNORECASE)
_DIGITS = re.compile(r"\+?[0-9]+")
_LARGEST_UNSIGNED = 2**64 - 1
_FEW_DIGITS = len(str(_LARGEST_UNSIGNED)) - 1


def _equality(expected: str, actual: str, _cascaded: bool) -> str | None:
    return None if actual == expected else f"Expected '{actual}' to be equal to '{expected}'"


def _number(_expected: str, actual: str, _cascaded: bool) -> str | None:
    # Decimals too: `100` passes, as does `inf` (§11 row 16). Most are digits, for which no pattern is needed.
    if (actual.isdigit() and actual.isascii()) or _FLOAT.fullmatch(actual):
        return None
    return f"Expected '{actual}' to match a number"


def _integer(_expected: str, actual: str, _cascaded: bool) -> str | None:
    # Unsigned, so `-1` fails (§11 row 16): the provider's verification would refuse it too.
    if _DIGITS.fullmatch(actual) and (len(actual) <= _FEW_DIGITS or integer_of(actual) <= _LARGEST_UNSIGNED):
        return None
    return f"Expected '{actual}' to match an integer number"


def _regex(rule: rules.Regex) -> StringCheck:
    from pactmock.matching.patterns.pattern import compile_pattern  # late, like what else few rules need

    pattern = compile_pattern(rule.regex)
    return lambda _expected, actual, _cascaded: pattern.problem(actual)


def _include(rule: rules.Include) -> StringCheck:
    return lambda _expected, actual, _cascaded: (
        None if rule.value in actual else f"Expected '{actual}' to include '{rule.value}'"
    )


def _dated(rule: rules.Formatted) -> StringCheck:
    from pactmock.matching.dates.validity import compile_pattern

    text = rule.format or rule.iso_format
    pattern = compile_pattern(text)
    return lambda _expected, actual, _cascaded: (
        None if pattern.problem(actual) is None else f"Expected '{actual}' to match a {rule.word} pattern of '{text}'"
    )


def _content_type(rule: rules.ContentType) -> StringCheck:
    from pactmock.matching.values import content_detection

    return lambda _expected, actual, _cascaded: content_detection.problem(actual.encode(), rule.value)


def _status_code(rule: rules.StatusCode) -> StringCheck:
    def check(_expected: str, actual: str, _cascaded: bool) -> str | None:
        if _DIGITS.fullmatch(actual) and integer_of(actual) < _FIRST_NO_STATUS:
            return status_code_problem(rule, integer_of(actual))
        return f"Unable to match '{actual}' using {debug_rule(rule)} - {_number_problem(actual)}"

    return check


_FIRST_NO_STATUS = 2**16


def _number_problem(text: str) -> str:
    if not text:
        return "cannot parse integer from empty string"
    # The reference reads digit by digit: what is too large is so before a later letter is seen.
    digits = _DIGITS.match(text)
    is_too_large = digits is not None and integer_of(digits[0]) >= _FIRST_NO_STATUS
    return "number too large to fit in target type" if is_too_large else "invalid digit found in string"


def _never(rule: MatchingRule) -> StringCheck:
    return lambda _expected, actual, _cascaded: f"Unable to match '{actual}' using {debug_rule(rule)}"


def _only_cascaded(rule: MatchingRule) -> StringCheck:
    # A rule about keys or values says nothing of the texts below it, but cannot stand on a text itself.
    return lambda _expected, actual, cascaded: (
        None if cascaded else f"Unable to match '{actual}' using {debug_rule(rule)}"
    )


_COMPILERS: RuleTable[Callable[[Any], StringCheck]] = RuleTable(
    {
        rules.Equality: fixed(_equality),
        rules.Values: fixed(_equality),
        rules.IgnoreOrder: fixed(_equality),
        rules.Regex: _regex,
        rules.Type: fixed(anything),
        rules.MinType: fixed(anything),
        rules.MaxType: fixed(anything),
        rules.MinMaxType: fixed(anything),
        rules.Include: _include,
        rules.Number: fixed(_number),
        rules.Decimal: fixed(_number),
        rules.Integer: fixed(_integer),
        rules.Date: _dated,
        rules.Time: _dated,
        rules.Timestamp: _dated,
        rules.Boolean: fixed(
            lambda _expected, actual, _cascaded: (
                None if actual in {"true", "false"} else f"Expected {actual} to match a boolean"
            )
        ),
        rules.StatusCode: _status_code,
        rules.NotEmpty: fixed(lambda _expected, actual, _cascaded: None if actual else "Expected  to not be empty"),
        rules.Semver: fixed(lambda _expected, actual, _cascaded: semantic_version.problem(actual)),
        rules.ContentType: _content_type,
        rules.EachKey: _only_cascaded,
        rules.EachValue: _only_cascaded,
        rules.Plugin: plugin,
    },
    otherwise=_never,
)
