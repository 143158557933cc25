"""One run: plays the kinds, counts, and finds out about what differs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from parity.answer import Phase
from parity.case import Case
from parity.comparing import compare
from parity.explaining import Explaining, disagreement_of
from parity.known import Disagreement
from parity.playing import Played, Table
from parity.report import Finding, Tally
from parity.shrinking import shrink
from parity.signature import Signature

MOST_FINDINGS = 150
"""How many classes of disagreements are shrunk; what comes after is shown as it is."""


@dataclass
class Session:
    """What was found so far."""

    table: Table
    tallies: list[Tally] = field(default_factory=list)
    findings: dict[Signature, Finding] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.explaining = Explaining(self.table)

    async def play(self, kind: str, cases: Iterable[Case]) -> None:
        """Play the cases of a kind, then look into those that differ."""
        tally = Tally(kind)
        self.tallies.append(tally)
        differing = []
        async for played in self.table.play_all(cases):
            disagreement = self._count(tally, await self._answered(played))
            if disagreement is not None:
                differing.append(disagreement)
        for disagreement in differing:
            await self._look_into(tally, disagreement)

    async def _answered(self, played: Played) -> Played:
        """Play a case once more when the reference hung up, or did not record all verdicts: it does so at times."""
        if played.reference.crashed or not any(map(_is_lossy, played.reference.phases)):
            return played
        (again,) = await self.table.play_some([played.case])
        return again

    def _count(self, tally: Tally, played: Played) -> Disagreement | None:
        if played.reference.crashed:
            tally.crashes += 1
            return None
        comparison = compare(played.reference, played.own)
        tally.cases += 1
        tally.verdicts += comparison.verdict
        tally.texts += comparison.texts
        if comparison.written is not None:
            tally.compared_files += 1
            tally.written += comparison.written
        if comparison.agrees:
            return None
        return disagreement_of(played)

    async def _look_into(self, tally: Tally, raw: Disagreement) -> None:
        row = await self.explaining.explain(raw)
        if row is not None:
            signature: Signature = ("row", row.sentence)
            raw = replace(raw, comparison=compare(raw.reference, raw.own))
            found = [self.findings.setdefault(signature, Finding(raw, row))]
        else:
            found = await self._classes(raw)
        for finding in found:
            finding.count += 1
            finding.kinds.add(raw.case.kind)
            if finding.row and raw.case.size < finding.smallest.case.size:
                finding.smallest = raw
        if all(finding.row for finding in found):
            plain = compare(raw.reference, raw.own)
            tally.known_verdicts += not plain.verdict
            tally.known_texts += not plain.texts
            tally.known_written += plain.written is False

    async def _classes(self, raw: Disagreement) -> list[Finding]:
        """Find the classes whose signatures make up this one; shrink it for what none of them covers."""
        lines = set(raw.comparison.signature)
        covering = [found for signature, found in self.findings.items() if lines.issuperset(signature)]
        while rest := lines - _ASPECTS - {line for found in covering for line in found.smallest.comparison.signature}:
            found = await self._new_class(raw, lines, rest)
            if found in covering:
                break
            covering.append(found)
        return covering

    async def _new_class(self, raw: Disagreement, lines: set[str], rest: set[str]) -> Finding:
        smallest = await self._shrunk(raw, lines, rest) if len(self.findings) < MOST_FINDINGS else raw
        found = Finding(smallest, await self.explaining.explain(smallest))
        return self.findings.setdefault(smallest.comparison.signature, found)

    async def _shrunk(self, raw: Disagreement, lines: set[str], rest: set[str]) -> Disagreement:
        async def still_shows(cases: Sequence[Case]) -> list[bool]:
            return [_shows(played, lines, rest) for played in await self.table.play_some(cases)]

        case = await shrink(raw.case, still_shows)
        (played,) = await self.table.play_some([case])
        return disagreement_of(played) if _shows(played, lines, rest) else raw


def _is_lossy(phase: Phase) -> bool:
    refused = sum(bool(reply.x_pact) for reply in phase.replies)
    recorded = sum(str(entry.get("type")).startswith("request-") for entry in phase.mismatches)
    return recorded < refused or any(reply.status == 0 for reply in phase.replies)


_ASPECTS = {"verdict", "texts", "written", "refused", "crash"}


def _shows(played: Played, lines: set[str], rest: set[str]) -> bool:
    """Tell whether a smaller case shows a part of the same disagreement, and nothing else."""
    if played.reference.crashed:
        return False
    signature = set(disagreement_of(played).comparison.signature)
    return bool(signature & rest - _ASPECTS) and signature <= lines
