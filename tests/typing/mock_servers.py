"""What type checkers see of the mock servers: `make check` reads this module, and nothing runs it.

An `ignore` states that a mistake is found: mypy complains when there is none any more.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, assert_type

import pactmock
from pactmock.contract import Pact
from pactmock.matching.explaining.explanation import Explanation
from pactmock.reports import json, text


async def asynchronous_code_sees_every_type(pact: Path | str | bytes | dict[str, Any]) -> None:
    async with pactmock.MockServer(pact, port=0, tls=True, specification="V4") as server:
        assert_type(server, pactmock.MockServer)
        assert_type(server.url, str)
        assert_type(server.port, int)
        assert_type(server.ca_pem, bytes | None)
        assert_type(server.matched, bool)
        assert_type(server.mismatches, list[dict[str, Any]])
        assert_type(await server.wait(timeout=1.5), bool)
        assert_type(await server.write_pact("pacts", overwrite=True, on_conflict="refuse"), Path)
        assert_type(server.requests, list[dict[str, Any]])
        assert_type(server.logs, str)
        assert_type(await server.explain({"path": "/users/1"}), dict[str, Any])
        await server.expect([{"description": "another"}])
        await server.replace(pact, strict=True)
        delivery = await server.hand_out("an event")
        assert_type(delivery.contents, bytes)
        assert_type(await server.settle(delivery, error=ValueError("x"), replies=[{"a": 1}, "text"]), bool)
        server.reset()


def other_code_sees_the_same_without_await(pact: Path | str | bytes | dict[str, Any]) -> None:
    with pactmock.SyncMockServer(pact, port=0) as server:
        assert_type(server, pactmock.SyncMockServer)
        assert_type(server.url, str)
        assert_type(server.ca_pem, bytes | None)
        assert_type(server.matched, bool)
        assert_type(server.mismatches, list[dict[str, Any]])
        assert_type(server.wait(timeout=1.5), bool)
        assert_type(server.write_pact(Path("pacts"), on_conflict="refuse"), Path)
        assert_type(server.requests, list[dict[str, Any]])
        assert_type(server.logs, str)
        assert_type(server.explain({"path": "/users/1"}), dict[str, Any])
        server.expect([{"description": "another"}])
        server.replace(Pact("web", "users-api"), strict=True)
        explanations = [json.read(mismatch) for mismatch in server.mismatches]
        assert_type(explanations, list[Explanation])
        assert_type("\n".join(text.report("users-api:", explanations)), str)


async def mistakes_are_found() -> None:
    pactmock.MockServer(1)  # type: ignore[arg-type]
    pactmock.MockServer("pact.json", port="8080")  # type: ignore[arg-type]
    pactmock.MockServer("pact.json", 8080)  # type: ignore[call-arg, arg-type]
    pactmock.MockServer("pact.json", prot=8080)  # type: ignore[call-arg]
    pactmock.SyncMockServer(1)  # type: ignore[arg-type]
    pactmock.SyncMockServer("pact.json", port="8080")  # type: ignore[arg-type]
    pactmock.SyncMockServer("pact.json", prot=8080)  # type: ignore[call-arg]
    server = pactmock.MockServer("pact.json")
    server.write_pact("pacts")  # type: ignore[unused-coroutine]
    server.write_pact("pacts").exists()  # type: ignore[attr-defined]
    server.url = "http://localhost"  # type: ignore[misc]
    with server:  # type: ignore[attr-defined]
        pass


def errors_have_a_form(error: pactmock.PactmockError) -> None:
    assert_type(error.to_json(), dict[str, object])
    assert_type(pactmock.__version__, str)
