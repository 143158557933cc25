"""The page, as somebody uses it who develops against a mock server."""

from __future__ import annotations

import json
import re
import socket
import subprocess
from http.client import HTTPConnection
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import Opener
from tests.browser.proxy import proxy
from tests.browser.shop import ORDER, SHOP, WRONG_ORDER, ask, play, run_in_shell
from tests.pacts import interaction, pact
from tests.patience import HANG
from tests.process import COMMAND, Running, call
from tests.process import service as running_service


def test_a_browser_is_led_to_the_page_which_says_what_to_do_first_and_that_works(
    page: Page, service: Running, tmp_path: Path
) -> None:
    page.goto("/")
    assert page.url == f"{service.url}/ui/"
    line = page.locator(".empty pre").inner_text()
    assert violations(page) == []
    (tmp_path / "pact.json").write_text(json.dumps(SHOP))
    done = subprocess.run(["/bin/sh", "-c", line], capture_output=True, text=True, check=True, cwd=tmp_path)
    created = json.loads(done.stdout)["mockServer"]
    expect(page.locator(".card a")).to_have_attribute("href", f"#/servers/{created['id']}")


def test_the_first_request_that_is_proposed_matches_and_so_does_that_of_any_interaction(
    service: Running, open_page: Opener
) -> None:
    asked = {
        "method": "PUT",
        "path": "/käse/1",
        "query": "q=a%20b&empty=&q=%26",
        "headers": {"Content-Type": "application/json", "X-List": "it's"},
        "body": {"name": "it's"},
    }
    server = play(service, pact(interaction("a cheese", asked), interaction("all", {"path": "/all"})))
    page = open_page(service.url, permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"/ui/#/servers/{server['id']}")
    proposed = page.locator(".empty pre").inner_text()
    subprocess.run(["/bin/sh", "-c", proposed], check=True, capture_output=True)
    expect(page.locator(".rows .row")).to_contain_text("Matched")
    expect(page.locator(".rows .query")).to_have_text("?empty=&q=a%20b&q=%26")
    page.goto(f"/ui/#/servers/{server['id']}/interactions")
    page.locator(".rows a").nth(1).click()
    expect(page.locator(".pane .badge")).to_contain_text("Not received")
    page.get_by_role("button", name="Copy as curl").click()
    expect(page.locator("#toast")).not_to_be_empty()
    subprocess.run(["/bin/sh", "-c", page.evaluate("navigator.clipboard.readText()")], check=True, capture_output=True)
    expect(page.locator(".pane .badge")).to_contain_text("Received")
    expect(page.locator(".server-head .badge")).to_contain_text("All matched")


def test_requests_are_told_apart_and_found_by_their_queries_and_servers_by_their_ports(
    page: Page, service: Running
) -> None:
    servers = [play(service), play(service)]
    for number in (1, 2):
        ask(servers[0], path=f"/search?q=word-{number}")
    page.goto(f"/ui/#/servers/{servers[0]['id']}")
    expect(page.locator(".rows .path")).to_have_text(["/search?q=word-2", "/search?q=word-1"])
    page.get_by_label("Filter by text").fill("q=word-1")
    expect(page.locator(".rows .path:visible")).to_have_text(["/search?q=word-1"])
    page.locator(".rows a:visible").click()
    expect(page.locator(".pane h2")).to_have_text("GET /search?q=word-1")
    for server in servers:
        expect(page.locator(f"#side a[href$='/{server['id']}']")).to_contain_text(f":{server['port']}")


def test_what_differs_is_marked_in_place_with_the_rule_that_decided(page: Page, service: Running) -> None:
    server = play(service, name="orders")
    assert ask(server, "POST", "/orders", WRONG_ORDER) == 500
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
    server = play(service)
    page.goto(f"/ui/#/servers/{server['id']}")
    expect(page.get_by_text("Nothing was received yet")).to_be_visible()
    assert ask(server) == 200
    assert ask(server, "PUT", "/else") == 500
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
    server = play(service)
    odd = {"it's": 'a "test" $HOME `id` \\ é \u202e', "n": 1.0}
    assert ask(server, "POST", "/orders?q=a%20b&x=%27", odd) == 500
    page.goto(f"/ui/#/servers/{server['id']}/requests/1")
    page.get_by_role("button", name="Copy as curl").click()
    expect(page.locator("#toast")).to_contain_text("copied")
    line = page.evaluate("navigator.clipboard.readText()")
    run_in_shell(line, tmp_path)
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
    again = play(service, pact(copied))
    assert ask(again, "POST", "/orders?q=a%20b&x=%27", odd) == 201


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
    server = play(service, name="users")
    assert ask(server) == 200
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


def test_a_token_that_is_renewed_is_asked_for_with_the_reason(tmp_path: Path, open_page: Opener) -> None:
    file = tmp_path / "token"
    file.write_text("the first")
    file.chmod(0o600)
    with running_service(tmp_path, "--token-file", str(file)) as running:
        page = open_page(running.url)
        page.goto("/ui/")
        page.get_by_label("Token", exact=True).fill("the first")
        page.keyboard.press("Enter")
        expect(page.locator("#connection")).to_have_text("Live")
        file.write_text("the second")
        while call("GET", running.url, headers={"Authorization": "Bearer the first"})[0] != 401:
            pass
        page.get_by_text("Paste a pact").click()
        page.get_by_label("Pact, or contract").fill(json.dumps(SHOP))
        page.get_by_role("button", name="Start", exact=True).click()
        expect(page.get_by_role("alert")).to_have_text("The service has another token now.")
        page.get_by_label("Token", exact=True).fill("the second")
        page.keyboard.press("Enter")
        expect(page.locator(".card")).to_have_count(1)


def test_a_mock_server_that_the_page_does_not_know_yet_is_asked_for(page: Page, service: Running) -> None:
    page.goto("/ui/")
    expect(page.locator("#connection")).to_have_text("Live")
    server = play(service)
    page.goto(f"/ui/#/servers/{server['id']}")
    expect(page.locator("h1")).to_have_text("shop - orders")


def test_below_the_path_of_a_proxy_all_is_there_also_what_happens(tmp_path: Path, open_page: Opener) -> None:
    options = ("--trusted-proxies", "127.0.0.1", "--token", "the token")
    with running_service(tmp_path, *options) as running, proxy(running.url, "/team/pacts") as url:
        page = open_page(url)
        page.goto(f"{url}/")
        assert page.url == f"{url}/ui/"
        page.get_by_label("Token", exact=True).fill("the token")
        page.keyboard.press("Enter")
        expect(page.locator(".empty pre")).to_contain_text("curl -H 'Authorization: Bearer TOKEN' ")
        expect(page.locator(".empty pre")).to_contain_text(f" -d @pact.json {url}/")
        page.get_by_text("Paste a pact").click()
        page.get_by_label("Pact, or contract").fill(json.dumps(SHOP))
        page.get_by_role("button", name="Start", exact=True).click()
        page.locator(".results a").click()
        expect(page.locator("#connection")).to_have_text("Live")
        gateway = page.locator("dl.facts code").nth(1).inner_text()
        assert gateway.startswith(f"{url}/m/")
        assert call("GET", f"{gateway}/nothing")[0] == 500
        expect(page.locator("a.row")).to_have_count(1)


def test_a_service_that_ended_is_said_to_be_gone_and_found_again(
    tmp_path: Path, open_page: Opener, troubles: list[str]
) -> None:
    with running_service(tmp_path) as running:
        page = open_page(running.url)
        server = play(running, name="users")
        page.goto(f"/ui/#/servers/{server['id']}")
        expect(page.locator("#connection")).to_have_text("Live")
    expect(page.locator("#connection")).to_have_text("Not connected")
    again = subprocess.Popen(
        [*COMMAND, "start", "--port", str(running.port), "--output", str(tmp_path)], stdout=subprocess.DEVNULL
    )
    try:
        expect(page.locator("#connection")).to_have_text("Live")
        expect(page.locator("main")).to_contain_text("See those that run")
    finally:
        again.kill()
        again.wait()


def test_a_request_that_is_typed_is_explained_and_not_noted(page: Page, service: Running) -> None:
    server = play(service)
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
    page.get_by_label("Headers", exact=True).fill("no header")
    page.get_by_role("button", name="Explain").click()
    expect(page.locator(".trying .error")).to_contain_text("'no header' is no header")
    expect(page.locator(".result .badge")).to_have_count(0)
    assert call("GET", f"{service.url}/mockserver/{server['id']}/requests")[1]["total"] == 0


@pytest.mark.parametrize("width", [320, 900, 1400, 3840])
def test_it_fits_any_width(service: Running, open_page: Opener, width: int) -> None:
    page = open_page(service.url, viewport={"width": width, "height": 800})
    long = play(service, pact(interaction("d" * 300, {"path": "/p" * 200}), consumer="c" * 200))
    ask(long, "POST", "/" + "q" * 2000, {"a" * 500: "b" * 5000})
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


def test_keys_go_through_the_requests_and_back(page: Page, service: Running) -> None:
    server = play(service)
    for number in range(3):
        ask(server, path=f"/{number}")
    here = f"{service.url}/ui/#/servers/{server['id']}"
    page.goto(here)
    expect(page.locator("a.row")).to_have_count(3)
    page.keyboard.press("j")
    expect(page.locator("a.row").nth(0)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{here}/requests/2")
    expect(page.locator(".pane h2")).to_contain_text("/1")
    page.keyboard.press("j")
    expect(page).to_have_url(f"{here}/requests/1")
    page.keyboard.press("k")
    expect(page.locator(".pane h2")).to_contain_text("/1")
    page.keyboard.press("Escape")
    expect(page).to_have_url(here)
    expect(page.locator("a.row").nth(1)).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_label("Filter by text")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page).to_have_url(f"{service.url}/ui/#/")
    page.keyboard.press("?")
    page.get_by_label("Single keys do this").uncheck()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator("a.row:focus")).to_have_count(0)


def test_what_others_forget_is_gone_from_the_list(page: Page, service: Running) -> None:
    server = play(service)
    for number in range(3):
        ask(server, path=f"/{number}")
    page.goto(f"/ui/#/servers/{server['id']}")
    expect(page.locator("a.row")).to_have_count(3)
    assert call("DELETE", f"{service.url}/mockserver/{server['id']}/requests")[0] == 204
    for number in range(3, 7):
        ask(server, path=f"/{number}")
    expect(page.locator("a.row")).to_have_count(4)
    expect(page.locator("a.row").last).to_contain_text("/3")


def test_a_burst_is_shown_to_its_last_request(page: Page, service: Running) -> None:
    server = play(service)
    page.goto(f"/ui/#/servers/{server['id']}")
    expect(page.locator("#connection")).to_have_text("Live")
    connection = HTTPConnection("127.0.0.1", server["port"])
    for number in range(3000):
        connection.request("GET", f"/{number}")
        connection.getresponse().read()
    connection.close()
    expect(page.locator("a.row").first).to_contain_text("/2999")
    expect(page.locator("a.row")).to_have_count(1000)
    expect(page.locator("#tab-requests")).to_contain_text("3,000")


def test_failures_are_announced_together_and_not_one_by_one(page: Page, service: Running) -> None:
    server = play(service, name="users")
    page.goto("/ui/")
    expect(page.locator("#connection")).to_have_text("Live")
    for number in range(5):
        ask(server, path=f"/{number}")
    expect(page.locator("#announcer")).to_have_text("5 did not match on users")


def test_the_pact_and_the_report_are_saved(page: Page, service: Running) -> None:
    server = play(service)
    page.goto(f"/ui/#/servers/{server['id']}")
    for name, file in (("Pact", "shop-orders.json"), ("Report as HTML", "shop-orders-report.html")):
        page.get_by_text("Download", exact=True).click()
        with page.expect_download() as download:
            page.get_by_role("button", name=name, exact=True).click()
        assert download.value.suggested_filename == file
    assert "<!DOCTYPE html>" in download.value.path().read_text(encoding="utf-8")


def test_messages_are_listed_with_what_became_of_them(page: Page, service: Running) -> None:
    message = {
        "description": "an order was paid",
        "contents": {"id": 7},
        "metadata": {"contentType": "application/json"},
    }
    document = {**pact(), "messages": [message, message | {"description": "another"}]}
    del document["interactions"]
    server = play(service, document)
    page.goto(f"/ui/#/servers/{server['id']}/messages")
    expect(page.locator(".empty pre")).to_contain_text(
        f"curl -X POST {service.url}/mockserver/{server['id']}/messages/"
    )
    key = call("GET", f"{service.url}/mockserver/{server['id']}/messages")[1]["messages"][0]["key"]
    assert call("POST", f"{service.url}/mockserver/{server['id']}/messages/{key}")[0] == 200
    settled = call(
        "POST", f"{service.url}/mockserver/{server['id']}/messages/{key}/handled", {"error": "<b>it broke</b>"}
    )
    assert settled[0] == 200
    expect(page.locator(".row.still").nth(0)).to_contain_text("<b>it broke</b>")
    expect(page.locator(".row.still").nth(1)).to_contain_text("handled 0")
    assert violations(page) == []


ALIGNED: dict[str, tuple[str | None, str, list[str], list[list[str | None]]]] = {
    "numbers are as they were written": (
        '{"a": 1.0, "b": 12345678901234567890}',
        '{"a": 1, "b": 12345678901234567891}',
        ["$.a", "$.b"],
        [['  "a": 1.0,', '  "a": 1,'], ['  "b": 12345678901234567890', '  "b": 12345678901234567891']],
    ),
    "what is on one side only": (
        '{"a": {"b": [1, 2]}}',
        '{"a": {"b": [1]}, "c": {}}',
        ["$", "$.a.b"],
        [["      2", None], [None, '  "c": {}']],
    ),
    "names that are quoted": (
        """{"it's": {"a.b": 1, "c": 1}}""",
        """{"it's": {"a.b": 2, "c": 2}}""",
        ["$['it\\'s']['a.b']"],
        [['    "a.b": 1,', '    "a.b": 2,']],
    ),
    "a list for an object": (
        '{"a": []}',
        '{"a": {"b": 1}}',
        ["$.a"],
        [['  "a": []', '  "a": {'], [None, '    "b": 1'], [None, "  }"]],
    ),
    "texts by their lines": ("a\nb\nc", "a\nx\nc", ["$"], [["b", "x"]]),
    "XML by its elements": ("<a><b>1</b></a>", "<a><b>2</b></a>", ["$.a.b['#text']"], [["    1", "    2"]]),
    "no body": (None, "[1]", ["$"], [[None, "["], [None, "  1"], [None, "]"]]),
    "what is no JSON": ('{"a": 1}', "{broken", ["$"], [['{"a": 1}', "{broken"]]),
}


def test_bodies_are_put_beside_each_other_and_marked_where_they_differ(open_page: Opener, service: Running) -> None:
    page = open_page(service.url, bypass_csp=True)
    page.goto("/ui/")
    for what, (expected, received, paths, marked) in ALIGNED.items():
        lines = page.evaluate(
            "async given => (await import('/ui/difference/alignment.js')).aligned(...given)",
            [expected, received, paths],
        )
        assert [[line["left"], line["right"]] for line in lines if line["differs"]] == marked, what
    deep = "[" * 100_000
    page.evaluate("async text => (await import('/ui/difference/alignment.js')).aligned(text, text, null)", deep)


CURL: dict[str, tuple[str, str, list[list[str]], bytes | None]] = {
    "nothing but a path": ("GET", "/a", [], None),
    "quotes and dollars": (
        "POST",
        "/a'b?c=$HOME&d=`id`&e=[1-3]{x}",
        [["X-A", 'it\'s "$HOME" `id` \\']],
        b"'\"$HOME`id`\\\n@x",
    ),
    "a header without a value": ("DELETE", "/a", [["X-Empty", ""], ["Accept", "a/b"], ["User-Agent", "me"]], None),
    "steps in a path": ("GET", "/a/../b/./c", [], None),
    "what a terminal obeys": ("PUT", "/a", [["Content-Type", "text/plain"]], b"\x1b[201~\r\nrm -rf /\x00"),
    "bytes": ("PATCH", "/a", [["Content-Type", "image/png"]], bytes(range(256))),
    "letters": ("POST", "/%C3%A9?q=%20+", [["X-B", "b"]], "é\u202e\U0001f600".encode()),
    "a look": ("HEAD", "/a", [], None),
    "a body that is got": ("GET", "/a", [["Content-Type", "a/b"]], b"x"),
    "an odd method": ("M-SEARCH", "/a", [], None),
}


@pytest.mark.parametrize("what", CURL)
def test_a_command_line_sends_just_what_was_received(
    service: Running, open_page: Opener, tmp_path: Path, what: str
) -> None:
    method, target, lines, content = CURL[what]
    server = play(service)
    page = open_page(service.url, bypass_csp=True)
    page.goto("/ui/")
    head = [
        f"{method} {target} HTTP/1.1",
        "Host: a",
        *(f"{name}: {value}" for name, value in lines),
        "Connection: close",
    ]
    length = [] if content is None else [f"Content-Length: {len(content)}"]
    with socket.create_connection(("127.0.0.1", server["port"]), timeout=HANG) as connection:
        connection.sendall("\r\n".join([*head, *length, "", ""]).encode("latin-1") + (content or b""))
        while connection.recv(65536):
            pass
    journal = f"{service.url}/mockserver/{server['id']}/requests"
    first = call("GET", f"{journal}/1")[1]["request"]
    line = page.evaluate(
        "async ([request, url]) => (await import('/ui/servers/curl.js')).curl(request, url)",
        [first, server["gatewayUrl"]],
    )
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", line)
    run_in_shell(line, tmp_path)
    second = call("GET", f"{journal}/2")[1]["request"]
    for part in ("method", "path", "query", "body"):
        assert first[part] == second[part], line
    of_the_way = {"host", "connection", "content-length"}
    headers = [
        {name: item for name, item in each["headers"].items() if name not in of_the_way} for each in (first, second)
    ]
    assert headers[0] == headers[1], line
