"""A request that comes after a green verdict is marked: a test ended before its client did. It changes no verdict."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from pactmock.control.running import Service
from tests.pacts import interaction, pact


@pytest.fixture
async def server(control: aiohttp.ClientSession, http: aiohttp.ClientSession) -> dict[str, Any]:
    """A mock server of which it was said that all matched."""
    async with control.post("/", json=pact(interaction("a", {"path": "/a"}))) as response:
        server: dict[str, Any] = (await response.json())["mockServer"]
    await _call(http, server, "/a")
    assert await _verify(control, server) == 204
    return server


async def _call(http: aiohttp.ClientSession, server: dict[str, Any], path: str) -> None:
    async with http.get(server["url"] + path):
        pass


async def _verify(control: aiohttp.ClientSession, server: dict[str, Any]) -> int:
    async with control.post(f"/mockserver/{server['id']}/verify") as response:
        return response.status


async def _get(control: aiohttp.ClientSession, server: dict[str, Any], what: str = "") -> Any:
    async with control.get(f"/mockserver/{server['id']}{what}") as response:
        return await response.json()


async def _marks(control: aiohttp.ClientSession, server: dict[str, Any]) -> list[bool]:
    entries = (await _get(control, server, "/requests"))["requests"]
    return [entry["afterVerdict"] is not None for entry in entries]


async def test_what_comes_after_the_verdict_is_marked(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession, server: dict[str, Any]
) -> None:
    assert (await _get(control, server))["warnings"] == []
    await _call(http, server, "/a")
    await _call(http, server, "/b?x=1")
    assert await _marks(control, server) == [False, True, True]
    (warning,) = (await _get(control, server))["warnings"]
    assert warning["code"] == "late_request"
    assert warning["warning"].startswith("GET /a came ")
    assert "and 1 more: a test may have ended before its client did" in warning["warning"]


async def test_it_counts_as_any_other_in_the_next_verdict(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession, server: dict[str, Any]
) -> None:
    """Else a test that goes on after it was told that all matched could send what it likes."""
    await _call(http, server, "/wrong")
    assert await _verify(control, server) == 422


async def test_a_report_says_it(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession, server: dict[str, Any]
) -> None:
    await _call(http, server, "/a")
    async with control.get(f"/mockserver/{server['id']}/report?format=text") as response:
        assert "GET /a came " in await response.text()
    async with control.get(f"/mockserver/{server['id']}/logs") as response:
        assert " ms after the verdict: " in await response.text()


async def test_a_verdict_that_was_red_makes_nothing_late(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession, server: dict[str, Any]
) -> None:
    async with control.delete(f"/mockserver/{server['id']}/requests"):
        pass
    assert await _verify(control, server) == 422
    await _call(http, server, "/a")
    assert await _marks(control, server) == [False]


@pytest.mark.parametrize(
    ("method", "what"), [("DELETE", "/requests"), ("PUT", "/interactions"), ("POST", "/interactions")]
)
async def test_a_reset_and_other_interactions_begin_another_test(
    service: Service,
    control: aiohttp.ClientSession,
    http: aiohttp.ClientSession,
    server: dict[str, Any],
    method: str,
    what: str,
) -> None:
    await _call(http, server, "/a")
    document = None if method == "DELETE" else pact(interaction("a", {"path": "/a"}), interaction("b", {"path": "/b"}))
    async with control.request(method, f"/mockserver/{server['id']}{what}", json=document) as response:
        assert response.status < 300
    await _call(http, server, "/a")
    assert (await _marks(control, server))[-1] is False
    assert (await _get(control, server))["warnings"] == []
