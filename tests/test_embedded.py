"""Mock servers inside a Python program, asynchronous and not."""

from __future__ import annotations

import json
import ssl
import threading
import urllib.request
from pathlib import Path
from typing import Any

import aiohttp
import pytest

import pactmock
from pactmock.errors import InvalidPact, PortUnavailable, WriteFailed
from tests.pacts import interaction, pact

PACT = pact(interaction("a", {"path": "/a"}, body="hello"))


async def test_a_server_plays_while_the_block_is_entered(tmp_path: Path) -> None:
    async with pactmock.MockServer(PACT) as server, aiohttp.ClientSession() as session:
        assert not server.matched
        assert [item["type"] for item in server.mismatches] == ["missing-request"]
        with pytest.raises(WriteFailed, match="1 thing"):
            await server.write_pact(tmp_path)
        async with session.get(f"{server.url}/a") as response:
            assert await response.text() == "hello"
        assert await server.wait(1)
        assert server.mismatches == []
        path = await server.write_pact(tmp_path)
        assert json.loads(path.read_text())["consumer"] == {"name": "web"}
        server.reset()
        assert len(server.mismatches) == 1


def test_the_same_without_asyncio(tmp_path: Path) -> None:
    with pactmock.SyncMockServer(PACT) as server:
        with urllib.request.urlopen(f"{server.url}/a") as response:
            assert response.read() == b"hello"
        assert server.wait(1)
        assert server.matched
        assert server.mismatches == []
        assert server.write_pact(tmp_path).exists()
        server.reset()
        assert len(server.mismatches) == 1
    assert "pactmock" not in {thread.name for thread in threading.enumerate()}
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(f"{server.url}/a")
    assert len(server.mismatches) == 1


def test_tls_without_asyncio() -> None:
    with pactmock.SyncMockServer(PACT, tls=True) as server:
        assert server.ca_pem is not None
        trusting = ssl.create_default_context(cadata=server.ca_pem.decode())
        with urllib.request.urlopen(f"{server.url}/a", context=trusting) as response:
            assert response.status == 200


def test_a_server_that_cannot_start_leaves_no_thread() -> None:
    threads = threading.active_count()
    with pactmock.SyncMockServer(PACT) as first:
        second = pactmock.SyncMockServer(PACT, port=first.port)
        with pytest.raises(PortUnavailable), second:
            pytest.fail("it started on a port that is taken")
    assert threading.active_count() == threads


@pytest.mark.parametrize("form", ["mapping", "text", "bytes", "path", "path text"])
async def test_a_pact_can_be_given_in_any_form(tmp_path: Path, form: str) -> None:
    text = json.dumps(PACT)
    path = tmp_path / "pact.json"
    path.write_text(text)
    forms: dict[str, Any] = {
        "mapping": PACT,
        "text": text,
        "bytes": text.encode(),
        "path": path,
        "path text": str(path),
    }
    async with pactmock.MockServer(forms[form]) as server:
        assert len(server.mismatches) == 1


def test_what_is_no_pact_is_refused_at_once() -> None:
    with pytest.raises(InvalidPact):
        pactmock.MockServer({"interactions": 1})


def test_the_public_face_is_what_it_says() -> None:
    assert all(hasattr(pactmock, name) for name in pactmock.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        pactmock.nothing  # noqa: B018
