"""The log of what happens to the mock servers of a process: a line an event, under the event's name.

It is written by `logging`, for whoever has begun to log; programs that embed mock servers, and tests, have not asked
for it. What a line says beyond its text is in the attribute `told` of the record, for logs that programs read.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from pactmock.matching.texts.shortening import cut
from pactmock.pact.json.values import Json
from pactmock.pact.model import Request
from pactmock.pact.parts.headers import find
from pactmock.reports.counted import counted
from pactmock.server.answers.decision import Decision
from pactmock.server.records import events
from pactmock.server.records.entries import Refusal
from pactmock.server.records.events import Event, Events, Hears
from pactmock.server.records.log import said
from pactmock.service.told import told

logger = logging.getLogger("pactmock.events")


class EventLog:
    """Listens to events as far as the level of the log asks for them."""

    def __init__(self, hub: Events) -> None:
        self._expired: set[str] = set()
        """Mock servers of which it is said why they stop, so that it need not be said that they do."""
        if logger.isEnabledFor(logging.WARNING):
            hub.listen(self.write, Hears.ALL_REQUESTS if logger.isEnabledFor(logging.DEBUG) else Hears.FAILURES)

    def write(self, event: Event) -> None:
        """Write a line of an event, unless it is of a level that is not logged."""
        if event.name == events.SERVER_EXPIRED:
            self._expired.add(event.server)
        elif event.name == events.SERVER_STOPPED and event.server in self._expired:
            self._expired.remove(event.server)
            return
        level = _level(event)
        if logger.isEnabledFor(level):
            text = said(event.entry) if event.entry is not None else _text(event)
            line = {"event": event.name, "server": event.server, "message": text, **_fields(event)}
            args = (event.server, text)
            logger.handle(logger.makeRecord(event.name, level, __file__, 0, "%s %s", args, None, extra={"told": line}))


def _text(event: Event) -> str:
    text = TEXTS[event.name](event.fields)
    return f"{text}, scope {event.fields['scope']}" if "scope" in event.fields else text


def _level(event: Event) -> int:
    """Return how important an event is: what fails a test is said, and what may be a mistake of a test is a warning."""
    if event.name in _LEVELS:
        return _LEVELS[event.name]
    entry = event.entry
    if isinstance(entry, Refusal):  # anything may connect that asks for nothing
        return logging.INFO if entry.asked_for is None else logging.WARNING
    if entry is not None:
        return logging.INFO if entry.decision.is_failure else logging.DEBUG
    return logging.INFO if event.fields.get("error") else logging.DEBUG


_LEVELS = {
    events.SERVER_STARTED: logging.INFO,
    events.SERVER_STOPPED: logging.INFO,
    events.SERVER_EXPIRED: logging.WARNING,
    events.PACT_WRITTEN: logging.INFO,
    events.VERDICT_GIVEN: logging.INFO,
    events.REQUEST_MATCHED: logging.DEBUG,
    events.REQUEST_LATE: logging.WARNING,
}


def _fields(event: Event) -> dict[str, Json]:
    entry = event.entry
    if entry is None:
        return told(event)
    received = datetime.fromtimestamp(entry.received, UTC).isoformat(timespec="milliseconds")
    more = {} if isinstance(entry, Refusal) else of_request(entry.decision)
    return {"received": received, **told(event), **more}


def of_request(decision: Decision) -> dict[str, Json]:
    """Return what a log has of some requests: a fault that was played, and what a tracing system knows them by."""
    more: dict[str, Json] = {"fault": decision.fault, "traceparent": traceparent(decision.request)}
    return {name: text for name, text in more.items() if text is not None}


def traceparent(request: Request) -> str | None:
    """Return the `traceparent` of a request, None where it has none that is valid (W3C Trace Context, 3.2)."""
    values = find(request.headers, "traceparent") or ()
    return values[0] if len(values) == 1 and _TRACEPARENT.fullmatch(values[0]) else None


_TRACEPARENT = re.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


def _started(fields: Mapping[str, Any]) -> str:
    pair = f"{fields['consumer']} - {fields['provider']}"
    whose = pair if fields["title"] == pair else f"{pair} ({fields['title']})"
    return f"started on {fields['url']} for {counted(fields['interactions'], 'interaction')} of {cut(whose)}"


def _verdict(fields: Mapping[str, Any]) -> str:
    return "all matched" if fields["matched"] else f"did not match: {counted(fields['mismatches'], 'problem')}"


def _handled(fields: Mapping[str, Any]) -> str:
    what = f"the message '{fields['description']}' was"
    return f"{what} handled" if fields["error"] is None else f"{what} not handled: {fields['error']}"


TEXTS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    events.SERVER_STARTED: _started,
    events.SERVER_STOPPED: lambda _fields: "stopped",
    events.SERVER_EXPIRED: lambda fields: f"was stopped: nobody touched it for {_seconds(fields['seconds'])}",
    events.PACT_WRITTEN: lambda fields: f"wrote {fields['path']} with {counted(fields['interactions'], 'interaction')}",
    events.VERDICT_GIVEN: _verdict,
    events.MESSAGE_HANDLED: _handled,
}


def _seconds(number: float) -> str:
    return f"{number:g} {'second' if number == 1 else 'seconds'}"
