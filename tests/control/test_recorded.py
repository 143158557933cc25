"""The interaction that would have expected a request: put into the pact, it expects just that."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aiohttp
import pytest
from yarl import URL

from pactmock.control.running import Service
from pactmock.server.records.secrets import Secrets
from pactmock.service.settings import ServiceSettings
from tests.pacts import interaction, pact
from tests.raw_http import exchange

JSON = {"Content-Type": "application/json"}

SENT: dict[str, tuple[str, str, dict[str, Any]]] = {
    "plain": ("GET", "/orders/7", {}),
    "a query with an order": ("GET", "/a?z=1&a=2&z=%C3%A9+x&flag&=nameless", {}),
    "a path that is encoded": ("GET", "/a%2Fb/%C3%A9/c%20d", {}),
    "odd numbers": ("POST", "/a", {"data": b'{"a": 1.0, "b": 12345678901234567890}', "headers": JSON}),
    "a JSON text": ("POST", "/a", {"data": b'"text"', "headers": JSON}),
    "a JSON list": ("POST", "/a", {"data": b"[1, [], null]", "headers": JSON}),
    "a JSON null": ("POST", "/a", {"data": b"null", "headers": JSON}),
    "what is no JSON": ("POST", "/a", {"data": b"{nothing", "headers": {"Content-Type": "text/plain"}}),
    "bytes": ("PUT", "/a", {"data": bytes(range(256)), "headers": {"Content-Type": "application/octet-stream"}}),
    "XML": ("POST", "/a", {"data": b"<a b='1'><c/>x</a>", "headers": {"Content-Type": "application/xml"}}),
    "a form": ("POST", "/a", {"data": b"a=1&b=%20", "headers": {"Content-Type": "application/x-www-form-urlencoded"}}),
    "headers": ("DELETE", "/a", {"headers": {"X-Tenant": "a, b", "Accept": "text/html, text/plain;q=0.1"}}),
    "another charset": (
        "POST", "/a", {"data": "é".encode("latin-1"), "headers": {"Content-Type": "text/plain; charset=iso-8859-1"}},
    ),
}  # fmt: skip


@pytest.mark.parametrize("version", ["1.0.0", "1.1.0", "2.0.0", "3.0.0", "4.0"])
async def test_the_interaction_of_a_request_expects_it_in_any_version(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession, version: str
) -> None:
    document = pact(interaction("other", {"path": "/other", "body": "x"}), version=version)
    async with control.post("/", json=document) as response:
        server = (await response.json())["mockServer"]
    for number, (what, (method, target, more)) in enumerate(SENT.items(), 1):
        async with http.request(method, URL(server["url"] + target, encoded=True), **more) as response:
            assert response.status == 500, what
        async with control.get(f"/mockserver/{server['id']}/requests/{number}/interaction") as response:
            found = await response.read()
        async with control.post("/", data=_PACT % (found, version.encode()), headers=JSON) as response:
            created = await response.json()
            assert response.status == 200, (what, created, found)
        again = URL(created["mockServer"]["url"] + target, encoded=True)
        async with http.request(method, again, **more) as response:
            assert response.status == 200, (what, found.decode(), await response.text())


_PACT = (
    b'{"consumer":{"name":"web"},"provider":{"name":"api"},"interactions":[%s],'
    b'"metadata":{"pactSpecification":{"version":"%s"}}}'
)


async def _interaction(control: aiohttp.ClientSession, server: str, number: int) -> dict[str, Any]:
    async with control.get(f"/mockserver/{server}/requests/{number}/interaction") as response:
        found: dict[str, Any] = await response.json()
        return found


async def test_what_differed_keeps_its_name_states_and_answer_and_what_was_not_expected_gets_a_plain_one(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession
) -> None:
    stated = interaction("a user", {"path": "/users/1"}, status=201, body="Ada") | {"providerState": "1 exists"}
    async with control.post("/", json=pact(stated)) as response:
        server = (await response.json())["mockServer"]
    sent = {"User-Agent": "a client", "Accept": "*/*", "X-Tenant": "a", "Sec-Fetch-Mode": "cors", "Traceparent": "00"}
    for target in ("/users/1?q=1", "/else"):
        async with http.get(server["url"] + target, headers=sent) as response:
            assert response.status == 500
    request = {"method": "GET", "path": "/users/1", "headers": {"X-Tenant": "a"}}
    assert await _interaction(control, server["id"], 1) == {
        "description": "a user",
        "providerStates": [{"name": "1 exists"}],
        "request": request | {"query": {"q": ["1"]}},
        "response": {"status": 201, "body": "Ada"},
    }
    assert await _interaction(control, server["id"], 2) == {
        "description": "GET /else",
        "request": request | {"path": "/else"},
        "response": {"status": 200},
    }


async def test_what_is_secret_is_not_in_it(tmp_path: Path, http: aiohttp.ClientSession) -> None:
    settings = ServiceSettings(port=0, output=tmp_path, secrets=Secrets(active=True))
    async with Service(settings) as running, aiohttp.ClientSession(running.url) as control:
        async with control.post("/", json=pact(interaction())) as response:
            server = (await response.json())["mockServer"]
        async with http.get(server["url"] + "/a", headers={"Authorization": "Bearer secret", "X-A": "1"}) as response:
            assert response.status == 500
        assert (await _interaction(control, server["id"], 1))["request"]["headers"] == {"X-A": "1"}


async def test_nothing_that_was_refused_could_be_expected(service: Service, control: aiohttp.ClientSession) -> None:
    async with control.post("/", json=pact(interaction())) as response:
        server = (await response.json())["mockServer"]
    await exchange(server["port"], b"GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n")
    async with control.get(f"/mockserver/{server['id']}/requests/1/interaction") as response:
        assert (response.status, (await response.json())["code"]) == (404, "no_such_request")
