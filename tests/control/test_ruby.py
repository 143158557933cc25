"""Services for clients of the Ruby mock service among the mock servers of a process: `POST /ruby` (docs/ruby.md)."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from pactmock.control.running import Service
from pactmock.service.settings import ServiceSettings
from tests.ruby_api.given import document, term
from tests.ruby_api.processes import DRIVES


async def _start(control: aiohttp.ClientSession, **query: str) -> dict[str, Any]:
    named = {"consumer": "Shop", "provider": "Users API", **query}
    async with control.post("/ruby", params=named) as response:
        assert response.status == 200, await response.text()
        server: dict[str, Any] = (await response.json())["mockServer"]
        assert response.headers["Location"] == f"/mockserver/{server['id']}"
        return server


async def _drive(
    server: Mapping[str, Any], method: str, path: str, body: Any = None, headers: Mapping[str, str] = DRIVES
) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, f"{server['url']}{path}", json=body, headers=headers) as response,
    ):
        return response.status, await response.text()


async def _ask(control: aiohttp.ClientSession, method: str, path: str, **query: str) -> tuple[int, Any]:
    async with control.request(method, path, params=query) as response:
        is_json = response.content_type == "application/json"
        return response.status, await (response.json() if is_json else response.text())


async def test_it_is_listed_shown_reported_and_ended_as_any_mock_server(
    control: aiohttp.ClientSession, service: Service
) -> None:
    server = await _start(control, name="users")
    assert await _drive(server, "POST", "/interactions", document()) == (200, "Registered interactions\n")
    assert (await _drive(server, "GET", "/x", headers={}))[0] == 200
    assert (await _drive(server, "GET", "/u", headers={}))[0] == 500
    listed = (await _ask(control, "GET", "/"))[1]["mockServers"]
    assert [(item["id"], item["consumer"], item["failed"], item["status"]) for item in listed] == [
        (server["id"], "Shop", 1, "error")
    ]
    assert [
        item["request"]["path"] for item in (await _ask(control, "GET", "/mockserver/users/requests"))[1]["requests"]
    ] == [
        "/x",
        "/u",
    ]
    assert "GET /u" in (await _ask(control, "GET", "/mockserver/users/report", format="text"))[1]
    status, refused = await _ask(control, "POST", "/mockserver/users/verify")
    assert (status, [item["type"] for item in refused["mismatches"]]) == (422, ["request-not-found"])
    assert (await _ask(control, "DELETE", "/mockserver/users"))[0] == 204
    assert (await _ask(control, "GET", "/"))[1]["mockServers"] == []
    with pytest.raises(aiohttp.ClientConnectorError):
        await _drive(server, "GET", "/")


async def test_its_pact_is_shown_in_later_versions_and_written_where_all_pacts_are(
    control: aiohttp.ClientSession, service: Service, tmp_path: Path
) -> None:
    server = await _start(control)
    await _drive(server, "POST", "/interactions", document({"path": term("/users/7", r"^/users/\d+$")}))
    assert (await _drive(server, "GET", "/users/8", headers={}))[0] == 200
    one = f"/mockserver/{server['id']}"
    assert (await _ask(control, "GET", f"{one}/pact"))[1]["metadata"]["pactSpecification"]["version"] == "2.0.0"
    (latest,) = (await _ask(control, "GET", f"{one}/pact", specification="V4"))[1]["interactions"]
    assert latest["type"] == "Synchronous/HTTP"
    assert latest["request"]["matchingRules"]["path"]["matchers"] == [{"match": "regex", "regex": r"^\/users\/\d+$"}]
    status, wrong = await _ask(control, "GET", f"{one}/pact", specification="V9")
    assert (status, wrong["code"]) == (400, "invalid_parameter")
    assert (await _drive(server, "POST", "/pact"))[0] == 200
    written = json.loads((service.settings.output / "shop-users_api.json").read_text())
    assert len(written["interactions"]) == 1
    assert (await _ask(control, "POST", f"{one}/verify"))[0] == 204


async def test_a_pact_that_cannot_be_written_is_refused_as_with_any_mock_server(
    control: aiohttp.ClientSession, service: Service
) -> None:
    async with control.post("/ruby") as response:
        nameless = (await response.json())["mockServer"]
    status, error = await _ask(control, "POST", f"/mockserver/{nameless['id']}/pact")
    assert (status, error["code"]) == (400, "invalid_parameter")
    for body in ("one", "another"):
        server = await _start(control)
        await _drive(server, "POST", "/interactions", document({}, {"body": body}))
        await _drive(server, "GET", "/x", headers={})
        async with control.post(f"/mockserver/{server['id']}/pact", json={"onConflict": "refuse"}) as response:
            written = await response.json()
    assert (response.status, written["code"]) == (409, "conflict")
    assert "but a different response body has already been used" in written["error"]


async def test_calls_may_not_lead_out_of_the_output_directory(control: aiohttp.ClientSession) -> None:
    server = await _start(control)
    status, text = await _drive(server, "POST", "/pact", {"pact_dir": "/tmp"})  # noqa: S108  what is refused
    assert status == 500
    assert "--allow-any-directory" in text


async def test_it_is_called_through_the_gateway_but_not_driven_there(control: aiohttp.ClientSession) -> None:
    server = await _start(control)
    await _drive(server, "POST", "/interactions", document())
    async with control.get(f"/m/{server['id']}/x") as response:
        assert response.status == 200
    async with control.delete(f"/m/{server['id']}/session", headers=DRIVES) as response:
        assert response.status == 500
        assert (await response.json())["message"] == "No interaction found for DELETE /session"


@pytest.mark.parametrize(
    ("query", "word"),
    [({"write_mode": "smart"}, "write_mode"), ({"specification": "V4"}, "specification"), ({"a": "1"}, "'a'")],
)
async def test_what_it_cannot_be_told_is_refused(
    control: aiohttp.ClientSession, query: dict[str, str], word: str
) -> None:
    status, error = await _ask(control, "POST", "/ruby", **query)
    assert (status, error["code"]) == (400, "invalid_parameter")
    assert word in error["error"]


async def test_pages_that_are_allowed_may_drive_it(tmp_path: Path) -> None:
    settings = ServiceSettings(port=0, output=tmp_path, allowed_origins=("https://shop.example",))
    async with Service(settings) as running, aiohttp.ClientSession(running.url) as control:
        server = await _start(control, cors="true")
        for origin, expected in (("https://shop.example", 200), ("https://evil.example", 403)):
            assert (await _drive(server, "GET", "/", headers={**DRIVES, "Origin": origin}))[0] == expected


SERVICES, CLIENTS, CALLS = 20, 8, 5


async def test_of_twenty_services_with_eight_clients_each_no_verdict_is_lost_and_none_is_of_another(
    control: aiohttp.ClientSession, service: Service
) -> None:
    """Half of the services have a client that calls something else: only their tests fail, and they name only that."""
    numbers = range(SERVICES)
    servers = await asyncio.gather(*(_start(control, consumer=f"C{number}") for number in numbers))

    async def client(session: aiohttp.ClientSession, number: int, mine: int) -> Counter[int]:
        url, statuses = servers[number]["url"], Counter[int]()
        expected = document({"path": f"/{number}/{mine}"}, {"body": [number, mine]}, description=f"{number}-{mine}")
        async with session.post(f"{url}/interactions", json=expected, headers=DRIVES) as registered:
            assert registered.status == 200
        for _ in range(CALLS):
            async with session.get(f"{url}/{number}/{mine}") as response:
                statuses[response.status] += 1
                assert await response.json(content_type=None) == [number, mine]
        if number % 2 and mine == 0:
            async with session.get(f"{url}/{number}/wrong") as response:
                statuses[response.status] += 1
        return statuses

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        told = await asyncio.gather(*(client(session, number, mine) for number in numbers for mine in range(CLIENTS)))
    assert sum(told, Counter()) == {200: SERVICES * CLIENTS * CALLS, 500: SERVICES // 2}
    for number, server in zip(numbers, servers, strict=True):
        status, text = await _drive(server, "GET", "/interactions/verification")
        if number % 2:
            assert status == 500
            assert [line for line in text.splitlines() if line.startswith("\t")] == [f"\tGET /{number}/wrong"]
        else:
            assert (status, text) == (200, "Interactions matched\n")
        written = json.loads((await _drive(server, "POST", "/pact"))[1])
        assert written["consumer"] == {"name": f"C{number}"}
        assert sorted(item["description"] for item in written["interactions"]) == [
            f"{number}-{mine}" for mine in range(CLIENTS)
        ]
        requests = (await _ask(control, "GET", f"/mockserver/{server['id']}"))[1]["metrics"]["requests"]
        assert requests == CLIENTS * CALLS + number % 2
    assert len(list(service.settings.output.glob("*.json"))) == SERVICES
