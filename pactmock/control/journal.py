"""Calls about what a mock server received: what failed, what was asked, one request whole, and forgetting it all."""

from __future__ import annotations

from pydantic import Field

from pactmock.control import entries as models
from pactmock.control import journal_view
from pactmock.control.calls.reply import Reply
from pactmock.control.journal_view import EntryQuery, JournalQuery
from pactmock.control.schemas import Answer, PageQuery
from pactmock.errors import NoSuchRequest
from pactmock.pact.json.values import Json, pretty_bytes
from pactmock.reports import json as json_report
from pactmock.server.mock_server import MockServer
from pactmock.server.records.entries import Entry, Record
from pactmock.service.as_interaction import as_interaction
from pactmock.service.mock_service import MockService


class Requests(Answer):
    """The answer of `GET /mockserver/{id}/requests`."""

    requests: list[models.Entry] | list[models.Line] = Field(description="Lines where `brief` asks for those.")
    next: int | None = Field(description="Where there are more: the `since` of the next page.")
    first: int | None = Field(description="The number of the oldest that is kept, asked for or not.")
    total: int = Field(description="How many were received since the start or the last reset.")
    late: int = Field(description="How many more were decided on when what they were decided against was gone.")
    dropped: int = Field(description="How many of those are no longer listed.")


def mismatches(server: MockServer, path: str, query: PageQuery) -> Reply:
    """List what did not match."""
    found = server.play.explanations()
    end = query.offset + query.limit
    headers = [("Link", f'<{path}?offset={end}&limit={query.limit}>; rel="next"')] if end < len(found) else []
    if server.play.unlisted:
        headers.append(("X-Pactmock-Dropped", str(server.play.unlisted)))
    return Reply.json(list(map(json_report.mismatch, query.page(found))), headers=headers)


def show_requests(server: MockServer, query: JournalQuery) -> dict[str, Json]:
    """List the requests that a mock server received."""
    journal = server.journal
    entries = journal.entries
    page = journal_view.page(entries, query)
    return {
        "requests": list(page.entries),
        "next": page.next,
        "first": entries[0].number if entries else None,
        "total": journal.requests,
        "late": journal.late,
        "dropped": journal.dropped,
    }


def show_request(server: MockServer, number: str, query: EntryQuery) -> dict[str, Json]:
    """Show one request that was received, whole, or with as much of its bodies as is asked for."""
    return journal_view.entry(_entry(server, number), query.most)


def show_as_interaction(server: MockServer, number: str) -> Reply:
    """Show the interaction that would expect a request just as it was received, in the version of the pact.

    What only says how it came is left out, such as `User-Agent`, and so is what is secret. The answer is that of the
    interaction that matches or differs, else a plain 200.
    """
    entry = _entry(server, number)
    if not isinstance(entry, Record):
        raise NoSuchRequest(f"Request {number} was refused before it was one, so that no interaction could expect it")
    return Reply(pretty_bytes(as_interaction(server, entry.decision)), "application/json; charset=utf-8")


def show_body(server: MockServer, number: str) -> Reply:
    """Return the body of a request as it was received."""
    entry = _entry(server, number)
    content = entry.decision.request.body.content if isinstance(entry, Record) else b""
    # As what it was sent as, it would be a page of this very origin in a browser.
    return Reply(content, "application/octet-stream", headers=[("X-Content-Type-Options", "nosniff")])


def _entry(server: MockServer, number: str) -> Entry:
    is_number = number.isascii() and number.isdigit() and len(number) < 20
    found = server.journal.entry(int(number)) if is_number else None
    if found is None:
        raise NoSuchRequest(
            f"There is no request {number[:20]} in the journal of this mock server: GET .../requests lists those that"
            " are kept"
        )
    return found


async def forget_requests(service: MockService, server: MockServer) -> None:
    """Forget what was received; what is expected stays."""
    await service.reset(server)
