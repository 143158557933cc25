"""What is counted of all mock servers of a process, those that have ended too.

Nothing is counted of a request that matches: the hub of events numbers all that happens, and whatever was no such
request is counted here, so the rest is known.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, cast

from pactmock.errors import Conflict, PactmockError
from pactmock.matching.verdict import Outcome
from pactmock.server.answers.decision import Decision
from pactmock.server.records.events import (
    MESSAGE_HANDLED,
    REQUEST_LATE,
    REQUEST_MATCHED,
    REQUEST_REFUSED,
    VERDICT_GIVEN,
    Event,
)

if TYPE_CHECKING:
    from pactmock.server.records.entries import Entry, Record

MATCHED = "matched"
MISMATCHED = "mismatched"
UNDECIDED = "undecided"
UNEXPECTED = "unexpected"
REFUSED = "refused"
LATE = "late"
OUTCOMES = (MATCHED, MISMATCHED, UNDECIDED, UNEXPECTED, REFUSED, LATE)
_NAMES = {Outcome.MISMATCH: MISMATCHED, Outcome.UNDECIDED: UNDECIDED, Outcome.NOT_FOUND: UNEXPECTED}

PARTS = ("method", "path", "query", "headers", "body")

SIZE, TIME, PLUGIN = "size", "time", "plugin"
REASONS = (SIZE, TIME, PLUGIN)
"""Why a request is decided on in a thread: it is large, it takes long, or plugins are asked."""

MOCK_SERVERS, EVENT_STREAMS = "mock_servers", "event_streams"
CROWDS = (MOCK_SERVERS, EVENT_STREAMS)
"""What there may only be so many of at once, besides what the wire refuses."""

CONFLICT, FAILED = "conflict", "failed"


def outcome_of(entry: Entry) -> str:
    """Return what is counted when a journal has noted something."""
    return _OF_EVENTS.get(entry.event_name) or _NAMES[cast("Record", entry).decision.outcome]


_OF_EVENTS = {REQUEST_LATE: LATE, REQUEST_REFUSED: REFUSED, REQUEST_MATCHED: MATCHED}


class Totals:
    """Counts that only grow."""

    def __init__(self) -> None:
        self.missed: Counter[str] = Counter()
        """Requests that came too late, were refused or did not match, by the outcomes above."""
        self.parts: Counter[str] = Counter()
        """Requests that did not match, by each part in which they differ from the nearest interaction."""
        self.dropped = 0
        """Entries that journals dropped to have room for others."""
        self.in_threads: Counter[str] = Counter()
        """Requests that were decided on in a thread, by the reasons above."""
        self.told: Counter[str] = Counter()
        """Events by their name, those of requests apart."""
        self.verdicts: Counter[bool] = Counter()
        """Verdicts that were given, by whether all matched."""
        self.messages: Counter[bool] = Counter()
        """What tests said of messages, by whether they were handled."""
        self.unwritten: Counter[str] = Counter()
        """Pacts that could not be written, by whether the file says something else."""
        self.replaced = 0
        """Interactions of pact files that were replaced by others."""
        self.shared: Counter[str] = Counter()
        """Requests that this replica noted where others note too, by the outcomes above."""
        self.replayed = 0
        """Entries of journals that are kept with others, whoever noted them."""
        self.refused: Counter[str] = Counter()
        """What was refused as there are too many of its kind already."""

    def hear(self, event: Event) -> None:
        """Count an event that is not of a request."""
        self.told[event.name] += 1
        if event.name == VERDICT_GIVEN:
            self.verdicts[bool(event.fields["matched"])] += 1
        elif event.name == MESSAGE_HANDLED:
            self.messages[event.fields["error"] is None] += 1

    def miss(self, decision: Decision) -> None:
        """Count a request that did not match, and came in time."""
        self.missed[_NAMES[decision.outcome]] += 1
        self._count_parts(decision)

    def fail_to_write(self, error: PactmockError) -> None:
        """Count a pact that was not written."""
        self.unwritten[CONFLICT if isinstance(error, Conflict) else FAILED] += 1

    def requests(self, number: int) -> dict[str, int]:
        """Return how many requests there were by outcome, when the latest event has this number."""
        others = {name: self.missed[name] for name in OUTCOMES if name != MATCHED}
        matched = number - self.told.total() - self.replayed - sum(others.values())
        return {name: count + self.shared[name] for name, count in {MATCHED: matched, **others}.items()}

    def share(self, decision: Decision) -> None:
        """Count a request that this replica noted where others note too."""
        self.shared[_NAMES.get(decision.outcome, MATCHED)] += 1
        if not decision.is_match:
            self._count_parts(decision)

    def _count_parts(self, decision: Decision) -> None:
        for found in decision.explained.parts:
            if not found.matched:
                self.parts[found.part] += 1

    def __repr__(self) -> str:
        return f"<Totals: {self.missed.total()} requests did not match>"
