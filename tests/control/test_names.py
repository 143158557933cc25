"""A name that a mock server was given stands wherever its id does, and is that of one."""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from contextlib import suppress
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest
from yarl import URL

from pactmock.control.running import Service
from tests.pacts import interaction, pact
from tests.patience import HANG

PACT = pact(interaction("a", {"path": "/a"}))


async def _create(control: aiohttp.ClientSession, name: str) -> tuple[int, dict[str, Any]]:
    async with control.post("/", json=PACT, params={"name": name}) as response:
        return response.status, await response.json()


@pytest.mark.parametrize("name", ["users", "users of web", "a/b", "größe", "50%", "?#", "x" * 200])
async def test_a_name_stands_wherever_an_id_does(
    service: Service, control: aiohttp.ClientSession, http: aiohttp.ClientSession, name: str
) -> None:
    status, created = await _create(control, name)
    assert status == 200, created
    key = quote(name, safe="")
    async with http.get(URL(f"{service.url}/m/{key}/a", encoded=True)) as response:
        assert response.status == 200
    for method, path, expected in (
        ("GET", "", 200),
        ("GET", "/matched", 200),
        ("GET", "/requests", 200),
        ("GET", "/report", 200),
        ("POST", "/verify", 204),
        ("DELETE", "", 204),
        ("GET", "", 404),
    ):
        url = URL(f"{service.url}/mockserver/{key}{path}", encoded=True)
        async with http.request(method, url) as response:
            assert (method, path, response.status) == (method, path, expected)
            if path == "" and expected == 200:
                assert (await response.json())["id"] == created["mockServer"]["id"]


async def test_two_of_one_name_are_one_too_many_until_the_first_ends(control: aiohttp.ClientSession) -> None:
    answers = await asyncio.gather(*(_create(control, "users") for _ in range(5)))
    assert Counter(status for status, _ in answers) == {200: 1, 409: 4}
    refused = next(answer for status, answer in answers if status == 409)
    assert (refused["code"], refused["name"]) == ("name_taken", "users")
    assert refused["error"].startswith("There is a mock server with the name 'users' already: ")
    async with control.delete("/mockserver/users") as response:
        assert response.status == 204
    assert (await _create(control, "users"))[0] == 200


async def test_a_name_is_free_when_its_mock_server_could_not_be_made(control: aiohttp.ClientSession) -> None:
    async with control.post("/", json={"interactions": 1}, params={"name": "users"}) as response:
        assert response.status == 422
    async with control.post("/", json=PACT, params={"name": "users", "state": "none"}) as response:
        assert response.status == 422
    assert (await _create(control, "users"))[0] == 200


async def test_a_name_is_free_when_its_mock_server_was_abandoned(control: aiohttp.ClientSession) -> None:
    async with control.post("/", json=PACT, params={"name": "users", "ttl": "0.05"}) as response:
        port = (await response.json())["mockServer"]["port"]
    await asyncio.wait_for(asyncio.to_thread(_until_closed, port), HANG)
    assert (await _create(control, "users"))[0] == 200


def _until_closed(port: int) -> None:
    with suppress(OSError):
        while True:
            socket.create_connection(("127.0.0.1", port)).close()


@pytest.mark.parametrize("name", ["8080", "7", "123456789"])
async def test_a_number_is_no_name(control: aiohttp.ClientSession, name: str) -> None:
    status, refused = await _create(control, name)
    assert (status, refused["code"], refused["parameter"]) == (400, "invalid_parameter", "name")
    assert "would be taken for a port" in refused["error"]


@pytest.mark.parametrize("name", [".", ".."])
async def test_a_step_of_a_path_is_no_name(control: aiohttp.ClientSession, name: str) -> None:
    status, refused = await _create(control, name)
    assert (status, refused["code"], refused["parameter"]) == (400, "invalid_parameter", "name")
    assert "would be taken for a step of a path" in refused["error"]


async def test_no_name_is_nobodys(control: aiohttp.ClientSession) -> None:
    assert [(await _create(control, ""))[0] for _ in range(2)] == [200, 200]
