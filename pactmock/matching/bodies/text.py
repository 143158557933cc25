"""Plain text bodies (reference/matching.md §4.8)."""

from __future__ import annotations

from pactmock.matching.bodies import utf8
from pactmock.matching.parts.part import BodyCheck, BodyMismatches, ExpectedPart, Part, mismatch
from pactmock.matching.rule_set import RuleList


def compile_body(expected: ExpectedPart) -> BodyCheck:
    """Compile the comparison with an expected text: under the rules at `$`, or for equality."""
    if expected.rules.rules is not None:
        return _under_rules(expected, expected.rules.rules)

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
        problems: list[str] = []
        wanted, received = (_text(side, part, problems) for side, part in (("expected", expected), ("actual", actual)))
        problems += rule_list.string_problems(wanted, received, cascaded)
        return [mismatch("$", expected, actual, problem) for problem in problems]

    return check


def _text(side: str, part: Part, problems: list[str]) -> str:
    """Return the text of a body; one that is no text is a problem, and the rules then see an empty text."""
    try:
        return part.content.decode()
    except UnicodeDecodeError as error:
        problems.append(f"Could not parse {side} value as UTF-8 text: {utf8.reason(error)}")
        return ""
