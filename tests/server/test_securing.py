"""While TLS is agreed on, a connection counts, ends with its mock server, and a client hears why it failed."""

from __future__ import annotations

import asyncio
import socket
import ssl
import warnings
from collections.abc import Callable
from typing import Any

import pytest
import trustme

from pactmock import MockServer as EmbeddedServer
from pactmock.cli.serving.event_loop import loop_factory
from pactmock.pact.documents import reading
from pactmock.server.mock_server import MockServer
from pactmock.server.options import MockServerOptions
from pactmock.server.shared import Shared
from pactmock.server.wire.intake import Intake
from pactmock.server.wire.tls.certificates import CertificateAuthority
from pactmock.server.wire.tls.context import ClientAuthorities, ServerTls
from tests.certificates import client_of, trusting
from tests.pacts import interaction, pact
from tests.patience import HANG

LOOPS = pytest.mark.parametrize("make_loop", [None, loop_factory()], ids=["asyncio", "uvloop"])

Run = Callable[[], Any]


def _server(tls: ServerTls, shared: Shared | None = None) -> MockServer:
    return MockServer(reading.read_pact(pact(interaction())), MockServerOptions(tls=tls), shared=shared)


def _run(make_loop: Run | None, call: Callable[[], Any]) -> None:
    with asyncio.Runner(loop_factory=make_loop) as runner:
        runner.run(call())


def _what_it_hears(port: int, context: ssl.SSLContext) -> str:
    """Agree on TLS, ask, and return what the client says of it; asyncio's keeps that to itself."""
    with socket.create_connection(("127.0.0.1", port), timeout=HANG) as plain:
        try:
            with context.wrap_socket(plain, server_hostname="localhost") as side:
                side.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                return side.recv(1000).decode()
        except ssl.SSLError as error:
            return str(error.reason)


@LOOPS
def test_a_client_hears_why_it_is_turned_away(make_loop: Run | None) -> None:
    authority, clients = CertificateAuthority(), trustme.CA()
    asked = ServerTls(authority, clients=(ClientAuthorities(clients.cert_pem.bytes().decode()), "required"))
    strange, old = trusting(authority.ca_pem, client=client_of(trustme.CA())), trusting(authority.ca_pem)
    old.set_ciphers("DEFAULT@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1

    async def call() -> None:
        server = _server(asked)
        await server.start()
        for context, heard in (
            (trusting(authority.ca_pem), "TLSV13_ALERT_CERTIFICATE_REQUIRED"),
            (strange, "TLSV1_ALERT_UNKNOWN_CA"),
            (old, "TLSV1_ALERT_PROTOCOL_VERSION"),
            (trusting(authority.ca_pem, client=client_of(clients)), "HTTP/1.1 200 OK"),
        ):
            said = await asyncio.to_thread(_what_it_hears, server.port, context)
            assert said.startswith(heard), said
        assert server.matched
        await server.stop()

    _run(make_loop, call)


@LOOPS
def test_connections_on_which_nobody_agrees_on_tls_are_bounded_and_counted_until_they_end(
    make_loop: Run | None,
) -> None:
    async def call() -> None:
        shared = Shared(Intake(connections=10))
        server = _server(ServerTls(CertificateAuthority()), shared)
        await server.start()
        opened = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(100)]
        for _, writer in opened:
            writer.write(b"\x16\x03\x01")
        ended = [asyncio.ensure_future(_ends(reader)) for reader, _ in opened]
        async with asyncio.timeout(HANG):
            while sum(each.done() for each in ended) < 100 - 10 - 64:
                await asyncio.wait(ended, return_when=asyncio.FIRST_COMPLETED, timeout=0.01)
        await asyncio.sleep(0.1)  # no more of them end
        done = [each for each in ended if each.done()]
        assert len(done) == 100 - 10 - 64
        assert shared.intake.connections == 10 + 64
        assert shared.intake.refused["connections"] == len(done)
        for _, writer in opened:
            writer.close()
        async with asyncio.timeout(HANG):
            while shared.intake.connections:  # noqa: ASYNC110  it hears of that after the client
                await asyncio.sleep(0.01)
        await asyncio.wait(ended)
        await server.stop()
        assert shared.intake.connections == 0

    _run(make_loop, call)


async def _ends(reader: asyncio.StreamReader) -> None:
    try:
        await reader.read()
    except ConnectionError:
        return


@LOOPS
def test_who_has_not_agreed_on_tls_when_its_mock_server_ends_meets_nobody(make_loop: Run | None) -> None:
    authority = CertificateAuthority()

    async def call() -> None:
        server = _server(ServerTls(authority))
        await server.start()
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        side = trusting(authority.ca_pem).wrap_bio(incoming, outgoing, server_hostname="localhost")
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        with pytest.raises(ssl.SSLWantReadError):
            side.do_handshake()
        writer.write(outgoing.read())
        assert await reader.read(1) == b"\x16"  # the mock server has begun
        await server.stop()
        await asyncio.wait_for(_ends(reader), HANG)
        writer.close()

    _run(make_loop, call)


@LOOPS
def test_what_comes_at_once_with_the_connection_is_read(make_loop: Run | None) -> None:
    authority = CertificateAuthority()

    async def call() -> None:
        server = _server(ServerTls(authority))
        await server.start()
        asking = [asyncio.to_thread(_what_it_hears, server.port, trusting(authority.ca_pem)) for _ in range(30)]
        assert {said.partition("\r\n")[0] for said in await asyncio.gather(*asking)} == {"HTTP/1.1 200 OK"}
        assert server.matched
        await server.stop()

    _run(make_loop, call)


async def test_who_comes_by_tls_after_the_end_is_told_so() -> None:
    async with EmbeddedServer(pact(interaction()), tls=True, late=5) as server:
        assert server.ca_pem is not None
        port, context = server.port, trusting(server.ca_pem)
    assert (await asyncio.to_thread(_what_it_hears, port, context)).startswith("HTTP/1.1 503 ")
