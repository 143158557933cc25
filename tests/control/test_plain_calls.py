"""The front door answers plain calls itself, and aiohttp all others: nobody can tell by the answer who it was."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence

import pytest

from pactmock.control.routes import ROUTES
from pactmock.control.running import Service
from tests.pacts import interaction, pact
from tests.raw_http import begin_and_break_off, exchange, head_lines, read_response, until

PACT = json.dumps(pact(interaction("a"), interaction("b", {"path": "/b"}))).encode()
TWICE = b"X-Twice: 1\r\nX-Twice: 1\r\n"
"""What makes a call one that is not plain, and means nothing."""

ASKING = sorted(
    route.path
    for route in ROUTES
    if route.method == "GET" and not route.streams and not route.path.startswith(("/health", "/metrics", "/ca.pem"))
)
"""But for what is another each time."""

REFUSED: Sequence[tuple[bytes, bytes, bytes, bytes]] = [
    (b"POST", b"/", b"", b"{"),
    (b"POST", b"/", b"Content-Type: text/html\r\n", b"{}"),
    (b"POST", b"/?port=x", b"", PACT),
    (b"POST", b"/?port=1&port=2", b"", PACT),
    (b"POST", b"/?ports", b"", PACT),
    (b"POST", b"/", b"", b"[" * 100_000),
    (b"GET", b"/mockserver/none/matched", b"", b""),
    (b"GET", b"/mockserver/99999999/matched", b"", b""),
    (b"GET", b"/health", b"Origin: http://elsewhere.test\r\n", b""),
    (b"GET", b"/health?x=1", b"", b""),
    (b"GET", b"/", b"Sec-Fetch-Site: cross-site\r\nSec-Fetch-Dest: image\r\n", b""),
    (b"GET", b"/", b"Accept: text/html\r\n", b""),
    (b"DELETE", b"/mockserver/none", b"", b""),
    (b"PUT", b"/health", b"", b""),
    (b"GET", b"/nowhere", b"", b""),
    (b"POST", b"/shutdown", b"Authorization: Bearer no\r\n", b""),
]


def _message(method: bytes, target: bytes, headers: bytes = b"", body: bytes = b"") -> bytes:
    length = b"Content-Length: %d\r\n" % len(body) if body else b""
    return b"%b %b HTTP/1.1\r\nHost: localhost\r\n%b%b\r\n%b" % (method, target, headers, length, body)


async def _said(service: Service, method: bytes, target: bytes, headers: bytes = b"", body: bytes = b"") -> object:
    """Return what is answered, in the order that means nothing, and without what is another each second."""
    answer = await exchange(service.port, _message(method, target, headers, body))
    status, *lines = head_lines(answer)
    return status, sorted(line for line in lines if not line.startswith("Date: ")), answer.partition(b"\r\n\r\n")[2]


@pytest.mark.parametrize("path", ASKING)
async def test_both_answer_what_only_asks_alike(service: Service, path: str) -> None:
    created = json.loads((await exchange(service.port, _message(b"POST", b"/", b"", PACT))).partition(b"\r\n\r\n")[2])
    key = created["mockServer"]["id"]
    await exchange(created["mockServer"]["port"], _message(b"GET", b"/nothing"))
    target = path.replace("{id}", key).replace("{number}", "1").replace("{scope}", "none").encode()
    plain = await _said(service, b"GET", target)
    assert plain == await _said(service, b"GET", target, TWICE)


@pytest.mark.parametrize(("method", "target", "headers", "body"), REFUSED)
async def test_both_refuse_alike(service: Service, method: bytes, target: bytes, headers: bytes, body: bytes) -> None:
    plain = await _said(service, method, target, headers, body)
    assert plain == await _said(service, method, target, headers + TWICE, body)
    assert "HTTP/1.1 200 OK" not in str(plain)


async def test_answers_of_both_come_in_the_order_of_the_calls(service: Service) -> None:
    wait = b"/mockserver/%b/wait?timeout=0.05"
    created = json.loads((await exchange(service.port, _message(b"POST", b"/", b"", PACT))).partition(b"\r\n\r\n")[2])
    key = created["mockServer"]["id"].encode()
    calls = [
        (wait % key, b""),
        (b"/health", b""),
        (b"/health", TWICE),
        (wait % key, TWICE),
        (b"/", b""),
        (b"/ui/", b""),
    ]
    reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
    writer.write(b"".join(_message(b"GET", target, headers) for target, headers in calls))
    answers = [(await read_response(reader)).partition(b"\r\n\r\n")[2] for _ in calls]
    writer.close()
    await writer.wait_closed()
    first = [b'{"complete', b'{"mockServers":1', b'{"mockServers":1', b'{"complete', b'{"mockServers":[', b"<!doctype"]
    assert [begin for begin, answer in zip(first, answers, strict=True) if answer.startswith(begin)] == first


async def test_who_waits_and_is_gone_is_waited_for_no_more(service: Service) -> None:
    created = json.loads((await exchange(service.port, _message(b"POST", b"/", b"", PACT))).partition(b"\r\n\r\n")[2])
    wait = _message(b"GET", b"/mockserver/%b/wait?timeout=600" % created["mockServer"]["id"].encode())
    before = len(asyncio.all_tasks())
    await begin_and_break_off(service.port, wait, lambda: len(asyncio.all_tasks()) > before)
    await until(lambda: len(asyncio.all_tasks()) <= before)


async def test_what_changes_something_goes_on_when_its_caller_is_gone(service: Service) -> None:
    large = json.dumps(pact(*(interaction(f"number {number}") for number in range(500)))).encode()
    registry, before = service.mock_service.registry, len(asyncio.all_tasks())
    await begin_and_break_off(
        service.port, _message(b"POST", b"/?name=large", b"", large), lambda: len(asyncio.all_tasks()) > before
    )
    await until(lambda: registry.known("large") is not None)


@pytest.mark.parametrize(
    ("version", "header", "keeps"),
    [
        ("1.1", "", True),
        ("1.1", "Connection: close\r\n", False),
        ("1.0", "", False),
        ("1.0", "Connection: keep-alive\r\n", True),
    ],
)
async def test_a_connection_is_kept_as_its_client_says(
    service: Service, version: str, header: str, keeps: bool
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
    for _ in range(2):
        writer.write(f"GET /health HTTP/{version}\r\nHost: localhost\r\n{header}\r\n".encode())
        assert (await read_response(reader)).startswith(b"HTTP/1.1 200 OK\r\n")
        if not keeps:
            assert await reader.read() == b""
            break
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize("more", [b"", TWICE])
async def test_what_a_pact_says_of_a_message_forges_no_header(service: Service, more: bytes) -> None:
    kind = 'text/plain; of="x\r\nForged: 1"'
    message = {
        "type": "Asynchronous/Messages",
        "description": "an event",
        "key": "k",
        "contents": {"content": "hello", "contentType": kind, "encoded": False},
    }
    document = {**pact(version="4.0"), "interactions": [message]}
    made = await exchange(service.port, _message(b"POST", b"/", b"", json.dumps(document).encode()))
    key = json.loads(made.partition(b"\r\n\r\n")[2])["mockServer"]["id"].encode()
    asked = _message(b"POST", b"/mockserver/%b/messages/k" % key, b"Accept: text/plain\r\n" + more)
    answer = await exchange(service.port, asked)
    assert answer.endswith(b"\r\n\r\nhello")
    assert [line for line in head_lines(answer) if line.startswith("Content-Type: ")] == [
        "Content-Type: text/plain;of=x\\r\\nForged: 1"
    ]
