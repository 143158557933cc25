"""Who may call the control API."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import aiohttp
import pytest

from pactmock.control.calls.security import check_bearer
from pactmock.control.door.gateway import lines_for_browser
from pactmock.control.running import Service
from pactmock.errors import InvalidParameter, NotAuthenticated
from pactmock.server.wire.incoming import Message
from pactmock.service.settings import ServiceSettings
from tests.pacts import USERS
from tests.raw_http import exchange


async def _status(control: aiohttp.ClientSession, path: str, headers: Mapping[str, str]) -> int:
    async with control.get(path, headers=headers) as response:
        return response.status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "image"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Sec-Fetch-Dest": "iframe"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"}, 200),
        ({"Sec-Fetch-Site": "none", "Sec-Fetch-Dest": "document"}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "empty"}, 200),
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
    assert len(service.mock_service.registry) == 0


async def test_with_a_token_every_call_but_health_and_readiness_needs_it(tmp_path: Path) -> None:
    async with (
        Service(ServiceSettings(port=0, output=tmp_path, token="secret")) as guarded,  # noqa: S106
        aiohttp.ClientSession(guarded.url) as session,
    ):
        for path in ("/health", "/ready"):
            assert await _status(session, path, {}) == 200
        for path in ("/", "/openapi.json", "/mockserver/x", "/ca.pem"):
            assert await _status(session, path, {}) == 401
            assert await _status(session, path, {"Authorization": "Bearer wrong"}) == 401
        assert await _status(session, "/", {"Authorization": "Bearer secret"}) == 200


async def _caller_status(settings: ServiceSettings, headers: Mapping[str, str]) -> int:
    async with Service(settings) as running, aiohttp.ClientSession(f"http://127.0.0.1:{running.port}") as session:
        return await _status(session, "/", headers)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("192.0.2.7:8080", 200),
        ("[2001:db8::1]", 200),
        ("pactmock:8080", 200),
        ("pactmock.default.svc", 200),
        ("pactmock.default.svc.cluster.local:8080", 200),
        ("host.docker.internal", 200),
        ("box.local.", 200),
        ("rebound.example", 403),
        ("127.0.0.1.rebound.example:8080", 403),
        ("svc.example", 403),
        ("mock.team", 200),
        ("a.b.team", 200),
        ("team", 200),
        ("team.example", 403),
        ("Pact.Example.ORG", 200),
        ("caf\u00e9", 400),
        ("a b", 400),
    ],
)
async def test_beyond_loopback_only_names_that_nobody_can_rebind_or_that_were_allowed_are_taken(
    tmp_path: Path, host: str, status: int
) -> None:
    settings = ServiceSettings(
        host="*", port=0, output=tmp_path, allowed_hosts=("*.team",), public_url="https://pact.example.org/pact"
    )
    assert await _caller_status(settings, {"Host": host}) == status


async def test_the_refusal_of_a_name_says_how_to_allow_it(tmp_path: Path) -> None:
    async with (
        Service(ServiceSettings(host="*", port=0, output=tmp_path)) as running,
        aiohttp.ClientSession(f"http://127.0.0.1:{running.port}") as session,
        session.get("/", headers={"Host": "mock.example"}) as response,
    ):
        assert "--allowed-host mock.example" in (await response.json())["error"]


async def test_the_host_is_not_asked_for_where_a_token_is_needed_and_may_be_allowed_on_loopback_too(
    tmp_path: Path,
) -> None:
    named = {"Host": "mock.example", "Authorization": "Bearer t"}
    for host in ("*", "127.0.0.1"):
        guarded = ServiceSettings(host=host, port=0, output=tmp_path, token="t")  # noqa: S106
        assert await _caller_status(guarded, named) == 200
    allowed = ServiceSettings(port=0, output=tmp_path, allowed_hosts=("mock.example",))
    assert await _caller_status(allowed, named) == 200


async def test_a_page_at_the_public_url_may_call_and_one_beside_it_may_not(tmp_path: Path) -> None:
    settings = ServiceSettings(port=0, output=tmp_path, public_url="https://Pact.example:443/x")
    for origin, status in (
        ("https://pact.example", 200),
        ("http://pact.example", 403),
        ("https://pact.example:444", 403),
        ("https://pact.example.evil", 403),
        ("pact.example", 403),
    ):
        assert await _caller_status(settings, {"Origin": origin}) == status


@pytest.mark.parametrize("name", ["Authorization", "Origin", "Host", "Content-Type", "Accept", "Content-Encoding"])
@pytest.mark.parametrize("token", [None, "t"])
async def test_a_header_that_is_not_utf_8_is_the_callers_fault(tmp_path: Path, name: str, token: str | None) -> None:
    async with Service(ServiceSettings(host="*", port=0, output=tmp_path, token=token)) as running:
        lines = {b"Host": b"localhost", b"Authorization": b"Bearer t"} | {name.encode(): b"Bearer \xff\xfe"}
        head = b"".join(key + b": " + value + b"\r\n" for key, value in lines.items())
        for method, body in ((b"GET", b""), (b"POST", json.dumps(USERS).encode())):
            sent = b"%b / HTTP/1.1\r\n%bContent-Length: %d\r\nConnection: close\r\n\r\n%b" % (
                method,
                head,
                len(body),
                body,
            )
            status = (await exchange(running.port, sent)).split(b" ", 2)[1]
            assert status in {b"200", b"400", b"401", b"403", b"415"}


@pytest.mark.parametrize("token", ["", " ", "\n", "abc\n", " abc", "a\x00b"])
def test_a_token_that_everybody_or_nobody_could_show_is_refused(token: str) -> None:
    with pytest.raises(InvalidParameter, match="--token"):
        ServiceSettings(token=token)


def test_an_empty_secret_is_never_shown() -> None:
    with pytest.raises(NotAuthenticated):
        check_bearer("Bearer ", "", "the token")


@pytest.mark.parametrize("url", ["pact.example", "ftp://x", "http://", "http://u:p@x", "http://x:99999", "http://[::"])
def test_a_public_url_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(InvalidParameter, match="--public-url"):
        ServiceSettings(public_url=url)


@pytest.mark.parametrize(
    ("headers", "is_browser"),
    [
        ({}, False),
        ({"accept": "*/*"}, False),
        ({"user-agent": "curl/8.9"}, False),
        ({"sec-fetch-dest": "empty"}, True),
        ({"sec-fetch-dest": "document"}, True),
        ({"upgrade-insecure-requests": "1"}, True),
        ({"origin": "http://other.example"}, True),
        ({"user-agent": "Mozilla/5.0 (X11; Linux x86_64) Gecko"}, True),
    ],
)
def test_what_a_browser_gets_has_an_origin_of_its_own(headers: Mapping[str, str], is_browser: bool) -> None:
    message = Message()
    message.headers = [(name.encode(), value.encode()) for name, value in headers.items()]
    assert bool(lines_for_browser(message)) is is_browser


def test_keys_and_tokens_do_not_show_in_a_repr() -> None:
    shown = repr(ServiceSettings(server_key="the key", token="swordfish"))  # noqa: S106
    assert "the key" not in shown
    assert "swordfish" not in shown
