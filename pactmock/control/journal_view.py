"""The journal as the control API shows it: a page of its entries, or one of them, whole or as a line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated

from pydantic import Field

from pactmock.control.schemas import Question
from pactmock.matching.texts.shortening import cut
from pactmock.pact.json.values import Json
from pactmock.pact.model import Request
from pactmock.pact.parts.body import Body, encode_base64, present
from pactmock.pact.parts.received_headers import HTTP_1, received
from pactmock.pact.value import value
from pactmock.reports import json as json_report
from pactmock.reports.sentence import sentence
from pactmock.reports.visible import visible
from pactmock.server.answers.certified import client_of
from pactmock.server.records.entries import Entry, Refusal


class JournalQuery(Question):
    """The query parameters of `GET /mockserver/{id}/requests`."""

    matched: bool | None = Field(None, description="Only requests that matched, or only those that did not.")
    limit: Annotated[int, Field(ge=1)] | None = Field(None, description="Only so many, the latest.")
    since: Annotated[int, Field(ge=0)] = Field(0, description="Only requests with a greater number.")
    brief: bool = Field(False, description="Of each only what a line has room for.")


class EntryQuery(Question):
    """The query parameters of `GET /mockserver/{id}/requests/{number}`."""

    most: Annotated[int, Field(ge=0)] | None = Field(None, description="Of each body at most so many bytes.")


_PAGE_BYTES = 4 * 1024 * 1024
"""How much one page of a list may hold, roughly: who wants more asks for the next one."""

_BRIEF_BYTES = 600
"""About what a line takes."""

_LISTED_BODY = 1024
"""How many bytes of a body are shown in a list."""


@value
class Page:
    """Some of the entries that were asked for, oldest first, and the number to ask on from; None when that is all."""

    entries: list[dict[str, Json]]
    next: int | None


def page(entries: Iterable[Entry], query: JournalQuery) -> Page:
    """Return as many of the entries that a query asks for as one page can hold."""
    wanted = [
        item
        for item in entries
        if item.number > query.since and (query.matched is None or item.is_match is query.matched)
    ]
    shown: list[dict[str, Json]] = []
    room = _PAGE_BYTES
    for item in wanted[-query.limit :] if query.limit else wanted:
        room -= _BRIEF_BYTES if query.brief else item.shown_size
        if room < 0 and shown:
            return Page(shown, shown[-1]["number"])
        shown.append(brief(item) if query.brief else entry(item, _LISTED_BODY))
    return Page(shown, None)


def brief(item: Entry) -> dict[str, Json]:
    """Return what a line has room for of an entry."""
    line, near = item.request_line, item.interaction
    return {
        **_head(item),
        "sentence": cut(visible(item.reason)) if isinstance(item, Refusal) else sentence(item.explained),
        "method": cut(visible(line.method or "")),
        "path": cut(visible(line.path or "")),
        "query": None if line.query is None else cut(visible(line.query)),
        "interaction": None if near is None else {"description": near.description, "key": near.key},
        "status": item.status,
    }


def _head(item: Entry) -> dict[str, Json]:
    return {
        "number": item.number,
        "received": datetime.fromtimestamp(item.received, UTC).isoformat(),
        "matched": item.is_match,
        "outcome": "Refused" if isinstance(item, Refusal) else item.decision.outcome.value,
        "late": item.is_late,
        "afterVerdict": item.after_verdict,
        **({"fault": item.fault} if item.fault else {}),
        **({} if item.scope is None else {"scope": item.scope}),
        **({} if item.is_confirmed else {"unconfirmed": True}),
    }


def entry(item: Entry, most: int | None = None) -> dict[str, Json]:
    """Return one entry, of its bodies at most so many bytes."""
    by: dict[str, Json] = {} if item.protocol == HTTP_1 else {"protocol": item.protocol}
    if isinstance(item, Refusal):
        return {**_head(item), **by, "reason": item.reason, "response": {"status": item.status}}
    decision, request = item.decision, item.decision.request
    return {
        **_head(item),
        **by,
        **_shown_by_client(request),
        "sentence": sentence(decision.explained),
        **json_report.verdict(decision.explained),
        "request": {
            "method": request.method,
            "path": request.path,
            "query": request.query_text,
            "headers": {name: list(values) for name, values in request.headers.items()},
            "headerLines": [list(line) for line in received(request.headers).lines],
            "body": body_shown(request.body, most),
        },
        "response": {
            "status": decision.answer.status,
            "headers": [list(line) for line in decision.answer.headers],
            "body": body_shown(present(decision.answer.body), most),
        },
    }


def _shown_by_client(request: Request) -> dict[str, Json]:
    """Return what the client has shown of itself by TLS; nothing where it has shown nothing."""
    client = client_of(request)
    if client is None:
        return {}
    return {
        "clientCertificate": {
            "subject": client.subject,
            "issuer": client.issuer,
            "serialNumber": client.serial_number,
            "names": list(client.names),
            "fingerprint": client.fingerprint,
        }
    }


def body_shown(body: Body, most: int | None = None) -> dict[str, Json] | None:
    """Return a body, at most so many bytes of it; None for one that is not there, or empty."""
    if not body.is_present:
        return None
    size = len(body.content)
    is_whole = most is None or size <= most
    shown: dict[str, Json] = {"size": size} if is_whole else {"size": size, "shown": most}
    text = body.text()
    if text is None:
        return {"content": encode_base64(body.content[:most]), "encoded": "base64", **shown}
    return {"content": text if is_whole else body.content[:most].decode(errors="ignore"), "encoded": False, **shown}
