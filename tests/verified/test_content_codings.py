"""Bodies that are compressed on their way are compared as what they say, and sent so where a pact says so (row 71)."""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
import tracemalloc
import zlib
from typing import Any

import httpx
import pytest

from pactmock import MockServer, SyncMockServer
from tests.pacts import interaction, pact, rules
from tests.verifying import Given, always, does, verify

JSON = {"Content-Type": "application/json"}
ORDER = {"item": "lamp", "count": 2}
WIRE = json.dumps(ORDER).encode()


def raw_deflate(content: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return stream.compress(content) + stream.flush()


def orders(**request: Any) -> Any:
    given: dict[str, Any] = {"method": "POST", "path": "/orders", "headers": JSON, "body": ORDER}
    return pact(interaction("an order", given | request, status=201))


async def post(given: Any, content: bytes, coding: str, **headers: str) -> httpx.Response:
    async with MockServer(given) as server, httpx.AsyncClient(base_url=server.url) as client:
        return await client.post("/orders", content=content, headers=JSON | {"Content-Encoding": coding} | headers)


def said(reply: httpx.Response) -> list[str]:
    return [item["mismatch"] for item in reply.json()["mismatches"]]


@pytest.mark.parametrize(
    ("coding", "content"),
    [
        ("gzip", gzip.compress(WIRE, mtime=0)),
        ("GZip", gzip.compress(WIRE, mtime=0)),
        ("x-gzip", gzip.compress(WIRE, mtime=0)),
        ("gzip", gzip.compress(WIRE[:9], mtime=0) + gzip.compress(WIRE[9:], mtime=0)),
        ("deflate", zlib.compress(WIRE)),
        ("deflate", raw_deflate(WIRE)),
        ("deflate, gzip", gzip.compress(zlib.compress(WIRE), mtime=0)),
        ("identity", WIRE),
    ],
    ids=["gzip", "another case", "the old name", "two members", "deflate", "raw deflate", "both", "identity"],
)
async def test_a_compressed_request_is_met_by_what_it_says(coding: str, content: bytes) -> None:
    given = orders()
    reply = await post(given, content, coding)
    assert reply.status_code == 201, reply.text
    assert await verify(given, does(given))


async def test_a_compressed_request_that_says_something_else_differs_in_that() -> None:
    reply = await post(orders(), gzip.compress(WIRE.replace(b"2", b"3"), mtime=0), "gzip")
    assert said(reply) == ["Expected 3 (Integer) to be equal to 2 (Integer)"]


async def test_charsets_are_within_codings() -> None:
    text = "Größe"
    latin = {"Content-Type": "text/plain; charset=ISO-8859-1"}
    reply = await post(
        orders(headers=latin, body=text), gzip.compress(text.encode("latin-1"), mtime=0), "gzip", **latin
    )
    assert reply.status_code == 201, reply.text


NOT_IN = "The body is not in the Content-Encoding"


@pytest.mark.parametrize(
    ("coding", "content", "text"),
    [
        ("gzip", b"\x1f\x8b and nothing", f"{NOT_IN} gzip that it came with: "),
        (
            "gzip",
            gzip.compress(WIRE, mtime=0)[:-9],
            f"{NOT_IN} gzip that it came with: it ends too early",
        ),
        ("deflate", b"{}", f"{NOT_IN} deflate that it came with: "),
        ("gzip", WIRE, f"{NOT_IN} gzip that it came with: "),
        ("compress", WIRE, "The body came in the Content-Encoding compress, which cannot be decoded here: send gzip"),
        ("gzip," * 9 + "gzip", WIRE, "The body came in 10 Content-Encodings, one upon another, and no more than 5"),
    ],
)
async def test_what_cannot_be_decoded_is_a_mismatch_that_says_so(coding: str, content: bytes, text: str) -> None:
    (found,) = said(await post(orders(), content, coding))
    assert found.startswith(text)


async def test_a_word_that_is_no_coding_says_nothing_of_a_body() -> None:
    """Some clients name a charset there."""
    assert (await post(orders(), WIRE, "utf-8")).status_code == 201
    assert said(await post(orders(), WIRE.replace(b"2", b"3"), "utf-8")) == [
        "Expected 3 (Integer) to be equal to 2 (Integer)"
    ]


async def test_a_flood_in_a_small_body_is_undecided() -> None:
    flood = gzip.compress(b" " * 40_000_000 + WIRE, compresslevel=1)
    reply = await post(orders(), flood, "gzip")
    assert reply.headers["X-Pact"] == "Request-Undecided"
    assert "--max-parsed-body" in reply.json()["error"]


async def test_a_pact_that_expects_the_header_is_met_by_the_bytes_it_has() -> None:
    packed = gzip.compress(WIRE, mtime=0)
    body = {
        "content": base64.b64encode(packed).decode(),
        "contentType": "application/octet-stream",
        "encoded": "base64",
    }
    headers = {"Content-Type": "application/octet-stream", "Content-Encoding": "gzip"}
    request = {"method": "POST", "path": "/orders", "headers": headers, "body": body}
    given = pact(interaction("an order", request, status=201), version="4.0")
    reply = await post(given, packed, "gzip", **headers)
    assert reply.status_code == 201, reply.text
    assert (await post(given, gzip.compress(WIRE, mtime=1), "gzip", **headers)).status_code == 500
    assert MockServer(given).warnings == ()
    (asked,) = (await verify(given, always(status=201))).asked
    assert (asked.body, asked.header("Content-Encoding")) == (packed, "gzip")


@pytest.mark.parametrize("coding", ["gzip", "deflate", "x-gzip", "deflate, gzip"])
async def test_a_response_is_sent_as_its_header_says(coding: str) -> None:
    response: Any = {"headers": JSON | {"Content-Encoding": coding}, "body": ORDER}
    given = pact(interaction("an order", {"path": "/orders"}, **response))
    async with MockServer(given) as server, httpx.AsyncClient(base_url=server.url) as client:
        async with client.stream("GET", "/orders") as reply:
            sent = b"".join([piece async for piece in reply.aiter_raw()])
        assert sent != WIRE
        assert int(reply.headers["Content-Length"]) == len(sent)
        if coding != "x-gzip":  # httpx does not know the old name
            assert (await client.get("/orders")).json() == ORDER


async def test_a_generated_response_is_compressed_too() -> None:
    generators = {"body": {"$.count": {"type": "RandomInt", "min": 5, "max": 5}}}
    response: Any = {"headers": JSON | {"Content-Encoding": "gzip"}, "body": ORDER, "generators": generators}
    given = pact(interaction("an order", {"path": "/orders"}, **response))
    async with MockServer(given) as server, httpx.AsyncClient(base_url=server.url) as client:
        assert (await client.get("/orders")).json() == ORDER | {"count": 5}


async def test_a_response_that_was_recorded_compressed_is_not_compressed_again() -> None:
    packed = gzip.compress(WIRE)
    body = {"content": base64.b64encode(packed).decode(), "contentType": "application/json", "encoded": "base64"}
    response: Any = {"headers": JSON | {"Content-Encoding": "gzip"}, "body": body}
    given = pact(interaction("an order", {"path": "/orders"}, **response), version="4.0")
    async with MockServer(given) as server, httpx.AsyncClient(base_url=server.url) as client:
        assert (await client.get("/orders")).json() == ORDER


@pytest.mark.parametrize("part", ["request", "response"])
async def test_a_pact_that_holds_the_header_is_a_warning_as_it_cannot_be_verified(part: str) -> None:
    given = orders()
    given["interactions"][0][part] |= {"headers": JSON | {"Content-Encoding": "gzip"}, "body": ORDER}
    (warning,) = MockServer(given).warnings
    assert (warning.code, warning.pointer) == ("content_encoding", f"/interactions/0/{part}/headers")
    packed = Given(201, (("Content-Type", "application/json"), ("Content-Encoding", "gzip")), gzip.compress(WIRE))
    verification = await verify(given, lambda _: packed)
    if part == "response":
        assert not verification
    else:
        assert verification.asked[0].body == json.dumps(ORDER, sort_keys=True, separators=(",", ":")).encode()


async def test_a_rule_may_be_for_the_bytes_as_they_came() -> None:
    rule = rules(**{"$": {"match": "contentType", "value": "application/gzip"}})
    headers = {"Content-Type": "application/octet-stream"}
    given = orders(headers=headers, body="AAAA", matchingRules=rule)
    assert (await post(given, gzip.compress(WIRE), "gzip", **headers)).status_code == 201


def _flood(megabytes: int) -> bytes:
    stream, piece = zlib.compressobj(level=1, wbits=zlib.MAX_WBITS | 16), bytes(1 << 20)
    return b"".join([stream.compress(piece) for _ in range(megabytes)]) + stream.flush()


@pytest.mark.parametrize("part", ["request", "response"])
def test_a_recorded_body_that_would_fill_the_memory_is_not_decoded_to_see_what_it_is(part: str) -> None:
    latin = "text/plain; charset=ISO-8859-1"
    body = {"content": base64.b64encode(_flood(200)).decode(), "contentType": latin, "encoded": "base64"}
    given = interaction("an order", {"method": "POST", "path": "/orders"})
    given[part] |= {"headers": {"Content-Type": latin, "Content-Encoding": "gzip"}, "body": body}
    tracemalloc.start()
    try:
        with SyncMockServer(pact(given, version="4.0")):
            assert tracemalloc.get_traced_memory()[1] < 50_000_000
    finally:
        tracemalloc.stop()


async def test_more_codings_than_anybody_needs_are_not_applied() -> None:
    """Each makes the body longer and takes its time, and a header has room for thousands."""
    headers = {"Content-Type": "text/plain", "Content-Encoding": "gzip," * 20_000 + "gzip"}
    async with MockServer(pact(interaction(headers=headers, body="lamp"))) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert (await reader.read()).endswith(b"\r\n\r\nlamp")
        writer.close()
