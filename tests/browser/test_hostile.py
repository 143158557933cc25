"""Pacts and requests full of markup, scripts and other directions: the page shows texts, and stays usable.

Whatever runs leaves a mark in `window.ran`; an element that was made of a text has one of the names in `_MADE`.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener
from tests.browser.shop import DROP, ask, play, run_in_shell
from tests.pacts import Json, interaction, pact
from tests.patience import HANG
from tests.process import Running, call
from tests.process import service as running_service

_RUN = "(window.ran = (window.ran ?? 0) + 1)"
_ATTACKS = (
    f"<script>{_RUN}</script>",
    f"<img src=x onerror='{_RUN}'>",
    f'"><svg onload="{_RUN}">',
    f'</textarea></title></style></script><iframe srcdoc="<script>parent{_RUN}</script>"></iframe>',
    f"javascript:{_RUN}",
    f"'); {_RUN}; ('",
    f"${{{_RUN}}} {{{{{_RUN}}}}} <%= {_RUN} %>",
    "<bdo dir=rtl>&lt;b&gt;&#x1f;</bdo><!--",
)
_MARKUP = " ".join(_ATTACKS)
_CONTROLS = "".join(map(chr, (*range(1, 32), 0x7F, 0x85, 0x9B))) + "\x1b[31mred\x1b[0m"
_TURNED = "\u202eabc\u202d \u2066\u05d0\u05d1\u2069 \u0645\u0631\u062d\u0628\u0627 \u200f\u061c \u2028line\u2029 \ufeff"
_NASTY = _MARKUP + _CONTROLS + _TURNED
_LONG = (_NASTY + "x" * 1000) * 600
"""About a megabyte."""

_MADE = "script:not([src]), iframe, img, svg, object, embed, style, bdo, base, form[action], a[href^='javascript']"


def _nasty_pact() -> Json:
    request = {
        "method": "POST",
        "path": "/" + _MARKUP,
        "query": {_NASTY: [_NASTY, ""]},
        "headers": {"X-Nasty": [_MARKUP], "Content-Type": ["application/json"]},
        "body": {"content": {_NASTY: _NASTY, "long": _LONG}, "contentType": "application/json", "encoded": False},
        "matchingRules": {"body": {"$.long": {"combine": "AND", "matchers": [{"match": "regex", "regex": "a|<b>"}]}}},
    }
    states = [{"name": _NASTY, "params": {_NASTY: _NASTY}}]
    both = {"description": _NASTY, "providerStates": states}
    return {
        "consumer": {"name": _NASTY},
        "provider": {"name": _NASTY},
        "interactions": [
            {"type": "Synchronous/HTTP", "request": request, "response": {"status": 200}, **both},
            {"type": "Asynchronous/Messages", "contents": {"content": _NASTY, "contentType": "text/html"}, **both},
        ],
        "metadata": {"pactSpecification": {"version": "4.0"}, _NASTY: {_NASTY: _NASTY}},
        _NASTY: _NASTY,
    }


def _send(server: Json, head: bytes, body: bytes = b"") -> None:
    """Send bytes as they are, as no library of HTTP would."""
    with socket.create_connection(("127.0.0.1", server["port"]), timeout=HANG) as connection:
        connection.sendall(head + b"\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        while connection.recv(65536):
            pass


def _post(server: Json, media_type: str, body: bytes, path: str = "/") -> None:
    _send(server, f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {media_type}".encode(), body)


@pytest.fixture(scope="module")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Json]]:
    """A service with a mock server that says only such things, and was asked such things."""
    with running_service(tmp_path_factory.mktemp("pacts")) as service:
        server = play(service, _nasty_pact())
        path = b"/" + "".join(_ATTACKS).replace(" ", "%20").encode()
        _send(server, b"GET " + path + b"?" + path + b" HTTP/1.1\r\nHost: x\r\nX-Nasty: " + _MARKUP.encode())
        _post(server, "text/html", _NASTY.encode(), "/%2E%2E/%00%1b%E2%80%AE")
        _post(server, "application/json", json.dumps({_NASTY: _NASTY}).encode())
        _post(server, "application/json", json.dumps({"long": _LONG}).encode())
        _post(server, "application/octet-stream", b"\x00\xff" * 500_000)
        _send(server, b"GET /" + _MARKUP.encode() + b"\x01 HTTP/1.1\r\nHost: x")
        yield service, server


def _is_harmless(page: Page) -> None:
    assert page.evaluate("window.ran") is None
    assert page.eval_on_selector_all(_MADE, "all => all.map(each => each.outerHTML)") == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    shown = page.evaluate("document.body.innerText")
    assert not {letter for letter in shown if letter in "\u202e\u202d\u2066\u200f\u061c\x1b"}


_PLACES = {
    "": ".card",
    "/requests": "a.row",
    **{f"/requests/{number}": ".pane h2" for number in range(1, 7)},
    "/interactions": "a.row",
    "/messages": "li.row",
    "/try": "form",
    "/try/3": "form",
}
"""What can be looked at, and what is there when it is shown."""


@pytest.mark.parametrize("place", _PLACES)
def test_nothing_that_is_shown_runs_or_becomes_markup(
    nasty: tuple[Running, Json], open_page: Opener, place: str
) -> None:
    service, server = nasty
    page = open_page(service.url)
    page.goto("/ui/#/" if place == "" else f"/ui/#/servers/{server['id']}{place}")
    page.wait_for_selector(_PLACES[place])
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    for button in page.locator("main button", has_text=" more ").all():
        button.click()
    _is_harmless(page)


def test_what_is_shown_says_what_was_sent(nasty: tuple[Running, Json], open_page: Opener) -> None:
    service, server = nasty
    page = open_page(service.url)
    page.goto(f"/ui/#/servers/{server['id']}/requests/2")
    expect(page.locator(".pane")).to_contain_text(_ATTACKS[0])
    expect(page.locator(".pane")).to_contain_text("\\u{202e}abc")
    expect(page.locator(".pane")).to_contain_text("\\u{1b}[31mred")


def test_the_page_stays_usable_beside_bodies_of_a_megabyte(nasty: tuple[Running, Json], open_page: Opener) -> None:
    service, server = nasty
    page = open_page(service.url)
    page.goto(f"/ui/#/servers/{server['id']}/requests/4")
    expect(page.locator(".pane .part")).not_to_have_count(0)
    expect(page.locator(".pane")).to_contain_text("of which the first")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the body").click()
    assert json.loads(Path(download.value.path()).read_bytes()) == {"long": _LONG}
    page.keyboard.press("Escape")
    page.get_by_label("Filter by text").fill("octet")
    page.keyboard.press("Escape")
    expect(page.locator("a.row:visible")).to_have_count(6)
    _post(server, "text/plain", _NASTY.encode(), f"/{_ATTACKS[1]}".replace(" ", "%20"))
    expect(page.locator("a.row:visible")).to_have_count(7)
    _is_harmless(page)
    page.get_by_role("link", name="POST /").last.click()
    expect(page.get_by_role("heading", level=2).first).to_contain_text("POST")


def test_a_command_line_that_is_copied_sends_the_same_and_does_nothing_else(
    nasty: tuple[Running, Json], open_page: Opener, tmp_path: Path
) -> None:
    service, server = nasty
    page = open_page(service.url, permissions=["clipboard-read", "clipboard-write"])
    bait = {"a": f"'; touch {tmp_path}/made; ' $(touch {tmp_path}/made) `touch {tmp_path}/made` \\\n!!"}
    ask(server, "POST", f"/x';touch$IFS{tmp_path}/made;'?a=$(touch%20{tmp_path}/made)", bait)
    entries = call("GET", f"{service.url}/mockserver/{server['id']}/requests")[1]["requests"]
    page.goto(f"/ui/#/servers/{server['id']}/requests/{entries[-1]['number']}")
    page.get_by_role("button", name="Copy as curl").click()
    expect(page.locator("#toast")).to_contain_text("copied")
    run_in_shell(page.evaluate("navigator.clipboard.readText()"), tmp_path)
    again = call("GET", f"{service.url}/mockserver/{server['id']}/requests")[1]["requests"][-1]
    assert again["number"] == entries[-1]["number"] + 1
    for part in ("method", "path", "query", "body"):
        assert again["request"][part] == entries[-1]["request"][part]
    assert list(tmp_path.iterdir()) == []


def test_files_with_such_names_are_taken_and_refused_as_texts(nasty: tuple[Running, Json], open_page: Opener) -> None:
    service, _ = nasty
    page = open_page(service.url)
    page.goto("/ui/#/")
    page.evaluate(DROP, {f"{_MARKUP}.json": "{", "\u202enosj.json": json.dumps({_MARKUP: 1, "interactions": _MARKUP})})
    expect(page.locator(".results .error")).to_have_count(2)
    expect(page.locator(".results")).to_contain_text(_ATTACKS[0])
    rules = {"headers": {"\u202eevil": {"matchers": [{"match": "regex"}]}}}
    page.evaluate(DROP, {"a.json": json.dumps(pact(interaction(request={"path": "/", "matchingRules": rules})))})
    expect(page.locator(".results .error")).to_have_count(3)
    expect(page.locator(".results .error code").last).to_have_text(
        "/interactions/0/request/matchingRules/headers/\\u{202e}evil/matchers/0"
    )
    assert "\u202e" not in page.locator(".results").inner_text()
    _is_harmless(page)
