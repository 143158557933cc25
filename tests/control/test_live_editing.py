"""A running mock server can be asked about requests, and told to expect more or others."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest

from pactmock.control.running import Service
from tests.pacts import USERS, interaction, pact


async def _create(control: aiohttp.ClientSession, document: Any) -> dict[str, Any]:
    async with control.post("/", json=document) as response:
        server: dict[str, Any] = (await response.json())["mockServer"]
        return server


async def _status(http: aiohttp.ClientSession, url: str) -> int:
    async with http.get(url) as response:
        return response.status


async def _types(control: aiohttp.ClientSession, server: dict[str, Any]) -> list[str]:
    async with control.get(f"/mockserver/{server['id']}/mismatches") as response:
        return [item["type"] for item in await response.json()]


async def test_interactions_can_be_added_to_a_running_server(
    service: Service, control: aiohttp.ClientSession, http: aiohttp.ClientSession
) -> None:
    server = await _create(control, pact(interaction("a", {"path": "/a"})))
    assert await _status(http, f"{server['url']}/a") == 200
    here = f"/mockserver/{server['id']}/interactions"
    async with control.post(here, json=[interaction("b", {"path": "/b"}, body="b")]) as response:
        assert (response.status, (await response.json())["interactions"]) == (200, 2)
    assert await _types(control, server) == ["missing-request"]
    assert await _status(http, f"{server['url']}/b") == 200
    assert await _types(control, server) == []
    async with control.post(f"/mockserver/{server['id']}/verify") as response:
        assert response.status == 204
    written = json.loads((service.settings.output / "web-api.json").read_bytes())
    assert [item["description"] for item in written["interactions"]] == ["a", "b"]


async def test_interactions_can_be_replaced_and_what_was_received_is_forgotten(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession
) -> None:
    server = await _create(control, pact(interaction("a", {"path": "/a"})))
    await _status(http, f"{server['url']}/wrong")
    async with control.put(
        f"/mockserver/{server['id']}/interactions", json=pact(interaction("b", {"path": "/b"}), version="4.0")
    ) as response:
        assert (response.status, (await response.json())["interactions"]) == (200, 1)
    assert await _types(control, server) == ["missing-request"]
    assert await _status(http, f"{server['url']}/b") == 200
    assert await _types(control, server) == []


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize(
    "broken",
    [
        [1],
        [interaction(status=1)],
        [interaction("x", {"matchingRules": {"path": {"matchers": [{"match": "regex", "regex": "("}]}}})],
    ],
)
async def test_interactions_that_cannot_be_played_change_nothing(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession, method: str, broken: Any
) -> None:
    server = await _create(control, pact(interaction("a", {"path": "/a"})))
    async with control.request(method, f"/mockserver/{server['id']}/interactions", json=broken) as response:
        answer = await response.json()
        assert response.status == 422
        assert answer["pointer"].startswith("/interactions/0")
    assert await _status(http, f"{server['url']}/a") == 200
    assert await _types(control, server) == []


async def test_a_request_can_be_explained_without_being_sent(control: aiohttp.ClientSession) -> None:
    server = await _create(control, pact(interaction("a", {"path": "/a", "headers": {"Accept": "x/y"}})))
    here = f"/mockserver/{server['id']}/explain"
    async with control.post(here, json={"path": "/a", "headers": {"accept": "x/y"}}) as response:
        answer = await response.json()
    assert (answer["matched"], answer["outcome"], answer["nearMisses"]) == (True, "Request-Matched", [])
    async with control.post(here, json={"path": "/a"}) as response:
        answer = await response.json()
    assert (answer["matched"], answer["interaction"]["description"]) == (False, "a")
    assert answer["nearMisses"][0]["advice"] == "The request has no header Accept: set it, for example to `x/y`."
    async with control.get(f"/mockserver/{server['id']}") as response:
        assert (await response.json())["metrics"]["requests"] == 0


RULE = {"body": {"$.a": {"matchers": [{"match": "integer"}]}}}


@pytest.mark.parametrize(
    ("version", "request_"),
    [
        ("1.0.0", {"method": "get", "path": "/a", "query": "b=2&a=1"}),
        ("2.0.0", {"path": "/a", "query": "a=1", "matchingRules": {"$.query.a": {"match": "type"}}}),
        ("3.0.0", {"method": "POST", "path": "/a", "body": {"a": 1}, "matchingRules": RULE, "generators": {}}),
        ("3.0.0", {"path": "/a", "query": {"n": 1, "m": [2, None]}, "headers": {"X-N": 7}}),
        ("3.0.0", {"path": "/a", "query": None, "headers": None, "body": None}),
        ("3.0.0", {"path": "/My Doc.txt", "body": "[1]", "headers": {"Content-Type": "application/json"}}),
        ("2.0.0", {"path": "api/a?b=c"}),
        ("4.0", {"path": "/a", "body": {"content": "AAEC", "contentType": "image/png", "encoded": "base64"}}),
        (
            "4.0",
            {"path": "/a", "body": {"content": {"a": 1}, "contentType": "application/json"}, "matchingRules": RULE},
        ),
    ],
)
async def test_a_request_is_taken_as_the_pact_file_has_it(
    control: aiohttp.ClientSession, version: str, request_: dict[str, Any]
) -> None:
    async with control.post("/", json=pact(interaction(request=request_), version=version)) as response:
        server = (await response.json())["mockServer"]
    here = f"/mockserver/{server['id']}/explain"
    async with control.post(here, json={"method": "GET", **request_}) as response:
        explained = await response.json()
        assert (response.status, explained.get("matched")) == (200, True), explained
    async with control.post(here, json={**request_, "headres": {}}) as response:
        assert (response.status, (await response.json())["code"]) == (400, "invalid_parameter")


@pytest.mark.parametrize("body", [{"a": 1}, {"content": {"a": 1}, "contentType": "application/json"}])
async def test_the_body_to_explain_is_as_in_v3_or_v4(control: aiohttp.ClientSession, body: Any) -> None:
    expected = {"method": "POST", "headers": {"Content-Type": "application/json"}, "body": {"a": 1}}
    server = await _create(control, pact(interaction("a", expected)))
    async with control.post(f"/mockserver/{server['id']}/explain", json=expected | {"body": body}) as response:
        assert (await response.json())["matched"] is True


async def test_near_misses_are_wherever_a_verdict_is(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession
) -> None:
    server = await _create(control, pact(interaction("a", {"path": "/a"})))
    async with http.get(f"{server['url']}/a/") as response:
        shown = [await response.json()]
    here = f"/mockserver/{server['id']}"
    async with control.get(f"{here}/mismatches") as response:
        shown.append((await response.json())[0])
    async with control.get(f"{here}/requests") as response:
        shown.append((await response.json())["requests"][0])
    async with control.post(f"{here}/verify") as response:
        shown.append((await response.json())["mismatches"][0])
    async with control.post(f"{here}/explain", json={"path": "/a/"}) as response:
        shown.append(await response.json())
    advice = {item["nearMisses"][0]["advice"] for item in shown}
    assert advice == {"The paths differ only in the slash at the end: send /a."}


async def test_a_request_that_was_meant_for_another_mock_server_is_told_so(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession
) -> None:
    first = await _create(control, pact(interaction("a", {"path": "/a"})))
    other = await _create(control, pact(interaction("b", {"path": "/b"}), provider="other"))
    async with http.get(f"{first['url']}/b") as response:
        advice = (await response.json())["advice"]
    assert advice == (
        f"The mock server of web - other on port {other['port']} has 'b', which matches: was it meant for that one?"
    )


@pytest.mark.parametrize(
    ("method", "call", "body", "words"),
    [
        ("PATCH", "interactions/{key}", b'{"delay": {"min": 0, "max": false}}', "delay.max' cannot be False"),
        ("PATCH", "interactions/{key}", b'{"delay": "1"}', "delay' cannot be '1'"),
        ("PATCH", "interactions/{key}", b'{"times": true}', "times' cannot be True"),
        ("POST", "pact", b'{"overwrite": 1}', "overwrite' cannot be 1"),
        ("POST", "pact", b"\n", "This is not JSON"),
    ],
)
async def test_what_a_body_says_is_taken_at_its_word(
    control: aiohttp.ClientSession, method: str, call: str, body: bytes, words: str
) -> None:
    async with control.post("/", json=USERS) as response:
        at = f"/mockserver/{(await response.json())['mockServer']['id']}"
    async with control.get(f"{at}/interactions") as response:
        key = (await response.json())["interactions"][0]["key"]
    headers = {"Content-Type": "application/json"}
    async with control.request(method, f"{at}/{call.format(key=key)}", data=body, headers=headers) as response:
        assert response.status == 400
        assert words in (await response.json())["error"]
