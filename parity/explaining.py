"""Finds what explains a disagreement: a row, if need be with the help of what the reference says to other cases.

A row looks at one case and its two answers. Three things it cannot see there: that the reference would decide otherwise
the next time; that it decides the same when it is told in its own words; and which of several interactions it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from parity import known
from parity.answer import Answer, Phase
from parity.case import Case
from parity.comparing import compare, lines_of
from parity.known import Disagreement, Row
from parity.playing import Played, Table

ASKED_AGAIN = 48
"""How often the reference is asked again before a disagreement counts: hashing may have decided it."""
ASKED_AT_ONCE = 8


class Explaining:
    """Explains disagreements with the two players at hand."""

    def __init__(self, table: Table) -> None:
        self._table = table

    async def explain(self, raw: Disagreement) -> Row | None:
        """Return the row that explains a disagreement, if one does."""
        row = await self._row_of(raw)
        return row or (await self._row_of_parts(raw.case) if len(raw.case.interactions) > 1 else None)

    async def _row_of(self, raw: Disagreement) -> Row | None:
        """Find the row that explains a disagreement, if need be with what the reference says when asked again."""
        return await self._confirmed(raw) or await self._confirmed(await self._ask_again(raw))

    async def _confirmed(self, raw: Disagreement) -> Row | None:
        for row in known.find(raw):
            if row.tell is None or await self._agrees_when_told(raw, row.tell(raw.case)):
                return row
        return None

    async def _ask_again(self, raw: Disagreement) -> Disagreement:
        answers, own = [_without_pacts(raw.reference)], _without_pacts(raw.own)
        while len(answers) <= ASKED_AGAIN and not is_undecided(answers, own):
            answers += map(_without_pacts, await self._table.play_reference(raw.case, ASKED_AT_ONCE))
        return replace(raw, undecided=is_undecided(answers, own))

    async def _agrees_when_told(self, raw: Disagreement, case: Case) -> bool:
        """Tell whether the reference decides on a case as pactmock does on one that means the same to it."""
        (answer,) = await self._table.play_reference(case, 1)
        if answer.crashed:
            return False
        reference, own = _without_pacts(answer), _without_pacts(raw.own)
        told = disagreement_of(Played(case, reference, own))
        return told.comparison.agrees or await self._row_of(told) is not None

    async def _row_of_parts(self, case: Case) -> Row | None:
        """Find the row that explains what several interactions together show by what each of them shows alone.

        The requests are compared with one interaction after the other, so that what differs then is neither which one
        was chosen nor which was missing. No row is found where one alone shows what no row explains, and where all
        of them agree: then it is the choice that differs.
        """
        alone = [replace(case, interactions=(interaction,), contract=None) for interaction in case.interactions]
        rows = []
        for played in await self._table.play_some(alone):
            if played.reference.crashed or compare(played.reference, played.own).agrees:
                continue
            row = await self._row_of(disagreement_of(played))
            if row is None:
                return None
            rows.append(row)
        return rows[0] if rows else None


def disagreement_of(played: Played) -> Disagreement:
    """Compare the answers to a case, with the known differences taken out."""
    comparison = compare(played.reference, played.own, known.mend)
    return Disagreement(played.case, played.reference, played.own, comparison)


def _without_pacts(answer: Answer) -> Answer:
    """Leave out what repeats the pact, which may be another one that means the same."""
    return replace(answer, phases=tuple(_without_pact(phase) for phase in answer.phases))


def _without_pact(phase: Phase) -> Phase:
    entries = ({name: value for name, value in entry.items() if name != "request"} for entry in phase.mismatches)
    return replace(phase, mismatches=tuple(entries), written=None)


def is_undecided(references: Sequence[Answer], own: Answer) -> bool:
    """Tell whether the reference contradicts itself, and pactmock says nothing that it does not say at times."""
    said = [lines_of(answer, known.mend) for answer in references if not answer.crashed]
    return any(lines != said[0] for lines in said) and lines_of(own, known.mend) <= set().union(*said)
