"""Plays cases on both servers, many at a time, and goes on when one of the servers dies of a case."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from parity.answer import Answer
from parity.case import Case
from parity.players import LostError, Player

AT_ONCE = 12
"""How many cases are on their way at a time."""
CHUNK = 96


@dataclass(frozen=True, slots=True)
class Played:
    """A case with both answers."""

    case: Case
    reference: Answer
    own: Answer


_CRASHED = Answer(crashed=True)


class Table:
    """Where the two sit."""

    def __init__(self, reference: Player, own: Player) -> None:
        self.reference = reference
        self.own = own
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def start(self) -> None:
        """Start both servers."""
        await asyncio.gather(self.reference.start(), self.own.start())

    async def play_all(self, cases: Iterable[Case]) -> AsyncIterator[Played]:
        """Play cases, in their order."""
        rest: Iterator[Case] = iter(cases)
        while chunk := list(islice(rest, CHUNK)):
            for played in await self.play_some(chunk):
                yield played

    async def play_some(self, cases: Sequence[Case]) -> list[Played]:
        """Play some cases at the same time; of a contract, the reference gets the pact that pactmock makes of it."""
        cases = [await self._with_pact(case) for case in cases]
        references, owns = await asyncio.gather(
            self._play_on(self.reference, cases),
            self._play_on(self.own, cases),
        )
        return [Played(*three) for three in zip(cases, references, owns, strict=True)]

    async def _with_pact(self, case: Case) -> Case:
        if case.contract is None:
            return case
        return replace(case, interactions=await self.own.make_interactions(case))

    async def play_reference(self, case: Case, times: int) -> list[Answer]:
        """Play a case several times on the reference, which leaves some decisions to hashing."""
        return await self._play_on(self.reference, [case] * times)

    async def _play_on(self, player: Player, cases: Sequence[Case]) -> list[Answer]:
        answers = await asyncio.gather(*(self._play_in_turn(player, case) for case in cases))
        if None not in answers:
            return [answer for answer in answers if answer is not None]
        await player.start()
        return [
            await self._play_alone(player, case) if answer is None else answer
            for case, answer in zip(cases, answers, strict=True)
        ]

    async def _play_in_turn(self, player: Player, case: Case) -> Answer | None:
        async with self._turn:
            try:
                return await player.play(case)
            except LostError:
                return None

    async def _play_alone(self, player: Player, case: Case) -> Answer:
        """Play a case that was lost, maybe through another one that ran beside it."""
        try:
            return await player.play(case)
        except LostError:
            await player.start()
            return _CRASHED
