"""The pages of the service as they are sent: to whom, and with which policy. What they do, is in tests/browser."""

from __future__ import annotations

import posixpath
import re
from collections.abc import AsyncIterator
from importlib import resources
from pathlib import Path

import aiohttp
import pytest

from pactmock.control.pages import files
from pactmock.control.running import Service
from pactmock.service.settings import ServiceSettings

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"}
WEB = Path(str(resources.files("pactmock"))) / "web"


async def _get(session: aiohttp.ClientSession, path: str, **headers: str) -> tuple[int, aiohttp.ClientResponse, bytes]:
    async with session.get(path, headers=headers, allow_redirects=False) as response:
        return response.status, response, await response.read()


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        (BROWSER["Accept"], 302),
        ("text/html", 302),
        ("*/*", 200),
        ("application/json", 200),
        ("application/json, text/html", 200),
        ("text/html;q=0.1, application/json", 200),
        ("text/plain", 200),
        ("", 200),
    ],
)
async def test_who_wants_a_page_is_led_to_it_and_nobody_else(
    control: aiohttp.ClientSession, accept: str, status: int
) -> None:
    for method in ("GET", "HEAD"):
        async with control.request(method, "/", headers={"Accept": accept}, allow_redirects=False) as response:
            assert response.status == status
            assert (response.headers.get("Location") == "ui/") is (status == 302)
    async with control.post("/", headers=BROWSER, json={}) as response:
        assert response.status == 422


async def test_the_way_to_the_page_is_below_the_path_that_a_proxy_or_the_public_url_has(tmp_path: Path) -> None:
    public = ServiceSettings(port=0, output=tmp_path, public_url="https://pacts.team/mocks")
    async with Service(public) as running, aiohttp.ClientSession(running.url) as session:
        _, response, _ = await _get(session, "/", **BROWSER)
        assert response.headers["Location"] == "/mocks/ui/"
    async with Service(ServiceSettings(port=0)) as running, aiohttp.ClientSession(running.url) as session:
        _, response, _ = await _get(session, "/ui")
        assert response.headers["Location"] == "ui/"


async def test_a_page_runs_its_own_script_alone_and_has_no_way_to_make_markup_of_text(
    control: aiohttp.ClientSession,
) -> None:
    numbers = set()
    for _ in range(2):
        status, response, content = await _get(control, "/ui/")
        assert status == 200
        policy = dict(
            part.strip().partition(" ")[::2] for part in response.headers["Content-Security-Policy"].split(";")
        )
        number = policy["script-src"].removeprefix("'nonce-").removesuffix("'")
        numbers.add(number)
        assert policy == {
            "default-src": "'none'",
            "base-uri": "'none'",
            "form-action": "'none'",
            "frame-ancestors": "'none'",
            "script-src": f"'nonce-{number}'",
            "style-src": f"'nonce-{number}'",
            "connect-src": "'self'",
            "img-src": "'self'",
            "require-trusted-types-for": "'script'",
            "trusted-types": "'none'",
        }
        assert content.count(f'nonce="{number}"'.encode()) == 2
        assert b"{{" not in content
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "ETag" not in response.headers
    assert len(numbers) == 2


async def test_files_of_the_page_are_sent_once_and_then_only_when_they_have_changed(
    control: aiohttp.ClientSession,
) -> None:
    sent = (
        ("app.js", "text/javascript"),
        ("page/dom.js", "text/javascript"),
        ("style.css", "text/css"),
        ("icon.svg", "image/svg+xml"),
    )
    for name, kind in sent:
        status, response, content = await _get(control, f"/ui/{name}")
        assert (status, response.content_type, content) == (200, kind, (WEB / name).read_bytes())
        assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
        again, _, nothing = await _get(control, f"/ui/{name}", **{"If-None-Match": response.headers["ETag"]})
        assert (again, nothing) == (304, b"")
        other, _, _ = await _get(control, f"/ui/{name}", **{"If-None-Match": '"other"'})
        assert other == 200


async def test_nothing_but_these_files_is_sent(control: aiohttp.ClientSession) -> None:
    names = (
        "index.html",
        "none.js",
        "..%2fapp.py",
        "%2e%2e%2f__init__.py",
        "__init__.py",
        "%00",
        "app.js%00",
        "a/b",
        "page/none.js",
        "page%2fdom.js%00",
    )
    for name in names:
        status, _, content = await _get(control, f"/ui/{name}")
        assert (status, b"no_such_call" in content) == (404, True), name


@pytest.fixture
async def guarded(tmp_path: Path) -> AsyncIterator[aiohttp.ClientSession]:
    """A client of a service with a token, which it does not know."""
    settings = ServiceSettings(port=0, output=tmp_path, token="secret")  # noqa: S106
    async with Service(settings) as running, aiohttp.ClientSession(running.url) as session:
        yield session


async def test_pages_are_open_where_calls_need_a_token(guarded: aiohttp.ClientSession) -> None:
    for path, headers, status in (
        ("/", BROWSER, 302),
        ("/", {}, 401),
        ("/ui", {}, 302),
        ("/ui/", {}, 200),
        ("/ui/app.js", {}, 200),
        ("/ui/page/dom.js", {}, 200),
        ("/ui/page/../../mockserver/x", {}, 401),
        ("/ui/../mockserver/x", {}, 401),
        ("/ui/%2e%2e/openapi.json", {}, 401),
        ("/openapi.json", BROWSER, 401),
    ):
        assert (await _get(guarded, path, **headers))[0] == status, path


async def test_no_token_is_taken_from_an_address(guarded: aiohttp.ClientSession) -> None:
    status, _, content = await _get(guarded, "/ui/?token=secret")
    assert (status, b"No token is taken from an address" in content) == (400, True)
    assert (await _get(guarded, "/?token=secret"))[0] == 401
    assert (await _get(guarded, "/ui/?a=b"))[0] == 400


async def test_pages_are_for_nobody_who_may_not_call(control: aiohttp.ClientSession) -> None:
    assert (await _get(control, "/ui/", Host="rebound.example"))[0] == 403
    assert (await _get(control, "/", **BROWSER, Host="rebound.example"))[0] == 403
    framed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "iframe"}
    assert (await _get(control, "/ui/", **framed))[0] == 403


def test_all_that_a_script_of_the_page_imports_is_there_and_nothing_comes_from_elsewhere() -> None:
    for name, file in files().items():
        text = file.content.decode()
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text), (
            name
        )
        assert not re.search(r"""(?:src|href|from|import|url)\s*[=(]?\s*["'(](?:https?:)?//""", text), name
        for imported in re.findall(r'(?:from|import) "(\.[^"]+)"', text):
            assert posixpath.normpath(posixpath.join(posixpath.dirname(name), imported)) in files(), (name, imported)
