"""A contract can be written over HTTP: examples with matchers, which become interactions with rules and generators."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest

from pactmock.authoring import MEDIA_TYPE
from pactmock.control.running import Service

CONTRACT: dict[str, Any] = {
    "consumer": "shop",
    "provider": "orders",
    "interactions": [
        {
            "description": "an order",
            "providerStates": [{"name": "the shop is open", "params": {"till": 22}}],
            "request": {
                "method": "POST",
                "path": {"pact:matcher:type": "regex", "regex": "/orders/\\d+", "value": "/orders/1"},
                "contents": {
                    "content-type": "application/json",
                    "body": {
                        "id": {"pact:matcher:type": "integer", "value": 1},
                        "when": {"pact:matcher:type": "matching(date, 'yyyy-MM-dd', '2000-01-01')"},
                    },
                },
            },
            "response": {
                "status": 201,
                "contents": {
                    "content-type": "application/json",
                    "body": {
                        "code": {"pact:matcher:type": "type", "pact:generator:type": "RandomString", "value": "x"}
                    },
                },
            },
        }
    ],
}
FLAT = {
    "description": "a report",
    "type": "core/interaction/http",
    "with": {"request.path": "/report", "response.status": "202"},
}
TYPE = {"Content-Type": MEDIA_TYPE}


async def _create(control: aiohttp.ClientSession, contract: dict[str, Any]) -> dict[str, Any]:
    async with control.post("/", data=json.dumps(contract), headers=TYPE) as response:
        assert response.status == 200, await response.text()
        server: dict[str, Any] = (await response.json())["mockServer"]
        return server


@pytest.mark.parametrize("version", ["V3", "V4"])
async def test_a_contract_is_played_and_written(
    service: Service, control: aiohttp.ClientSession, http: aiohttp.ClientSession, version: str
) -> None:
    server = await _create(control, CONTRACT | {"specification": version})
    order = {"id": 77, "when": "2026-11-20"}
    async with http.post(f"{server['url']}/orders/5", json=order) as response:
        assert response.status == 201
        assert len((await response.json())["code"]) == 10
    async with control.post(f"/mockserver/{server['id']}/verify") as response:
        assert response.status == 204
    written = json.loads((service.settings.output / "shop-orders.json").read_bytes())
    request = written["interactions"][0]["request"]
    assert request["matchingRules"]["body"]["$.id"]["matchers"] == [{"match": "integer"}]
    assert request["matchingRules"]["body"]["$.when"]["matchers"] == [{"match": "date", "format": "yyyy-MM-dd"}]
    assert request["matchingRules"]["path"]["matchers"] == [{"match": "regex", "regex": "/orders/\\d+"}]
    again = await _replay(control, written)
    async with http.post(f"{again['url']}/orders/6", json=order) as response:
        assert response.status == 201


async def _replay(control: aiohttp.ClientSession, written: Any) -> dict[str, Any]:
    async with control.post("/", json=written) as response:
        server: dict[str, Any] = (await response.json())["mockServer"]
        return server


async def test_what_the_matchers_refuse_is_explained(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession
) -> None:
    server = await _create(control, CONTRACT)
    async with http.post(f"{server['url']}/orders/5", json={"id": "x", "when": "tomorrow"}) as response:
        explanation = await response.json()
    assert {item["path"] for item in explanation["mismatches"]} == {"$.id", "$.when"}


async def test_the_flattened_form_is_the_same_thing(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession
) -> None:
    server = await _create(control, CONTRACT | {"interactions": [FLAT]})
    async with http.get(f"{server['url']}/report") as response:
        assert response.status == 202


async def test_a_running_server_takes_interactions_in_this_form(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession
) -> None:
    server = await _create(control, CONTRACT)
    here = f"/mockserver/{server['id']}/interactions"
    async with control.post(here, data=json.dumps([FLAT]), headers=TYPE) as response:
        assert (response.status, (await response.json())["interactions"]) == (200, 2)
    async with http.get(f"{server['url']}/report") as response:
        assert response.status == 202


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"interactions": [{"description": "x", "request": {"pat": "/"}}]}, "/interactions/0/request/pat"),
        (
            {"interactions": [{"description": "x", "request": {"path": {"pact:matcher:type": "matching(regex"}}}]},
            "/interactions/0/request/path",
        ),
        ({"plugins": [{"version": "0.0.6"}]}, "/plugins/0"),
    ],
)
async def test_what_is_wrong_in_a_contract_is_pointed_at(
    service: Service, control: aiohttp.ClientSession, change: dict[str, Any], pointer: str
) -> None:
    async with control.post("/", data=json.dumps(CONTRACT | change), headers=TYPE) as response:
        answer = await response.json()
        assert response.status == 422
        assert answer["pointer"].startswith(pointer)
    assert len(service.mock_service.registry) == 0
