"""Explanations as text for a person at a terminal: what was received, and expected and actual side by side.

Whatever was received is shown with its control characters escaped, so no value can look like a line of the report.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from pactmock.matching.explaining import explanation as kinds
from pactmock.matching.explaining.explanation import Difference, Explanation, PartFinding
from pactmock.matching.interaction_name import InteractionName
from pactmock.reports.sentence import few, state_name, what_differs
from pactmock.reports.side_by_side import side_by_side
from pactmock.reports.visible import visible


def report(
    title: str, explanations: Iterable[Explanation], warnings: Iterable[str] = (), not_tested: int = 0
) -> Iterator[str]:
    """Yield the lines of a report below a title, a numbered paragraph for each explanation, and the pact's warnings.

    `not_tested` is how many messages of the pact do not count.
    """
    yield title
    for number, explanation in enumerate(explanations, 1):
        yield ""
        target = visible(" ".join(explanation.received or (explanation.method, explanation.path)))
        yield f"{number}) {_HEADLINES[explanation.type].format(target=target, path=visible(explanation.path))}"
        yield from _paragraph(explanation)
    for number, warning in enumerate(warnings):
        if not number:
            yield ""
        yield f"warning: {visible(warning)}"
    if not_tested:
        yield ""
        yield untested(not_tested)


def untested(messages: int) -> str:
    """Say that messages of a pact were not tested."""
    return f"not tested: {messages} message{'s' if messages > 1 else ''} of this pact, as nobody asked for one here"


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


def _paragraph(explanation: Explanation) -> Iterator[str]:
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
