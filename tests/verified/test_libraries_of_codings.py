"""Bodies in `br` and `zstd` are decoded where a library for it is installed, and else a sentence says which is not."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import tracemalloc
from importlib import import_module
from typing import Any

import httpx
import pytest

from pactmock import MockServer
from pactmock.pact.codings import zstandard
from pactmock.pact.codings.coding import Coding, EndsTooEarly, NotDecodable
from pactmock.pact.codings.content_coding import is_coded
from tests.pacts import interaction, pact
from tests.patience import HANG
from tests.verifying import does, verify

JSON = {"Content-Type": "application/json"}
ORDER = {"item": "lamp", "count": 2}
WIRE = json.dumps(ORDER).encode()
GIVEN = pact(interaction("an order", {"method": "POST", "path": "/orders", "headers": JSON, "body": ORDER}, status=201))
MODULES = {"br": "brotli", "zstd": "zstandard"}


@pytest.fixture(params=MODULES)
def name(request: pytest.FixtureRequest) -> str:
    """The name of a coding for which a library is installed here; it is one of the things for development."""
    pytest.importorskip(MODULES[request.param])
    return str(request.param)


def coding_of(name: str) -> Coding:
    found = import_module(f"pactmock.pact.codings.{MODULES[name]}").find()
    assert isinstance(found, Coding)
    return found


async def post(content: bytes, coding: str) -> httpx.Response:
    async with MockServer(GIVEN) as server, httpx.AsyncClient(base_url=server.url) as client:
        return await client.post("/orders", content=content, headers=JSON | {"Content-Encoding": coding})


async def test_a_request_is_met_by_what_it_says(name: str) -> None:
    packed = coding_of(name).encoded(WIRE)
    assert (await post(packed, name)).status_code == 201
    assert (await post(coding_of(name).encoded(packed), f"{name.upper()}, {name}")).status_code == 201
    other = await post(coding_of(name).encoded(WIRE.replace(b"2", b"3")), name)
    assert [item["mismatch"] for item in other.json()["mismatches"]] == [
        "Expected 3 (Integer) to be equal to 2 (Integer)"
    ]
    assert await verify(GIVEN, does(GIVEN))


@pytest.mark.parametrize("harm", ["cut", "no such coding", "more behind it"])
async def test_what_is_not_coded_so_is_a_mismatch_that_says_so(name: str, harm: str) -> None:
    packed = coding_of(name).encoded(WIRE)
    content = {"cut": packed[:-3], "no such coding": WIRE, "more behind it": packed + b"more"}[harm]
    (found,) = (await post(content, name)).json()["mismatches"]
    reason = "it ends too early" if harm == "cut" else "it is not valid"
    assert found["mismatch"] == f"The body is not in the Content-Encoding {name} that it came with: {reason}"


async def test_a_flood_in_a_small_body_is_undecided_in_a_few_megabytes(name: str) -> None:
    options = {"quality": 1} if name == "br" else {}
    flood = import_module(MODULES[name]).compress(bytes(300_000_000), **options)
    assert len(flood) < 100_000
    tracemalloc.start()
    try:
        reply = await post(flood, name)
        assert tracemalloc.get_traced_memory()[1] < 120_000_000
    finally:
        tracemalloc.stop()
    assert reply.headers["X-Pact"] == "Request-Undecided"
    assert "--max-parsed-body" in reply.json()["error"]


async def test_a_response_is_sent_as_its_header_says_unless_it_stands_so_in_the_pact(name: str) -> None:
    packed = coding_of(name).encoded(WIRE)
    recorded = {"content": base64.b64encode(packed).decode(), "contentType": JSON["Content-Type"], "encoded": "base64"}
    text = {"content": ORDER, "contentType": JSON["Content-Type"], "encoded": False}
    for body in (text, recorded):
        response: Any = {"headers": JSON | {"Content-Encoding": name}, "body": body}
        given = pact(interaction("an order", {"path": "/orders"}, **response), version="4.0")
        async with MockServer(given) as server, httpx.AsyncClient(base_url=server.url) as client:
            async with client.stream("GET", "/orders") as reply:
                sent = b"".join([piece async for piece in reply.aiter_raw()])
            assert sent != WIRE
            assert json.loads(b"".join(coding_of(name).decoded(sent))) == ORDER
            (warning,) = server.warnings
            assert (warning.code, "not installed" in warning.text) == ("content_encoding", False)


CONTENTS = [b"", b"a", WIRE, bytes(200_000), bytes(range(256)) * 3000]


@pytest.mark.parametrize("content", CONTENTS)
def test_what_was_encoded_is_decoded_piece_by_piece(name: str, content: bytes) -> None:
    coding = coding_of(name)
    packed = coding.encoded(content)
    pieces = list(coding.decoded(packed))
    assert b"".join(pieces) == content
    assert max(map(len, pieces)) < 8_500_000
    assert is_coded(packed, (name,)) or not content
    with pytest.raises(EndsTooEarly):
        list(coding.decoded(packed[:-1]))


def test_a_text_is_not_taken_for_what_is_coded(name: str) -> None:
    for text in ("lamp", "1", "{}", json.dumps(ORDER), "Größe", "a" * 100_000, "\n\n"):
        assert not is_coded(text.encode(), (name,)), text[:9]


@pytest.mark.parametrize("content", CONTENTS)
@pytest.mark.parametrize("module", ["compression.zstd", "backports.zstd", "zstandard"])
def test_each_library_of_zstd_reads_frames_that_follow_each_other(module: str, content: bytes) -> None:
    pytest.importorskip(module)
    coding = zstandard.of(module)
    assert coding is not None
    packed = coding.encoded(content)
    assert b"".join(coding.decoded(packed + packed)) == content * 2
    with pytest.raises(EndsTooEarly):
        list(coding.decoded(packed + packed[:-1]))
    with pytest.raises(NotDecodable):
        list(coding.decoded(packed + b"two"))


SAYS_WHAT_IS_MISSING = """
import sys
for module in ("brotli", "brotlicffi", "zstandard", "compression.zstd", "backports.zstd"):
    sys.modules[module] = None
import httpx
from pactmock import SyncMockServer
from tests.verified.test_libraries_of_codings import GIVEN, JSON, ORDER
from tests.pacts import interaction, pact
for coding in ("br", "zstd"):
    with SyncMockServer(GIVEN) as server:
        reply = httpx.post(server.url + "/orders", content=b"{}", headers=JSON | {"Content-Encoding": coding})
        print(reply.status_code, reply.json()["mismatches"][0]["mismatch"])
    response = {"headers": JSON | {"Content-Encoding": coding}, "body": ORDER}
    print(SyncMockServer(pact(interaction(**response))).warnings[0].text)
"""


def test_where_no_library_is_installed_a_sentence_says_which_one() -> None:
    said = subprocess.run(
        [sys.executable, "-c", SAYS_WHAT_IS_MISSING], capture_output=True, text=True, check=False, timeout=HANG
    )
    lines = said.stdout.splitlines()
    assert len(lines) == 4, said.stderr
    for (coding, library), text, warning in zip(MODULES.items(), lines[::2], lines[1::2], strict=True):
        assert text == (
            f"500 The body came in the Content-Encoding {coding}, which cannot be decoded here, as the library"
            f" {library} is not installed: install it beside pactmock, or send gzip or deflate"
        )
        assert warning.endswith(f"It is sent as it stands here, as the library {library} is not installed")
