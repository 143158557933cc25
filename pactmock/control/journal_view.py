"""The journal as the control API shows it: requests as received, with what is secret made unreadable."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from pactmock.control.schemas import JournalQuery
from pactmock.matching.verdict import Outcome
from pactmock.pact.body import Body, encode_base64, present
from pactmock.pact.json_value import Json
from pactmock.reports import json as json_report
from pactmock.reports.sentence import sentence
from pactmock.server.journal import Exchange, Refusal
from pactmock.server.mock_server import MockServer

_SECRET = frozenset(
    {"authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "api-key", "x-auth-token"}
)
_REDACTED = "[REDACTED]"


def entries(server: MockServer, query: JournalQuery) -> list[dict[str, Json]]:
    """Return the entries of a mock server's journal that a query asks for, oldest first."""
    wanted = [entry for entry in server.journal.entries if entry.number > query.since and _fits(entry, query.matched)]
    return [_entry(server, entry) for entry in (wanted[-query.limit :] if query.limit else wanted)]


def _fits(entry: Exchange | Refusal, matched: bool | None) -> bool:
    is_match = isinstance(entry, Exchange) and entry.verdict.outcome is Outcome.MATCHED
    return matched is None or is_match is matched


def _entry(server: MockServer, entry: Exchange | Refusal) -> dict[str, Json]:
    when = datetime.fromtimestamp(entry.received, UTC).isoformat()
    if isinstance(entry, Refusal):
        return {
            "number": entry.number,
            "received": when,
            "matched": False,
            "outcome": "Refused",
            "reason": entry.reason,
            "response": {"status": entry.status},
        }
    verdict, request = entry.verdict, entry.verdict.request
    explanation = server.explanation(verdict)
    return {
        "number": entry.number,
        "received": when,
        "matched": verdict.outcome is Outcome.MATCHED,
        "outcome": verdict.outcome.value,
        "sentence": sentence(explanation),
        **json_report.verdict(explanation),
        "request": {
            "method": request.method,
            "path": request.path,
            "query": request.query_text,
            "headers": {name: _values(name, values) for name, values in request.headers.items()},
            "body": _body(request.body),
        },
        "response": {
            "status": entry.answer.status,
            "headers": [[name, *_values(name, (value,))] for name, value in entry.answer.headers],
            "body": _body(present(entry.answer.body)),
        },
    }


def _values(name: str, values: Iterable[str]) -> list[str]:
    return [redact(name, value) for value in values]


def redact(name: str, value: str) -> str:
    """Make the value of a secret header unreadable; the scheme, as in `Bearer [REDACTED]`, stays."""
    if name.lower() not in _SECRET:
        return value
    scheme, space, _ = value.partition(" ")
    return f"{scheme} {_REDACTED}" if space and "authorization" in name.lower() else _REDACTED


def _body(body: Body) -> dict[str, Json] | None:
    if not body.is_present:
        return None
    text = body.text()
    if text is None:
        return {"content": encode_base64(body.content), "encoded": "base64", "size": len(body.content)}
    return {"content": text, "encoded": False, "size": len(body.content)}
