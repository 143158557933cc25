"""Bytes that are kept though nobody will ever use them: attacks 15 and 16."""

from __future__ import annotations

from collections.abc import Callable

from attacks.attack import LARGE, MEGABYTE, Attack, Broken
from attacks.connection import Connection, ask, request
from attacks.pacts import interaction, pact
from attacks.service import JSON, Server, Service
from attacks.threads import SLOW_BODY, slow_server

_BODY = bytes(MEGABYTE)
_PATIENCE = 3.0
"""Seconds without being read after which the attacker gives up: it is held back, which is what it should be."""


def _pour(connection: Connection, megabytes: int, piece: bytes = _BODY) -> int:
    """Send until it is all sent, or refused, or nobody reads any more; return how many megabytes went."""
    for sent in range(megabytes):
        try:
            connection.send(piece)
        except OSError:
            return sent
    return megabytes


def _interrupted(target: Callable[[Server], str]) -> Callable[[Service], Broken]:
    def run(service: Service) -> Broken:
        server = service.create(pact(interaction("a", {"method": "POST"})))
        head = request("POST", target(server), (*JSON, ("Content-Length", str(40 * MEGABYTE))))
        for _ in range(24):
            with Connection(service.port, _PATIENCE) as connection:
                connection.send(head)
                _pour(connection, 39)
        if service.matched(server):
            yield "an interrupted upload matched"

    return run


def _endless_line(service: Service) -> Broken:
    server = service.create(pact(interaction("a")))
    for start in (
        b"GET / HTTP/1.1\r\nX-Endless: ",
        b"GET /",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;x=",
    ):
        with Connection(server.port, _PATIENCE) as connection:
            connection.send(start)
            _pour(connection, 200, b"a" * MEGABYTE)
            if (status := connection.answer().status) not in {400, 413, 414, 431}:
                yield f"what has no end behind {start[:40]!r} was answered with {status}"
    if not service.requests(server):
        yield "the refusals are not in the journal"


def _pipelined(service: Service) -> Broken:
    server = slow_server(service, 0)
    with Connection(server.port, patience=1.0) as connection:  # less than it takes to decide on the first
        connection.send(request("POST", "/", JSON, SLOW_BODY))
        small = request("POST", "/", (), b"x" * 200_000) * 5
        if (sent := _pour(connection, 1200, small)) > 64:
            yield f"{sent} MB were read behind a request that was being decided"


def _unfinished(service: Service) -> Broken:
    server = service.create(pact(interaction("a", {"method": "POST"})))
    head = request("POST", "/", [("Content-Length", str(99 * MEGABYTE))])
    for _ in range(12):
        connection = service.leave(server.port, head, _PATIENCE)
        _pour(connection, 98)
    if ask(server.port, "POST", "/").status != 200:
        yield "an honest request to the same server was not answered with 200"


def _idle(service: Service) -> Broken:
    """Connections that say nothing leave room for those that do."""
    server = service.create(pact(interaction("a")))
    for _ in range(4500):
        service.leave(server.port, b"")
    if ask(server.port, "GET", "/").status != 200:
        yield "an honest request was not answered beside 4,500 idle connections"


def _closed_when_idle(service: Service) -> Broken:
    server = service.create(pact(interaction("a")))
    idle = [service.leave(port, b"") for port in (server.port, service.port) for _ in range(20)]
    begun = [service.leave(port, b"GET / HTTP/1.1\r\nX-A") for port in (server.port, service.port)]
    if not all(connection.is_closed(within=service.at_most(5)) for connection in (*idle, *begun)):
        yield "a connection that says nothing for five seconds is left open, and one is enough"


def _large_heads(service: Service) -> Broken:
    """What the journal keeps is counted whatever it is: headers, paths, queries."""
    server = service.create(pact(interaction("a", {"path": "/a"})))
    headers = [(f"X-{number}", "v" * 1000) for number in range(170)]
    with Connection(server.port) as connection:
        for number in range(2500):
            connection.send(request("GET", f"/{number}/{'p' * 20_000}?q={'q' * 20_000}", headers))
            if (status := connection.answer().status) != 500:
                yield f"an unexpected request was answered with {status}"
                return


def _long_paths(service: Service) -> Broken:
    server = service.create(pact(interaction("a", {"path": "/a"})))
    with Connection(server.port) as connection:
        for number in range(1100):
            connection.send(request("GET", f"/{number}/{'p' * 60_000}"))
            connection.answer()
    listed = service.call("GET", "/")
    if listed.status != 200 or len(listed.body) > MEGABYTE:
        yield f"the list of servers was answered with {listed.status} and {len(listed.body):,} bytes"


_IMPATIENT = ("--idle-timeout", "1", "--header-timeout", "1")

ATTACKS = (
    Attack(
        15, "uploads through the gateway that are interrupted", _interrupted(lambda server: f"/m/{server.id}/"), LARGE
    ),
    Attack(15, "uploads to POST / that are interrupted", _interrupted(lambda _server: "/"), LARGE),
    Attack(15, "lines without an end", _endless_line),
    Attack(15, "pipelining behind a request in a thread", _pipelined, LARGE),
    Attack(15, "twelve unfinished bodies of 99 MB", _unfinished, LARGE),
    Attack(15, "4,500 idle connections", _idle),
    Attack(15, "connections that say no more", _closed_when_idle, options=_IMPATIENT, quick=True),
    Attack(16, "2,500 requests of 200 kB of headers", _large_heads),
    Attack(16, "1,100 paths of 60 kB", _long_paths),
)
