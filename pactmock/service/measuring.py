"""What costs something to be measured, from the moment on in which somebody wants to know it."""

from __future__ import annotations

import asyncio
from time import perf_counter
from typing import TYPE_CHECKING

from pactmock.durations import Durations

if TYPE_CHECKING:
    from pactmock.service.registry import Registry

_LOOK_SECONDS = 0.1
_BOUNDS = (0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Measuring:
    """Measures, when it has begun, how late the event loop is, and has times of decisions and plugins measured."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self.lag = Durations(*_BOUNDS)
        """By how much turns of the event loop came late that were due at a certain time."""
        self._next: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Begin, on the loop that is measured."""
        if self._next is None:
            self._registry.measure()
            self._look_later()

    def _look_later(self) -> None:
        due = perf_counter() + _LOOK_SECONDS
        self._next = asyncio.get_running_loop().call_later(_LOOK_SECONDS, self._look, due)

    def _look(self, due: float) -> None:
        self.lag.add(max(0.0, perf_counter() - due))
        self._look_later()

    def close(self) -> None:
        """Measure the event loop no longer."""
        if self._next is not None:
            self._next.cancel()

    def __repr__(self) -> str:
        return f"<Measuring: {'begun' if self._next else 'nothing yet'}>"
