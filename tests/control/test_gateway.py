"""Below `/m/{id}/` on the port of the control API a mock server answers as on its own port."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import aiohttp
import pytest

from pactmock.control.running import Service
from tests.pacts import interaction, pact
from tests.raw_http import exchange, head_lines


async def _create(control: aiohttp.ClientSession, *interactions: dict[str, Any]) -> dict[str, Any]:
    async with control.post("/", json=pact(*interactions)) as response:
        server: dict[str, Any] = (await response.json())["mockServer"]
        return server


@pytest.mark.parametrize("by", ["id", "port"])
async def test_the_answer_is_the_same_to_the_header(service: Service, control: aiohttp.ClientSession, by: str) -> None:
    expected = {"method": "POST", "path": "/a%2Fb", "query": {"q": ["1"]}, "body": "x", "headers": {"X-A": "1"}}
    server = await _create(control, interaction("a", expected, body="hello", headers={"X-B": ["1", "2"]}))
    rest = b"?q=1 HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nContent-Length: 1\r\n\r\nx"
    direct = await exchange(server["port"], b"POST /a%2Fb" + rest)
    through = await exchange(service.port, f"POST /m/{server[by]}/a%2Fb".encode() + rest)
    assert direct.startswith(b"HTTP/1.1 200 OK")
    assert sorted(head_lines(through)) == sorted(head_lines(direct))
    assert through.endswith(b"\r\n\r\nhello")
    async with control.get(f"/mockserver/{server['id']}") as response:
        assert (await response.json())["metrics"]["requests"] == 2


@pytest.mark.parametrize(("path", "played"), [("/m/{id}", "/"), ("/m/{id}/", "/"), ("/m/{id}?q=1", "/")])
async def test_the_root_of_a_mock_server_can_be_called(control: aiohttp.ClientSession, path: str, played: str) -> None:
    server = await _create(control, interaction("a", {"path": "/nowhere"}))
    async with control.get(path.format(id=server["id"])) as response:
        assert response.status == 500
    async with control.get(f"/mockserver/{server['id']}/requests") as response:
        assert (await response.json())["requests"][0]["request"]["path"] == played


async def test_a_page_of_a_pact_has_no_origin_in_common_with_the_control_api(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession
) -> None:
    own = "default-src 'self'"
    page = interaction("a page", headers={"Content-Type": "text/html", "Content-Security-Policy": own}, body="<script>")
    server = await _create(control, page, interaction("large", {"method": "POST", "path": "/large"}))
    through, direct = f"/m/{server['id']}", server["url"]
    large = {"method": "POST", "data": b"x" * 300_000}  # decided on in a thread
    for path, more in (("/", {}), ("/nowhere", {}), ("/large", large)):
        for headers, sandboxed in (
            ({"Sec-Fetch-Dest": "document"}, True),
            ({"Sec-Fetch-Dest": "iframe"}, True),
            ({"Upgrade-Insecure-Requests": "1"}, True),
            ({"Sec-Fetch-Dest": "empty"}, True),  # what is fetched may be kept, and shown later
            ({}, False),
        ):
            sent: Any = {"method": "GET", **more, "headers": headers}
            async with control.request(url=through + path, **sent) as response:
                assert ("sandbox" in response.headers.getall("Content-Security-Policy", [])) is sandboxed
                assert (own in response.headers.getall("Content-Security-Policy", [])) is (path == "/")
            async with http.request(url=direct + path, **sent) as response:
                assert "sandbox" not in response.headers.getall("Content-Security-Policy", [])


async def test_a_url_in_the_query_stays_there(service: Service, control: aiohttp.ClientSession) -> None:
    query = {"to": ["http://other.example/x"]}
    server = await _create(control, interaction("a", {"path": "/login", "query": query}))
    for absolute in (b"", f"http://127.0.0.1:{service.port}".encode()):
        target = absolute + f"/m/{server['id']}/login?to=http://other.example/x".encode()
        answer = await exchange(service.port, b"GET " + target + b" HTTP/1.1\r\nHost: h\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 200 OK")


async def test_a_long_target_holds_up_nobody(service: Service, control: aiohttp.ClientSession) -> None:
    server = await _create(control, interaction("a"))
    begin = time.process_time()
    for prefix in ("/?name=", f"/m/{server['id']}/?q="):
        request = f"GET {prefix}{'x' * 60_000} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
        for _ in range(20):
            await exchange(service.port, request)
    assert time.process_time() - begin < 10


async def test_generated_urls_lead_through_the_gateway(service: Service, control: aiohttp.ClientSession) -> None:
    generator = {"type": "MockServerURL", "example": "http://x/a", "regex": ".*(/a)$"}
    server = await _create(control, interaction("a", body={"href": ""}, generators={"body": {"$.href": generator}}))
    async with control.get(f"/m/{server['id']}/") as response:
        href = (await response.json(content_type=None))["href"]
    assert href == f"{service.url}/m/{server['id']}/a"


async def test_pages_of_other_origins_may_call_mock_servers(control: aiohttp.ClientSession) -> None:
    server = await _create(control, interaction("a"))
    async with control.get(f"/m/{server['id']}/", headers={"Origin": "https://app.example"}) as response:
        assert (response.status, response.headers["Access-Control-Allow-Origin"]) == (200, "https://app.example")


async def test_a_mock_server_that_is_not_there_is_404(control: aiohttp.ClientSession) -> None:
    async with control.get("/m/nope/a") as response:
        assert (response.status, (await response.json())["code"]) == (404, "no_such_mock_server")


@pytest.mark.parametrize("path", ["/m/{id}/wrong", "/m/{id}~one/wrong", "http://h/m/{port}/wrong"])
async def test_a_verdict_waits_for_a_request_that_is_coming_in(
    service: Service, control: aiohttp.ClientSession, path: str
) -> None:
    """As it waits for one on the port of the mock server."""
    described = await _create(control, interaction())
    async with control.get(f"/m/{described['id']}/") as response:
        assert response.status == 200
    play = service.mock_service.registry.find(described["id"]).play
    _, writer = await asyncio.open_connection("127.0.0.1", service.port)
    target = path.format(**described)
    writer.write(f"POST {target} HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nx".encode())
    settling = asyncio.ensure_future(play.settle())
    for _ in range(20):
        await asyncio.sleep(0)
    writer.write(b"y")
    await settling
    assert play.failed == 1
    writer.close()
    await writer.wait_closed()
