"""A mock server says at any time whether what it received was what its pact expects."""

from __future__ import annotations

import asyncio
import socket
import ssl
from typing import Any, cast

import aiohttp
import pytest

from pactmock.errors import InvalidPact, InvalidParameter, PactmockError, PortUnavailable
from pactmock.pact.documents import reading
from pactmock.server.mock_server import MockServer
from pactmock.server.options import MockServerOptions
from pactmock.server.records.journal import Journal, JournalLimits
from pactmock.server.wire.tls.certificates import CertificateAuthority
from pactmock.server.wire.tls.context import ServerTls
from tests.pacts import USERS, interaction, pact
from tests.patience import HANG


def _server(document: object = USERS, options: MockServerOptions | None = None) -> MockServer:
    return MockServer(reading.read_pact(document), options)


async def _get(server: MockServer, path: str, method: str = "GET") -> int:
    async with aiohttp.ClientSession() as session, session.request(method, server.url + path) as response:
        return response.status


async def test_all_that_is_expected_is_missing_at_first() -> None:
    server = _server()
    assert not server.matched
    assert [(item["type"], item["path"]) for item in server.mismatches()] == [
        ("missing-request", "/users/1"),
        ("missing-request", "/users"),
    ]
    named = cast("dict[str, Any]", server.mismatches()[0]["interaction"])
    assert len(named.pop("key")) == 16
    assert named == {"description": "a request for a user", "index": 0, "providerStates": []}


async def test_failures_come_as_they_were_received_and_then_what_is_missing() -> None:
    server = _server(pact(interaction("a", {"path": "/a"}), interaction("b", {"path": "/b", "headers": {"X": "1"}})))
    await server.start()
    await _get(server, "/c")
    await _get(server, "/b")
    assert [item["type"] for item in server.mismatches()] == [
        "request-not-found",
        "request-mismatch",
        "missing-request",
    ]
    await server.stop()


async def test_a_request_that_differs_is_not_also_missing() -> None:
    """Row 55."""
    server = _server(pact(interaction("b", {"headers": {"X": "1"}})))
    await server.start()
    await _get(server, "/")
    assert [item["type"] for item in server.mismatches()] == ["request-mismatch"]
    await server.stop()


async def test_one_request_satisfies_interactions_that_expect_the_same() -> None:
    """Row 55."""
    server = _server(pact(interaction("a"), interaction("b")))
    await server.start()
    await _get(server, "/")
    assert server.matched
    await server.stop()


async def test_messages_of_a_mixed_pact_are_neither_served_nor_missed() -> None:
    """Row 54: the reference aborts on such a pact."""
    message = {"type": "Asynchronous/Messages", "description": "m", "contents": {"content": "x"}}
    document = pact(interaction("a"), version="4.0")
    document["interactions"].append(message)
    server = _server(document)
    await server.start()
    await _get(server, "/")
    assert server.matched
    await server.stop()


async def test_dropping_old_requests_never_changes_the_verdict() -> None:
    server = _server(pact(interaction()), MockServerOptions(journal=JournalLimits(requests=3, failures=2)))
    await server.start()
    for number in range(5):
        await _get(server, f"/wrong/{number}")
    for _ in range(5):
        await _get(server, "/")
    journal = server.journal
    assert (len(journal.entries), journal.dropped, journal.requests) == (3, 7, 10)
    assert [item["path"] for item in server.mismatches()] == ["/wrong/0", "/wrong/1"]
    assert (journal.failed, journal.unlisted_failures) == (5, 3)
    assert not server.matched
    journal.reset()
    assert (journal.requests, journal.dropped, journal.failed, server.matched) == (0, 0, 0, False)
    await server.stop()


def test_the_journal_holds_no_more_bytes_than_it_may() -> None:
    journal = Journal(JournalLimits(bytes=2500))
    for _ in range(10):
        journal.refuse(0.0, 400, "x" * 10)
    assert (len(journal.entries), journal.dropped) == (2, 8)


async def test_waiting_ends_when_everything_was_received() -> None:
    server = _server(pact(interaction()))
    await server.start()
    assert not await server.play.wait(0.01)
    waiting = asyncio.create_task(server.play.wait(10))
    await _get(server, "/")
    assert await asyncio.wait_for(waiting, HANG)
    assert not server.journal.listeners
    await server.stop()


async def test_both_addresses_of_localhost_are_served() -> None:
    server = _server(pact(interaction()))
    await server.start()
    async with aiohttp.ClientSession() as session:
        for host in ("127.0.0.1", "[::1]", "localhost"):
            async with session.get(f"http://{host}:{server.port}/") as response:
                assert response.status == 200
    await server.stop()


async def test_stopping_waits_for_no_idle_connection_and_frees_the_port() -> None:
    server = _server(pact(interaction()))
    await server.start()
    connections = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(20)]
    for reader, writer in connections:
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
    await asyncio.wait_for(server.stop(), HANG)  # less than a connection may be idle
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        with socket.socket(family) as probe:
            assert probe.connect_ex((host, server.port)) != 0
    again = _server(pact(interaction()), MockServerOptions(port=server.port))
    await again.start()
    await again.stop()
    for _, writer in connections:
        writer.close()


async def test_a_stopped_server_still_knows_what_happened() -> None:
    server = _server(pact(interaction()))
    await server.start()
    await _get(server, "/")
    await server.stop()
    assert server.matched
    assert "stopped" in repr(server)


async def test_a_port_in_use_is_an_error_that_says_so() -> None:
    first = _server()
    await first.start()
    with pytest.raises(PortUnavailable, match=f"Port {first.port} on 127.0.0.1 is already in use"):
        await _server(options=MockServerOptions(port=first.port)).start()
    await first.stop()


@pytest.mark.parametrize(("host", "error"), [("203.0.113.7", PortUnavailable), ("no such host", InvalidParameter)])
async def test_a_host_that_is_not_here_is_an_error_that_says_so(host: str, error: type[PactmockError]) -> None:
    with pytest.raises(error, match=r"of this machine"):
        await _server(options=MockServerOptions(host=host)).start()


async def test_tls_is_spoken_with_a_certificate_that_the_authority_signed() -> None:
    authority = CertificateAuthority()
    server = _server(pact(interaction()), MockServerOptions(tls=ServerTls(authority)))
    await server.start()
    trusting = ssl.create_default_context(cadata=authority.ca_pem.decode())
    async with aiohttp.ClientSession() as session:
        for host in ("127.0.0.1", "localhost", "[::1]"):
            async with session.get(f"https://{host}:{server.port}/", ssl=trusting) as response:
                assert response.status == 200
    assert server.url.startswith("https://")
    await server.stop()


@pytest.mark.parametrize(
    ("headers", "pointer"),
    [
        ({"X-A": "a\r\nX-B: c"}, "/interactions/0/response/headers/X-A"),
        ({"no name": "a"}, "/interactions/0/response/headers/no name"),
    ],
)
def test_headers_that_cannot_be_sent_are_refused_when_the_pact_is_read(headers: dict[str, str], pointer: str) -> None:
    with pytest.raises(InvalidPact) as caught:
        _server(pact(interaction(headers=headers)))
    assert caught.value.pointer == pointer
