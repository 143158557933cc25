"""Calls that only ask: what matched, what did not and why, what was received (docs/control-api.md)."""

from __future__ import annotations

from dataclasses import replace

from aiohttp import web

from pactmock.control import journal_view, schemas
from pactmock.control.call import Call, json_answer, nothing, text_answer
from pactmock.control.schemas import JournalQuery, PageQuery, WaitQuery
from pactmock.errors import NoSuchRequest
from pactmock.matching.explanation import MATCH
from pactmock.pact import reading, specification, writing
from pactmock.pact.json_value import Json
from pactmock.pact.model import Request
from pactmock.reports import json as json_report
from pactmock.reports.sentence import sentence
from pactmock.server.journal import Entry, Record
from pactmock.server.play import ListedInteraction


async def matched(call: Call) -> web.Response:
    """Say whether all that was expected was received, and nothing else."""
    return json_answer(schemas.Matched(matched=call.server.matched))


async def mismatches(call: Call) -> web.Response:
    """List what did not match."""
    server, query = call.server, call.query(PageQuery)
    found = server.play.explanations()
    shown = found[query.offset : query.offset + query.limit]
    rest = len(found) - query.offset - len(shown)
    headers = {}
    if rest > 0:
        headers["Link"] = f'<{call.request.path}?offset={query.offset + query.limit}&limit={query.limit}>; rel="next"'
    if server.play.unlisted:
        headers["X-Pactmock-Dropped"] = str(server.play.unlisted)
    return json_answer(list(map(json_report.mismatch, shown)), headers=headers)


async def show_pact(call: Call) -> web.Response:
    """Show the pact as it would be written."""
    server = call.server
    return json_answer(writing.to_json(server.pact, server.specification))


async def show_logs(call: Call) -> web.Response:
    """Show what happened to a mock server, a line an event."""
    return text_answer("\n".join(call.server.log_lines()) + "\n")


async def show_requests(call: Call) -> web.Response:
    """List the requests that a mock server received."""
    server, query = call.server, call.query(JournalQuery)
    journal = server.journal
    page = journal_view.page(journal.entries, query)
    return json_answer(
        {
            "requests": page.entries,
            "next": page.next,
            "total": journal.requests,
            "late": journal.late,
            "dropped": journal.dropped,
        }
    )


async def show_request(call: Call) -> web.Response:
    """Show one request that was received, whole."""
    return json_answer(journal_view.entry(_entry(call)))


async def show_body(call: Call) -> web.Response:
    """Return the body of a request as it was received."""
    entry = _entry(call)
    content = entry.decision.request.body.content if isinstance(entry, Record) else b""
    # As what it was sent as, it would be a page of this very origin in a browser.
    return web.Response(
        body=content, content_type="application/octet-stream", headers={"X-Content-Type-Options": "nosniff"}
    )


def _entry(call: Call) -> Entry:
    number = call.request.match_info["number"]
    journal = call.server.journal
    found = journal.entry(int(number)) if number.isascii() and number.isdigit() and len(number) < 20 else None
    if found is None:
        raise NoSuchRequest(
            f"There is no request {number[:20]} in the journal of this mock server: GET .../requests lists those that"
            " are kept"
        )
    return found


async def show_interactions(call: Call) -> web.Response:
    """List what is expected, and how far it was asked for."""
    query, listed = call.query(PageQuery), call.server.play.listed()
    shown = listed[query.offset : query.offset + query.limit]
    return json_answer({"interactions": list(map(_listed, shown)), "total": len(listed)})


def _listed(item: ListedInteraction) -> Json:
    return {
        **json_report.interaction(item.name),
        "method": item.method,
        "path": item.path,
        "received": item.received,
        "served": item.served,
    }


async def forget_requests(call: Call) -> web.Response:
    """Forget what was received; what is expected stays."""
    call.server.reset()
    return nothing()


async def wait(call: Call) -> web.Response:
    """Answer as soon as a request was received for every interaction, or the time is up."""
    server, query = call.server, call.query(WaitQuery)
    complete = await server.play.wait(query.timeout)
    return json_answer(schemas.Waited(complete=complete, matched=server.matched))


async def explain(call: Call) -> web.Response:
    """Say whether a request would match, and if not, what came nearest and what decided; nothing is noted."""
    server = call.server
    body = await call.body(schemas.ExplainBody)
    explanation = await server.play.explain(_received(body))
    said = json_report.verdict(explanation)
    return json_answer(
        {
            "matched": explanation.type == MATCH,
            "outcome": json_report.OUTCOMES[explanation.type],
            "sentence": sentence(explanation),
            "interaction": said["interaction"],
            "nearMisses": said["nearMisses"],
        }
    )


def _received(body: schemas.ExplainBody) -> Request:
    document = body.model_dump(exclude_unset=True)
    request = reading.read_request(document, specification.V4 if _is_v4_body(body.body) else specification.V3)
    headers = {name.lower(): values for name, values in request.headers.items()}
    return replace(request, headers=headers)


def _is_v4_body(body: Json) -> bool:
    return isinstance(body, dict) and "content" in body and "contentType" in body
