"""The page, as somebody uses it who develops against a mock server."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import Opener
from tests.pacts import interaction, pact, rules
from tests.process import Running, call
from tests.process import service as running_service

JSON = {"Content-Type": "application/json"}
ORDER = {"customer": {"id": 42, "name": "Ada"}, "items": [{"sku": "A-1", "count": 2}], "note": "at the door"}

SHOP = pact(
    interaction(
        "a new order",
        {
            "method": "POST",
            "path": "/orders",
            "headers": JSON,
            "body": ORDER,
            "matchingRules": rules(**{"$.items[*].sku": {"match": "regex", "regex": "[A-Z]-\\d+"}}),
        },
        status=201,
    ),
    interaction("a user", {"path": "/users/1"}, body="Ada") | {"providerState": "user 1 exists"},
    consumer="shop",
    provider="orders",
)


def _play(service: Running, document: Any = SHOP, **query: str) -> dict[str, Any]:
    options = "&".join(f"{name}={value}" for name, value in query.items())
    status, created = call("POST", f"{service.url}/?{options}", document)
    assert status == 200, created
    server: dict[str, Any] = created["mockServer"]
    return server


def _ask(server: dict[str, Any], method: str = "GET", path: str = "/users/1", document: Any = None) -> int:
    request = ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-X", method, server["url"] + path]
    body = [] if document is None else ["-H", "Content-Type: application/json", "-d", json.dumps(document)]
    return int(subprocess.run([*request, *body], capture_output=True, text=True, check=True).stdout)


def test_a_browser_is_led_to_the_page_which_says_what_to_do_first(page: Page, service: Running) -> None:
    page.goto("/")
    assert page.url == f"{service.url}/ui/"
    line = page.locator(".empty pre").inner_text()
    assert line == f"curl -d @pact.json {service.url}/"
    assert violations(page) == []


def test_what_differs_is_marked_in_place_with_the_rule_that_decided(page: Page, service: Running) -> None:
    server = _play(service, name="orders")
    wrong = {"customer": {"id": "42", "name": "Ada"}, "items": [{"sku": "a-1", "count": 2}], "note": "at the door"}
    assert _ask(server, "POST", "/orders", wrong) == 500
    page.goto(f"/ui/#/servers/{server['id']}")
    page.get_by_role("link", name="/orders").click()
    body = page.get_by_role("table", name="Expected and received body")
    rows = body.locator("tr.differs")
    expect(rows).to_have_count(2)
    assert [row.locator("mark").all_inner_texts() for row in rows.all()] == [["42", '"42"'], ["A", "a"]]
    findings = page.locator(".findings li")
    expect(findings).to_have_count(2)
    expect(findings.nth(0)).to_contain_text("$.customer.id")
    expect(findings.nth(0)).to_contain_text("Decided by equality")
    expect(findings.nth(1)).to_contain_text("$.items[*].sku")
    expect(findings.nth(1)).to_contain_text("[A-Z]-\\\\d+")
    assert violations(page) == []


def test_requests_appear_as_they_come_and_can_be_filtered(page: Page, service: Running) -> None:
    server = _play(service)
    page.goto(f"/ui/#/servers/{server['id']}")
    expect(page.get_by_text("Nothing was received yet")).to_be_visible()
    assert _ask(server) == 200
    assert _ask(server, "PUT", "/else") == 500
    rows = page.locator(".rows > li:visible")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("PUT")
    page.keyboard.press("/")
    page.keyboard.type("put /else")
    expect(rows).to_have_count(1)
    page.keyboard.press("Escape")
    expect(rows).to_have_count(2)
    page.get_by_label("Verdict").select_option("Did not match")
    expect(rows).to_have_count(1)
    page.get_by_label("Verdict").select_option("All verdicts")
    page.get_by_label("Method").select_option("GET")
    expect(rows).to_have_count(1)


def test_the_command_line_and_the_interaction_that_are_copied_do_what_they_say(
    service: Running, open_page: Opener, tmp_path: Path
) -> None:
    page = open_page(service.url, permissions=["clipboard-read", "clipboard-write"])
    server = _play(service)
    odd = {"it's": 'a "test" $HOME `id` \\ é \u202e', "n": 1.0}
    assert _ask(server, "POST", "/orders?q=a%20b&x=%27", odd) == 500
    page.goto(f"/ui/#/servers/{server['id']}/requests/1")
    page.get_by_role("button", name="Copy as curl").click()
    expect(page.locator("#toast")).to_contain_text("copied")
    line = page.evaluate("navigator.clipboard.readText()")
    subprocess.run(["/bin/sh", "-c", line], check=True, capture_output=True, cwd=tmp_path)
    _, listed = call("GET", f"{service.url}/mockserver/{server['id']}/requests")
    first, second = (item["request"] for item in listed["requests"])
    for part in ("method", "path", "query", "body"):
        assert first[part] == second[part]
    without_host = [
        {name: value for name, value in item["headers"].items() if name != "host"} for item in (first, second)
    ]
    assert without_host[0] == without_host[1]
    page.get_by_role("button", name="Copy as an interaction").click()
    expect(page.locator("#toast")).to_contain_text("Interaction copied")
    copied = json.loads(page.evaluate("navigator.clipboard.readText()"))
    again = _play(service, pact(copied))
    assert _ask(again, "POST", "/orders?q=a%20b&x=%27", odd) == 201


def test_a_file_that_is_dropped_has_a_mock_server_and_one_that_cannot_be_played_says_why(page: Page) -> None:
    page.goto("/ui/")
    page.evaluate(
        """files => {
            const transfer = new DataTransfer();
            for (const [name, text] of files) transfer.items.add(new File([text], name));
            window.dispatchEvent(new DragEvent('drop', {dataTransfer: transfer, bubbles: true, cancelable: true}));
        }""",
        [["shop.json", json.dumps(SHOP)], ["<b>broken</b>.json", "{"]],
    )
    expect(page.locator(".results li")).to_have_count(2)
    expect(page.locator(".results .error")).to_contain_text("<b>broken</b>.json")
    page.locator(".results a").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("shop - orders")


def test_a_mock_server_is_reset_and_ended_after_a_question(page: Page, service: Running) -> None:
    server = _play(service, name="users")
    assert _ask(server) == 200
    page.goto(f"/ui/#/servers/{server['id']}")
    expect(page.locator(".rows > li")).to_have_count(1)
    page.get_by_role("button", name="Forget requests").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(page.locator(".rows > li")).to_have_count(1)
    page.get_by_role("button", name="Forget requests").click()
    assert violations(page) == []
    page.get_by_role("dialog").get_by_role("button", name="Forget requests").click()
    expect(page.locator(".rows > li")).to_have_count(0)
    page.get_by_role("button", name="End").click()
    page.get_by_role("dialog").get_by_role("button", name="End it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mock servers")
    assert call("GET", service.url)[1] == {"mockServers": []}


def test_the_token_is_asked_for_once_and_kept_for_the_tab(tmp_path: Path, open_page: Opener) -> None:
    with running_service(tmp_path, PACTMOCK_TOKEN="the token") as guarded:  # noqa: S106
        page = open_page(guarded.url)
        page.goto("/")
        field = page.get_by_label("Token", exact=True)
        field.fill("wrong")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("not the token")
        assert violations(page) == []
        page.get_by_label("Token", exact=True).fill("the token")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Mock servers")
        expect(page.locator(".empty pre")).to_contain_text("Authorization: Bearer TOKEN")
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_have_text("Mock servers")


def test_a_request_that_is_typed_is_explained_and_not_noted(page: Page, service: Running) -> None:
    server = _play(service)
    page.goto(f"/ui/#/servers/{server['id']}/try")
    page.get_by_label("Path and query").fill("/users/2")
    page.get_by_role("button", name="Explain").click()
    expect(page.locator(".result .badge")).to_contain_text("It would not match")
    expect(page.locator(".difference tr.differs")).to_have_count(1)
    page.get_by_label("Path and query").fill("/users/1")
    page.get_by_role("button", name="Explain").click()
    expect(page.locator(".result .badge")).to_contain_text("It would match")
    page.get_by_label("Method").fill("POST")
    page.get_by_label("Path and query").fill("/orders")
    page.get_by_label("Headers").fill("Content-Type: application/json")
    page.get_by_label("Body").fill(json.dumps(ORDER))
    page.get_by_role("button", name="Explain").click()
    expect(page.locator(".result .badge")).to_contain_text("It would match")
    assert violations(page) == []
    assert call("GET", f"{service.url}/mockserver/{server['id']}/requests")[1]["total"] == 0


@pytest.mark.parametrize("width", [320, 900, 1400, 3840])
def test_it_fits_any_width(service: Running, open_page: Opener, width: int) -> None:
    page = open_page(service.url, viewport={"width": width, "height": 800})
    long = _play(service, pact(interaction("d" * 300, {"path": "/p" * 200}), consumer="c" * 200))
    _ask(long, "POST", "/" + "q" * 2000, {"a" * 500: "b" * 5000})
    here = f"#/servers/{long['id']}"
    for place, shown in (
        ("", ".card"),
        (here, "a.row"),
        (f"{here}/requests/1", ".part"),
        (f"{here}/interactions", "a.row"),
        (f"{here}/try", "form"),
    ):
        page.goto(f"/ui/{place}")
        page.wait_for_selector(shown)
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, place
