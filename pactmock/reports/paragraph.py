"""What is said of one explanation in some lines, for a person: what differs, side by side, the rule, some advice.

Whatever was received is shown with its control characters escaped, so no value can look like a line of a report.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from pactmock.matching.explaining import explanation as kinds
from pactmock.matching.explaining.explanation import Difference, Explanation, PartFinding
from pactmock.matching.interaction_name import InteractionName
from pactmock.reports.sentence import few, state_name, what_differs
from pactmock.reports.side_by_side import side_by_side
from pactmock.reports.visible import visible


def headline(explanation: Explanation) -> str:
    """Say in a few words what happened."""
    target = visible(" ".join(explanation.received or (explanation.method, explanation.path)))
    return _HEADLINES[explanation.type].format(target=target, path=visible(explanation.path))


_HEADLINES = {
    kinds.MATCH: "{target} matched",
    kinds.MISMATCH: "{target} did not match",
    kinds.UNDECIDED: "{target} could not be decided",
    kinds.NOT_FOUND: "{target} was not expected",
    kinds.MISSING: "{target} was expected and never came",
    kinds.PLUGIN_MISMATCH: "{target} did not match",
    kinds.REFUSED: "{target} was refused, so nobody could decide on it",
    kinds.MISSING_MESSAGE: "the message '{path}' was never handled",
    kinds.MESSAGE_FAILED: "the message '{path}' was not handled",
    kinds.MESSAGE_MISMATCH: "the reply to the message '{path}' did not match",
}


def paragraph(explanation: Explanation) -> Iterator[str]:
    """Yield the lines below the headline."""
    if explanation.interaction is not None:
        label = "nearest" if explanation.type == kinds.NOT_FOUND else "interaction"
        yield from _interaction(label, explanation.interaction)
    if explanation.error:
        yield f"   {visible(explanation.error)}"
    if explanation.near:
        matched = ", ".join(part.part for part in explanation.parts if part.matched)
        yield f"   matched: {matched or 'nothing'}"
    for part in explanation.parts:
        yield from _part(part)
    if explanation.advice:
        yield f"   advice: {visible(explanation.advice)}"


def _interaction(label: str, interaction: InteractionName) -> Iterator[str]:
    states = ", ".join(map(state_name, interaction.provider_states))
    yield f"   {label}: {visible(interaction.description + (f' (given {states})' if states else ''))}"
    # What a plugin says of it is shown as it is: Markdown is made to be read.
    for line in interaction.markup["markup"].splitlines() if interaction.markup else ():
        yield f"   > {visible(line)}".rstrip()


def _part(finding: PartFinding) -> Iterator[str]:
    groups: dict[str, list[Difference]] = {}
    for item in finding.differences:
        groups.setdefault(repr((item.type, item.place, item.expected, item.actual, item.rule)), []).append(item)
    for group in groups.values():
        yield from _group(finding.part, group)
    if finding.more:
        yield f"   - and {finding.more:,} more in {f'the {finding.part}' if finding.part else 'all'}"


def _group(part: str, group: list[Difference]) -> Iterator[str]:
    """Yield mismatches of one place that show the same values: a list that differs is shown once, not once an item."""
    first = group[0]
    where = " ".join(filter(None, (part or _PARTS.get(first.type, "metadata"), first.place[1] if first.place else "")))
    texts = few([visible(what_differs(item)) for item in group])
    yield f"   - {visible(where)}: {texts[0]}"
    for text in texts[1:]:
        yield f"     {text}"
    if len(group) > len(texts):
        yield f"     and {len(group) - len(texts):,} more here"
    yield from side_by_side(first.expected, first.actual, first.mismatch)
    rule = first.rule
    if rule:
        matchers = f" {rule['combine']} ".join(json.dumps(item, ensure_ascii=False) for item in rule["matchers"])
        yield f"       decided by the rule at {visible(rule['path'] or 'the whole part')}: {visible(matchers)}"


_PARTS = {"BodyMismatch": "body", "BodyTypeMismatch": "body", "UndecidedMismatch": "body"}
"""The part that a mismatch of a plugin or of a reply is about; it is the metadata of a message for all others."""
