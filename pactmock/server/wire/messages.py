"""HTTP messages as values: a received request from what was on the wire, an answer as the bytes to send.

A mock must not add what nobody asked for and must see what was really sent. So: raw paths, headers with their order,
bodies as they came (not decompressed), and no invented `Server`, `Date` or `Content-Type`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pactmock.pact.model import Request
from pactmock.pact.parts import body as bodies
from pactmock.pact.parts import content_type as types
from pactmock.pact.parts import query_string
from pactmock.pact.parts.body import Body
from pactmock.pact.parts.received_headers import ReceivedHeaders
from pactmock.server.answers.answer import Answer
from pactmock.server.wire.incoming import Message

ABSOLUTE_FORM = re.compile(r"\A[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")


def request_to(message: Message, target: str) -> Request:
    """Make the value of a request that was received for some target (reference/matching.md §6.5).

    The path stays percent-encoded.
    """
    if not target.startswith("/"):
        target = ABSOLUTE_FORM.sub("", target, count=1)
    path, _, query_text = target.partition("#")[0].partition("?")
    received = ReceivedHeaders(message.headers)
    query = query_string.parse(query_text) if query_text else None
    body = _body(message.content, received) if message.body_bytes else bodies.EMPTY
    return Request(message.method, path or "/", query, query_text or None, received, body, {}, {})


def _body(content: bytes, headers: ReceivedHeaders) -> Body:
    named = headers.get("content-type")
    content_type = types.parse(named[0]) if named else None
    return bodies.present(content, content_type or types.sniff_start(content))


def host_of(request: Request) -> str | None:
    """Return the name or address that a request was sent to, without the port."""
    values = request.headers.get("host")
    return host_name(values[0]) if values else None


def host_name(host: str) -> str:
    """Take the port off what a `Host` header says."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.rpartition(":")[0] if ":" in host else host


def encode(answer: Answer, method: str, connection: str | None = None) -> bytes:
    """Write an answer to a request of some method; an answer that is sent often is written once."""
    if method == "HEAD" or connection is not None:
        return _encode(answer, method == "HEAD", connection)
    if not answer.written:
        answer.written.append(_encode(answer, is_head=False, connection=None))
    return answer.written[0]


def _encode(answer: Answer, is_head: bool, connection: str | None) -> bytes:
    """Write the head, and the body where there is one.

    The length is that of the body at hand; what the pact recorded for another body is only true of a HEAD request.
    `connection` is the value of that header, where it has to be said.
    """
    lines = [_status_line(answer.status)]
    recorded = False
    for name, value in answer.headers:
        if name.lower() == "content-length":
            if not is_head:
                continue
            recorded = True
        lines.append(f"{name}: {value}\r\n")
    has_body = answer.status not in WITHOUT_BODY
    if has_body and not recorded:
        lines.append(f"Content-Length: {len(answer.body)}\r\n")
    if connection is not None:
        lines.append(f"Connection: {connection}\r\n")
    lines.append("\r\n")
    head = "".join(lines).encode()
    return head + answer.body if has_body and not is_head else head


@lru_cache(maxsize=1024)
def _status_line(status: int) -> str:
    return f"HTTP/1.1 {status} {_USUAL.get(status) or _phrase(status)}\r\n"


_USUAL = {200: "OK", 201: "Created", 204: "No Content", 404: "Not Found", 500: "Internal Server Error"}
"""What most answers are called; the module that knows all names takes as long to import as ten others."""


def _phrase(status: int) -> str:
    from http import HTTPStatus

    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


WITHOUT_BODY = frozenset({*range(100, 200), 204, 304})
"""The statuses of answers that have no body, whatever a pact says."""
