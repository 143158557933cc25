"""Messages of every kind that a client may send on a connection, for hypothesis to put together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests.pacts import interaction, pact


@dataclass(frozen=True, slots=True)
class Message:
    """One message: what stands before its target, the target, and the rest.

    `asks_to_continue` says that it may be told to; `target` is empty where there is none to put a prefix before.
    """

    method: str
    target: str
    rest: bytes
    asks_to_continue: bool = False

    def written(self, prefix: str = "") -> bytes:
        """Return its bytes, sent below a prefix."""
        if not self.target:
            return self.rest
        return f"{self.method} {prefix}{self.target} ".encode("latin-1") + self.rest

    def __repr__(self) -> str:
        return f"<{(self.written()[:120])!r}>"


PLAYED: dict[str, Any] = pact(
    interaction("a", {"path": "/a"}, status=201, body="a"),
    interaction("queried", {"path": "/b", "query": {"q": ["1"]}}, status=202),
    interaction("posted", {"method": "POST", "path": "/a", "body": "text"}, status=203),
    interaction("own", {"method": "PURGEALL", "path": "/b"}, status=204),
    interaction("small", {"method": "get", "path": "/a"}, status=205, body="small"),
    interaction("headed", {"method": "HEAD", "path": "/a"}, headers={"X-A": "b"}),
    interaction("large", {"method": "POST", "path": "/large"}, body="large"),
)

_METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PATCH", "PURGE", "PURGEALL", "get", "FOO", "P", "M-SEARCH", "GETX")
_TARGETS = ("/a", "/b?q=1", "/b", "/none%2F?x=%0A", "/large")
_CONNECTIONS = ("", "Connection: keep-alive\r\n", "Connection: close\r\n")
_UPGRADES = (
    "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQ\r\n",
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZQ==\r\n",
)
_HEADERS = (
    "",
    "Host: x\r\n",
    "Content-Type: text/plain\r\n",
    "X-Name: caf\xe9\r\nx-name: b\r\n",
    "Origin: http://o\r\n",
)
_BODIES = (b"", b"text", b"GET /a HTTP/1.1\r\n\r\n", b"{}\r\n\r\n0\r\n\r\n", b"\x00\xff" * 40)
_EXPECTATIONS = ("", "", "", "Expect: 100-continue\r\n", "Expect: else\r\n")


def _chunked(body: bytes, size: int, extension: bytes, trailer: bytes) -> bytes:
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    chunks = [b"%x%s\r\n%s\r\n" % (len(piece), extension, piece) for piece in pieces]
    return b"".join(chunks) + b"0\r\n" + trailer + b"\r\n"


@st.composite
def _good(draw: st.DrawFn) -> Message:
    body = draw(st.sampled_from(_BODIES))
    version = draw(st.sampled_from(("1.1", "1.1", "1.1", "1.0")))
    expectation = draw(st.sampled_from(_EXPECTATIONS)) if body else ""
    lines = draw(st.sampled_from(_HEADERS)) + expectation
    lines += draw(st.sampled_from((*_CONNECTIONS, *_UPGRADES)))
    if body and version == "1.1" and draw(st.booleans()):
        lines += "Transfer-Encoding: chunked\r\n"
        extension, trailer = draw(st.sampled_from((b"", b";a=b"))), draw(st.sampled_from((b"", b"X-Sum: 1\r\n")))
        content = _chunked(body, draw(st.integers(1, 20)), extension, trailer)
    else:
        lines += f"Content-Length: {len(body)}\r\n" if body or draw(st.booleans()) else ""
        content = body
    rest = f"HTTP/{version}\r\n{lines}\r\n".encode("latin-1") + content
    return Message(
        draw(st.sampled_from(_METHODS)), draw(st.sampled_from(_TARGETS)), rest, "100-continue" in expectation
    )


LARGE = Message("POST", "/large", b"HTTP/1.1\r\nContent-Length: 300000\r\n\r\n" + b"x" * 300_000)
"""It is decided in a thread, so whatever follows has to wait."""

_BAD_RESTS = (
    b"HTTP/1.1\r\nno colon\r\n\r\n",
    b"HTTP/1.1\r\nContent-Length: x\r\n\r\n",
    b"HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    b"HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    b"HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
    b"HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
    b"HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
    b"HTTP/1.1\r\nX-Nul: a\x00b\r\n\r\n",
    b"HTTP/9.9\r\n\r\n",
    b"HTTP/1.1\nX-A: b\n\n",
    b"HTTP/1.1\r\nX-A: b\r\n c\r\n\r\n",
    b"\r\n\r\n",
)
_NO_REQUESTS = (
    b"nonsense\r\n\r\n",
    b"F\x00O / HTTP/1.1\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\r\n\r\n",
    b"GET\r\n\r\n",
    b": x\r\n\r\n",
)

ADDRESSED_BAD = st.builds(Message, st.sampled_from(_METHODS), st.sampled_from(_TARGETS), st.sampled_from(_BAD_RESTS))
"""Messages that cannot be read, with a target that says whom they are for."""

BAD = ADDRESSED_BAD | st.builds(Message, st.just(""), st.just(""), st.sampled_from(_NO_REQUESTS))
BLANK = st.just(Message("", "", b"\r\n"))
"""An empty line between messages, which some clients send."""

GOOD = st.one_of(_good(), _good(), _good(), _good(), _good(), st.just(LARGE))
LAST = Message("GET", "/a", b"HTTP/1.1\r\nConnection: close\r\n\r\n")
"""What ends a connection whose messages leave it open."""


@dataclass(frozen=True, slots=True)
class Stream:
    """What a client sends on one connection. With `half_closes` it ends its side after that, else `LAST` ends it."""

    messages: tuple[Message, ...]
    half_closes: bool
    cut_off: int
    """How many bytes of the end are never sent."""

    def written(self, prefix: str = "") -> bytes:
        """Return its bytes, sent below a prefix."""
        ending = () if self.half_closes else (LAST,)
        written = b"".join(message.written(prefix) for message in (*self.messages, *ending))
        return written[: len(written) - self.cut_off] if self.half_closes else written

    def is_addressed(self, prefix: str) -> bool:
        """Whether no end comes amid a target: whose it was, nobody can tell where the prefix is cut."""
        left, begin = len(self.written(prefix)), 0
        for message in self.messages:
            address = f"{message.method} {prefix}{message.target} " if message.target else ""
            if begin < left < begin + len(address):
                return False
            begin += len(message.written(prefix))
        return True


def streams(bad: st.SearchStrategy[Message] = BAD) -> st.SearchStrategy[Stream]:
    """Draw what a client sends: mostly good messages, at times a bad one, or an end in the middle of one."""
    messages = st.lists(st.one_of(GOOD, GOOD, GOOD, bad, BLANK), min_size=1, max_size=5).map(tuple)
    return st.builds(Stream, messages, st.booleans(), st.sampled_from((0, 0, 1, 3, 10)))


@st.composite
def segments(draw: st.DrawFn, length: int) -> list[int]:
    """Draw where bytes of some length are cut: in a few places, or everywhere in some part."""
    few = draw(st.lists(st.integers(0, length), max_size=8))
    start = draw(st.integers(0, length))
    everywhere = range(start, min(length, start + draw(st.sampled_from((0, 0, 30, 200)))))
    return sorted({*few, *everywhere, length} - {0})
