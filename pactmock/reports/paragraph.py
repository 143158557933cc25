"""What is said of one explanation in some lines, for a person: what differs, side by side, the rule, some advice.

Whatever was received is shown with its control characters escaped, so no value can look like a line of a report.
"""

from __future__ import annotations

from collections.abc import Iterator

from pactmock.matching.explaining import explanation as kinds
from pactmock.matching.explaining.explanation import Explanation, PartFinding
from pactmock.matching.interaction_name import InteractionName
from pactmock.reports.findings import findings, not_listed
from pactmock.reports.sentence import state_name
from pactmock.reports.side_by_side import in_columns
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


def _part(part: PartFinding) -> Iterator[str]:
    for finding in findings(part):
        first, *others = finding.texts
        yield f"   - {finding.where}: {first}"
        for text in others:
            yield f"     {text}"
        if finding.more:
            yield f"     and {finding.more:,} more here"
        yield from in_columns(finding.pairs)
        if finding.rule:
            yield f"       decided by the rule at {finding.rule}"
    if part.more:
        yield f"   - {not_listed(part)}"
