"""Decisions, records and journals as JSON, for the store, and back.

Nothing is read here but what a replica wrote, and still every value is made by the readers that all others have too:
an explanation by that of reports, a body as one that was received.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from pactmock.matching.explaining.explanation import Explanation
from pactmock.matching.interaction_name import InteractionName
from pactmock.matching.verdict import Outcome
from pactmock.pact.json.values import Json
from pactmock.pact.model import Request
from pactmock.pact.parts.body import EMPTY, Body, decode_base64, encode_base64, present
from pactmock.pact.parts.received_headers import RawLines, ReceivedHeaders, received
from pactmock.reports import json as json_report
from pactmock.server.answers.answer import Answer
from pactmock.server.answers.decision import Decision, EditionId
from pactmock.server.plays.faults import Fault, FaultKind, FaultsState, FaultyDecision
from pactmock.server.records.deliveries import DeliveriesState
from pactmock.server.records.entries import Entry, Record, Refusal, size_of
from pactmock.server.records.journal import JournalState

MOST_BODY = 256 * 1024
"""How many bytes of a body are noted: the store has them of every request of all mock servers."""


def bounded(made: Decision) -> Decision:
    """Return a decision with as much of its bodies as is noted; what is cut says how long it was."""
    request, answer = made.request, made.answer
    if len(request.body.content) > MOST_BODY:
        body = present(_cut(request.body.content))
        size = made.size - len(request.body.content) + len(body.content)
        made = replace(made, request=replace(request, body=body), size=size)
    if len(answer.body) > MOST_BODY:
        made = replace(made, answer=replace(answer, body=_cut(answer.body)))
    return made


def _cut(content: bytes) -> bytes:
    end = MOST_BODY
    while end > MOST_BODY - 4 and content[end] & 0xC0 == 0x80:  # within a character of UTF-8
        end -= 1
    return content[:end] + f"… ({len(content):,} bytes)".encode()


def decision(made: Decision) -> dict[str, Json]:
    """Write a decision. Of what is empty or as usual nothing is written."""
    request, answer = made.request, made.answer
    shape: dict[str, Json] = {
        "received": made.received,
        "method": request.method,
        "path": request.path,
        "headers": _lines(received(request.headers).raw_lines),
        "size": made.size,
        "outcome": made.outcome.value,
        "edition": list(made.edition),
        "status": answer.status,
        "answered": answer.headers,
        "sent": _text(answer.body),
    }
    if request.query_text is not None:
        shape["query"] = request.query_text
    if request.body.content:
        shape["body"] = _text(request.body.content)
    if made.interaction is not None:
        shape["interaction"] = _name(made.interaction)
    if made.identity is not None:
        shape["identity"] = made.identity
    if made.explanation is not None:
        shape["explanation"] = json_report.mismatch(made.explanation)
    if made.fault is not None:
        shape["fault"] = made.fault
    return shape


def read_decision(shape: Mapping[str, Json]) -> Decision:
    """Read a decision."""
    explained, named, query = shape.get("explanation"), shape.get("interaction"), shape.get("query")
    headers = ReceivedHeaders([(_bytes(name), _bytes(value)) for name, value in shape["headers"]])
    request = Request(shape["method"], shape["path"], None, query, headers, _body(shape.get("body")), {}, {})
    made = (
        shape["received"],
        request,
        shape["size"],
        Outcome(shape["outcome"]),
        None if named is None else _read_name(named),
        shape.get("identity"),
        None if explained is None else json_report.read(explained),
        Answer(shape["status"], tuple((name, value) for name, value in shape["answered"]), _bytes(shape["sent"])),
        EditionId(*shape["edition"]),
    )
    return FaultyDecision(*made, shape["fault"]) if "fault" in shape else Decision(*made)


def _body(shown: Json) -> Body:
    return EMPTY if shown is None else present(_bytes(shown))


def _name(name: InteractionName) -> list[Json]:
    return [name.description, name.key, name.index, name.provider_states, name.markup]


def _read_name(shape: list[Json]) -> InteractionName:
    description, key, index, states, markup = shape
    return InteractionName(description, key, index, tuple(states), markup)


def _lines(lines: RawLines) -> Json:
    try:
        return [(name.decode(), value.decode()) for name, value in lines]
    except UnicodeDecodeError:
        return [(_text(name), _text(value)) for name, value in lines]


def _text(content: bytes) -> Json:
    """Write bytes as a text where they are one, else in base64."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return [encode_base64(content)]


def _bytes(shape: Json) -> bytes:
    return shape.encode() if isinstance(shape, str) else decode_base64(shape[0]) or b""


def _entry(entry: Entry) -> dict[str, Json]:
    shape: dict[str, Json] = {"number": entry.number, "after": entry.after_verdict}
    if entry.scope is not None:
        shape["scope"] = entry.scope
    if isinstance(entry, Refusal):
        asked = None if entry.asked_for is None else list(entry.asked_for)
        refused = {"status": entry.status, "reason": entry.reason, "asked": asked, "received": entry.received}
        return shape | {"refused": refused}
    return shape | {"decision": decision(entry.decision), "late": entry.is_late, "confirmed": entry.is_confirmed}


def _read_entry(shape: Mapping[str, Json]) -> Entry:
    refused, number, after, scope = shape.get("refused"), shape["number"], shape["after"], shape.get("scope")
    if refused is not None:
        asked = None if refused["asked"] is None else (refused["asked"][0], refused["asked"][1])
        received, status, reason = refused["received"], refused["status"], refused["reason"]
        return Refusal(number, received, status, reason, asked, after_verdict=after, scope=scope)
    made, is_late, is_confirmed = read_decision(shape["decision"]), shape["late"], shape["confirmed"]
    size = size_of(made)
    return Record(number, made, size, is_late, after_verdict=after, scope=scope, is_confirmed=is_confirmed)


def journal(state: JournalState) -> dict[str, Json]:
    """Write all that a journal says. What failed and is listed too is written once."""
    listed = {entry.number for entry in state.entries}
    first = state.first_after_verdict
    return {
        "number": state.number,
        "cleared": state.cleared,
        "requests": state.requests,
        "failed": state.failed,
        "late": state.late,
        "unconfirmed": state.unconfirmed,
        "verified": state.verified,
        "afterVerdict": state.after_verdict,
        "firstAfterVerdict": None if first is None else list(first),
        "received": dict(state.received),
        "served": dict(state.served),
        "paths": dict(state.by_path),
        "entries": list(map(_entry, state.entries)),
        "failures": [entry.number if entry.number in listed else _entry(entry) for entry in state.failures],
    }


def read_journal(shape: Mapping[str, Json]) -> JournalState:
    """Read what a journal says."""
    entries = tuple(map(_read_entry, shape["entries"]))
    first = shape["firstAfterVerdict"]
    return JournalState(
        shape["number"],
        shape["cleared"],
        shape["requests"],
        shape["failed"],
        shape["late"],
        shape["unconfirmed"],
        shape["verified"],
        shape["afterVerdict"],
        None if first is None else (first[0], first[1], first[2]),
        shape["received"],
        shape["served"],
        shape["paths"],
        entries,
        tuple(_read_failures(shape["failures"], entries)),
    )


def _read_failures(shapes: Iterable[Json], entries: Iterable[Entry]) -> Iterable[Entry]:
    listed = {entry.number: entry for entry in entries}
    return (listed[shape] if isinstance(shape, int) else _read_entry(shape) for shape in shapes)


def fault(wanted: Fault) -> Json:
    """Write a fault."""
    return [wanted.kind.value if wanted.kind else None, wanted.least, wanted.most, wanted.times]


def read_fault(shape: Json) -> Fault:
    """Read a fault."""
    kind, least, most, times = shape
    return Fault(FaultKind(kind) if kind else None, least, most, times)


def faults(state: FaultsState) -> dict[str, Json]:
    """Write the faults of a mock server."""
    return {
        "wanted": {key: fault(wanted) for key, wanted in state.by_key.items()},
        "left": dict(state.left),
        "played": [[_name(name), text, count] for (name, text), count in state.played.items()],
    }


def read_faults(shape: Mapping[str, Json]) -> FaultsState:
    """Read the faults of a mock server."""
    return FaultsState(
        {key: read_fault(wanted) for key, wanted in shape["wanted"].items()},
        shape["left"],
        {(_read_name(name), text): count for name, text, count in shape["played"]},
    )


def explained(found: Explanation | None) -> Json:
    """Write why a message was not handled; None for one that was."""
    return None if found is None else json_report.mismatch(found)


def read_explained(shape: Json) -> Explanation | None:
    """Read why a message was not handled."""
    return None if shape is None else json_report.read(shape)


def deliveries(state: DeliveriesState) -> dict[str, Json]:
    """Write what became of messages."""
    return {
        "number": state.number,
        "open": [[number, key] for number, key in state.open.items()],
        "failures": list(map(explained, state.failures)),
        "failed": state.failed,
        "asked": state.is_asked,
        "handedOut": dict(state.asked),
        "handled": dict(state.handled),
        "failuresOf": dict(state.failures_of),
    }


def read_deliveries(shape: Mapping[str, Json]) -> DeliveriesState:
    """Read what became of messages."""
    return DeliveriesState(
        shape["number"],
        dict(shape["open"]),
        tuple(map(json_report.read, shape["failures"])),
        shape["failed"],
        shape["asked"],
        shape["handedOut"],
        shape["handled"],
        shape["failuresOf"],
    )
