"""What the code under test is told when its request could not be noted: never that it matched."""

from __future__ import annotations

from pactmock.errors import NoSuchMockServer, PactmockError, StoreUnavailable
from pactmock.pact.json.values import compact_bytes
from pactmock.server.answers.answer import Answer

_HEADERS = (("Access-Control-Allow-Origin", "*"), ("Content-Type", "application/json; charset=utf-8"))


def not_noted(error: BaseException | None) -> Answer:
    """Say why: the mock server was ended meanwhile, or the store does not answer."""
    if isinstance(error, NoSuchMockServer):
        return Answer(error.status, _HEADERS, compact_bytes(error.to_json()))
    why = str(error) if isinstance(error, PactmockError) else f"The request could not be noted: {error!r}"
    document = {"error": why, "code": StoreUnavailable.code}
    return Answer(503, (*_HEADERS, ("Retry-After", str(StoreUnavailable.retry_seconds))), compact_bytes(document))
