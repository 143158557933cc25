"""An afternoon with the page: a pact dropped, a request that is wrong, why it is, sent again, put right, ended.

The pictures in the documentation are taken on the way. Each run takes them; they are kept where
PACTMOCK_WRITE_PAGES is set, as those of the command line are.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener
from tests.browser.shop import DROP, ORDER, SHOP, WRONG_ORDER, ask, files, play, received, run_in_shell
from tests.pacts import interaction, pact
from tests.process import Running, call

_IMAGES = Path(__file__).parents[2] / "docs" / "images"
_SIZE = {"width": 1280, "height": 800}


def _photograph(page: Page, name: str) -> None:
    """Take a picture of what is seen, without what is only said in passing."""
    page.evaluate("document.getElementById('toast').textContent = ''")
    picture = page.screenshot(animations="disabled")
    kept = _IMAGES / f"{name}.png"
    if os.environ.get("PACTMOCK_WRITE_PAGES"):
        kept.write_bytes(picture)
    assert kept.exists(), f"run this test with PACTMOCK_WRITE_PAGES=1: docs/images/{name}.png is shown by docs/page.md"


def test_an_afternoon_with_the_page(service: Running, open_page: Opener, tmp_path: Path) -> None:
    page = open_page(service.url, viewport=_SIZE, permissions=["clipboard-read", "clipboard-write"])
    page.goto("/")
    expect(page.get_by_text("No mock server runs.")).to_be_visible()

    page.evaluate(DROP, files(shop=SHOP))
    page.locator(".results").get_by_role("link", name="shop - orders").click()
    expect(page.get_by_text("Nothing was received yet")).to_be_visible()
    (server,) = call("GET", service.url)[1]["mockServers"]

    assert ask(server, "POST", "/orders", WRONG_ORDER) == 500
    page.get_by_role("link", name="/orders").click()
    body = page.get_by_role("table", name="Expected and received body")
    expect(body.locator("tr.differs")).to_have_count(2)
    marks = [row.locator("mark").all_inner_texts() for row in body.locator("tr.differs").all()]
    assert marks == [["42", '"42"'], ["A", "a"]]
    expect(page.locator(".side .bad")).to_be_visible()
    page.locator(".headline").evaluate("each => each.scrollIntoView()")
    _photograph(page, "page-difference")

    page.get_by_role("button", name="Copy as curl").click()
    expect(page.locator("#toast")).to_contain_text("copied")
    line = page.evaluate("navigator.clipboard.readText()")
    run_in_shell(line, tmp_path)
    expect(page.locator(".rows > li")).to_have_count(2)
    first, again = (entry["request"]["body"] for entry in received(service, server))
    assert first == again

    assert ask(server, "POST", "/orders", ORDER) == 201
    assert ask(server) == 200
    expect(page.locator(".rows > li")).to_have_count(4)
    page.get_by_label("Verdict").select_option("Matched")
    expect(page.locator(".rows > li:visible")).to_have_count(2)
    page.get_by_label("Verdict").select_option("All verdicts")
    page.keyboard.press("/")
    page.keyboard.type("users")
    expect(page.locator(".rows > li:visible")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(".rows > li:visible")).to_have_count(4)

    page.goto("/ui/#/")
    page.get_by_role("link", name="shop - orders").first.click()
    page.get_by_role("button", name="End").click()
    page.get_by_role("dialog").get_by_role("button", name="End it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mock servers")
    assert call("GET", service.url)[1] == {"mockServers": []}


def _some_servers(service: Running) -> None:
    """Start mock servers that stand differently: all received, some missing, one request wrong, a warning."""
    users = interaction("a request for a user", {"path": "/users/1"})
    done = play(service, pact(users, consumer="web", provider="users"), name="web-users")
    ask(done)
    play(service, pact(users, consumer="app", provider="users"), name="app-users", ttl="3600")
    wrong = play(service, name="shop-orders")
    ask(wrong, "POST", "/orders", WRONG_ORDER)
    ask(wrong)
    rewritten = interaction("all reports", {"path": "/a/../reports"})
    play(service, pact(rewritten, consumer="app", provider="reports"), name="app-reports")


@pytest.mark.parametrize(("scheme", "name"), [("light", "page-servers"), ("dark", "page-dark")])
def test_who_has_the_colours_dark_has_the_page_so_and_may_choose_otherwise(
    service: Running, open_page: Opener, scheme: str, name: str
) -> None:
    _some_servers(service)
    page = open_page(service.url, viewport=_SIZE, color_scheme=scheme)
    page.goto("/ui/")
    expect(page.locator(".card")).to_have_count(4)
    expect(page.locator("#connection")).to_have_text("Live")
    if scheme == "dark":
        page.get_by_role("link", name="shop-orders").first.click()
        page.locator("a.row", has_text="/orders").click()
        expect(page.locator("tr.differs")).to_have_count(2)
    _photograph(page, name)
    brightness = (
        "getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g).slice(0, 3).every(part => part {} 128)"
    )
    assert page.evaluate(brightness.format("<" if scheme == "dark" else ">"))
    page.get_by_label("Colours").select_option("Light" if scheme == "dark" else "Dark")
    page.reload()
    expect(page.get_by_label("Colours")).to_have_value("light" if scheme == "dark" else "dark")
    assert page.evaluate(brightness.format(">" if scheme == "dark" else "<"))


def test_enlarged_to_400_percent_a_difference_can_be_found_and_read(service: Running, open_page: Opener) -> None:
    server = play(service)
    ask(server, "POST", "/orders", WRONG_ORDER)
    page = open_page(service.url, viewport={"width": 320, "height": 256})  # what is left of 1280 by 1024
    page.goto("/ui/")
    page.locator(".card a").click()
    row = page.locator("a.row", has_text="/orders")
    row.focus()
    page.keyboard.press("Enter")
    mark = page.locator("tr.differs mark").first
    mark.scroll_into_view_if_needed()
    expect(mark).to_be_in_viewport()
    for button in page.get_by_role("button").all():
        button.focus()
        box, top = button.bounding_box(), page.locator("header.top").bounding_box()
        assert box is not None
        assert top is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
        assert box["y"] + box["height"] > top["y"] + top["height"] or button.locator("xpath=ancestor::header").count()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("link", name="All requests").click()
    expect(row).to_be_visible()
