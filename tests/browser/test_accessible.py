"""Whatever the page shows, nothing stands against WCAG 2.2 AA there, in light and dark, wide and narrow."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.conftest import Opener
from tests.browser.shop import DROP, WRONG_ORDER, ask, play
from tests.pacts import Json, interaction, pact
from tests.process import Running, call
from tests.process import service as running_service

_MESSAGES = {
    "consumer": {"name": "mailer"},
    "provider": {"name": "orders"},
    "interactions": [
        {"type": "Asynchronous/Messages", "description": "an order", "contents": {"content": {"id": 1}}},
        {"type": "Asynchronous/Messages", "description": "an order that is sent", "contents": {"content": {"id": 2}}},
    ],
    "metadata": {"pactSpecification": {"version": "4.0"}},
}


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, dict[str, Json]]]:
    """A service with mock servers that stand differently, by their names; tests change nothing of it."""
    with running_service(tmp_path_factory.mktemp("pacts")) as service:
        shop = play(service, name="shop", ttl="3600")
        ask(shop, "POST", "/orders", WRONG_ORDER)
        ask(shop, "PUT", "/else?a=b", {"a": 1})
        ask(shop)
        mail = play(service, _MESSAGES, name="mail", messages="true")
        key = call("GET", f"{service.url}/mockserver/mail/messages")[1]["messages"][0]["key"]
        call("POST", f"{service.url}/mockserver/mail/messages/{key}")
        failed = {"error": "it has no address"}
        assert call("POST", f"{service.url}/mockserver/mail/messages/{key}/handled", failed)[0] < 300
        warned = play(service, pact(interaction("reports", {"path": "/a/../reports"})), name="warned")
        yield service, {"shop": shop, "mail": mail, "warned": warned}


_PLACES = {
    "all mock servers": ("", ".card"),
    "requests": ("shop", "a.row"),
    "a request that differs": ("shop/requests/1", ".part"),
    "a request that nobody expects": ("shop/requests/2", ".part"),
    "a request that matched": ("shop/requests/3", ".part"),
    "interactions": ("shop/interactions", "a.row"),
    "messages": ("mail/messages", "li.row"),
    "a request to try": ("shop/try", "form"),
    "a warning, and no request": ("warned", ".empty"),
    "a mock server that is not there": ("gone", "main p"),
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 320])
def test_nothing_stands_against_the_rules_anywhere(
    busy: tuple[Running, dict[str, Json]], open_page: Opener, scheme: str, width: int
) -> None:
    service, servers = busy
    page = open_page(service.url, color_scheme=scheme, viewport={"width": width, "height": 900})
    found = {}
    for name, (place, shown) in _PLACES.items():
        key, _, rest = place.partition("/")
        item = servers[key]["id"] if key in servers else key
        page.goto(f"/ui/#/servers/{item}/{rest}".rstrip("/") if place else "/ui/#/")
        page.wait_for_selector(shown)
        page.evaluate("document.querySelectorAll('details:not(.menu)').forEach(each => { each.open = true })")
        found[name] = violations(page)
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nor_in_what_opens_over_it_and_in_what_went_wrong(
    busy: tuple[Running, dict[str, Json]], open_page: Opener, scheme: str
) -> None:
    service, servers = busy
    page = open_page(service.url, color_scheme=scheme)
    page.goto(f"/ui/#/servers/{servers['shop']['id']}")
    found = {}
    for name in ("Keys", "End", "Forget requests"):
        page.get_by_role("button", name=name).click()
        found[name] = violations(page)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    page.goto("/ui/#/")
    page.evaluate(DROP, {"broken.json": "{"})
    expect(page.locator(".results .error")).to_be_visible()
    found["a file that is no pact"] = violations(page)
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_with_the_keyboard_alone_a_request_is_found_read_and_left(
    busy: tuple[Running, dict[str, Json]], open_page: Opener
) -> None:
    service, servers = busy
    page = open_page(service.url)
    page.goto(f"/ui/#/servers/{servers['shop']['id']}")
    rows = page.locator("a.row")
    expect(rows).to_have_count(3)
    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(rows.nth(2)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("tr.differs")).to_have_count(2)
    page.keyboard.press("k")
    expect(page.get_by_role("region", name="Request 2")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".pane")).to_have_count(0)
    expect(page.locator("a.row:focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mock servers")


def test_what_a_screen_reader_says_of_a_row_is_what_the_row_shows(
    busy: tuple[Running, dict[str, Json]], open_page: Opener
) -> None:
    service, servers = busy
    page = open_page(service.url)
    page.goto(f"/ui/#/servers/{servers['shop']['id']}")
    for start in ("Matched: GET /users/1", "Not expected: PUT /else", "Differs: POST /orders"):
        expect(page.get_by_role("link", name=start)).to_have_count(1)
