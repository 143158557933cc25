"""Floods over HTTP/2, where a frame costs a client nothing: attacks 34 to 37."""

from __future__ import annotations

import contextlib
import re
import threading
import time
from collections.abc import Callable

from hpack import Encoder
from hpack.hpack import encode_integer
from hyperframe.frame import ContinuationFrame, Frame, HeadersFrame, PingFrame, RstStreamFrame, SettingsFrame

from attacks.attack import Attack, Broken, Limits
from attacks.connection import Connection
from attacks.pacts import interaction, pact
from attacks.service import Service

_HELLO = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + SettingsFrame(0).serialize()
_NO_ROOM = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + SettingsFrame(0, settings={4: 0}).serialize()
_CALM = re.compile(rb"\x07\x00\x00\x00\x00\x00.{4}\x00\x00\x00\x0b", re.DOTALL)
"""The connection ends, as there was too much of something."""
_NO_WAITING = re.compile(rb"\x00\x00\x04\x03\x00.{4}\x00\x00\x00\x0b", re.DOTALL)
"""The same of a stream."""
_TOO_MANY = re.compile(rb"\x03431")
"""The status of an answer."""
_SECONDS = 4.0
_LIMITS = Limits(health=0.1, neighbour=0.1)


def _head(stream: int, path: str = "/a", *flags: str, more: bytes = b"") -> HeadersFrame:
    lines = [(":method", "POST"), (":scheme", "http"), (":authority", "localhost"), (":path", path)]
    return HeadersFrame(stream, Encoder().encode(lines) + more, flags=flags)


def _written(*frames: Frame) -> bytes:
    return b"".join(frame.serialize() for frame in frames)


def _resets() -> bytes:
    frames: list[Frame] = []
    for stream in range(1, 2 * 5000, 2):
        frames += [_head(stream, "/a", "END_HEADERS", "END_STREAM"), RstStreamFrame(stream, error_code=8)]
    return _HELLO + _written(*frames)


def _endless_headers() -> bytes:
    return _HELLO + _written(_head(1), *(ContinuationFrame(1, b"") for _ in range(10_000)))


def _growing_headers() -> bytes:
    """Headers that stand for a table entry of three kilobytes in a byte each."""
    lines = [(":method", "POST"), (":scheme", "http"), (":authority", "localhost"), (":path", "/a")]
    block = Encoder().encode([*lines, ("x-a", "x" * 3000)]) + b"\xbe" * 12_000
    return _HELLO + _written(HeadersFrame(1, block, flags=["END_HEADERS", "END_STREAM"]))


def _many_headers() -> bytes:
    """Twenty thousand headers that are empty, in 77 kB."""
    return _HELLO + _headed(b"\x00\x01x\x00" * 19_300)


def _coded_headers() -> bytes:
    """One header of 640,000 letters in Huffman's code, where each takes five bits."""
    return _HELLO + _headed(_coded(400_000))


def _coded_within() -> bytes:
    """As many headers as are read, and as much of them in that code."""
    return _HELLO + _headed(_coded(160) * 1950)


def _coded(size: int) -> bytes:
    length = encode_integer(size, 7)
    length[0] |= 0x80
    return b"\x00\x01x" + length + b"\x18\xc6\x31\x8c\x63" * (size // 5)


def _headed(block: bytes) -> bytes:
    """Write a block into as many frames as it takes."""
    pieces = [block[at : at + 16_000] for at in range(0, len(block), 16_000)]
    frames = [_head(1, "/a", "END_STREAM"), *(ContinuationFrame(1, piece) for piece in pieces)]
    frames[-1].flags.add("END_HEADERS")
    return _written(*frames)


def _settings_and_pings() -> bytes:
    return _HELLO + _written(SettingsFrame(0), PingFrame(0, opaque_data=b"12345678")) * 20_000


def _flood(port: int, sent: bytes, told: re.Pattern[bytes]) -> bool:
    """Send a flood; tell whether its client is told so."""
    with Connection(port) as connection:
        with contextlib.suppress(OSError):
            connection.send(sent)
        return told.search(connection.read_all(within=120, until=told)) is not None


def _flooded(*floods: Callable[[], bytes], told: re.Pattern[bytes] = _CALM) -> Callable[[Service], Broken]:
    """Have eight clients send these floods over and over for some seconds; `told` is what each is to be told."""

    def attack(service: Service) -> Broken:
        server = service.create(pact(interaction("a", {"method": "POST", "path": "/a"})))
        written = [flood() for flood in floods]
        calmed: list[bool] = []
        until = time.monotonic() + _SECONDS

        def send() -> None:
            while time.monotonic() < until:
                calmed.extend(_flood(server.port, sent, told) for sent in written)

        clients = [threading.Thread(target=send, daemon=True) for _ in range(8)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        if not all(calmed):
            yield f"{calmed.count(False)} of {len(calmed)} floods were not told {told.pattern!r}"

    return attack


def _stalls(service: Service) -> Broken:
    """Who has no room for answers, and asks for a hundred of them on each of fifty connections."""
    server = service.create(pact(interaction("a", {"method": "POST", "path": "/a"}, body="x" * 100_000)))
    ends = ("END_HEADERS", "END_STREAM")
    sent = _NO_ROOM + _written(*(_head(stream, "/a", *ends) for stream in range(1, 200, 2)))
    stalled = [service.leave(server.port, sent) for _ in range(50)]
    if not all(_NO_WAITING.search(connection.read_all(within=120, until=_NO_WAITING)) for connection in stalled):
        yield "a client that never has room for its answers is not told so"


ATTACKS = (
    Attack(34, "requests that are begun and cancelled, over HTTP/2", _flooded(_resets), _LIMITS),
    Attack(
        35,
        "headers that do not end, that grow, and that are too many, or one too long, to be decoded",
        _flooded(_endless_headers, _growing_headers, _many_headers, _coded_headers),
        _LIMITS,
    ),
    Attack(
        35,
        "as many headers as are decoded, and as much of them coded",
        _flooded(_coded_within, told=_TOO_MANY),
        _LIMITS,
    ),
    Attack(36, "5,000 answers for which nobody has room", _stalls, _LIMITS, options=("--body-timeout", "2")),
    Attack(37, "settings and pings whose answers nobody reads", _flooded(_settings_and_pings), _LIMITS),
)
