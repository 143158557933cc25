"""What a mock server sends: the pact's response, a CORS pre-flight, or an explanation (reference/matching.md §6.6)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import field
from typing import TYPE_CHECKING

from pactmock.errors import InvalidPact, below
from pactmock.matching.verdict import Outcome
from pactmock.pact.codings.content_coding import are_known, codings_of, encode, is_coded
from pactmock.pact.json.values import Json, compact_bytes
from pactmock.pact.model import Request, Response, part_charset, part_content_type
from pactmock.pact.parts.charset import decode
from pactmock.pact.parts.headers import Headers, is_token
from pactmock.pact.value import value

if TYPE_CHECKING:
    from pactmock.matching.explaining.explanation import Explanation

HeaderLines = tuple[tuple[str, str], ...]
"""Header lines in the order they are sent; a name may come twice."""


@value
class Answer:
    """A response ready for the wire."""

    status: int
    headers: HeaderLines
    body: bytes = b""
    written: list[bytes] = field(default_factory=list, init=False, repr=False, compare=False)
    """What goes over the wire, kept once it was written: the answers of a pact are sent again and again."""


_ORIGIN, _CREDENTIALS = "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials"
METHODS = "GET, HEAD, POST, PUT, DELETE, CONNECT, OPTIONS, TRACE, PATCH"
"""What pages of other origins may send."""


def _cors(origin: str, allowed_headers: str) -> HeaderLines:
    return (
        (_ORIGIN, origin),
        ("Access-Control-Allow-Headers", allowed_headers),
        ("Access-Control-Allow-Methods", METHODS),
        ("Access-Control-Expose-Headers", "Location, Link"),
        (_CREDENTIALS, "true"),
    )


_CORS_FOR_ALL = _cors("*", "*")


def _origin(request: Request) -> str:
    values = request.headers.get("origin")
    return ", ".join(values) if values else "*"


def pre_flight(request: Request) -> Answer:
    """Answer an OPTIONS request that no interaction expects, for a server that plays CORS."""
    asked = request.headers.get("access-control-request-headers")
    return Answer(204, _cors(_origin(request), f"{', '.join(asked)}, *" if asked else "*"))


def of_response(response: Response, cors: HeaderLines = _CORS_FOR_ALL) -> Answer:
    """Make the answer that sends a response, as it is for a request without an `Origin`.

    The pact's own headers follow those of `cors`; what the pact says itself takes the place of ours (§11 row 53, F).

    Raises:
        InvalidPact: when a header of the response cannot be sent.
    """
    HeaderCheck()(response.headers)
    own = tuple(
        (name, value) for name, values in response.headers.items() for value in values if name.lower() not in _FRAMING
    )
    if any(name.lower().startswith("access-control-") for name in response.headers):
        said = {name.lower() for name, _ in own}
        cors = tuple(line for line in cors if line[0].lower() not in said)
    return Answer(response.status, cors + own, _content(response))


def _content(response: Response) -> bytes:
    """Return the body as it is sent: a text is compressed where a header says so (§11 row 71, F).

    One that is compressed already is sent as it is, as is what there is no library for.
    """
    if not response.body.is_present:
        return b""
    content, codings = response.body.content, codings_of(response.headers)
    if not codings or not are_known(codings):
        return content
    content_type = part_content_type(response)
    is_text = content_type.is_text or content_type.is_multipart
    if not is_text or decode(content, part_charset(response)) is None or is_coded(content, codings):
        return content
    return encode(content, codings)


class HeaderCheck:
    """Makes sure that headers can be sent. It remembers them: the same few stand in most responses of a pact."""

    def __init__(self) -> None:
        self._passed: set[tuple[str, tuple[str, ...]]] = set()

    def __call__(self, headers: Headers) -> None:
        """Check the headers of a response.

        Raises:
            InvalidPact: when one of them cannot be sent.
        """
        for header in headers.items():
            if header not in self._passed:
                with below("headers", header[0]):
                    _check_header(*header)
                self._passed.add(header)


_FRAMING = frozenset({"transfer-encoding", "connection", "keep-alive"})
"""Headers that say how this very message travels. What a pact recorded of another connection is not true here."""

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def _check_header(name: str, values: Iterable[str]) -> None:
    if name.lower() in _FRAMING:
        return
    for line in values:
        if not is_token(name):
            raise InvalidPact(f"{name!r} is not a header name that can be sent")
        if _CONTROL.search(line):
            raise InvalidPact(f"The header value {line!r} holds control characters")


def for_request(prepared: Answer, request: Request) -> Answer:
    """Name the origin of a request in a prepared answer, where it names one and the pact does not."""
    if "origin" not in request.headers or prepared.headers[0] is not _CORS_FOR_ALL[0]:
        return prepared
    return Answer(prepared.status, ((_ORIGIN, _origin(request)), *prepared.headers[1:]), prepared.body)


def explain(explanation: Explanation, request: Request) -> Answer:
    """Answer a request that did not match: what happened in a sentence, the nearest interactions, what differs."""
    from pactmock.reports import json  # late: many servers explain nothing

    outcome = json.OUTCOMES[explanation.type]
    return _explained(500, json.answer(explanation), outcome, ", ".join(request.headers.get("origin", ())))


def refused(reason: str, status: int, origin: str = "") -> Answer:
    """Answer what was refused before it was a request; `origin` is that of the page that sent it, if it was one."""
    outcome = Outcome.NOT_FOUND.value
    document: dict[str, Json] = {"error": reason, "outcome": outcome, "interaction": None, "mismatches": []}
    return _explained(status, document, outcome, origin)


def _explained(status: int, explanation: dict[str, Json], outcome: str, origin: str) -> Answer:
    """Make an answer that any page may read, also one that sent credentials: its origin has to be named then."""
    cors = ((_ORIGIN, origin), (_CREDENTIALS, "true"), ("Vary", "Origin")) if origin else ((_ORIGIN, "*"),)
    lines = (*cors, ("Content-Type", "application/json; charset=utf-8"), ("X-Pact", outcome))
    return Answer(status, lines, compact_bytes(explanation))
