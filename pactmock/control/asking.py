"""Calls that only ask: what matched, what did not and why, what was received (docs/control-api.md)."""

from __future__ import annotations

from dataclasses import replace

from aiohttp import web

from pactmock.control import journal_view, schemas
from pactmock.control.call import Call, json_answer, nothing, text_answer
from pactmock.control.schemas import JournalQuery, WaitQuery
from pactmock.matching.explanation import MATCH
from pactmock.pact import reading, specification, writing
from pactmock.pact.json_value import Json
from pactmock.pact.model import Request
from pactmock.reports import json as json_report
from pactmock.reports.sentence import sentence


async def matched(call: Call) -> web.Response:
    """Say whether all that was expected was received, and nothing else."""
    return json_answer(schemas.Matched(matched=call.server.matched))


async def mismatches(call: Call) -> web.Response:
    """List what did not match."""
    server = call.server
    headers = {}
    if server.play.unlisted:
        headers["X-Pactmock-Dropped"] = str(server.play.unlisted)
    return json_answer(server.mismatches(), headers=headers)


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
    listed = journal_view.entries(server, query)
    return json_answer(schemas.Requests(requests=listed, total=server.journal.requests, dropped=server.journal.dropped))


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
        schemas.Explained.model_validate(
            {
                "matched": explanation.type == MATCH,
                "outcome": json_report.OUTCOMES[explanation.type],
                "sentence": sentence(explanation),
                "interaction": said["interaction"],
                "nearMisses": said["nearMisses"],
            }
        )
    )


def _received(body: schemas.ExplainBody) -> Request:
    document = body.model_dump(exclude_unset=True)
    request = reading.read_request(document, specification.V4 if _is_v4_body(body.body) else specification.V3)
    headers = {name.lower(): values for name, values in request.headers.items()}
    return replace(request, headers=headers)


def _is_v4_body(body: Json) -> bool:
    return isinstance(body, dict) and "content" in body and "contentType" in body
