"""An attack played against a fresh service, with its neighbours watched: what it cost, and what did not hold."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from attacks import footprint, neighbour
from attacks.attack import MEGABYTE, Attack, Limits
from attacks.neighbour import Watched
from attacks.pacts import HONEST
from attacks.service import Service, running


@dataclass(frozen=True, slots=True)
class Measured:
    """What one attack cost: seconds, and bytes above the start; and the promises that did not hold."""

    attack: Attack
    watched: Watched
    memory: int
    end: float
    took: float
    broken: tuple[str, ...]

    def beyond(self, limits: Limits) -> list[str]:
        """Say what did not hold, the limits included."""
        said = list(self.broken)
        if self.watched.failures:
            said.append(f"{self.watched.failures} honest requests were not answered with 200")
        if self.watched.health > limits.health:
            said.append(f"/health took {self.watched.health:.3f} s, more than {limits.health:g} s")
        if self.watched.neighbour > limits.neighbour:
            said.append(f"an honest neighbour waited {self.watched.neighbour:.3f} s, more than {limits.neighbour:g} s")
        if self.memory > limits.memory:
            said.append(f"it took {self.memory // MEGABYTE} MB, more than {limits.memory // MEGABYTE} MB")
        if self.end > limits.end:
            said.append(f"SIGTERM took {self.end:.1f} s, more than {limits.end:g} s")
        return said


def play(attack: Attack, slack: float = 1.0) -> Measured:
    """Play one attack on a service of its own; what it asks for itself may take `slack` times as long as at rest."""
    with running(*attack.options, slack=slack, **attack.variables) as service:
        honest = service.create(HONEST)
        before = footprint.start(service.process.pid)
        began = time.monotonic()
        with neighbour.watching(service.port, honest.port) as watched:
            broken = tuple(_promises(attack, service))
        took = time.monotonic() - began
        memory = footprint.peak(service.process.pid) - before
        return Measured(attack, watched, memory, service.end(), took, broken)


def _promises(attack: Attack, service: Service) -> Iterable[str]:
    try:
        yield from attack.run(service)
    except Exception as error:  # noqa: BLE001  whatever it is, that is what the attack did
        yield f"the attack ended with {error!r}"
    if service.process.poll() is not None:
        yield "the service has ended"
