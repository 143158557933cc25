"""What one scope of a mock server received. It stands in the journal of the mock server too, which it may not outlive.

So what it lists is counted once for the process, as what the mock server keeps; and of failures, which a journal keeps
longer than all else, the scopes of a mock server together hold no more than one journal may.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from pactmock.pact.json.values import Json
from pactmock.pact.parts.received_headers import HTTP_1
from pactmock.server.answers.decision import Decision
from pactmock.server.records.events import Events
from pactmock.server.records.journal import Journal, JournalLimits
from pactmock.server.records.kept import Kept
from pactmock.server.records.totals import Totals

if TYPE_CHECKING:
    from pactmock.server.records.entries import Entry


class Together:
    """What the journals of all scopes of one mock server share: what they hold of failures, and where events go."""

    def __init__(self, limits: JournalLimits, events: Events, server: str) -> None:
        self.limits = limits
        self.events = events
        self.server = server
        self.failure_bytes = 0
        self.numbers = Events(kept=0)
        """Nobody hears these: the mock server tells of each request, and counts it, with the name of its scope."""
        self.kept = Kept(sys.maxsize)
        self.totals = Totals()


class ScopeJournal(Journal):
    """The record of one scope. Its numbers are its own; each entry has the event of that of the mock server."""

    def __init__(self, name: str, together: Together) -> None:
        self._name = name
        self._together = together
        self._failure_bytes = 0
        super().__init__(together.limits, together.kept, together.numbers, together.server, together.totals)

    def note(self, decision: Decision, scope: str | None = None) -> None:  # noqa: ARG002  there is one here
        self._follow()
        super().note(decision, self._name)

    def note_late(self, decision: Decision, scope: str | None = None) -> None:  # noqa: ARG002
        self._follow()
        super().note_late(decision, self._name)

    def refuse(
        self,
        received: float,
        status: int,
        reason: str,
        asked_for: tuple[str, str] | None = None,
        scope: str | None = None,  # noqa: ARG002
        *,
        protocol: str = HTTP_1,
    ) -> None:
        self._follow()
        super().refuse(received, status, reason, asked_for, self._name, protocol=protocol)

    def _follow(self) -> None:
        """Have the next entry tell of the event that the mock server has just counted."""
        self._together.numbers.number = self._together.events.number - 1

    def _fail(self, record: Entry) -> None:
        together, before = self._together, self._failure_bytes
        if together.failure_bytes + record.size > together.limits.bytes:
            self.failed += 1  # counted, and not listed
            return
        super()._fail(record)
        together.failure_bytes += self._failure_bytes - before

    def drop_until(self, event: int) -> None:
        """List no longer what the mock server has dropped, up to the entry of an event."""
        while self._entries and self._entries[0].event <= event:
            dropped = self._entries.popleft()
            self._bytes -= dropped.size
            self._kept.bytes -= dropped.size
            self.forgotten = dropped.event

    def close(self) -> None:
        self._together.failure_bytes -= self._failure_bytes
        self._failure_bytes = 0
        super().close()

    def tell(self, name: str, **fields: Json) -> None:
        self._together.events.tell(name, self._server, scope=self._name, **fields)
