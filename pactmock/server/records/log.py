"""The log of one mock server: what happened to it, and with its journal what it was asked."""

from __future__ import annotations

import time
from collections import deque
from datetime import UTC, datetime

from pactmock.reports.visible import visible
from pactmock.server.records.entries import Entry, Refusal
from pactmock.server.records.journal import Journal
from pactmock.server.records.late import how_long

_KEPT_EVENTS = 1000


class ServerLog:
    """The latest events, a line each."""

    def __init__(self) -> None:
        self._events: deque[tuple[float, str]] = deque(maxlen=_KEPT_EVENTS)

    def note(self, text: str) -> None:
        """Add a line."""
        self._events.append((time.time(), visible(text)))

    def lines(self, journal: Journal) -> list[str]:
        """Return all lines by time, with one for each request that the journal lists."""
        lines = [*self._events, *((entry.received, said(entry)) for entry in journal.entries)]
        if journal.dropped:
            lines.append((0.0, f"{journal.dropped} older request(s) are no longer kept"))
        return [f"{_timestamp(when)} {text}" if when else text for when, text in sorted(lines)]


def said(entry: Entry) -> str:
    """Say in a line what became of a request."""
    return _said(entry) if entry.scope is None else f"{_said(entry)}, scope {entry.scope}"


def _said(entry: Entry) -> str:
    from pactmock.reports.sentence import sentence  # late: few ask for a log

    if isinstance(entry, Refusal):
        return f"refused: {visible(entry.reason)} -> {entry.status}"
    late = "late, counts for nothing: " if entry.is_late else ""
    if entry.after_verdict is not None:
        late = f"late, {how_long(entry.after_verdict)} after the verdict: "
    fault = f", {entry.decision.fault}" if entry.decision.fault else ""
    return f"{late}{sentence(entry.decision.explained)} -> {entry.decision.answer.status}{fault}"


def _timestamp(when: float) -> str:
    return datetime.fromtimestamp(when, UTC).isoformat(timespec="milliseconds")
