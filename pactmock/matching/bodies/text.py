"""Plain text bodies (reference/matching.md §4.8)."""

from __future__ import annotations

from pactmock.matching.part import BodyCheck, BodyMismatches, ExpectedPart, Part, mismatch
from pactmock.matching.rule_set import RuleList


def compile_body(expected: ExpectedPart) -> BodyCheck:
    """Compile the comparison with an expected text: under the rules at `$`, or for equality."""
    rule_list = expected.rules.rules
    return _equality(expected) if rule_list is None else _under_rules(expected, rule_list)


def _equality(expected: ExpectedPart) -> BodyCheck:
    def check(actual: Part) -> BodyMismatches:
        if actual.content == expected.content:
            return ()
        wanted, received = (content.decode(errors="replace") for content in (expected.content, actual.content))
        text = f"Expected body '{wanted}' to match '{received}' using equality but did not match"
        return [mismatch("$", expected, actual, text)]

    return check


def _under_rules(expected: ExpectedPart, rule_list: RuleList) -> BodyCheck:
    cascaded = expected.rules.cascaded

    def check(actual: Part) -> BodyMismatches:
        texts = []
        for side, part in (("expected", expected), ("actual", actual)):
            try:
                texts.append(part.content.decode())
            except UnicodeDecodeError as error:
                return [mismatch("$", expected, actual, f"Could not parse {side} value as UTF-8 text: {error.reason}")]
        problems = rule_list.string_problems(texts[0], texts[1], cascaded)
        return [mismatch("$", expected, actual, problem) for problem in problems]

    return check
