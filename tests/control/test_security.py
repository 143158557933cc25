"""Who may call the control API."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import aiohttp
import pytest

from pactmock.control.service import Service
from pactmock.control.settings import ServiceSettings
from tests.pacts import USERS


async def _status(control: aiohttp.ClientSession, path: str, headers: Mapping[str, str]) -> int:
    async with control.get(path, headers=headers) as response:
        return response.status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Host": "rebound.example"}, 403),
        ({"Host": "localhost:1"}, 200),
        ({"Host": "[::1]:1"}, 200),
        ({"Host": "127.0.0.2"}, 200),
    ],
)
async def test_web_pages_of_other_places_are_refused(
    control: aiohttp.ClientSession, headers: Mapping[str, str], status: int
) -> None:
    assert await _status(control, "/", headers) == status


async def test_a_page_of_our_own_may_call(service: Service, control: aiohttp.ClientSession) -> None:
    assert await _status(control, "/", {"Origin": service.url}) == 200


async def test_a_drive_by_post_makes_no_server(service: Service, control: aiohttp.ClientSession) -> None:
    async with control.post("/", json=USERS, headers={"Origin": "https://evil.example"}) as response:
        assert (response.status, (await response.json())["code"]) == (403, "not_allowed")
    assert len(service.registry) == 0


async def test_with_a_token_every_call_but_health_needs_it(tmp_path: Path) -> None:
    async with (
        Service(ServiceSettings(port=0, output=tmp_path, token="secret")) as guarded,  # noqa: S106
        aiohttp.ClientSession(guarded.url) as session,
    ):
        assert await _status(session, "/health", {}) == 200
        for path in ("/", "/openapi.json", "/mockserver/x", "/ca.pem"):
            assert await _status(session, path, {}) == 401
            assert await _status(session, path, {"Authorization": "Bearer wrong"}) == 401
        assert await _status(session, "/", {"Authorization": "Bearer secret"}) == 200


def test_keys_and_tokens_do_not_show_in_a_repr() -> None:
    shown = repr(ServiceSettings(server_key="the key", token="swordfish"))  # noqa: S106
    assert "the key" not in shown
    assert "swordfish" not in shown
