"""Who calls a mock server by the wrong scheme is told so, and so is whoever reads its log."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import warnings
from collections.abc import Callable
from typing import Any

import pytest

from pactmock import MockServer
from pactmock.cli.serving.event_loop import loop_factory
from pactmock.control.running import Service
from pactmock.pact.documents import reading
from pactmock.server.mock_server import MockServer as Server
from pactmock.server.options import MockServerOptions
from pactmock.server.records.entries import Refusal
from pactmock.server.wire.tls.certificates import CertificateAuthority
from pactmock.server.wire.tls.context import ServerTls
from tests.pacts import interaction, pact
from tests.patience import HANG
from tests.raw_http import exchange, head_lines, read_response

GET = b"GET /t?x=1 HTTP/1.1\r\nHost: x\r\n\r\n"
LOOPS = pytest.mark.parametrize("make_loop", [None, loop_factory()], ids=["asyncio", "uvloop"])


async def _shake_hands(port: int) -> None:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
    writer.close()


async def test_tls_to_a_mock_server_of_http_is_refused_in_words() -> None:
    server = Server(reading.read_pact(pact(interaction())))
    await server.start()
    with pytest.raises(ssl.SSLError):
        await _shake_hands(server.port)
    (entry,) = server.journal.entries
    assert isinstance(entry, Refusal)
    assert entry.reason.startswith("This looks like TLS, and here http is spoken: call it by http://, or post the pact")
    assert "tls=true" in server.log_lines()[-1]
    await server.stop()


async def test_tls_to_the_port_of_the_service_is_refused_in_the_same_words(service: Service) -> None:
    with pytest.raises(ssl.SSLError):
        await _shake_hands(service.port)
    response = await exchange(service.port, b"\x16\x03\x01\x02\x00\x01\x00")
    assert b"This looks like TLS" in response


@LOOPS
@pytest.mark.parametrize("method", ["GET", "DELETE", "PATCH", "M-SEARCH"])
def test_http_to_a_mock_server_with_tls_is_answered_and_noted(method: str, make_loop: Callable[[], Any] | None) -> None:
    async def call() -> None:
        options = MockServerOptions(tls=ServerTls(CertificateAuthority()))
        server = Server(reading.read_pact(pact(interaction(request={"path": "/t"}))), options)
        await server.start()
        response = await exchange(server.port, GET.replace(b"GET", method.encode()))
        assert head_lines(response)[0] == "HTTP/1.1 400 Bad Request"
        assert "Connection: close" in head_lines(response)
        said = json.loads(response.partition(b"\r\n\r\n")[2])["error"]
        assert said.startswith(f"This is http, and this mock server speaks TLS: call it at {server.url}, and trust")
        refused, missing = server.mismatches()
        assert (refused["type"], refused["method"], refused["path"]) == ("request-refused", method, "/t")
        assert missing["type"] == "missing-request"
        assert said in server.log_lines()[-1]
        await server.stop()

    with asyncio.Runner(loop_factory=make_loop) as runner:
        runner.run(call())


@LOOPS
def test_who_speaks_tls_is_served_as_before_also_byte_by_byte(make_loop: Callable[[], Any] | None) -> None:
    async def call() -> None:
        async with MockServer(pact(interaction(request={"path": "/t", "query": "x=1"})), tls=True) as server:
            incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
            assert server.ca_pem is not None
            context = ssl.create_default_context(cadata=server.ca_pem.decode())
            client = context.wrap_bio(incoming, outgoing, server_hostname="localhost")
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            while True:
                try:
                    client.do_handshake()
                    break
                except ssl.SSLWantReadError:
                    for byte in outgoing.read():
                        writer.write(bytes([byte]))
                        await writer.drain()
                    incoming.write(await reader.read(65536))
            writer.write(outgoing.read())
            client.write(GET)
            writer.write(outgoing.read())
            incoming.write(await reader.read(65536))
            while True:
                try:
                    assert client.read().startswith(b"HTTP/1.1 200 OK\r\n")
                    break
                except ssl.SSLWantReadError:
                    incoming.write(await reader.read(65536))
            writer.close()
            assert server.matched

    with asyncio.Runner(loop_factory=make_loop) as runner:
        runner.run(call())


async def test_what_is_neither_tls_nor_http_ends_the_connection_of_a_mock_server_with_tls() -> None:
    async with MockServer(pact(interaction()), tls=True) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"\x00\x01\x02 nonsense")
        assert b"HTTP" not in await asyncio.wait_for(reader.read(), HANG)
        writer.close()
        assert [item["type"] for item in server.mismatches] == ["missing-request"]


async def test_a_client_that_goes_on_after_it_was_refused_is_cut_off() -> None:
    async with MockServer(pact(interaction()), tls=True) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(GET)
        await read_response(reader)
        writer.write(GET)
        assert await asyncio.wait_for(reader.read(), HANG) == b""
        writer.close()
        assert len([item for item in server.mismatches if item["type"] == "request-refused"]) == 1


async def _fails(port: int, context: ssl.SSLContext) -> None:
    with pytest.raises(OSError):  # noqa: PT011  which an error of TLS is
        await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname="localhost")


def _distrust(port: int) -> None:
    """Connect as a client that says why it ends the handshake, which asyncio's does not."""
    with (
        socket.create_connection(("127.0.0.1", port), timeout=HANG) as plain,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        ssl.create_default_context().wrap_socket(plain, server_hostname="localhost")


def _of_version(version: ssl.TLSVersion) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = version
    return context


async def test_tls_is_spoken_from_version_1_2_on_and_who_is_older_is_told_of_in_the_journal() -> None:
    async with MockServer(pact(interaction()), tls=True) as server:
        for version, name in ((ssl.TLSVersion.TLSv1_2, "TLSv1.2"), (ssl.TLSVersion.TLSv1_3, "TLSv1.3")):
            _, writer = await asyncio.open_connection("127.0.0.1", server.port, ssl=_of_version(version))
            assert writer.get_extra_info("ssl_object").version() == name
            writer.close()
        await _fails(server.port, _of_version(ssl.TLSVersion.TLSv1_1))
        (entry,) = server.requests
        assert (entry["outcome"], entry["reason"].partition(":")[0]) == (
            "Refused",
            "A client speaks an older TLS than 1.2, which is the oldest here",
        )
        assert [item["type"] for item in server.mismatches] == ["missing-request"]


@LOOPS
def test_a_client_that_does_not_trust_the_certificate_is_told_of_in_the_journal(
    make_loop: Callable[[], Any] | None,
) -> None:
    async def call() -> None:
        async with MockServer(pact(interaction()), tls=True) as server:
            await asyncio.to_thread(_distrust, server.port)
            async with asyncio.timeout(HANG):
                while not server.requests:  # noqa: ASYNC110  it hears of that after the client
                    await asyncio.sleep(0.01)
            (entry,) = server.requests
            assert entry["reason"].startswith("The client did not accept the certificate of this mock server (")
            assert "/ca.pem" in server.logs

    with asyncio.Runner(loop_factory=make_loop) as runner:
        runner.run(call())


async def test_who_only_looks_whether_a_port_with_tls_is_open_is_not_noted() -> None:
    async with MockServer(pact(interaction()), tls=True) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write_eof()
        assert await asyncio.wait_for(reader.read(), HANG) == b""
        writer.close()
        assert server.requests == []
