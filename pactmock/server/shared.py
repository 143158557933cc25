"""What the mock servers of one process share: how much it takes in, its threads, who hears of them, each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Protocol

from pactmock.server.known_pacts import KnownPacts
from pactmock.server.pact_writer import FileWriter, PactWriter
from pactmock.server.records.events import Events
from pactmock.server.records.kept import Kept
from pactmock.server.records.totals import Totals
from pactmock.server.turn import Turn
from pactmock.server.wire.intake import Intake
from pactmock.server.workers import Workers

if TYPE_CHECKING:
    from pactmock.server.decision_times import DecisionTimes
    from pactmock.server.mock_server import MockServer


class Gateway(Protocol):
    """A way to all mock servers on one port."""

    async def come_in(self, play: object, seconds: float) -> None:
        """Wait for messages that are coming in for what plays a pact, for some seconds at the most."""


class Shared:
    """The common property of mock servers."""

    def __init__(self, intake: Intake | None = None, events: Events | None = None) -> None:
        self.intake = intake or Intake()
        self.turn = Turn()
        self.kept = Kept()
        self.events = events or Events()
        self.totals = Totals()
        self.times: DecisionTimes | None = None
        """How long decisions take; None as long as nobody wants to know."""
        self.deciding = Workers("deciding", threads=4, share=1)
        """Compare what is large or slow; one at once for each mock server, as threads are in each other's way there."""
        self.asking = Workers("asking plugins", threads=64, share=16)
        """Wait for plugins."""
        self.compiling = Workers("compiling pacts", threads=2, share=2)
        """Read and compile large pacts."""
        self.files = Workers("pact files", threads=32, share=1)
        """Wait for locks and disks; the owner is the file, so that those who wait for one wait in one thread."""
        self.pacts: PactWriter = FileWriter(self.files)
        """Where pacts are written."""
        self.known = KnownPacts()
        """What was made of pacts that are posted again and again."""
        self._all = self.deciding, self.asking, self.compiling, self.files
        self.neighbours: Callable[[], Iterable[MockServer]] = tuple
        """The mock servers of this process, for a request that may have been meant for another one."""
        self.gateway: Gateway | None = None
        """The other way to them, besides their ports."""
        self.changes = 0
        """How often a mock server came, went, or got other interactions."""

    def rest(self) -> None:
        """End the threads that have nothing to do for now."""
        for workers in self._all:
            workers.rest()

    def close(self) -> None:
        """End the threads, when nobody gives them work any more."""
        for workers in self._all:
            workers.close()

    def __repr__(self) -> str:
        return f"<Shared {self.intake!r}>"


ALONE = Shared(events=Events(kept=0))
"""What mock servers share that belong to no service, where nobody asks for events of the past."""
