"""A list of a thousand requests is shown, scrolled, filtered and added to without anybody waiting.

Measured is what the page makes the processor do, not how long it takes: others may need the machine too.
"""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.browser.conftest import Opener
from tests.browser.shop import SHOP, play
from tests.pacts import Json
from tests.patience import HANG
from tests.process import Running
from tests.process import service as running_service

_MANY = 1000
_MOST = {"load": 2.0, "scroll": 2.5, "find": 1.2, "step": 1.0, "receive": 0.8, "follow": 4.0}
"""Seconds: to show it, to turn the wheel twenty times, to type seven letters, to go down by twenty, for one more, for
a thousand more."""


def _ask_often(server: Json, times: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server["port"], timeout=HANG)
    for number in range(times):
        connection.request("GET", "/users/1" if number % 10 else f"/users/{number}")
        connection.getresponse().read()
    connection.close()


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Json]]:
    """A service with a mock server that was asked a thousand times."""
    with running_service(tmp_path_factory.mktemp("pacts")) as service:
        server = play(service, SHOP)
        _ask_often(server, _MANY)
        yield service, server


def _seconds(session: CDPSession, act: Callable[[], object]) -> float:
    """Return how long processors worked for the page while something was done, to the frame after it."""
    before = _worked(session)
    act()
    return _worked(session) - before


def _worked(session: CDPSession) -> float:
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    return float(sum(each["cpuTime"] for each in processes if each["type"] == "renderer"))


def _frames(page: Page, number: int = 2) -> None:
    page.evaluate(
        "async number => { for (; number > 0; number -= 1) await new Promise(requestAnimationFrame); }", number
    )


def test_a_list_of_a_thousand_requests_stays_smooth(
    asked: tuple[Running, Json], open_page: Opener, chromium: Browser
) -> None:
    service, server = asked
    page = open_page(service.url)
    session = chromium.new_browser_cdp_session()
    rows = page.locator(".rows > li")

    def load() -> None:
        page.goto(f"/ui/#/servers/{server['id']}")
        expect(rows).to_have_count(_MANY)
        _frames(page)

    def scroll() -> None:
        for _ in range(20):
            page.mouse.wheel(0, 1500)
            _frames(page, 1)

    def find() -> None:
        page.get_by_label("Filter by text").press_sequentially("users/5")
        expect(page.locator(".rows > li:visible")).to_have_count(11)
        page.keyboard.press("Escape")
        _frames(page)

    def step() -> None:
        for _ in range(20):
            page.keyboard.press("j")
        _frames(page)

    def receive() -> None:
        _ask_often(server, 1)
        expect(rows.first).to_contain_text("/users/0")
        _frames(page)

    def follow() -> None:
        _ask_often(server, _MANY)
        expect(page.locator("#tab-requests")).to_contain_text(f"{2 * _MANY + 1:,}")
        expect(rows).to_have_count(_MANY)
        _frames(page)

    costs = {act: _seconds(session, act) for act in (load, scroll, find, step, receive, follow)}
    too_much = {act.__name__: cost for act, cost in costs.items() if cost > _MOST[act.__name__]}
    assert not too_much
