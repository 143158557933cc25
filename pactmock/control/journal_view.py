"""The journal as the control API shows it: requests as received."""

from __future__ import annotations

from datetime import UTC, datetime

from pactmock.control.schemas import JournalQuery
from pactmock.pact.body import Body, encode_base64, present
from pactmock.pact.json_value import Json
from pactmock.reports import json as json_report
from pactmock.reports.sentence import sentence
from pactmock.server.journal import Entry, Refusal
from pactmock.server.mock_server import MockServer


def entries(server: MockServer, query: JournalQuery) -> list[dict[str, Json]]:
    """Return the entries of a mock server's journal that a query asks for, oldest first."""
    wanted = [
        item
        for item in server.journal.entries
        if item.number > query.since and (query.matched is None or item.is_match is query.matched)
    ]
    return list(map(entry, wanted[-query.limit :] if query.limit else wanted))


def entry(item: Entry) -> dict[str, Json]:
    """Return one entry."""
    when = datetime.fromtimestamp(item.received, UTC).isoformat()
    if isinstance(item, Refusal):
        return {
            "number": item.number,
            "received": when,
            "matched": False,
            "outcome": "Refused",
            "reason": item.reason,
            "response": {"status": item.status},
        }
    decision, request = item.decision, item.decision.request
    return {
        "number": item.number,
        "received": when,
        "matched": decision.is_match,
        "late": item.is_late,
        "outcome": decision.outcome.value,
        "sentence": sentence(decision.explained),
        **json_report.verdict(decision.explained),
        "request": {
            "method": request.method,
            "path": request.path,
            "query": request.query_text,
            "headers": {name: list(values) for name, values in request.headers.items()},
            "body": _body(request.body),
        },
        "response": {
            "status": decision.answer.status,
            "headers": [list(line) for line in decision.answer.headers],
            "body": _body(present(decision.answer.body)),
        },
    }


def _body(body: Body) -> dict[str, Json] | None:
    if not body.is_present:
        return None
    text = body.text()
    if text is None:
        return {"content": encode_base64(body.content), "encoded": "base64", "size": len(body.content)}
    return {"content": text, "encoded": False, "size": len(body.content)}
