"""Clients that break off, or speak no HTTP, are nothing to trouble the reader of the log with."""

from __future__ import annotations

import json
import socket
import struct
from pathlib import Path

import pytest

from tests.pacts import interaction, pact
from tests.patience import HANG
from tests.process import call, service

LARGE = json.dumps(pact(interaction("x" * 4_000_000))).encode()
POST = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"
NO_HTTP = (b"\x16\x03\x01\x02\x00\x01", b"\r\n\r\n\0\0\0\0", b"EHLO x\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
TARGETS = (b"/health", b"/nowhere", b"*", b"http://[/", b"http://localhost:99999/", b"http://localhost/health", b"/%")
GET = b"GET %b HTTP/1.1\r\nHost: localhost\r\n\r\n"


def _send_and_reset(port: int, content: bytes) -> None:
    """Send bytes, and break off so that the other side is told of an error and not of an end."""
    with socket.create_connection(("127.0.0.1", port), timeout=HANG) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.sendall(content)


def _send(port: int, content: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=HANG) as client:
        client.sendall(content)
        client.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: client.recv(65536), b""))


@pytest.mark.parametrize("level", ["info", "debug"])
def test_the_log_has_no_traceback_of_them(tmp_path: Path, level: str) -> None:
    with service(tmp_path / "pacts", "--loglevel", level) as running:
        server = call("POST", running.url, json.loads(LARGE))[1]["mockServer"]
        key = server["id"].encode()
        for port, prefix in ((running.port, b""), (running.port, b"/m/" + key), (server["port"], b"")):
            for content in (
                POST % len(LARGE) + LARGE[:100_000],
                POST % len(LARGE) + LARGE,
                GET % (prefix + b"/mockserver/" + key + b"/pact"),
                GET % (prefix + b"/") * 50,
                GET % (b"/mockserver/" + key + b"/wait?timeout=1"),
                b"GET / HT",
                b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
            ):
                _send_and_reset(port, content)
            for content in (
                b"\x16\x03\x01\x02\x00\x01",
                b"\r\n\r\n\0\0\0\0",
                b"EHLO x\r\n",
                b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            ):
                answer = _send(port, content)
                assert b"aiohttp" not in answer.lower()
                assert b"python" not in answer.lower()
        assert call("GET", f"{running.url}/health")[0] == 200
        running.process.terminate()
        errors = running.process.communicate(timeout=HANG)[1]
    assert "Traceback" not in errors
    assert "ERROR" not in errors
    assert "never retrieved" not in errors


def test_a_request_that_breaks_off_in_its_first_line_is_in_the_journal_of_the_server_that_it_names(
    tmp_path: Path,
) -> None:
    with service(tmp_path / "pacts") as running:
        server = call("POST", running.url, pact(interaction("a")))[1]["mockServer"]
        for port, prefix in ((server["port"], ""), (running.port, f"/m/{server['id']}")):
            assert b"in the middle of a request" in _send(port, f"GET {prefix}/a HTTP/1.1\r".encode())
        journal = call("GET", f"{running.url}/mockserver/{server['id']}/requests")[1]
        assert [entry["response"]["status"] for entry in journal["requests"]] == [400, 400]
