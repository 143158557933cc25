"""Warnings about patterns that mean something else than their author thinks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pactmock.pact.warnings import PactWarning
from pactmock.review.rules.kinds import rules_of
from pactmock.review.subject import Subject


def java_quotes(subject: Subject) -> Iterator[PactWarning]:
    r"""Yield the patterns with `\Q...\E`, which Java takes as it stands, and nothing else here or in the reference."""
    for part in subject.parts:
        for rule, place in rules_of(part, lambda rule: bool(rule.patterns)):
            for pattern in rule.patterns:
                meant = _QUOTED.sub(_in_plain, pattern) if r"\Q" in pattern else pattern
                if meant != pattern:
                    text = (
                        rf"\Q...\E quotes in Java alone, so that this pattern fits nothing that it is meant for: write"
                        f" {meant}"
                    )
                    yield PactWarning(text, "java_quotes", place)


_QUOTED = re.compile(r"\\\\|\\Q(.*?)(?:\\E|\Z)", re.DOTALL)
_SPECIAL = re.compile(r"[\\^$.|?*+()\[\]{}]")


def _in_plain(found: re.Match[str]) -> str:
    """Escape what is quoted; two backslashes are one, and begin no quotation."""
    return found[0] if found[1] is None else _SPECIAL.sub(r"\\\g<0>", found[1])
