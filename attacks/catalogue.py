"""All attacks, in the order of their numbers."""

from __future__ import annotations

from attacks import callers, crowding, explanations, making, memory, patterns, streams, texts, threads, verdicts
from attacks.attack import Attack

_FAMILIES = (verdicts, patterns, explanations, texts, threads, memory, callers, crowding, making, streams)

ATTACKS: tuple[Attack, ...] = tuple(
    sorted((attack for family in _FAMILIES for attack in family.ATTACKS), key=lambda attack: attack.number)
)
