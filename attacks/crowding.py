"""Small things in great numbers, and clients that take their time: attacks 20 to 28 and 30."""

from __future__ import annotations

import contextlib
import itertools
import string
import threading
import time
from collections.abc import Iterable, Iterator

from attacks.attack import LARGE, MEGABYTE, Attack, Broken
from attacks.connection import PATIENCE, Connection, ask, request
from attacks.pacts import interaction, pact, rule
from attacks.service import JSON, Server, Service

_NAMES = ["".join(letters) for letters in itertools.product(string.ascii_lowercase, repeat=3)]
_HONEST_WITHIN = 1.5


def _statuses(port: int, messages: Iterable[bytes]) -> Iterator[int]:
    """Send messages in one go, and read the answers meanwhile."""
    sent = list(messages)
    with Connection(port) as connection:
        sender = threading.Thread(target=connection.send, args=(b"".join(sent),), daemon=True)
        sender.start()
        for _ in sent:
            yield connection.answer().status
        sender.join(PATIENCE)


def _answered(port: int, messages: Iterable[bytes], expected: int) -> Broken:
    statuses = list(_statuses(port, messages))
    if set(statuses) != {expected}:
        yield f"they were answered with {sorted(set(statuses))} and not all with {expected}"


def _empty_lines(service: Service) -> Broken:
    """Where a chunked body ends is looked for at each empty line, and there is nothing else in this one."""
    server = service.create(pact(interaction("a", {"method": "POST"})))
    content = b"\r\n\r\n" * (MEGABYTE // 2)
    body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(content), content)
    with Connection(server.port) as connection:
        connection.send(request("POST", "/", [("Transfer-Encoding", "chunked")]) + body)
        if (status := connection.answer("POST").status) != 200:
            yield f"two megabytes of empty lines were answered with {status}"


def _many_unexpected(service: Service) -> Broken:
    server = service.create(pact(interaction("a", {"path": "/a"})))
    yield from _answered(server.port, [request("GET", "/other")] * 8000, 500)


def _patterned(service: Service) -> Server:
    rules = {"header": {"X-A": rule(match="regex", regex="^(a|aa)+$")}}
    return service.create(pact(interaction("slow", {"headers": {"X-A": "a"}, "matchingRules": rules})))


def _slow_ones(number: int) -> list[bytes]:
    """Requests that take from a few milliseconds to a few tens: what one may cost, and all of them together may not."""
    lengths = itertools.islice(itertools.cycle(range(18, 29)), number)
    return [request("GET", "/", [("X-A", "a" * length + "!")]) for length in lengths]


def _many_slow(service: Service) -> Broken:
    yield from _answered(_patterned(service).port, _slow_ones(300), 500)


def _slow_from_many(service: Service) -> Broken:
    server = _patterned(service)
    connections = [service.leave(server.port, sent) for sent in _slow_ones(200)]
    if {connection.answer().status for connection in connections} != {500}:
        yield "not every slow request was answered with 500"


def _long_queries(service: Service) -> Broken:
    server = service.create(pact(interaction("a", {"path": "/a"})))
    query = "&".join(_NAMES[:15_000])
    for _ in range(20):
        yield from _answered(server.port, [request("GET", f"/a?{query}")] * 20, 500)


def _many_names(service: Service) -> Broken:
    server = service.create(pact(interaction("a", {"path": "/a"})))
    message = request("GET", "/b", [(name, "") for name in _NAMES[:990]])
    yield from _answered(server.port, [message] * 400, 500)


def _many_journals(service: Service) -> Broken:
    """Each server keeps so much; all of them together do not keep so much each."""
    for number in range(12):
        server = service.create(pact(interaction("a", {"method": "POST"}), consumer=f"keeper-{number}"))
        if (status := ask(server.port, "POST", "/other", (), bytes(40 * MEGABYTE)).status) != 500:
            yield f"a body of 40 MB was answered with {status}"


def _handshakes(service: Service) -> Broken:
    """What begins to speak TLS and stops is closed as one that begins to speak HTTP."""
    server = service.create(pact(interaction("a")), "?tls=true")
    begun = [service.leave(server.port, b"\x16\x03\x01") for _ in range(400)]
    if not all(connection.is_closed(within=service.at_most(6)) for connection in begun):
        yield "a handshake that does not go on is left open, and two seconds are enough"


def _gone_waiters(service: Service) -> Broken:
    """Who waits for the rest of the requests, and leaves, costs the later ones nothing."""
    paths = [f"/{number}" for number in range(2000)]
    server = service.create(pact(*(interaction(path, {"path": path}) for path in (*paths, "/last"))))
    yield from _answered(server.port, [request("GET", path) for path in paths], 200)
    for _ in range(1000):
        with Connection(service.port) as waiter:
            waiter.send(request("GET", f"/mockserver/{server.id}/wait?timeout=600"))
    slowest = max(ask(server.port, "GET", "/0").seconds for _ in range(20))
    if slowest > service.at_most(_HONEST_WITHIN):
        yield f"a request took {slowest:.1f} s by those who waited before and are gone"


def _trickling(service: Service) -> Broken:
    """Two uploads hold all room for bodies and go on byte by byte: others are taken in all the same."""
    server = service.create(pact(interaction("a", {"method": "POST"})))
    head = request("POST", "/", [("Content-Length", str(80 * MEGABYTE))])
    uploads = [service.leave(server.port, head + bytes(63 * MEGABYTE)) for _ in range(2)]
    ended = threading.Event()

    def trickle() -> None:
        while not ended.wait(0.1):
            for upload in uploads:
                with contextlib.suppress(OSError):  # closed: it was given up
                    upload.send(b"x")

    trickling = threading.Thread(target=trickle, daemon=True)
    trickling.start()
    time.sleep(2)
    answer = ask(server.port, "POST", "/", JSON, bytes(3 * MEGABYTE))
    if answer.status != 200:
        yield f"an honest body of 3 MB beside them was answered with {answer.status}"
    ended.set()
    trickling.join()


def _slow_reader(service: Service) -> Broken:
    """Who reads slowly and steadily gets all of the answer, though it takes longer than a standstill may."""
    content = "x" * (8 * MEGABYTE)
    server = service.create(pact(interaction("a", body=content)))
    with Connection(server.port) as connection:
        connection.send(request("GET", "/"))
        read = connection.read_slowly(len(content), piece=100_000, pause=0.05)
    if read < len(content):
        yield f"who reads 2 MB a second got {read:,} of {len(content):,} bytes"


def _refused_ones(service: Service) -> Broken:
    """What nobody has decided on fails the test, whatever it was refused for."""
    endless = [("X-Long", "x" * 300_000)]
    for what, sent in (
        ("a body above the bound", request("POST", "/b", [("Content-Length", "9999999999")])),
        ("headers above the bound", request("POST", "/b", endless)),
        ("a path above the bound", request("GET", f"/{'b' * 70_000}")),
        ("two lengths", request("POST", "/b", [("Content-Length", "1"), ("Transfer-Encoding", "chunked")])),
    ):
        server = service.create(pact(interaction("a", {"path": "/a"})))
        ask(server.port, "GET", "/a")
        with Connection(server.port) as connection:
            with contextlib.suppress(ConnectionError):
                connection.send(sent)
            connection.answer()
        if service.matched(server) or service.verify(server) != 422:
            yield f"all is matched after {what} was refused"


_IMPATIENT = ("--header-timeout", "2", "--body-timeout", "2")

ATTACKS = (
    Attack(20, "two megabytes of empty lines in a chunked body", _empty_lines, quick=True),
    Attack(21, "8,000 unexpected requests in one go", _many_unexpected),
    Attack(21, "300 slow requests in one go", _many_slow),
    Attack(21, "slow requests on 200 connections", _slow_from_many),
    Attack(22, "400 queries of 60 kB", _long_queries),
    Attack(23, "400 requests of 990 headers", _many_names),
    Attack(24, "twelve servers that keep 40 MB each", _many_journals, LARGE),
    Attack(25, "400 handshakes that do not go on", _handshakes, options=_IMPATIENT),
    Attack(26, "1,000 waiters that are gone", _gone_waiters),
    Attack(30, "two uploads byte by byte", _trickling, LARGE),
    Attack(27, "a slow reader of 8 MB", _slow_reader, LARGE, options=_IMPATIENT),
    Attack(28, "requests that are refused", _refused_ones, quick=True),
)
