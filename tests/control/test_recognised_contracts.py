"""A contract in consumer-test form is known by its shape: nobody has to say that it is one."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path
from typing import Any

import aiohttp
import pytest

import pactmock
from pactmock.authoring.recognised import is_contract
from tests.pacts import interaction, pact
from tests.process import call, run, service
from tests.verifying import always, verify

NUMBER = {"pact:matcher:type": "integer", "value": 1}
NESTED = {
    "description": "a number",
    "request": {"method": "GET", "path": "/a"},
    "response": {"status": 200, "contents": {"content-type": "application/json", "body": {"n": NUMBER}}},
}
FLATTENED = {"description": "a text", "with": {"request.path": "/b", "response.status": 200}}
CONTRACT: dict[str, Any] = {"consumer": "web", "provider": "api", "interactions": [NESTED, FLATTENED]}
NAMED = {**CONTRACT, "consumer": {"name": "web"}, "provider": {"name": "api"}}


@pytest.mark.parametrize("contract", [CONTRACT, NAMED])
async def test_the_service_takes_a_contract_as_plain_json(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession, contract: Any
) -> None:
    async with control.post("/", json=contract) as response:
        assert response.status == 200, await response.text()
        server = (await response.json())["mockServer"]
    assert (server["consumer"], server["interactions"]) == ("web", 2)
    async with http.get(server["url"] + "/a") as response:
        assert await response.json() == {"n": 1}
    here = f"/mockserver/{server['id']}/interactions"
    async with control.put(here, json=[NESTED]) as response:
        assert (response.status, (await response.json())["interactions"]) == (200, 1)
    async with control.post(here, json={**contract, "interactions": [FLATTENED]}) as response:
        assert (response.status, (await response.json())["interactions"]) == (200, 2)


async def test_what_is_written_of_it_is_verified(control: aiohttp.ClientSession, http: aiohttp.ClientSession) -> None:
    """A provider may have other values where there are matchers, and no others where there are none."""
    async with control.post("/", json={**CONTRACT, "interactions": [NESTED]}) as response:
        server = (await response.json())["mockServer"]
    async with http.get(server["url"] + "/a") as response:
        assert response.status == 200
    async with control.post(f"/mockserver/{server['id']}/verify") as response:
        assert response.status == 204
    async with control.get(f"/mockserver/{server['id']}/pact") as response:
        written = await response.json()
    verification = await verify(written, always(body='{"n": 7}', Content_Type="application/json"))
    assert verification, verification.output
    assert not await verify(written, always(body='{"n": "7"}', Content_Type="application/json"))


async def test_what_is_wrong_in_it_is_said_in_the_words_of_a_contract(control: aiohttp.ClientSession) -> None:
    wrong = {**CONTRACT, "interactions": [{**NESTED, "request": {"path": "/a", "body": NUMBER}}]}
    async with control.post("/", json=wrong) as response:
        refused = await response.json()
    assert (response.status, refused["pointer"]) == (422, "/interactions/0/request/body")
    assert "A body is the 'body' of 'contents'" in refused["error"]


def test_the_command_line_takes_a_contract(tmp_path: Path) -> None:
    path = tmp_path / "contract.json"
    path.write_text(json.dumps(CONTRACT))
    with service(tmp_path / "pacts") as running:
        created = run("create", "--port", str(running.port), "--file", str(path))
        assert created.returncode == 0, created.stderr
        assert call("GET", f"http://127.0.0.1:{created.stdout.split()[6]}/a")[0] == 200


@pytest.mark.parametrize("form", ["mapping", "text", "bytes", "path"])
async def test_a_program_takes_a_contract(tmp_path: Path, form: str) -> None:
    path = tmp_path / "contract.json"
    path.write_text(json.dumps(CONTRACT))
    sources: dict[str, Any] = {"mapping": CONTRACT, "text": path.read_text(), "bytes": path.read_bytes(), "path": path}
    async with (
        pactmock.MockServer(sources[form]) as server,
        aiohttp.ClientSession() as session,
        session.get(server.url + "/a") as response,
    ):
        assert await response.json() == {"n": 1}


def test_a_program_can_name_plugins_of_its_own_in_a_contract() -> None:
    csv = {"content-type": "text/csv", "csvHeaders": True, "column:A": "matching(type,'a')"}
    reports = {**NESTED, "response": {"status": 200, "contents": csv}}
    contract = {**CONTRACT, "plugins": ["csv"], "interactions": [reports]}
    with pactmock.SyncMockServer(contract) as server, urllib.request.urlopen(server.url + "/a") as response:
        assert response.read().split() == [b"A", b"a"]
        assert server.warnings == ()


def test_a_pact_is_no_contract_whatever_is_in_its_bodies() -> None:
    """Somebody may test a service that is told of matchers."""
    told = pact(interaction("told", {"method": "POST", "body": {"a": NUMBER}}))
    assert not is_contract(told)
    assert not is_contract(pact(interaction("a")))
    assert not is_contract([interaction("a")])
    assert not is_contract({"consumer": {"name": "a"}, "interactions": [interaction("a")]})
    for other in ({}, [], 1, None, {"interactions": None}, [1]):
        assert not is_contract(other)
    for one in (CONTRACT, NAMED, [NESTED], [FLATTENED], {"provider": "api"}):
        assert is_contract(one)


async def test_a_matcher_in_the_body_of_a_pact_is_a_warning(control: aiohttp.ClientSession) -> None:
    async with control.post("/", json=pact(interaction("a", body={"n": NUMBER}))) as response:
        (warning,) = (await response.json())["mockServer"]["warnings"]
    assert (warning["code"], warning["pointer"]) == ("matcher_in_body", "/interactions/0/response/body")
