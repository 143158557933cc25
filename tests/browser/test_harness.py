"""What the other tests of pages lean on does see what it is to see."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.axe import violations
from tests.browser.conftest import Opener
from tests.pacts import interaction, pact
from tests.process import Running, call

_STRICT = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": "default-src 'self'"}


def _serve(service: Running, html: str) -> str:
    """Have a page served under a strict policy; return its URL."""
    _, created = call("POST", service.url, pact(interaction(headers=_STRICT, body=html)))
    return f"{created['mockServer']['url']}/"


def test_a_page_that_some_cannot_read_is_found_also_where_scripts_are_forbidden(
    service: Running, open_page: Opener
) -> None:
    url = _serve(service, "<!doctype html><html lang=en><title>A page</title><main><h1>A page</h1><img>")
    page = open_page(url)
    page.goto("")
    assert [line.partition(":")[0] for line in violations(page)] == ["image-alt"]
    page.evaluate("document.querySelector('img').alt = 'nothing'")
    assert violations(page) == []


def test_what_a_page_asks_of_others_and_what_its_policy_stops_is_noticed(
    service: Running, page: Page, troubles: list[str]
) -> None:
    url = _serve(service, "<!doctype html><title>A page</title><script>1</script>")
    page.goto(url)
    page.evaluate("setTimeout(() => { throw new Error('it broke') })")
    page.wait_for_function("true")
    asked, stopped, failed = troubles
    assert asked == f"GET {url} was asked for"
    assert "Content Security Policy" in stopped
    assert failed == "a script failed: it broke"
    troubles.clear()
