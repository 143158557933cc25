"""Reports over HTTP: in the format that is named, or in the one that the caller accepts (docs/reports.md)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from pydantic import Field

from pactmock.control.calls.reply import Reply
from pactmock.control.calls.taking import Caller
from pactmock.control.explained import Mismatch
from pactmock.control.interactions import ListedInteraction
from pactmock.control.messages import ListedMessage
from pactmock.control.schemas import Answer, Question
from pactmock.reports.formats import FORMATS, Format, accepted, media_types, named
from pactmock.reports.report import Report, ServerReport
from pactmock.server.mock_server import MockServer
from pactmock.service.mock_service import MockService


class ReportQuery(Question):
    """The query parameters of calls that answer with a report."""

    format: str | None = Field(
        None,
        description="The format of the report; by default the one that Accept wants.",
        json_schema_extra={"enum": [*FORMATS, None]},
    )


class ReportedServer(Answer):
    """One mock server in a report."""

    id: str
    name: str | None
    consumer: str
    provider: str
    url: str
    passed: bool = Field(description="Whether all matched, and the pact could be written if it was to be.")
    matched: bool
    problems: int = Field(description="How many things did not match.")
    mismatches: list[Mismatch]
    droppedMismatches: int = Field(description="How many of them are not listed.")  # noqa: N815  names in the API
    warnings: list[str]
    interactions: list[ListedInteraction]
    messages: list[ListedMessage]
    notTested: int = Field(description="How many messages do not count, as nobody asked for one.")  # noqa: N815
    created: datetime
    asked: datetime = Field(description="The moment that the report is of.")
    pact: str | None = Field(description="Where the pact was written, on the machine of the service.")
    error: str | None = Field(description="Why it could not be written.")


class Reported(Answer):
    """A report in the format `json`."""

    passed: bool
    servers: list[ReportedServer]


async def show_report(
    service: MockService, server: MockServer, caller: Caller, query: ReportQuery, accept: str
) -> Reply:
    """Say what matched and what did not, in the format that is named, or else accepted; text by default."""
    chosen = accepted(accept) if query.format is None else named(query.format)
    return await answer(await service.report(server), server, caller, chosen)


def wanted(query: ReportQuery, accept: str) -> Format | None:
    """Return the format in which a verification is to be answered; None for JSON as the Rust server has it.

    Plain text has to be wanted more than anything else that such an answer can be: clients that take all list it too.
    """
    if query.format is not None:
        return named(query.format)
    first = next((kind for kind in media_types(accept) if kind in _OF_VERIFICATIONS), None)
    return FORMATS["text"] if first == "text/plain" else None


_OF_VERIFICATIONS = frozenset({"text/plain", "application/json", "application/*", "*/*"})


async def answer(
    report: ServerReport, server: MockServer, caller: Caller, chosen: Format, headers: Iterable[tuple[str, str]] = ()
) -> Reply:
    """Answer with a report, in which the mock server is where the caller can call it.

    It is made in a thread, as a long one takes its time.
    """
    whole = Report((replace(report, url=server.address.url_for(caller.host)),))
    content = (await asyncio.to_thread(chosen.render, whole)).encode()
    return Reply(content, f"{chosen.media_type}; charset=utf-8", headers=[*headers, *_AS_IT_IS])


_AS_IT_IS = (
    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox"),
    ("X-Content-Type-Options", "nosniff"),
)
"""A report is no page of this API: in a browser it runs nothing, and is nothing else than it says."""
