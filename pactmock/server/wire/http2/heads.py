"""Heads of messages as HTTP/2 has them, and what they are elsewhere: a `Message`, an `Answer`.

Pseudo headers become method, target and `Host`, and crumbs of a cookie one header, so that a request is matched and
noted as if it had come over HTTP/1.1 (RFC 9113, sections 8.2 and 8.3).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from pactmock.pact.parts.received_headers import LinesOfHttp2
from pactmock.server.answers.answer import Answer
from pactmock.server.options import WireLimits
from pactmock.server.wire import refusals
from pactmock.server.wire.incoming import Message
from pactmock.server.wire.messages import WITHOUT_BODY
from pactmock.server.wire.refused import Refused

Lines = list[tuple[bytes, bytes]]

_PSEUDO = frozenset({b":method", b":scheme", b":authority", b":path"})
_OF_A_CONNECTION = frozenset({b"connection", b"keep-alive", b"proxy-connection", b"transfer-encoding", b"upgrade"})
"""Headers about the connection itself: HTTP/2 has none (RFC 9113, section 8.2.2)."""

_METHOD = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_NAME = re.compile(rb"[!#$%&'*+\-.^_`|~0-9a-z]+")
_LENGTH = re.compile(rb"[0-9]{1,18}")
_VALUE = re.compile(rb"[^\x00\r\n]*")


class Malformed(Refused):
    """A request that HTTP/2 does not know. It is answered; its stream ends in an error (RFC 9113, section 8.1.1)."""

    def __init__(self, reason: str) -> None:
        super().__init__(400, f"This is not an HTTP/2 request that can be read: {reason}")


def read_head(message: Message, headers: Iterable[tuple[bytes, bytes]], limits: WireLimits) -> None:
    """Fill a message with the head of a request.

    Raises:
        Refused: when it is none that can be taken. What could be read is in the message.
    """
    lines = LinesOfHttp2()
    pseudo: dict[bytes, bytes] = {}
    problem = None
    for name, value in headers:
        if name[:1] == b":":
            problem = problem or _problem_of_pseudo(name, pseudo, is_late=bool(lines))
            pseudo.setdefault(bytes(name), bytes(value))
        else:
            problem = problem or _problem_of(name, value)
            lines.append((bytes(name), bytes(value)))
    _take(message, pseudo, lines)
    if len(message.target) > limits.line:
        raise refusals.line_too_long(limits)
    if len(lines) > limits.headers or sum(len(name) + len(value) for name, value in lines) > limits.field:
        raise refusals.too_many_headers(limits)
    problem = problem or _problem_of_all(pseudo, lines)
    if problem is not None:
        raise Malformed(problem)


def length_of(message: Message) -> int | None:
    """Return how many bytes of a body the head of a request promises, None where it says nothing of it."""
    length = message.header(b"content-length")
    return None if length is None else int(length)


def check_length(promised: int | None, came: int, *, is_whole: bool) -> None:
    """See whether a body, as far as it came, has the length that was promised (RFC 9113, section 8.1.1).

    Raises:
        Malformed: when it has not.
    """
    if promised is not None and (came > promised or (is_whole and came < promised)):
        more = "" if is_whole else "at least "
        raise Malformed(f"'content-length' promises {promised} bytes, and the body has {more}{came}")


def check_trailers(lines: Iterable[tuple[bytes, bytes]]) -> None:
    """See whether what stands behind a body may stand there, of which nothing else is made.

    Raises:
        Malformed: when it may not.
    """
    for name, value in lines:
        shown = name.decode("latin-1")
        problem = f"'{shown}' stands behind its body" if name[:1] == b":" else _problem_of(name, value)
        if problem is not None:
            raise Malformed(problem)


def _take(message: Message, pseudo: dict[bytes, bytes], lines: LinesOfHttp2) -> None:
    message.method = pseudo.get(b":method", b"").decode("latin-1")
    message.target = pseudo.get(b":path") or pseudo.get(b":authority", b"")
    if pseudo.get(b":authority") and not any(name == b"host" for name, _ in lines):
        lines.insert(0, (b"host", pseudo[b":authority"]))
    _join_crumbs(lines)
    message.headers = lines
    message.head_is_read = message.keeps_alive = True
    message.head_bytes = len(message.target) + sum(len(name) + len(value) + 4 for name, value in lines)


def _join_crumbs(lines: LinesOfHttp2) -> None:
    """Put the crumbs of a cookie together, where the first one stands."""
    crumbs = [value for name, value in lines if name == b"cookie"]
    if len(crumbs) > 1:
        first = next(index for index, line in enumerate(lines) if line[0] == b"cookie")
        lines[first] = (b"cookie", b"; ".join(crumbs))
        lines[first + 1 :] = [line for line in lines[first + 1 :] if line[0] != b"cookie"]


def _problem_of_pseudo(name: bytes, known: dict[bytes, bytes], *, is_late: bool) -> str | None:
    shown = name.decode("latin-1")
    if name not in _PSEUDO:
        return f"there is no pseudo header '{shown}' of requests"
    if name in known:
        return f"it has '{shown}' twice"
    return f"'{shown}' stands behind other headers" if is_late else None


def _problem_of(name: bytes, value: bytes) -> str | None:
    if _NAME.fullmatch(name) is None:
        return f"{name.decode('latin-1')!r} is not the name of a header in lower case"
    if _VALUE.fullmatch(value) is None:
        return f"the value of '{name.decode()}' holds control characters"
    if value != value.strip(b" \t"):
        return f"the value of '{name.decode()}' begins or ends with a space"
    if name in _OF_A_CONNECTION:
        return f"'{name.decode()}' is a header of HTTP/1.1"
    if name == b"te" and value.lower() != b"trailers":
        return "'te' has another value than 'trailers'"
    return None


def _problem_of_all(pseudo: dict[bytes, bytes], lines: Lines) -> str | None:
    method = pseudo.get(b":method", b"")
    if _METHOD.fullmatch(method) is None:
        return "it has no ':method' that is one"
    needed = (b":authority",) if method == b"CONNECT" else (b":scheme", b":path")
    for name in needed:
        if not pseudo.get(name):
            return f"it has no '{name.decode()}'"
    if any(_VALUE.fullmatch(value) is None or b" " in value for value in pseudo.values()):
        return "a pseudo header holds spaces or control characters"
    lengths = {value for name, value in lines if name == b"content-length"}
    if len(lengths) > 1 or not all(map(_LENGTH.fullmatch, lengths)):
        return "'content-length' is not one number"
    authority = pseudo.get(b":authority")
    if authority and any(name == b"host" and value.lower() != authority.lower() for name, value in lines):
        return "'host' names another host than ':authority'"
    return None


def written(answer: Answer, *, is_head: bool) -> tuple[Lines, bytes]:
    """Return the head of an answer and its body, with nothing that the pact does not say.

    As over HTTP/1.1, a length that it says is that of the body at hand, but for HEAD.
    """
    lines: Lines = [(b":status", str(answer.status).encode())]
    has_body = answer.status not in WITHOUT_BODY
    for name, value in answer.headers:
        sent = _name(name)
        if sent == b"content-length" and not is_head:
            if has_body:
                lines.append((sent, str(len(answer.body)).encode()))
        elif sent not in _OF_A_CONNECTION:
            lines.append((sent, value.strip(" \t").encode()))
    return lines, answer.body if has_body and not is_head else b""


@lru_cache(maxsize=1024)
def _name(name: str) -> bytes:
    return name.lower().encode()
