"""What clients of the Ruby service send: matchers, interactions; and received requests."""

from __future__ import annotations

from typing import Any

from pactmock.pact.json.values import in_order
from pactmock.pact.model import Request
from pactmock.ruby_api.interaction import Interaction
from pactmock.ruby_api.reading import read_interaction
from pactmock.ruby_api.request import Received
from pactmock.ruby_api.versions import V2, Version
from pactmock.server.wire.incoming import Message
from pactmock.server.wire.messages import request_to

JSON = {"Content-Type": "application/json"}


def regexp(source: str, options: int = 0) -> dict[str, Any]:
    return {"json_class": "Regexp", "o": options, "s": source}


def term(generate: Any, source: str, options: int = 0) -> dict[str, Any]:
    return {"json_class": "Pact::Term", "data": {"generate": generate, "matcher": regexp(source, options)}}


def like(contents: Any) -> dict[str, Any]:
    return {"json_class": "Pact::SomethingLike", "contents": contents}


def each_like(contents: Any, least: int = 1) -> dict[str, Any]:
    return {"json_class": "Pact::ArrayLike", "contents": contents, "min": least}


def document(
    request: dict[str, Any] | None = None, response: dict[str, Any] | None = None, **members: Any
) -> dict[str, Any]:
    """An interaction as it is posted; what is not given is `GET /x` and a 200."""
    return {
        "description": "a request",
        "request": {"method": "get", "path": "/x", **(request or {})},
        "response": {"status": 200, **(response or {})},
        **members,
    }


def interaction(
    request: dict[str, Any] | None = None,
    response: dict[str, Any] | None = None,
    version: Version = V2,
    **members: Any,
) -> Interaction:
    return read_interaction(document(request, response, **members), version)


def request(
    target: str = "/x", body: Any = None, headers: dict[str, str] | None = None, method: str = "GET"
) -> Request:
    """A received request; what is no text is sent as JSON."""
    if headers is None and not isinstance(body, str | bytes | None):
        headers = JSON
    message = Message()
    message.method = method
    message.headers = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    content = (
        body if isinstance(body, bytes) else (body or "").encode() if isinstance(body, str | None) else in_order(body)
    )
    if content:
        message.add(content)
    return request_to(message, target)


def received(
    target: str = "/x", body: Any = None, headers: dict[str, str] | None = None, method: str = "GET"
) -> Received:
    return Received(request(target, body, headers, method))
