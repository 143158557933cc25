"""An attack, and what it may cost those that share the service with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from attacks.service import Service

Broken = Iterator[str]
"""The promises that did not hold, each in a sentence."""

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What an attack may cost others: seconds of the worst answer, bytes above the start, seconds to end by SIGTERM."""

    health: float = 0.25
    neighbour: float = 0.25
    memory: int = 300 * MEGABYTE
    end: float = 3.0

    def times(self, factor: float) -> Limits:
        """Return looser limits, for a machine that runs other things meanwhile."""
        return Limits(self.health * factor, self.neighbour * factor, int(self.memory * factor), self.end * factor)


LIMITS = Limits()
LARGE = Limits(health=1.0, neighbour=1.0)
"""For bodies above 4 MB: a call into a parser cannot be cut and keeps the interpreter."""


@dataclass(frozen=True, slots=True)
class Attack:
    """A numbered program. `run` attacks a service and yields what did not hold right afterwards.

    `options` and environment `variables` are what the service is started with; `quick` says that it takes less than
    five seconds.
    """

    number: int
    name: str
    run: Callable[[Service], Broken]
    limits: Limits = LIMITS
    options: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    quick: bool = False

    def __str__(self) -> str:
        return f"{self.number} {self.name}"
