"""What differs in a part of a request, as it is shown: mismatches of one place together, with both values by lines."""

from __future__ import annotations

import json
from collections.abc import Iterator

from pactmock.matching.explaining.explanation import Difference, PartFinding
from pactmock.pact.value import value
from pactmock.reports.sentence import few, what_differs
from pactmock.reports.side_by_side import Pair, side_by_side
from pactmock.reports.visible import visible


@value
class Finding:
    """Mismatches of one place that show the same values: a list that differs is shown once, not once an item.

    `texts` are the first of them, and `more` counts the others. `rule` says which rules decided, and the path that they
    are written for; it is empty where equality did. No text here has control characters.
    """

    where: str
    texts: tuple[str, ...]
    more: int
    pairs: tuple[Pair, ...]
    rule: str


def findings(part: PartFinding) -> Iterator[Finding]:
    """Yield what differs in a part."""
    groups: dict[str, list[Difference]] = {}
    for item in part.differences:
        groups.setdefault(repr((item.type, item.place, item.expected, item.actual, item.rule)), []).append(item)
    for group in groups.values():
        yield _finding(part.part, group)


def _finding(part: str, group: list[Difference]) -> Finding:
    first = group[0]
    where = " ".join(filter(None, (part or _PARTS.get(first.type, "metadata"), first.place[1] if first.place else "")))
    texts = few([visible(what_differs(item)) for item in group])
    pairs, rule = side_by_side(first.expected, first.actual, first.mismatch), first.rule
    if rule:
        matchers = f" {rule['combine']} ".join(json.dumps(item, ensure_ascii=False) for item in rule["matchers"])
        rule = f"{visible(rule['path'] or 'the whole part')}: {visible(matchers)}"
    return Finding(visible(where), tuple(texts), len(group) - len(texts), tuple(pairs), rule or "")


_PARTS = {"BodyMismatch": "body", "BodyTypeMismatch": "body", "UndecidedMismatch": "body"}
"""The part that a mismatch of a plugin or of a reply is about; it is the metadata of a message for all others."""


def not_listed(part: PartFinding) -> str:
    """Say how many mismatches of a part are not listed."""
    return f"and {part.more:,} more in {f'the {part.part}' if part.part else 'all'}"
