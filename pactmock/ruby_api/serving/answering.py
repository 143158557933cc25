"""What a Ruby service sends: texts, JSON, mocked responses (reference/ruby-api.md §1, §6, §9)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import urljoin

from pactmock.errors import InvalidPact, PactmockError
from pactmock.pact.json.values import Json, in_order
from pactmock.pact.model import Request
from pactmock.ruby_api.errors import RubyError, RubyException
from pactmock.ruby_api.request import Received
from pactmock.ruby_api.session import Conflicting
from pactmock.ruby_api.tree.examples import example
from pactmock.ruby_api.tree.matchers import Tree
from pactmock.server.answers.answer import Answer, HeaderCheck, HeaderLines
from pactmock.server.wire.incoming import Message

_TEXT, _JSON = (("Content-Type", "text/plain"),), (("Content-Type", "application/json"),)
_METHODS = "DELETE, POST, GET, HEAD, PUT, TRACE, CONNECT, PATCH"
_ORIGIN, _CREDENTIALS = "Access-Control-Allow-Origin", ("Access-Control-Allow-Credentials", "true")
_LOCATION = "X-Pact-Mock-Service-Location"
_MARK = "x-pact-mock-service"
_FRAMING = frozenset({"transfer-encoding", "connection", "keep-alive", "content-length"})


def text(content: str, status: int = 200) -> Answer:
    """Answer with a text."""
    return Answer(status, _TEXT, content.encode())


def document(content: Json, status: int = 200, *, pretty: bool = False) -> Answer:
    """Answer with JSON and a newline behind it."""
    return Answer(status, _JSON, in_order(content, pretty=pretty) + b"\n")


def failure(error: PactmockError) -> Answer:
    """Answer what cannot be done: a 500 in any case, which is what clients look for."""
    if isinstance(error, Conflicting):
        return text(f"{error.message}\n", 500)
    told = error if isinstance(error, RubyError) else RubyException(type(error).__name__, error.message)
    return Answer(500, _JSON, in_order(told.document))


# The mocked response.


def of_response(response: dict[str, Tree]) -> Answer:
    """Make the answer that sends a mocked response.

    Raises:
        RubyException: when it has something that cannot be sent, in the place of a status or of a header.
    """
    lines = tuple(_header_lines(example(response.get("headers") or {})))
    try:
        HeaderCheck()({name: tuple(value for key, value in lines if key == name) for name, _ in lines})
    except InvalidPact as error:
        raise RubyException("ArgumentError", error.message) from None
    return Answer(_status(response.get("status")), lines, _content(example(response.get("body"))))


def _status(given: Tree) -> int:
    """Read a status as Ruby makes numbers of texts: by the digits that it begins with."""
    if given is None:
        return 0
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        raise RubyException("NoMethodError", "the 'status' of a response has to be a number, without a matcher")
    if isinstance(given, str):
        given = (re.match(r"\d*", given.strip()) or [""])[0][:3] or 0
    return max(0, min(int(given), _LARGEST_STATUS))


_LARGEST_STATUS = 999


def _header_lines(headers: Json) -> Iterator[tuple[str, str]]:
    if not isinstance(headers, dict):
        raise RubyException("NoMethodError", "the 'headers' of a response have to be an object")
    for name, value in headers.items():
        if not isinstance(value, str):
            raise RubyException("NoMethodError", f"the header '{name[:100]}' of a response has to be a text")
        if name.lower() in _FRAMING:
            continue
        spelled = "-".join(map(str.capitalize, name.split("-")))
        for line in value.split("\n"):
            yield spelled, line


def _content(body: Json) -> bytes:
    if body is None:
        return b""
    return body.encode(errors="replace") if isinstance(body, str) else in_order(body)


def with_location(answer: Answer, base: str, path: str) -> Answer:
    """Make a relative `Location` an absolute one, as seen from a path below the URL by which this was called."""
    lines = tuple(
        (name, _absolute(base, path, value) if name == "Location" else value) for name, value in answer.headers
    )
    return answer if lines == answer.headers else replace(answer, headers=lines)


def _absolute(base: str, path: str, location: str) -> str:
    if location.startswith("/") and not location.startswith("//"):
        return base + location
    try:
        return urljoin(base + path, location)
    except ValueError:  # it is no URL, and sent as it is
        return location


# For pages.


def origin_of(headers: Mapping[str, tuple[str, ...]]) -> str:
    """Return the origin that an answer is for."""
    return ", ".join(headers.get("origin", ())) or "*"


def for_pages(answer: Answer, request: Request) -> Answer:
    """Let the page that asks read an answer, with its credentials, whatever the answer says of that."""
    own = tuple(line for line in answer.headers if line[0].lower() not in _FOR_PAGES)
    return Answer(answer.status, (*own, (_ORIGIN, origin_of(request.headers)), _CREDENTIALS), answer.body)


_FOR_PAGES = frozenset({_ORIGIN.lower(), _CREDENTIALS[0].lower()})


def for_client(answer: Answer, request: Request, base: str) -> Answer:
    """Add what every answer to a client of the service has."""
    made = for_pages(answer, request)
    return replace(made, headers=(*made.headers, (_LOCATION, base)))


def asks_to_drive(request: Request) -> bool:
    """Tell whether a pre-flight asks for a call of the service, and not of what is mocked."""
    return _MARK in Received(request).by_lower_name.get("access-control-request-headers", "").lower()


def pre_flight(request: Request, *, cors: bool) -> Answer:
    """Answer an OPTIONS request in the place of what is mocked."""
    asked = Received(request).by_lower_name.get("access-control-request-headers", "")
    lines: HeaderLines = (
        (_ORIGIN, origin_of(request.headers)),
        ("Access-Control-Allow-Headers", asked or "*"),
        ("Access-Control-Allow-Methods", _METHODS),
    )
    names = {name.strip() for name in asked.lower().split(",")}
    return Answer(200, (*lines, _CREDENTIALS) if cors or names & {"authorization", "cookie"} else lines)


def is_marked(request: Request) -> bool:
    """Tell whether a request has the header of the service, with any value."""
    return _MARK in request.headers


def is_marked_message(message: Message) -> bool:
    """Tell the same of a message that became no request."""
    return message.header(_MARK.encode()) is not None
