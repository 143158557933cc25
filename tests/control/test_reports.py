"""Reports over HTTP: what matched and what did not, in the format that is named or accepted, at one moment."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from lxml import etree

from pactmock.control.reports import Reported
from pactmock.reports.document import read_report
from pactmock.reports.formats import FORMATS
from tests.pacts import interaction, pact

_TIME = re.compile(r"\d\d:\d\d:\d\d UTC")
"""When a page was made, which another may be made a second later."""

ONE = pact(interaction("the only one", {"path": "/a"}))


async def _created(control: aiohttp.ClientSession, **query: str) -> dict[str, Any]:
    async with control.post("/", json=ONE, params=query) as response:
        server: dict[str, Any] = (await response.json())["mockServer"]
        return server


async def _said(
    control: aiohttp.ClientSession, call: str, status: int = 200, accept: str | None = None
) -> tuple[str, str]:
    """Make a call; return the type and the text of the answer."""
    method, _, path = call.partition(" ")
    async with control.request(method, path, headers={"Accept": accept} if accept else {}) as response:
        assert response.status == status, await response.text()
        return response.content_type, await response.text()


async def test_a_report_is_text_unless_something_else_is_wanted(control: aiohttp.ClientSession) -> None:
    server = await _created(control, name="users")
    await _said(control, f"GET /m/{server['id']}/b", 500)
    kind, text = await _said(control, f"GET /mockserver/{server['id']}/report")
    assert kind == "text/plain"
    assert text.splitlines() == [
        "web -> api (users): 2 problems",
        "",
        "1) GET /b was not expected",
        "   nearest: the only one",
        "   matched: method, query, headers, body",
        "   - path: Expected '/b' to be equal to '/a'",
        "       expected                             | actual",
        "       /a                                   | /b",
        "",
        "2) GET /a was expected and never came",
        "   interaction: the only one",
    ]


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("*/*", "text/plain"),
        ("application/json", "application/json"),
        ("application/json, text/plain, */*", "application/json"),
        ("text/plain;q=0.5, application/xml", "application/xml"),
        ("text/xml", "application/xml"),
        ("application/json;q=0, text/plain", "text/plain"),
        ("image/png", "text/plain"),
        ("Application/JSON; charset=utf-8; q=x", "application/json"),
    ],
)
async def test_a_report_comes_as_what_is_accepted(control: aiohttp.ClientSession, accept: str, kind: str) -> None:
    server = await _created(control)
    assert (await _said(control, f"GET /mockserver/{server['port']}/report", accept=accept))[0] == kind


@pytest.mark.parametrize("name", FORMATS)
async def test_each_format_can_be_named(control: aiohttp.ClientSession, name: str) -> None:
    server = await _created(control)
    kind, text = await _said(control, f"GET /mockserver/{server['id']}/report?format={name}", accept="image/png")
    assert kind == FORMATS[name].media_type
    assert "the only one" in text


async def test_another_format_is_refused_with_those_that_are_known(control: aiohttp.ClientSession) -> None:
    server = await _created(control)
    for call in ("GET {}/report?format=sarif", "POST {}/verify?format=sarif"):
        _, text = await _said(control, call.format(f"/mockserver/{server['id']}"), 400)
        error = json.loads(text)
        assert error == {
            "error": f"There is no report format 'sarif': use {', '.join(FORMATS)}",
            "code": "invalid_parameter",
            "parameter": "format",
        }


async def test_who_accepts_plain_text_is_told_by_it_whether_all_matched(
    control: aiohttp.ClientSession, tmp_path: Path
) -> None:
    server = await _created(control)
    verify = f"POST /mockserver/{server['id']}/verify"
    kind, text = await _said(control, verify, 422, "text/plain")
    assert (kind, text) == (
        "text/plain",
        "web -> api: 1 problem\n\n1) GET /a was expected and never came\n   interaction: the only one\n",
    )
    assert not (tmp_path / "pacts").exists(), "nothing is written"
    await _said(control, f"GET /m/{server['id']}/a")
    kind, text = await _said(control, verify, 200, "text/plain")
    path = tmp_path / "pacts" / "web-api.json"
    assert (kind, text) == ("text/plain", f"web -> api: all matched, the pact is in {path}\n")
    assert path.exists()


@pytest.mark.parametrize(
    "accept",
    [None, "*/*", "application/json", "application/json, text/plain, */*", "text/html, */*; q=.2", "text/plain;q=0"],
)
async def test_a_verification_is_that_of_the_rust_server_for_all_others(
    control: aiohttp.ClientSession, accept: str | None
) -> None:
    server = await _created(control)
    kind, text = await _said(control, f"POST /mockserver/{server['id']}/verify", 422, accept)
    assert kind == "application/json"
    assert json.loads(text).keys() == {"mockServer", "mismatches"}
    await _said(control, f"GET /m/{server['id']}/a")
    assert (await _said(control, f"POST /mockserver/{server['id']}/verify", 204, accept))[1] == ""


async def test_a_pact_that_cannot_be_written_is_a_failure_in_every_format(
    control: aiohttp.ClientSession, tmp_path: Path
) -> None:
    server = await _created(control)
    await _said(control, f"GET /m/{server['id']}/a")
    (tmp_path / "pacts").write_text("in the way")
    verify = f"POST /mockserver/{server['id']}/verify?format="
    for name in FORMATS:
        _, text = await _said(control, verify + name, 422)
        assert "pacts" in text, name
    _, text = await _said(control, f"{verify}json", 422)
    (reported,) = Reported.model_validate_json(text).servers
    assert (reported.matched, reported.passed, bool(reported.error)) == (True, False, True)
    _, text = await _said(control, f"{verify}junit", 422)
    assert [case.get("name") for case in etree.fromstring(text.encode()).iterfind(".//error/..")] == ["the pact file"]


async def test_every_format_can_be_made_of_the_json(control: aiohttp.ClientSession) -> None:
    server = await _created(control)
    await _said(control, f"GET /m/{server['id']}/b", 500)
    here = f"GET /mockserver/{server['id']}/report?format="
    report = read_report(json.loads((await _said(control, f"{here}json"))[1]))
    Reported.model_validate_json(FORMATS["json"].render(report))
    for name in FORMATS.keys() - {"json", "junit"}:  # which say in more words when they were made
        rendered, answered = FORMATS[name].render(report), (await _said(control, f"{here}{name}"))[1]
        assert _TIME.sub("", rendered) == _TIME.sub("", answered)
