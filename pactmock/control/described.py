"""A mock server as callers are told of it: the document that `schemas.Server` is the model of.

It is written as it is, and not by the model: what we say ourselves need not be validated, and to build the validator
would be a tenth of the start of the service.
"""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

from pactmock.pact.json.values import Json
from pactmock.server.mock_server import MockServer


def described(server: MockServer, caller_host: str | None, gateway: str) -> dict[str, Json]:
    """Describe a mock server as it is now, to a caller who reached this machine by a name or address.

    `gateway` is the URL below which mock servers are called through the control API.
    """
    journal, play, pact, expires = server.journal, server.play, server.pact, server.lease.expires
    below = f"{gateway}{server.id}"
    address, scheme = server.address.for_caller(caller_host), server.address.scheme
    url = f"{scheme}://{address}"
    if not server.has_port:
        address, url = urlsplit(below).netloc, below
    return {
        "id": server.id,
        "port": server.port,
        "address": address,
        "url": url,
        "gatewayUrl": below if play.transport == "http" else None,
        "scheme": "https" if url.startswith("https:") else "http",
        "transport": play.transport,
        "name": server.options.name,
        "scope": server.scope_name,
        "consumer": pact.consumer,
        "provider": pact.provider,
        "specification": server.specification.name,
        "status": "ok" if server.matched else "error",
        "failed": play.failed,
        "missing": play.missing,
        "state": play.state,
        "interactions": play.interactions,
        "messages": len(play.messages) if play.messages is not None else 0,
        "notTested": server.not_tested,
        "created": _time(server.created),
        "expires": None if expires is None else _time(expires),
        "metrics": {"requests": journal.requests, "requests_by_path": journal.requests_by_path},
        "droppedRequests": journal.dropped,
        "droppedMismatches": play.unlisted,
        "warnings": [{"warning": item.text, "code": item.code, "pointer": item.pointer} for item in server.warnings],
    }


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
