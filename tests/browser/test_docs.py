"""The page of the control API says all that the OpenAPI document says, to everybody, and asks nobody else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import Opener
from tests.browser.proxy import proxy
from tests.process import Running, call
from tests.process import service as running_service


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One service for all tests: the page changes nothing of it."""
    with running_service(tmp_path_factory.mktemp("pacts")) as running:
        yield running


_NO_MORE_THAN_FITS = "document.documentElement.scrollWidth <= innerWidth"


def _open(page: Page, address: str = "docs") -> None:
    page.goto(address)
    expect(page.get_by_role("heading", name="Schemas").first).to_be_visible()


def test_every_call_and_schema_is_there_and_every_link_leads_to_one(service: Running, page: Page) -> None:
    _, api = call("GET", f"{service.url}/openapi.json")
    _open(page)
    for path, item in api["paths"].items():
        for method, operation in item.items():
            shown = page.locator(f"#{operation['operationId']}")
            assert f"{method.upper()}{path}" in shown.inner_text().replace("\n", "")
            text = shown.text_content() or ""
            assert operation["summary"] in text
            for said in [parameter["name"] for parameter in operation["parameters"]]:
                assert said in text
            for status in operation["responses"]:
                assert ("others" if status == "default" else status) in text
    for name, schema in api["components"]["schemas"].items():
        text = page.locator(f"#schema-{name}").text_content() or ""
        assert all(member in text for member in schema.get("properties", {}))
    assert "[object" not in page.locator("main").inner_text()
    links: list[str] = page.eval_on_selector_all(
        "main a.anchor, main a[href*=schema], #contents a", "links => links.map(link => link.hash.slice(1))"
    )
    ids = set(page.eval_on_selector_all("article", "all => all.map(each => each.id)"))
    assert set(links) == ids


def test_types_bounds_and_defaults_are_told_in_words(page: Page) -> None:
    _open(page)
    created = page.locator("#create_server")
    port = created.locator("dl.members > div", has=page.locator("code.name", has_text="port")).first
    expect(port.locator("dt")).to_have_text("portinteger" + "at least 0" + "at most 65535" + "else 0")
    count = created.locator("dl.members > div", has=page.locator("code.name", has_text="count"))
    expect(count.locator(".type")).to_have_text('"request" or "interaction"')
    matched = page.locator("#show_requests dl.members > div", has=page.locator("code.name", has_text="matched")).first
    expect(matched.locator(".type")).to_have_text("boolean")
    expect(page.locator("#schema-Server").get_by_role("link", name="PactWarning")).to_have_attribute(
        "href", "#schema-PactWarning"
    )


def test_what_is_typed_is_found_and_a_link_to_what_is_hidden_shows_all_again(page: Page) -> None:
    _open(page)
    page.get_by_label("Find a call").fill("verify POST")
    expect(page.locator("#verify")).to_be_visible()
    expect(page.locator("#show_logs")).to_be_hidden()
    expect(page.get_by_role("status")).to_contain_text(" of ")
    page.get_by_label("Find a call").fill("nonsense")
    expect(page.locator("article:visible")).to_have_count(0)
    expect(page.get_by_role("status")).to_have_text(f"0 of {page.locator('[data-call]').count()} calls, 0 schemas")
    page.evaluate("location.hash = '#show_logs'")
    expect(page.locator("#show_logs")).to_be_in_viewport()
    expect(page.get_by_label("Find a call")).to_have_value("")


def test_keys_find_and_step_and_can_be_switched_off(page: Page) -> None:
    _open(page)
    page.keyboard.press("/")
    expect(page.get_by_label("Find a call")).to_be_focused()
    page.keyboard.type("wait k")
    expect(page.get_by_label("Find a call")).to_have_value("wait k")
    page.keyboard.press("Escape")
    expect(page.get_by_label("Find a call")).to_have_value("")
    headings = page.locator("article h3")
    for key, at in (("j", 0), ("j", 1), ("k", 0), ("k", 0)):
        page.keyboard.press(key)
        expect(headings.nth(at)).to_be_focused()
    page.get_by_label("single keys do this").uncheck()
    _open(page)
    expect(page.get_by_label("single keys do this")).not_to_be_checked()
    page.keyboard.press("/")
    expect(page.get_by_label("Find a call")).not_to_be_focused()


def test_a_link_to_a_call_shows_it_at_once(page: Page) -> None:
    _open(page, "docs#show_report")
    expect(page.locator("#show_report")).to_be_in_viewport()


def test_the_document_can_be_saved(service: Running, page: Page, tmp_path: Path) -> None:
    _open(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Save openapi.json").click()
    download.value.save_as(tmp_path / download.value.suggested_filename)
    saved = json.loads((tmp_path / "openapi.json").read_text())
    assert saved == call("GET", f"{service.url}/openapi.json")[1]


def test_the_token_is_asked_for_until_it_is_right_once_a_tab_also_below_a_path(
    open_page: Opener, tmp_path: Path
) -> None:
    options = ("--token", "pass word", "--trusted-proxies", "127.0.0.1")
    with running_service(tmp_path, *options) as running, proxy(running.url, "/team/pacts") as url:
        page = open_page(url)
        page.goto(f"{url}/docs")
        asked = page.get_by_role("form", name="This service needs its token")
        expect(asked).to_be_visible()
        assert violations(page) == []
        page.get_by_label("Token", exact=True).fill("another")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_have_text("That is not the token of this service.")
        page.get_by_label("Token", exact=True).fill("pass word")
        page.get_by_role("button", name="Go on").click()
        expect(page.locator("#show_report pre")).to_contain_text(f"{url}/mockserver/ID/report")
        expect(asked).to_have_count(0)
        page.reload()
        expect(page.locator("#show_report")).to_be_visible()
        assert "pass" not in page.url
        assert page.evaluate("document.cookie + JSON.stringify(localStorage)") == "{}"


def test_a_document_that_cannot_be_had_is_told_in_a_sentence(page: Page) -> None:
    page.route("**/openapi.json", lambda route: route.fulfill(status=503, json={"error": "Not now.", "code": "busy"}))
    page.goto("docs")
    expect(page.get_by_role("alert")).to_have_text("The document about the API cannot be shown: Not now.")


def test_lines_of_curl_have_the_secret_that_is_needed_and_show_streams_as_they_come(page: Page) -> None:
    _open(page)
    shutdown = page.locator("#shutdown pre")
    expect(shutdown).to_contain_text("-H 'Authorization: Bearer SERVER_KEY' -H 'Content-Type: application/json'")
    expect(page.locator("#follow_all pre")).to_contain_text("curl -N ")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1280, 1024), (320, 256)], ids=["wide", "zoomed to 400 percent"])
def test_everybody_can_read_it(service: Running, open_page: Opener, scheme: str, width: int, height: int) -> None:
    page = open_page(service.url, color_scheme=scheme, viewport={"width": width, "height": height})
    _open(page)
    page.get_by_label("Find a call").fill("fault")  # those that are left have all there is on this page
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    assert page.evaluate(_NO_MORE_THAN_FITS)
    assert violations(page) == []
