"""A request that comes after a green verdict is marked: a test ended before its client did. It changes no verdict."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from pactmock.control.running import Service
from tests.pacts import interaction, pact
from tests.raw_http import exchange


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


async def test_one_that_is_refused_is_marked_too_and_fails_the_next_verdict(
    control: aiohttp.ClientSession, server: dict[str, Any]
) -> None:
    async with control.get("/metrics") as response:
        before = await response.text()
    await exchange(server["port"], b"GET /a?x HTTP/1.1\r\nHost: h\r\nContent-Length: none\r\n\r\n")
    assert await _marks(control, server) == [False, True]
    (warning,) = (await _get(control, server))["warnings"]
    assert warning["warning"].startswith("GET /a came ")
    async with control.get("/metrics") as response:
        after = await response.text()
    for outcome, more in (("late", 1), ("refused", 0)):
        assert _requests(after, outcome) - _requests(before, outcome) == more
    assert await _verify(control, server) == 422


def _requests(metrics: str, outcome: str) -> float:
    start = f'pactmock_requests_total{{outcome="{outcome}"}} '
    return float(next(line for line in metrics.splitlines() if line.startswith(start)).removeprefix(start))


async def test_what_is_no_request_is_not_late(control: aiohttp.ClientSession, server: dict[str, Any]) -> None:
    """Anything may knock at a port: a scanner says nothing of a test."""
    await exchange(server["port"], b"\x16\x03\x01\x00\r\n\r\n")
    assert await _marks(control, server) == [False, False]
    assert (await _get(control, server))["warnings"] == []
    assert await _verify(control, server) == 204


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


async def test_a_pact_that_cannot_be_written_makes_nothing_late(
    service: Service, control: aiohttp.ClientSession, http: aiohttp.ClientSession, server: dict[str, Any]
) -> None:
    """The test was not told that all is well, and may go on."""
    async with control.delete(f"/mockserver/{server['id']}/requests"):
        pass
    await _call(http, server, "/a")
    pact_file = service.settings.output / "web-api.json"
    pact_file.unlink()
    pact_file.mkdir()
    assert await _verify(control, server) == 422
    await _call(http, server, "/a")
    assert await _marks(control, server) == [False, False]
