"""One run: plays the kinds, counts, and finds out about what differs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from parity import known
from parity.answer import Answer, Phase
from parity.case import Case
from parity.comparing import Comparison, compare, lines_of
from parity.known import Disagreement, Row
from parity.playing import Played, Table
from parity.report import Finding, Tally
from parity.shrinking import shrink
from parity.signature import Signature

ASKED_AGAIN = 48
"""How often the reference is asked again before a disagreement counts: hashing may have decided it."""
ASKED_AT_ONCE = 8
MOST_FINDINGS = 150
"""How many classes of disagreements are shrunk; what comes after is shown as it is."""


@dataclass
class Session:
    """What was found so far."""

    table: Table
    tallies: list[Tally] = field(default_factory=list)
    findings: dict[Signature, Finding] = field(default_factory=dict)

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
        return Disagreement(played.case, played.reference, played.own, _compare(played.reference, played.own))

    async def _look_into(self, tally: Tally, raw: Disagreement) -> None:
        raw, row = await self._row_of(raw)
        if row is None and len(raw.case.interactions) > 1:
            row = await self._row_of_parts(raw.case)
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

    async def _row_of(self, raw: Disagreement) -> tuple[Disagreement, Row | None]:
        """Find the row that explains a disagreement, if need be with what the reference says when asked again."""
        row = known.find(raw)
        if row is None:
            raw = await self._ask_again(raw)
            row = known.find(raw)
        if row is not None and row.tell is not None and not await self._agrees_when_told(raw, row.tell(raw.case)):
            row = None
        return raw, row

    async def _ask_again(self, raw: Disagreement) -> Disagreement:
        answers, own = [_without_pacts(raw.reference)], _without_pacts(raw.own)
        while len(answers) <= ASKED_AGAIN and not is_undecided(answers, own):
            answers += map(_without_pacts, await self.table.play_reference(raw.case, ASKED_AT_ONCE))
        return replace(raw, undecided=is_undecided(answers, own))

    async def _agrees_when_told(self, raw: Disagreement, case: Case) -> bool:
        """Tell whether the reference decides on a case as pactmock does on one that means the same to it."""
        (answer,) = await self.table.play_reference(case, 1)
        if answer.crashed:
            return False
        reference, own = _without_pacts(answer), _without_pacts(raw.own)
        told = Disagreement(case, reference, own, _compare(reference, own))
        return told.comparison.agrees or (await self._row_of(told))[1] is not None

    async def _row_of_parts(self, case: Case) -> Row | None:
        """Find the row that explains what several interactions together show by what each of them shows alone.

        The requests are compared with one interaction after the other, so that what differs then is neither which one
        was chosen nor which was missing. No row is found where one alone shows what no row explains, and where all
        of them agree: then it is the choice that differs.
        """
        alone = [replace(case, interactions=(interaction,)) for interaction in case.interactions]
        rows = []
        for played in await self.table.play_some(alone):
            raw = Disagreement(played.case, played.reference, played.own, _compare(played.reference, played.own))
            if played.reference.crashed or compare(played.reference, played.own).agrees:
                continue
            _, row = await self._row_of(raw)
            if row is None:
                return None
            rows.append(row)
        return rows[0] if rows else None

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
        smallest, row = await self._row_of(smallest)
        found = Finding(smallest, row)
        return self.findings.setdefault(smallest.comparison.signature, found)

    async def _shrunk(self, raw: Disagreement, lines: set[str], rest: set[str]) -> Disagreement:
        async def still_shows(cases: Sequence[Case]) -> list[bool]:
            return [_shows(played, lines, rest) for played in await self.table.play_some(cases)]

        case = await shrink(raw.case, still_shows)
        (played,) = await self.table.play_some([case])
        if not _shows(played, lines, rest):
            return raw
        comparison = _compare(played.reference, played.own)
        return Disagreement(case, played.reference, played.own, comparison)


def _without_pacts(answer: Answer) -> Answer:
    """Leave out what repeats the pact, which may be another one that means the same."""
    return replace(answer, phases=tuple(_without_pact(phase) for phase in answer.phases))


def _without_pact(phase: Phase) -> Phase:
    entries = ({name: value for name, value in entry.items() if name != "request"} for entry in phase.mismatches)
    return replace(phase, mismatches=tuple(entries), written=None)


def _is_lossy(phase: Phase) -> bool:
    refused = sum(bool(reply.x_pact) for reply in phase.replies)
    recorded = sum(str(entry.get("type")).startswith("request-") for entry in phase.mismatches)
    return recorded < refused or any(reply.status == 0 for reply in phase.replies)


def is_undecided(references: Sequence[Answer], own: Answer) -> bool:
    """Tell whether the reference contradicts itself, and pactmock says nothing that it does not say at times."""
    said = [lines_of(answer, known.mend) for answer in references if not answer.crashed]
    return any(lines != said[0] for lines in said) and lines_of(own, known.mend) <= set().union(*said)


def _compare(reference: Answer, own: Answer) -> Comparison:
    return compare(reference, own, known.mend)


_ASPECTS = {"verdict", "texts", "written", "refused", "crash"}


def _shows(played: Played, lines: set[str], rest: set[str]) -> bool:
    """Tell whether a smaller case shows a part of the same disagreement, and nothing else."""
    if played.reference.crashed:
        return False
    signature = set(_compare(played.reference, played.own).signature)
    return bool(signature & rest - _ASPECTS) and signature <= lines
