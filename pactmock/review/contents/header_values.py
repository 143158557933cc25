"""Warnings about headers of several values.

See reference/matching.md §11 row 41, K.
"""

from __future__ import annotations

from collections.abc import Iterator

from pactmock.pact.matching_rules import RuleEntry
from pactmock.pact.model import MessageContents, Response
from pactmock.pact.parts.headers import LIST_HEADERS
from pactmock.pact.warnings import PactWarning
from pactmock.review.subject import Subject, ruled_headers


def rules_for_all_values(subject: Subject) -> Iterator[PactWarning]:
    """Yield the rules of one of several values of a response's header, where the other values have others or none.

    A file keeps those of one value; the verification holds all that the provider sends against them.
    """
    for part in subject.answered:
        if not isinstance(part, Response):
            continue
        for name, values in part.headers.items():
            entries = _of_values(part, name) if len(values) > 1 else []
            if entries and (len(entries) < len(values) or any(entry.rules != entries[0].rules for entry in entries)):
                yield PactWarning(
                    f"A pact file has one list of rules for all values of '{name}', and in the verification each value"
                    " that the provider sends has to pass it: give all values the same rules",
                    "rule_for_all_values",
                    (*part.place, *entries[0].place_of(0)),
                )


def unsplit_values(subject: Subject) -> Iterator[PactWarning]:
    """Yield the items of lists that hold several values: what is received is split at commas, items are not (§5.2).

    A rule for the header may let that pass, so that nothing is said where there is one.
    """
    for part in subject.parts:
        if isinstance(part, MessageContents):
            continue
        ruled = ruled_headers(part)
        for name, values in part.headers.items():
            if name.lower() in LIST_HEADERS - ruled and any("," in value for value in values):
                yield PactWarning(
                    f"The values of '{name}' are split at commas where they are received, and those in a list are not,"
                    " so that no message meets this one: write each value as an item, or all in one text",
                    "unsplit_header",
                    (*part.place, "headers", name),
                )


def _of_values(part: Response, name: str) -> list[RuleEntry]:
    """Return the rules for single values of a header."""
    return [
        entry
        for entry in part.matching_rules.get("header", ())
        if len(entry.path.tokens) == 2
        and isinstance(entry.path.tokens[1], int)
        and str(entry.path.tokens[0]).lower() == name.lower()
    ]
