"""What goes over the wire is what the pact says, and what came over it is what is seen."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from pactmock.server.options import WireLimits
from pactmock.server.records.entries import Refusal
from tests.mock_servers import starting
from tests.pacts import interaction, pact
from tests.patience import HANG
from tests.raw_http import exchange, head_lines, read_response
from tests.verifying import verify

CORS = [
    "Access-Control-Allow-Origin: *",
    "Access-Control-Allow-Headers: *",
    "Access-Control-Allow-Methods: GET, HEAD, POST, PUT, DELETE, CONNECT, OPTIONS, TRACE, PATCH",
    "Access-Control-Expose-Headers: Location, Link",
    "Access-Control-Allow-Credentials: true",
]


@pytest.fixture
async def running() -> AsyncIterator[Any]:
    """Start mock servers from interactions; they are stopped at the end."""
    async with starting() as start:
        yield start


def _get(path: str = "/", *headers: str, method: str = "GET") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: x", *headers, "", ""]).encode()


async def test_no_header_is_invented(running: Any) -> None:
    server = await running(interaction(body="text", headers={"X-CaSe": ["a", "b"]}))
    lines = head_lines(await exchange(server.port, _get()))
    assert lines == ["HTTP/1.1 200 OK", *CORS, "X-CaSe: a", "X-CaSe: b", "Content-Length: 4"]


@pytest.mark.parametrize("origin", [[], ["Origin: https://page.example"]], ids=["no page", "a page"])
async def test_a_cors_header_of_the_pact_takes_the_place_of_ours(running: Any, origin: list[str]) -> None:
    """Row 53: browsers refuse a response that has two of them."""
    own = {"Access-Control-Allow-Origin": "*", "access-control-allow-credentials": "false", "Date": "a day"}
    server = await running(interaction(headers=own))
    assert head_lines(await exchange(server.port, _get("/", *origin))) == [
        "HTTP/1.1 200 OK",
        *CORS[1:4],
        *(f"{name}: {value}" for name, value in own.items()),
        "Content-Length: 0",
    ]


async def test_what_is_served_with_cors_headers_of_the_pact_is_what_the_verifier_expects(running: Any) -> None:
    said = interaction(headers={"Access-Control-Allow-Origin": "https://x", "Access-Control-Allow-Methods": "GET"})
    server = await running(said)
    verification = await verify(pact(said), server.port)
    assert verification, verification.output


async def test_the_origin_of_a_page_is_named_beside_other_cors_headers_of_the_pact(running: Any) -> None:
    own = {"Access-Control-Expose-Headers": "X-Total", "Access-Control-Max-Age": "600"}
    server = await running(interaction(headers=own))
    lines = head_lines(await exchange(server.port, _get("/", "Origin: https://page.example")))
    assert lines[1:-1] == [
        "Access-Control-Allow-Origin: https://page.example",
        *CORS[1:3],
        CORS[4],
        *(f"{name}: {value}" for name, value in own.items()),
    ]


async def test_a_page_that_sends_credentials_can_read_why_its_request_did_not_match(running: Any) -> None:
    server = await running(interaction(request={"path": "/a"}))
    page = "Origin: https://page.example", "Cookie: a=1"
    unreadable = _get("/a", *page, "Transfer-Encoding: chunked", method="POST") + b"nonsense\r\n"
    for sent, status in ((_get("/b", *page), "500"), (unreadable, "400")):
        lines = head_lines(await exchange(server.port, sent))
        assert lines[0].split()[1] == status
        assert lines[1:4] == ["Access-Control-Allow-Origin: https://page.example", CORS[4], "Vary: Origin"]


async def test_the_length_of_a_recorded_response_is_not_believed(running: Any) -> None:
    server = await running(interaction(headers={"Content-Length": "999", "Transfer-Encoding": "chunked"}, body="abc"))
    response = await exchange(server.port, _get())
    assert [line for line in head_lines(response) if "ength" in line or "oding" in line] == ["Content-Length: 3"]
    assert response.endswith(b"\r\n\r\nabc")


async def test_the_origin_of_a_request_is_named_to_it(running: Any) -> None:
    server = await running(interaction())
    lines = head_lines(await exchange(server.port, _get("/", "Origin: https://app.example")))
    assert lines[1] == "Access-Control-Allow-Origin: https://app.example"


@pytest.mark.parametrize("path", ["/a%2Fb", "/a%2fb", "/%C3%A9", "/a;x=1", "/a//b", "/./a"])
async def test_paths_are_matched_as_they_are_sent(running: Any, path: str) -> None:
    server = await running(interaction(request={"path": path}))
    assert head_lines(await exchange(server.port, _get(path)))[0] == "HTTP/1.1 200 OK"
    assert server.matched


async def test_a_slash_that_is_encoded_is_another_path(running: Any) -> None:
    server = await running(interaction(request={"path": "/a/b"}))
    assert head_lines(await exchange(server.port, _get("/a%2Fb")))[0] == "HTTP/1.1 500 Internal Server Error"


async def test_the_absolute_form_of_proxies_is_understood(running: Any) -> None:
    server = await running(interaction(request={"path": "/a", "query": {"q": ["1"]}}))
    assert head_lines(await exchange(server.port, _get("http://provider.example/a?q=1")))[0] == "HTTP/1.1 200 OK"


async def test_header_bytes_that_are_no_utf8_are_no_error(running: Any) -> None:
    server = await running(interaction(request={"headers": {"X-Name": "café"}}))
    for name in ("café".encode(), "café".encode("latin-1")):
        request = b"GET / HTTP/1.1\r\nHost: x\r\nX-Name: " + name + b"\r\n\r\n"
        assert head_lines(await exchange(server.port, request))[0] == "HTTP/1.1 200 OK"


async def test_large_bodies_long_paths_and_many_headers_pass(running: Any) -> None:
    path = "/" + "p" * 20_000
    server = await running(interaction(request={"method": "POST", "path": path}))
    many = [f"X-{number}: {'v' * 100}" for number in range(300)]
    body = b"b" * 3_000_000
    head = _get(path, f"Content-Length: {len(body)}", *many, method="POST")
    assert head_lines(await exchange(server.port, head + body))[0] == "HTTP/1.1 200 OK"
    assert server.journal.entries[0].decision.request.body.content == body


async def test_a_compressed_body_is_compared_as_it_was_sent(running: Any) -> None:
    import gzip

    compressed = gzip.compress(b"text", mtime=0)
    server = await running(interaction(request={"method": "POST"}))
    head = _get("/", "Content-Encoding: gzip", f"Content-Length: {len(compressed)}", method="POST")
    await exchange(server.port, head + compressed)
    assert server.journal.entries[0].decision.request.body.content == compressed


async def test_a_client_that_expects_to_be_told_to_continue_is_told_so(running: Any) -> None:
    server = await running(
        interaction(request={"method": "POST", "body": "text", "headers": {"Content-Type": "text/plain"}})
    )
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(_get("/", "Content-Type: text/plain", "Expect: 100-continue", "Content-Length: 4", method="POST"))
    interim = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), HANG)
    assert interim == b"HTTP/1.1 100 Continue\r\n\r\n"
    writer.write(b"text")
    assert head_lines(await asyncio.wait_for(read_response(reader), HANG))[0] == "HTTP/1.1 200 OK"
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"F\x00O / HTTP/1.1\r\n\r\n",
    ],
)
async def test_what_the_parser_refuses_is_in_the_journal(running: Any, request_bytes: bytes) -> None:
    server = await running(interaction())
    response = await exchange(server.port, request_bytes)
    assert b" 400 " in response.split(b"\r\n")[0]
    explanation = json.loads(response.partition(b"\r\n\r\n")[2])
    (entry,) = server.journal.entries
    assert isinstance(entry, Refusal)
    assert explanation["error"] == entry.reason
    assert "not an HTTP/1.1 request" in entry.reason
    assert "Traceback" not in entry.reason


async def test_a_body_over_the_limit_is_refused_and_in_the_journal(running: Any) -> None:
    server = await running(interaction(request={"method": "POST"}), wire=WireLimits(body=1000))
    response = await exchange(server.port, _get("/", "Content-Length: 2000", method="POST") + b"x" * 2000)
    assert head_lines(response)[0].startswith("HTTP/1.1 413 ")
    (entry,) = server.journal.entries
    assert isinstance(entry, Refusal)
    assert "larger than the 1000 bytes" in entry.reason


async def test_the_answer_to_what_did_not_match_explains_itself(running: Any) -> None:
    server = await running(interaction("the right one", {"path": "/a"}))
    response = await exchange(server.port, _get("/b"))
    assert {"Access-Control-Allow-Origin: *", "X-Pact: Unexpected-Request"} <= set(head_lines(response))
    assert "Content-Type: application/json; charset=utf-8" in head_lines(response)
    explanation = json.loads(response.partition(b"\r\n\r\n")[2])
    assert explanation["interaction"]["description"] == "the right one"
    assert explanation["error"] == (
        "GET /b was not expected; the nearest interaction is 'the right one': Expected '/b' to be equal to '/a'"
    )
    assert [item["type"] for item in explanation["mismatches"]] == ["PathMismatch"]


async def test_pre_flight_requests_are_answered_where_asked_for(running: Any) -> None:
    asked = _get("/a", "Origin: https://app", "Access-Control-Request-Headers: x-one, x-two", method="OPTIONS")
    plain = await running(interaction(request={"path": "/a"}))
    assert head_lines(await exchange(plain.port, asked))[0].startswith("HTTP/1.1 500 ")
    cors = await running(interaction(request={"path": "/a"}), cors_pre_flight=True)
    lines = head_lines(await exchange(cors.port, asked))
    assert lines[:3] == [
        "HTTP/1.1 204 No Content",
        "Access-Control-Allow-Origin: https://app",
        "Access-Control-Allow-Headers: x-one, x-two, *",
    ]
    for server in (plain, cors):
        assert [item["type"] for item in server.mismatches()] == ["missing-request"]


@pytest.mark.parametrize(
    ("framing", "body", "content"),
    [
        ("Content-Length: 4", b"text", b"text"),
        ("Content-Length: 0", b"", b""),
        ("Transfer-Encoding: chunked", b"4\r\ntext\r\n0\r\n\r\n", b"text"),
    ],
)
async def test_a_body_that_comes_with_the_offer_of_another_protocol_is_read(
    running: Any, framing: str, body: bytes, content: bytes
) -> None:
    """Java's client offers HTTP/2 with every request."""
    server = await running(interaction(request={"method": "PUT"}), interaction(request={"path": "/next"}))
    offer = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA")
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(_get("/", *offer, framing, method="PUT") + body + _get("/next", *offer) + _get("/next"))
    for _ in range(3):
        assert (await read_response(reader)).startswith(b"HTTP/1.1 200 OK\r\n")
    bodies = [entry.decision.request.body.content for entry in server.journal.entries]
    assert bodies == [content, b"", b""]
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize("offer", [(), ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c")], ids=["", "an offer"])
@pytest.mark.parametrize("trailer", [b"X-Sum: 1", b"Host: other", b"X-Pactmock-Scope: other"])
async def test_trailers_are_read_and_are_none_of_the_request(
    running: Any, trailer: bytes, offer: tuple[str, ...]
) -> None:
    """Whatever they name: nothing is framed, found or compared by them."""
    server = await running(interaction(request={"method": "POST", "body": "text"}), interaction(request={"path": "/b"}))
    asked = _get("/", *offer, "Content-Type: text/plain", "Trailer: X-Sum", "Transfer-Encoding: chunked", method="POST")
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(asked + b"4\r\ntext\r\n0\r\n" + trailer + b"\r\n\r\n" + _get("/b"))
    for _ in range(2):
        assert (await read_response(reader)).startswith(b"HTTP/1.1 200 OK\r\n")
    writer.close()
    await writer.wait_closed()
    first, second = server.journal.entries
    request = first.decision.request
    assert (request.body.content, request.headers.get("host")) == (b"text", second.decision.request.headers.get("host"))
    assert trailer.partition(b":")[2].strip().decode() not in str(list(request.headers.lines))
    assert first.scope is None


@pytest.mark.parametrize("trailer", [b"nothing that is one", b"Content-Length: 9"])
async def test_trailers_that_may_not_be_are_refused(running: Any, trailer: bytes) -> None:
    server = await running(interaction(request={"method": "POST"}))
    asked = _get("/", "Transfer-Encoding: chunked", method="POST") + b"0\r\n" + trailer + b"\r\n\r\n"
    assert head_lines(await exchange(server.port, asked))[0] == "HTTP/1.1 400 Bad Request"
    assert not server.matched


async def test_requests_that_come_in_one_piece_or_in_many_are_the_same(running: Any) -> None:
    server = await running(interaction(request={"method": "POST", "path": "/a"}))
    request = _get("/a", "Content-Length: 4", method="POST") + b"text"
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(request * 3)
    for _ in range(3):
        assert (await read_response(reader)).startswith(b"HTTP/1.1 200 OK\r\n")
    for byte in request:
        writer.write(bytes([byte]))
        await asyncio.sleep(0)
    assert (await read_response(reader)).startswith(b"HTTP/1.1 200 OK\r\n")
    bodies = [entry.decision.request.body.content for entry in server.journal.entries]
    assert bodies == [b"text"] * 4
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize(
    ("request_line", "headers", "connection"),
    [
        ("GET / HTTP/1.0", [], "Connection: close"),
        ("GET / HTTP/1.0", ["Connection: keep-alive"], "Connection: keep-alive"),
        ("GET / HTTP/1.1", ["Connection: close"], "Connection: close"),
    ],
)
async def test_a_connection_is_kept_as_its_client_wants_it(
    running: Any, request_line: str, headers: list[str], connection: str
) -> None:
    server = await running(interaction())
    response = await exchange(server.port, "\r\n".join([request_line, *headers, "", ""]).encode())
    assert connection in head_lines(response)


async def test_a_client_that_does_not_read_its_answers_gets_to_ask_no_more(running: Any) -> None:
    large = "x" * 1_000_000
    server = await running(interaction(body=large))
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(_get() * 200)
    assert len(await asyncio.wait_for(read_response(reader), HANG)) > len(large)
    assert server.journal.requests < 50
    for _ in range(199):
        assert len(await asyncio.wait_for(read_response(reader), HANG)) > len(large)
    assert server.journal.requests == 200
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize("method", ["get", "FOO", "M-SEARCHX", "Patch"])
async def test_methods_that_no_standard_knows_are_requests_too(running: Any, method: str) -> None:
    server = await running(interaction(request={"method": method, "path": "/a"}), interaction(request={"path": "/b"}))
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    for _ in range(2):
        writer.write(_get("/a", "Content-Length: 2", method=method) + b"xy")
        assert (await read_response(reader)).startswith(b"HTTP/1.1 200 OK")
    writer.write(_get("/b"))
    assert (await read_response(reader)).startswith(b"HTTP/1.1 200 OK")
    received = [entry.decision.request for entry in server.journal.entries]
    assert [request.method for request in received] == [method, method, "GET"]
    assert received[0].body.content == b"xy"
    writer.close()
    await writer.wait_closed()


async def test_head_requests_get_the_length_and_no_body(running: Any) -> None:
    server = await running(interaction(request={"method": "HEAD"}, body="abc"))
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(_get(method="HEAD") + _get("/next"))
    first = await reader.readuntil(b"\r\n\r\n")
    assert b"Content-Length: 3" in first
    assert (await reader.readline()).startswith(b"HTTP/1.1 500 ")
    writer.close()
    await writer.wait_closed()
