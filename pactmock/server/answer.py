"""What a mock server sends: the pact's response, a CORS pre-flight, or an explanation (reference/matching.md §6.6)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import field

from pactmock.errors import InvalidPact, below
from pactmock.matching.explaining.explanation import Explanation
from pactmock.matching.verdict import Outcome
from pactmock.pact.headers import Headers
from pactmock.pact.json_value import Json, compact_bytes
from pactmock.pact.model import Request, Response
from pactmock.pact.value import value

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


_METHODS = "GET, HEAD, POST, PUT, DELETE, CONNECT, OPTIONS, TRACE, PATCH"


def _cors(origin: str, allowed_headers: str) -> HeaderLines:
    return (
        ("Access-Control-Allow-Origin", origin),
        ("Access-Control-Allow-Headers", allowed_headers),
        ("Access-Control-Allow-Methods", _METHODS),
        ("Access-Control-Expose-Headers", "Location, Link"),
        ("Access-Control-Allow-Credentials", "true"),
    )


_CORS_FOR_ALL = _cors("*", "*")


def _origin(request: Request) -> str:
    values = request.headers.get("origin")
    return ", ".join(values) if values else "*"


def pre_flight(request: Request) -> Answer:
    """Answer an OPTIONS request that no interaction expects, for a server that plays CORS."""
    asked = request.headers.get("access-control-request-headers")
    return Answer(204, _cors(_origin(request), f"{', '.join(asked)}, *" if asked else "*"))


def of_response(response: Response) -> Answer:
    """Make the answer that sends a response, as it is for a request without an `Origin`.

    The pact's own headers follow those of CORS, also where both say the same name (§11 row 53).

    Raises:
        InvalidPact: when a header of the response cannot be sent.
    """
    HeaderCheck()(response.headers)
    own = tuple(
        (name, value) for name, values in response.headers.items() for value in values if name.lower() not in _FRAMING
    )
    return Answer(response.status, _CORS_FOR_ALL + own, response.body.content if response.body.is_present else b"")


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

_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def _check_header(name: str, values: Iterable[str]) -> None:
    if name.lower() in _FRAMING:
        return
    for line in values:
        if not _NAME.fullmatch(name):
            raise InvalidPact(f"{name!r} is not a header name that can be sent")
        if _CONTROL.search(line):
            raise InvalidPact(f"The header value {line!r} holds control characters")


def for_request(prepared: Answer, request: Request) -> Answer:
    """Name the origin of a request in a prepared answer, where it names one."""
    if "origin" not in request.headers:
        return prepared
    own = prepared.headers[len(_CORS_FOR_ALL) :]
    return Answer(prepared.status, _cors(_origin(request), "*") + own, prepared.body)


def explain(explanation: Explanation) -> Answer:
    """Answer a request that did not match: what happened in a sentence, the nearest interactions, what differs."""
    from pactmock.reports import json  # late: many servers explain nothing

    return _explained(500, json.answer(explanation), json.OUTCOMES[explanation.type])


def refused(reason: str, status: int) -> Answer:
    """Answer what was refused before it was a request."""
    return refusal(status, {"error": reason, "outcome": Outcome.NOT_FOUND.value, "interaction": None, "mismatches": []})


def refusal(status: int, explanation: dict[str, Json]) -> Answer:
    """Answer what is no request of the pact with an explanation in JSON."""
    return _explained(status, explanation, Outcome.NOT_FOUND.value)


def _explained(status: int, explanation: dict[str, Json], outcome: str) -> Answer:
    lines = (
        ("Access-Control-Allow-Origin", "*"),
        ("Content-Type", "application/json; charset=utf-8"),
        ("X-Pact", outcome),
    )
    return Answer(status, lines, compact_bytes(explanation))
