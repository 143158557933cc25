"""What a stub sends: responses of pacts, with what a page needs to read them; pre-flights; why there is no response."""

from __future__ import annotations

from dataclasses import replace

from pactmock.pact.json.values import Json, compact_bytes
from pactmock.pact.model import Request, Response, part_content_type
from pactmock.server.answers import answer as answers
from pactmock.server.answers.answer import Answer, HeaderLines
from pactmock.stub.options import StubOptions

_ORIGIN = "Access-Control-Allow-Origin"
_FOR_ALL: HeaderLines = ((_ORIGIN, "*"),)
_X_PACT = "X-Pact"

NOT_FOUND = "Request-Not-Found"
"""What `X-Pact` says of a 404 that is the stub's own, and not one of a pact."""


def of_response(response: Response) -> Answer:
    """Make the answer that sends a response, as it is for any page; a body always has a type.

    Raises:
        InvalidPact: when a header of the response cannot be sent.
    """
    made = answers.of_response(response, _FOR_ALL)
    names = {name.lower() for name, _ in made.headers}
    if not response.body.is_present or "content-type" in names:
        return made
    return replace(made, headers=(*made.headers, ("Content-Type", str(part_content_type(response)))))


def for_request(prepared: Answer, request: Request, options: StubOptions) -> Answer:
    """Name the page that asks, where that is wanted and the pact does not do it."""
    if not options.cors_referer or prepared.headers[:1] != _FOR_ALL:
        return prepared
    origin = _origin(request)
    return prepared if origin is None else replace(prepared, headers=(*_for_origin(origin), *prepared.headers[1:]))


def pre_flight(request: Request, options: StubOptions) -> Answer:
    """Answer an OPTIONS request that no interaction expects."""
    origin = _origin(request) if options.cors_referer else None
    asked = request.headers.get("access-control-request-headers")
    allowed = ", ".join(asked) if asked and origin else "*"
    lines = (("Access-Control-Allow-Headers", allowed), ("Access-Control-Allow-Methods", answers.METHODS))
    return Answer(200, (*(_for_origin(origin) if origin else _FOR_ALL), *lines))


def explained(status: int, document: dict[str, Json], request: Request, options: StubOptions) -> Answer:
    """Say why no response of a pact is sent, in a way that no client takes for one."""
    lines = (
        *_FOR_ALL,
        ("Access-Control-Expose-Headers", _X_PACT),
        ("Content-Type", "application/json; charset=utf-8"),
        (_X_PACT, NOT_FOUND),
    )
    return for_request(Answer(status, lines, compact_bytes(document)), request, options)


def _for_origin(origin: str) -> HeaderLines:
    return ((_ORIGIN, origin), ("Access-Control-Allow-Credentials", "true"), ("Vary", "Origin"))


def _origin(request: Request) -> str | None:
    """Return the origin of the page that asks: as it says, else where its Referer is."""
    named = request.headers.get("origin")
    if named:
        return named[0]
    referer = request.headers.get("referer")
    if not referer:
        return None
    scheme, separator, rest = referer[0].partition("://")
    return f"{scheme}://{rest.partition('/')[0]}" if separator else referer[0]
