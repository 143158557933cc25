"""What type checkers see of the clients: `make check` reads this module, and nothing runs it.

An `ignore` states that a mistake is found: mypy complains when there is none any more.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, assert_type

import pactmock
from pactmock.client.asynchronous import AsyncRemoteMockServer
from pactmock.client.blocking import RemoteMockServer
from pactmock.client.documents import Explained, Server, Verified, Written
from pactmock.client.explained import Entry, Mismatch
from pactmock.contract import Pact


def code_that_waits_sees_every_type(pact: dict[str, Any]) -> None:
    client = pactmock.Client("http://localhost:8080", token="x")  # noqa: S106
    assert_type(client.servers(), list[RemoteMockServer])
    assert_type(client.create(Pact("web", "api")), RemoteMockServer)
    assert_type(client.find(8081), RemoteMockServer)
    assert_type(client.health()["uptime"], float)
    with client.mock_server(pact, port=0, tls=True, ttl=1.5, count="interaction") as server:
        assert_type(server, RemoteMockServer)
        assert_type(server.url, str)
        assert_type(server.matched(), bool)
        assert_type(server.mismatches(), list[Mismatch])
        assert_type(server.requests(limit=3), list[Entry])
        assert_type(server.explain({"method": "GET", "path": "/"}), Explained)
        assert_type(server.expect([{"description": "x"}]), Server)
        assert_type(server.write_pact(on_conflict="refuse"), Written)
        assert_type(server.verify(), Verified)
        assert_type(server.wait(timeout=1), bool)
        with server.events() as events:
            assert_type(next(events)["sentence"], str | None)


async def asynchronous_code_sees_the_same_with_await(path: Path) -> None:
    client = pactmock.AsyncClient("http://localhost:8080")
    assert_type(await client.servers(), list[AsyncRemoteMockServer])
    async with client.mock_server(path, state="a user exists") as server:
        assert_type(server, AsyncRemoteMockServer)
        assert_type(server.url, str)
        assert_type(await server.matched(), bool)
        assert_type(await server.requests(), list[Entry])
        assert_type(await server.report("junit"), str)
        assert_type(await server.report_verified(), str)


async def mistakes_are_found(path: Path) -> None:
    client = pactmock.Client("http://localhost:8080")
    client.create(1)  # type: ignore[arg-type]
    client.create(path, prot=8080)  # type: ignore[call-arg]
    client.create(path, port="8080")  # type: ignore[arg-type]
    server = client.create(path)
    server.requests(3)  # type: ignore[call-arg, arg-type]
    pactmock.AsyncClient("http://localhost:8080").create(path)  # type: ignore[unused-coroutine]
