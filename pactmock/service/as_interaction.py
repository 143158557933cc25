"""The interaction that would have expected a request just as it was received: to be put into a pact, then mended."""

from __future__ import annotations

from dataclasses import replace

from pactmock.matching.explaining.explanation import NOT_FOUND
from pactmock.pact.documents import writing
from pactmock.pact.json.values import Json
from pactmock.pact.model import HttpInteraction, Request, Response
from pactmock.pact.parts import query_string
from pactmock.pact.parts.body import MISSING
from pactmock.pact.parts.headers import Headers
from pactmock.pact.parts.received_headers import received
from pactmock.server.answers.decision import Decision
from pactmock.server.mock_server import MockServer

_OF_THE_WAY = frozenset(
    {
        "accept-encoding", "accept-language", "baggage", "cache-control", "connection", "content-length", "date", "dnt",
        "expect", "forwarded", "host", "keep-alive", "origin", "pragma", "proxy-connection", "referer", "te",
        "traceparent", "tracestate", "trailer", "transfer-encoding", "upgrade", "upgrade-insecure-requests",
        "user-agent", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-prefix", "x-forwarded-proto",
        "x-pactmock-scope", "x-pactmock-state", "x-real-ip",
    }
)  # fmt: skip
"""Headers that say how a request came, and from where: clients and proxies put them in; no contract is about them."""

_OF_BROWSERS = "sec-"


def as_interaction(server: MockServer, decision: Decision) -> dict[str, Json]:
    """Write the interaction that expects the request of a decision of this mock server, in the version of its pact."""
    interaction = _interaction(server, decision)
    written = writing.write_interaction(interaction, server.specification)
    if isinstance(written["request"].get("query"), str):  # V1 compares the order too, which a map has not
        written["request"]["query"] = interaction.request.query_text
    return written


def _interaction(server: MockServer, decision: Decision) -> HttpInteraction:
    """Make the interaction of a decision.

    Provider states, description and answer are those of the interaction that it matched, or from which it differs.
    """
    near = None if decision.explained.type == NOT_FOUND else decision.explained.interaction
    expected = server.pact.http_interactions
    query = query_string.parse(decision.request.query_text or "")
    body = decision.request.body if decision.request.body.is_present else MISSING
    request = replace(decision.request, query=query, headers=_told(server, decision.request), body=body)
    if near is None or near.index >= len(expected):
        return HttpInteraction(f"{request.method} {request.path}", request=request, response=Response())
    return replace(expected[near.index], request=request)


def _told(server: MockServer, request: Request) -> Headers:
    """Return the headers that say what is asked for, spelled as they came."""
    secret = server.options.secrets.names if server.options.secrets.active else frozenset()
    spelled = {name.lower(): name for name, _ in received(request.headers).lines}
    return {
        spelled.get(name, name): tuple(values)
        for name, values in request.headers.items()
        if name not in _OF_THE_WAY and name not in secret and not name.startswith(_OF_BROWSERS) and values != ("*/*",)
    }
