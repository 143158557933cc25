"""The call that says how the service is, for Prometheus. Before somebody asks, nothing is loaded or measured for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from pactmock.control.calls.reply import Reply
from pactmock.control.calls.taking import Process
from pactmock.pact.value import value
from pactmock.service.measuring import Measuring

if TYPE_CHECKING:
    from pactmock.control.events import EventStreams
    from pactmock.control.telemetry.prometheus import Exposition
    from pactmock.service.registry import Registry


@value
class Measured:
    """What metrics are made of."""

    registry: Registry
    streams: EventStreams
    uptime: Callable[[], float]
    measuring: Measuring


class Metrics:
    """The metrics of a service."""

    def __init__(self, registry: Registry, streams: EventStreams, uptime: Callable[[], float]) -> None:
        self._measured = Measured(registry, streams, uptime, Measuring(registry))
        self._exposition: Exposition | None = None

    async def show(self) -> Reply:
        """Write them. Times are measured from the first time on."""
        self._measured.measuring.begin()
        if self._exposition is None:
            make = await asyncio.to_thread(_exposition)  # to load it takes longer than others may wait for
            self._exposition = make(self._measured)
        return Reply(self._exposition.text(), _CONTENT_TYPE)

    def close(self) -> None:
        """Measure nothing more."""
        self._measured.measuring.close()


_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def _exposition() -> type[Exposition]:
    from pactmock.control.telemetry.prometheus import Exposition

    return Exposition


async def show_metrics(process: Process) -> Reply:
    """Return what is measured, in the text format of Prometheus.

    How long decisions, calls of plugins and turns of the event loop take is measured from the first of these calls on.
    """
    return await process.metrics.show()
