"""What a caller is told to call is where the caller can call it, also behind a proxy; and only a proxy says where."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import aiohttp
import pytest
from aiohttp import web

from pactmock.control.running import Service
from pactmock.errors import InvalidParameter
from pactmock.service.proxies import Proxies
from pactmock.service.settings import ServiceSettings
from tests.pacts import interaction, pact

_URL = {"$.href": {"type": "MockServerURL", "example": "http://localhost/users/1", "regex": ".*(/users/\\d+)$"}}
PACT = pact(
    interaction(
        "a",
        {"path": "/users/1"},
        body={"href": "http://localhost/users/1"},
        headers={"Content-Type": "application/json"},
    )
)
PACT["interactions"][0]["response"]["generators"] = {"body": _URL}
_FORWARDED = {"X-Forwarded-Host": "pacts.team", "X-Forwarded-Proto": "https", "X-Forwarded-Prefix": "/pactmock/"}


@asynccontextmanager
async def _service(tmp_path: Path, proxies: str = "127.0.0.0/8,::1", **settings: Any) -> AsyncIterator[Service]:
    async with Service(
        ServiceSettings(port=0, output=tmp_path, proxies=Proxies.of([proxies] if proxies else []), **settings)
    ) as service:
        yield service


async def _created(
    http: aiohttp.ClientSession, url: str, headers: Mapping[str, str] | None = None
) -> tuple[str, dict[str, Any]]:
    async with http.post(url, json=PACT, headers=headers) as response:
        assert response.status == 200, await response.text()
        return response.headers["Location"], (await response.json())["mockServer"]


async def _href(http: aiohttp.ClientSession, url: str, headers: Mapping[str, str] | None = None) -> str:
    async with http.get(f"{url}/users/1", headers=headers) as response:
        assert response.status == 200, await response.text()
        href: str = (await response.json())["href"]
        return href


@asynccontextmanager
async def _proxy(service: Service, prefix: str) -> AsyncIterator[str]:
    """Pass on what is below a prefix, as a proxy does that takes the prefix off."""

    async def pass_on(request: web.Request) -> web.Response:
        own = {name: text for name, text in request.headers.items() if name.lower() not in {"host", "content-length"}}
        told = {"X-Forwarded-Host": request.host, "X-Forwarded-Proto": "http", "X-Forwarded-Prefix": prefix}
        target = f"{service.url}{request.raw_path.removeprefix(prefix)}"
        async with (
            aiohttp.ClientSession() as session,
            session.request(request.method, target, data=await request.read(), headers={**own, **told}) as response,
        ):
            kept = {name: text for name, text in response.headers.items() if name in {"Location", "Content-Type"}}
            return web.Response(status=response.status, body=await response.read(), headers=kept)

    app = web.Application()
    app.router.add_route("*", prefix + "{rest:.*}", pass_on)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}{prefix}"
    finally:
        await runner.cleanup()


async def test_behind_a_proxy_all_that_is_told_can_be_called(tmp_path: Path, http: aiohttp.ClientSession) -> None:
    async with _service(tmp_path) as service, _proxy(service, "/pactmock") as url:
        location, server = await _created(http, f"{url}/")
        assert server["gatewayUrl"] == f"{url}/m/{server['id']}"
        assert await _href(http, server["gatewayUrl"]) == f"{server['gatewayUrl']}/users/1"
        async with http.get(urljoin(f"{url}/", location)) as response:
            assert (response.status, (await response.json())["gatewayUrl"]) == (200, server["gatewayUrl"])
        origin = url.removesuffix("/pactmock")
        for page, status in ((origin, 200), ("http://evil.example", 403)):
            async with http.get(f"{url}/", headers={"Origin": page}) as response:
                assert response.status == status


async def test_what_a_proxy_says_is_followed(tmp_path: Path, http: aiohttp.ClientSession) -> None:
    async with _service(tmp_path) as service:
        location, server = await _created(http, service.url, _FORWARDED)
        assert location == f"/pactmock/mockserver/{server['id']}"
        assert server["gatewayUrl"] == f"https://pacts.team/pactmock/m/{server['id']}"
        through = f"{service.url}/m/{server['id']}"
        assert await _href(http, through, _FORWARDED) == f"{server['gatewayUrl']}/users/1"
        assert await _href(http, through) == f"{through}/users/1"


@pytest.mark.parametrize("proxies", ["", "10.0.0.0/8,2001:db8::/32"])
async def test_what_anybody_else_says_is_not(tmp_path: Path, http: aiohttp.ClientSession, proxies: str) -> None:
    async with _service(tmp_path, proxies) as service:
        location, server = await _created(http, service.url, _FORWARDED)
        assert location == f"/mockserver/{server['id']}"
        assert server["gatewayUrl"] == f"{service.url}/m/{server['id']}"
        through = f"{service.url}/m/{server['id']}"
        assert await _href(http, through, _FORWARDED) == f"{through}/users/1"
        async with http.get(service.url, headers={**_FORWARDED, "Origin": "https://pacts.team"}) as response:
            assert response.status == 403


async def test_the_last_value_counts_which_the_nearest_proxy_has_added(
    tmp_path: Path, http: aiohttp.ClientSession
) -> None:
    async with _service(tmp_path) as service:
        _, server = await _created(http, service.url, {"X-Forwarded-Host": "evil.example, pacts.team:8443"})
        assert server["gatewayUrl"] == f"http://pacts.team:8443/m/{server['id']}"


async def test_a_host_that_was_rebound_is_refused_whatever_is_forwarded(
    tmp_path: Path, http: aiohttp.ClientSession
) -> None:
    """A page whose name was rebound to us may send any header, through a proxy on this machine too."""
    async with _service(tmp_path) as service:
        for forwarded in ({}, {"X-Forwarded-Host": "localhost"}):
            async with http.get(service.url, headers={"Host": "rebound.example", **forwarded}) as response:
                assert (response.status, (await response.json())["code"]) == (403, "not_allowed")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("X-Forwarded-Host", "a b"),
        ("X-Forwarded-Host", "pacts.team/x"),
        ("X-Forwarded-Host", "user@pacts.team"),
        ("X-Forwarded-Proto", "javascript"),
        ("X-Forwarded-Prefix", "//evil.example"),
        ("X-Forwarded-Prefix", "pactmock"),
        ("X-Forwarded-Prefix", "/a?b"),
    ],
)
async def test_what_no_proxy_can_mean_is_refused(
    tmp_path: Path, http: aiohttp.ClientSession, name: str, text: str
) -> None:
    async with _service(tmp_path) as service:
        _, server = await _created(http, service.url)
        for path in ("/", f"/m/{server['id']}/users/1"):
            async with http.get(f"{service.url}{path}", headers={name: text}) as response:
                refused = await response.json()
                assert (response.status, refused["code"]) == (400, "invalid_parameter")
                assert refused["error"].startswith(f"The header '{name}' of this call cannot be '{text}'")


async def test_the_public_url_goes_before_what_a_proxy_says(tmp_path: Path, http: aiohttp.ClientSession) -> None:
    async with _service(tmp_path, public_url="https://public.team/p/") as service:
        location, server = await _created(http, service.url, _FORWARDED)
        assert location == f"/p/mockserver/{server['id']}"
        assert server["gatewayUrl"] == f"https://public.team/p/m/{server['id']}"
        through = f"{service.url}/m/{server['id']}"
        assert await _href(http, through, _FORWARDED) == f"{server['gatewayUrl']}/users/1"


@pytest.mark.parametrize(
    ("address", "trusted"),
    [
        ("10.1.2.3", True),
        ("::ffff:10.1.2.3", True),
        ("192.168.0.7", True),
        ("192.168.0.8", False),
        ("fe80::1", True),
        ("::1", False),
        ("", False),
        ("a proxy", False),
    ],
)
def test_a_proxy_is_known_by_its_address_or_network(address: str, trusted: bool) -> None:
    assert Proxies.of(["10.0.0.1/8, 192.168.0.7", "fe80::/10"]).trusts(address) is trusted


@pytest.mark.parametrize("text", ["", "proxy", "10.0.0.0/33", "10.0.0.1,"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(InvalidParameter, match=r"--trusted-proxies '.*' is no address"):
        Proxies.of([text])
