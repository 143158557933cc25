"""The `with` blocks that play a contract: which are open, and what did not match in those that ended.

Blocks can be in one another, and a fixture can end one after its test: each says for itself what it found.
"""

from __future__ import annotations

from itertools import count
from typing import TypeAlias

from pactmock.pact.value import value

Identity: TypeAlias = tuple[str, str, str]
"""What tells an interaction from others of its contract."""


@value
class Block:
    """A block: the interactions that it plays, and the moment at which it began."""

    played: tuple[Identity, ...]
    began: int


@value
class _Unmatched:
    report: str
    ended: int


class Blocks:
    """The blocks of a contract. Moments are numbers: how many of them had begun or ended without a match by then."""

    def __init__(self) -> None:
        self._open: list[Block] = []
        self._unmatched: dict[tuple[Identity, ...], _Unmatched] = {}
        self._moments = count(1)

    @property
    def is_open(self) -> bool:
        return bool(self._open)

    @property
    def unmatched(self) -> str:
        """The reports of what did not match, unless a later block played the same and all did."""
        return "\n\n".join(found.report for found in self._unmatched.values())

    def begin(self, played: tuple[Identity, ...]) -> Block:
        block = Block(played, next(self._moments))
        self._open.append(block)
        return block

    def end(self, block: Block, report: str) -> None:
        """Note what a block found that did not match, nothing when all did."""
        self._open.remove(block)
        before = self._unmatched.get(block.played)
        if report:
            self._unmatched[block.played] = _Unmatched(report, next(self._moments))
        elif before is not None and before.ended < block.began:  # it was played again, and is good now
            del self._unmatched[block.played]

    def __repr__(self) -> str:
        return f"<Blocks, {len(self._open)} open>"
