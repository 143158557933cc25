"""Every call of the control API does what docs/control-api.md says."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
from typing import Any

import aiohttp
import pytest

from pactmock.control.running import Service
from tests.pacts import USERS, interaction, pact
from tests.patience import HANG


async def _create(control: aiohttp.ClientSession, document: Any = USERS, **query: str) -> dict[str, Any]:
    async with control.post("/", json=document, params=query) as response:
        assert response.status == 200, await response.text()
        created = await response.json()
        assert response.headers["Location"] == f"/mockserver/{created['mockServer']['id']}"
        server: dict[str, Any] = created["mockServer"]
        return server


async def _get(control: aiohttp.ClientSession, path: str) -> Any:
    async with control.get(path) as response:
        assert response.status == 200, await response.text()
        return await response.json()


async def _play(http: aiohttp.ClientSession, url: str, path: str = "/", method: str = "GET", **options: Any) -> int:
    async with http.request(method, url + path, **options) as response:
        return response.status


async def test_a_server_is_shown_by_its_id_and_by_its_port(control: aiohttp.ClientSession) -> None:
    created = await _create(control, name="users")
    for key in (created["id"], created["port"]):
        assert await _get(control, f"/mockserver/{key}") == created
    assert await _get(control, "/") == {"mockServers": [created]}
    assert created | {"id": "", "port": 0, "address": "", "url": "", "gatewayUrl": "", "created": ""} == {
        "id": "",
        "port": 0,
        "address": "",
        "url": "",
        "gatewayUrl": "",
        "created": "",
        "scheme": "http",
        "transport": "http",
        "name": "users",
        "scope": None,
        "consumer": "web",
        "provider": "api",
        "specification": "V3",
        "status": "error",
        "failed": 0,
        "missing": 2,
        "state": None,
        "interactions": 2,
        "messages": 0,
        "notTested": 0,
        "expires": None,
        "metrics": {"requests": 0, "requests_by_path": {}},
        "droppedRequests": 0,
        "droppedMismatches": 0,
        "warnings": [],
    }
    assert created["address"] == f"127.0.0.1:{created['port']}"
    assert created["url"] == f"http://127.0.0.1:{created['port']}"


async def test_the_whole_way_from_a_pact_to_its_file(
    service: Service, control: aiohttp.ClientSession, http: aiohttp.ClientSession
) -> None:
    server = await _create(control)
    here = f"/mockserver/{server['port']}"
    assert await _get(control, f"{here}/matched") == {"matched": False}

    assert await _play(http, server["url"], "/users/1", headers={"Accept": "application/json"}) == 200
    assert await _play(http, server["url"], "/users", "POST", json={"name": "Ada", "age": "36"}) == 500
    async with control.post(f"{here}/verify") as response:
        assert response.status == 422
        failed = await response.json()
    assert [item["type"] for item in failed["mismatches"]] == ["request-mismatch"]
    assert failed["mismatches"] == await _get(control, f"{here}/mismatches")
    assert failed["mockServer"]["status"] == "error"
    assert not service.settings.output.exists()

    async with control.delete(f"{here}/requests") as response:
        assert response.status == 204
    assert await _play(http, server["url"], "/users/1", headers={"Accept": "application/json"}) == 200
    assert await _play(http, server["url"], "/users", "POST", json={"name": "Ada", "age": 37}) == 201
    assert await _get(control, f"{here}/matched") == {"matched": True}
    async with control.post(f"{here}/verify", data=b"whatever", headers={"Content-Type": "text/csv"}) as response:
        assert (response.status, await response.read()) == (204, b"")
    written = json.loads((service.settings.output / "web-api.json").read_bytes())
    assert [item["description"] for item in written["interactions"]] == [
        "a request for a user",
        "a request to add a user",
    ]

    async with control.delete(here) as response:
        assert response.status == 204
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", server["port"])) != 0
    async with control.get(here) as response:
        assert response.status == 404


async def test_the_shape_of_a_mismatch_is_that_of_the_reference(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession
) -> None:
    server = await _create(control)
    await _play(http, server["url"], "/users", "POST", json={"name": "Bob", "age": 1})
    await _play(http, server["url"], "/nowhere?q=1", headers={"X-A": "b"})
    differs, unexpected, missing = await _get(control, f"/mockserver/{server['id']}/mismatches")
    assert differs["type"] == "request-mismatch"
    assert (differs["method"], differs["path"]) == ("POST", "/users")
    assert differs["mismatches"] == [
        {
            "type": "BodyMismatch",
            "path": "$.name",
            "expected": '"Ada"',
            "actual": '"Bob"',
            "mismatch": "Expected 'Bob' (String) to be equal to 'Ada' (String)",
        }
    ]
    assert differs["interaction"]["index"] == 1
    assert unexpected["type"] == "request-not-found"
    assert (unexpected["request"]["query"], unexpected["request"]["headers"]["x-a"]) == ({"q": ["1"]}, "b")
    assert (missing["type"], missing["request"]["path"]) == ("missing-request", "/users/1")


async def test_a_pact_is_written_where_the_caller_says(
    service: Service, control: aiohttp.ClientSession, http: aiohttp.ClientSession
) -> None:
    server = await _create(control, pact(interaction("a")))
    here = f"/mockserver/{server['id']}/pact"
    path = service.settings.output / "deep" / "er" / "web-api.json"
    async with control.post(here, json={"directory": "deep/er"}) as response:
        answer = {"path": str(path.resolve()), "interactions": 1, "merged": False, "replaced": []}
        assert await response.json() == answer
    other = await _create(control, pact(interaction("a", {"path": "/new"}), interaction("b")))
    there = f"/mockserver/{other['id']}/pact"
    async with control.post(there, json={"directory": "deep/er", "onConflict": "refuse"}) as response:
        assert (response.status, (await response.json())["code"]) == (409, "conflict")
    async with control.post(there, json={"directory": "deep/er"}) as response:
        answer = await response.json()
    assert (answer["interactions"], answer["merged"]) == (2, True)
    assert answer["replaced"] == [
        {"interaction": "a", "providerStates": [], "field": "request path", "existing": "/", "new": "/new"}
    ]
    async with control.post(there, json={"directory": "deep/er", "overwrite": True}) as response:
        assert (await response.json())["merged"] is False


async def test_a_pact_is_shown_as_it_would_be_written(control: aiohttp.ClientSession) -> None:
    server = await _create(control, pact(interaction("a")), specification="V4")
    shown = await _get(control, f"/mockserver/{server['id']}/pact")
    assert shown["metadata"] == {"pactSpecification": {"version": "4.0"}}
    assert shown["interactions"][0]["type"] == "Synchronous/HTTP"
    assert server["specification"] == "V4"


async def test_the_journal_lists_what_was_received(control: aiohttp.ClientSession, http: aiohttp.ClientSession) -> None:
    server = await _create(control)
    accept = {"Accept": "application/json"}
    await _play(http, server["url"], "/users/1?a=%20b", headers={**accept, "Authorization": "Bearer abc"})
    await _play(http, server["url"], "/users/1", headers=accept)
    here = f"/mockserver/{server['id']}/requests"
    listed = await _get(control, here)
    assert (listed["total"], listed["dropped"]) == (2, 0)
    first = listed["requests"][0]
    assert (first["number"], first["matched"], first["outcome"]) == (1, False, "Request-Mismatch")
    assert (first["request"]["path"], first["request"]["query"]) == ("/users/1", "a=%20b")
    assert first["request"]["headers"]["authorization"] == ["Bearer abc"]
    assert first["interaction"]["description"] == "a request for a user"
    assert first["response"]["status"] == 500
    assert listed["requests"][1]["response"]["body"] == {
        "content": '{"id":1,"name":"Ada"}',
        "encoded": False,
        "size": 21,
    }

    async def numbers(query: str) -> list[int]:
        return [item["number"] for item in (await _get(control, f"{here}?{query}"))["requests"]]

    assert await numbers("matched=true") == [2]
    assert await numbers("matched=false") == [1]
    assert await numbers("since=1") == [2]
    assert await numbers("limit=1") == [2]


async def test_the_log_tells_what_happened_in_order(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession
) -> None:
    server = await _create(control, pact(interaction("a")))
    await _play(http, server["url"], "/")
    await _play(http, server["url"], "/x")
    async with control.get(f"/mockserver/{server['id']}/logs") as response:
        assert response.content_type == "text/plain"
        lines = (await response.text()).splitlines()
    assert len(lines) == 3
    assert "listening on" in lines[0]
    assert lines[1].endswith("GET / matched 'a' -> 200")
    assert lines[2].endswith("-> 500")


async def test_waiting_answers_as_soon_as_all_was_received(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession
) -> None:
    server = await _create(control, pact(interaction("a")))
    here = f"/mockserver/{server['id']}/wait"
    assert await _get(control, f"{here}?timeout=0") == {"complete": False, "matched": False}
    waiting = asyncio.create_task(_get(control, f"{here}?timeout=60"))
    await _play(http, server["url"], "/")
    assert await asyncio.wait_for(waiting, HANG) == {"complete": True, "matched": True}


async def test_the_certificate_of_tls_servers_can_be_fetched(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession
) -> None:
    server = await _create(control, pact(interaction("a")), tls="true")
    assert server["scheme"] == "https"
    async with control.get("/ca.pem") as response:
        trusting = ssl.create_default_context(cadata=await response.text())
    assert await _play(http, server["url"], "/", ssl=trusting) == 200


async def test_a_server_on_all_interfaces_is_where_the_caller_came_to(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession
) -> None:
    """In a container the caller's name for it is the only one that helps the caller."""
    generator = {"type": "MockServerURL", "example": "http://x/a", "regex": ".*(/a)$"}
    document = pact(interaction("a", body={"href": ""}, generators={"body": {"$.href": generator}}))
    async with control.post("/?host=0.0.0.0", json=document, headers={"Host": "localhost:8080"}) as response:
        server = (await response.json())["mockServer"]
    assert server["url"] == f"http://localhost:{server['port']}"
    assert server["address"] == f"localhost:{server['port']}"
    async with http.get(f"http://127.0.0.1:{server['port']}/", headers={"Host": "pactmock:9000"}) as response:
        assert (await response.json(content_type=None))["href"] == f"http://pactmock:{server['port']}/a"


async def test_cors_is_played_where_asked_for(control: aiohttp.ClientSession, http: aiohttp.ClientSession) -> None:
    server = await _create(control, cors="true")
    assert await _play(http, server["url"], "/users/1", "OPTIONS") == 204


async def test_a_server_gets_the_port_that_it_asks_for(control: aiohttp.ClientSession) -> None:
    server = await _create(control)
    async with control.delete(f"/mockserver/{server['id']}"):
        pass
    assert (await _create(control, port=str(server["port"])))["port"] == server["port"]


async def test_a_server_that_nobody_touches_is_stopped_and_counted(
    service: Service, control: aiohttp.ClientSession
) -> None:
    server = await _create(control, ttl="0.2")
    assert server["expires"] > server["created"]
    reader, writer = await asyncio.open_connection("127.0.0.1", server["port"])
    assert await asyncio.wait_for(reader.read(), HANG) == b""  # the end of the server ends the connection
    writer.close()
    assert (len(service.mock_service.registry), service.mock_service.registry.abandoned) == (0, 1)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", server["port"])) != 0


async def test_health_answers_always(control: aiohttp.ClientSession) -> None:
    await _create(control)
    health = await _get(control, "/health")
    assert health.pop("uptime") >= 0
    assert health.pop("version")
    assert health == {"status": "ok", "mockServers": 1}


async def test_head_works_wherever_get_does(control: aiohttp.ClientSession) -> None:
    server = await _create(control)
    for path in (
        "/",
        "/health",
        "/ready",
        "/openapi.json",
        f"/mockserver/{server['id']}",
        f"/mockserver/{server['id']}/pact",
    ):
        async with control.head(path) as response:
            assert (response.status, await response.read()) == (200, b"")


async def test_the_service_ends_for_who_knows_the_key(service: Service, control: aiohttp.ClientSession) -> None:
    for headers in ({"Authorization": "Bearer wrong"}, {"Authorization": "Bearer "}, {}):
        async with control.post("/shutdown", headers=headers) as response:
            assert (response.status, (await response.json())["code"]) == (403, "not_allowed")
    async with control.post("/shutdown", json={"period": 1}, headers={"Authorization": "Bearer the key"}) as response:
        assert response.status == 204
    await asyncio.wait_for(service.run(), HANG)


async def test_a_service_that_was_told_to_end_is_well_but_not_ready(control: aiohttp.ClientSession) -> None:
    assert await _get(control, "/ready") == {"status": "ready"}
    async with control.post("/shutdown", json={"period": 60_000}, headers={"Authorization": "Bearer the key"}) as told:
        assert told.status == 204
    async with control.get("/ready") as answer:
        assert (answer.status, (await answer.json())["code"]) == (503, "stopping")
    async with control.head("/ready") as answer:
        assert answer.status == 503
    assert (await _get(control, "/health"))["status"] == "ok"


@pytest.mark.parametrize("version", ["V1", "V1.1", "V2", "V3", "V4"])
async def test_a_pact_is_written_in_the_version_that_was_asked_for(
    service: Service, control: aiohttp.ClientSession, http: aiohttp.ClientSession, version: str
) -> None:
    server = await _create(control, pact(interaction("a")), specification=version)
    await _play(http, server["url"], "/")
    async with control.post(f"/mockserver/{server['id']}/verify") as response:
        assert response.status == 204
    written = json.loads((service.settings.output / "web-api.json").read_bytes())
    assert written["metadata"]["pactSpecification"]["version"].startswith(version.removeprefix("V"))
