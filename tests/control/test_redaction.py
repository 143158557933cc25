"""Where others can reach the service, nothing that it says shows what was received in a secret header."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest

from pactmock.control.running import Service
from pactmock.reports.formats import FORMATS
from pactmock.server.records.secrets import SECRET_HEADERS, Secrets
from pactmock.service.settings import ServiceSettings
from tests.pacts import interaction, pact
from tests.process import call, run, service

SECRET = "b1946ac92492d2347c6235b4d2611184"
RECEIVED = {
    "authorization": f"Bearer {SECRET}",
    "PROXY-AUTHORIZATION": SECRET,
    "Cookie": f"session={SECRET}",
    "X-Api-Key": SECRET,
    "X-Own": SECRET,
}
RULE = {"matchers": [{"match": "regex", "regex": "Bearer [a-z]{4}"}]}
EXPECTED = {
    "headers": {"Authorization": "Bearer abcd", "Cookie": "session=x", "x-api-key": "y", "X-Own": "z"},
    "matchingRules": {"header": {"Authorization": RULE}},
}
PLACES = ("", "/mismatches", "/requests", "/logs", *(f"/report?format={name}" for name in FORMATS))


async def _said(tmp_path: Path, secrets: Secrets) -> dict[str, str]:
    """Send secrets to a mock server in several ways; return all that is said of them, by place."""
    said: dict[str, str] = {}
    settings = ServiceSettings(port=0, output=tmp_path, secrets=secrets)
    async with Service(settings) as running, aiohttp.ClientSession(running.url) as control:
        async with control.post("/", json=pact(interaction("a", EXPECTED))) as response:
            server = (await response.json())["mockServer"]
        for url in (f"{server['url']}/", f"{server['url']}/other", f"{running.url}/m/{server['id']}/"):
            async with aiohttp.ClientSession() as client, client.get(url, headers=RECEIVED) as response:
                assert response.status == 500
                said[url] = await response.text()
        for place in PLACES:
            async with control.get(f"/mockserver/{server['id']}{place}") as response:
                said[place] = await response.text()
        async with control.post(f"/mockserver/{server['id']}/verify") as response:
            said["verify"] = await response.text()
    return said


async def test_no_place_shows_a_secret_and_all_say_how_it_differs(tmp_path: Path) -> None:
    said = await _said(tmp_path, Secrets(SECRET_HEADERS | {"x-own"}, active=True))
    assert [place for place, text in said.items() if SECRET in text] == []
    assert "Unable to match 'Bearer [32 characters]' using Regex" in said["verify"]
    assert "Expected '[40 characters, differs at character 9]' to be equal to 'session=x'" in said["/logs"]
    assert '"x-own":["[32 characters]"]' in said["/requests"]


async def test_on_loopback_it_is_shown(tmp_path: Path) -> None:
    said = await _said(tmp_path, Secrets())
    assert [place for place, text in said.items() if SECRET not in text] == [""]


@pytest.mark.parametrize(
    ("options", "is_hidden"),
    [
        ((), False),
        (("--redact",), True),
        (("--host", "0.0.0.0"), True),  # noqa: S104
        (("--host", "0.0.0.0", "--no-redact"), False),  # noqa: S104
    ],
)
def test_it_is_hidden_beyond_loopback_unless_somebody_decides_otherwise(
    tmp_path: Path, options: tuple[str, ...], is_hidden: bool
) -> None:
    with service(tmp_path / "pacts", *options) as running:
        at = f"http://127.0.0.1:{running.port}"
        port = call("POST", at, pact(interaction("a", {"headers": {"X-Api-Key": "y"}})))[1]["mockServer"]["port"]
        assert call("GET", f"http://127.0.0.1:{port}/?{SECRET}")[0] == 500  # the query is no secret
        shown = run("verify", "--port", str(running.port), "-m", str(port)).stdout
        assert SECRET in shown
        call("DELETE", f"{at}/mockserver/{port}/requests")
        assert call("GET", f"http://127.0.0.1:{port}/", headers={"X-Api-Key": SECRET})[0] == 500
        shown = run("verify", "--port", str(running.port), "-m", str(port)).stdout
        assert (SECRET in shown) is not is_hidden
