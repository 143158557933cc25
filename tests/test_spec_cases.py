"""The specification's own cases are answered as they say, in process and over HTTP."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from yarl import URL

from pactmock.matching import compare_message, compare_request, compare_response
from pactmock.pact.documents import reading
from pactmock.pact.model import Request
from pactmock.pact.parts import query_string
from tests.spec_cases import Case, parameters

EMPTY_PATH = "empty path found when forward slash expected"
"""HTTP cannot send an empty path, so these five cases are only played in process."""


@pytest.mark.parametrize("case", parameters("request"))
def test_request_cases_match_as_they_say(case: Case) -> None:
    sides = (reading.read_request(side, case.version) for side in (case.expected, case.actual))
    found = compare_request(*sides)
    assert (not found) is case.match, found


@pytest.mark.parametrize("case", parameters("response"))
def test_response_cases_match_as_they_say(case: Case) -> None:
    sides = (reading.read_response(side, case.version) for side in (case.expected, case.actual))
    found = compare_response(*sides)
    assert (not found) is case.match, found


@pytest.mark.parametrize("case", parameters("message"))
def test_message_cases_match_as_they_say(case: Case) -> None:
    sides = (reading.read_contents(side, case.version) for side in (case.expected, case.actual))
    found = compare_message(*sides)
    assert (not found) is case.match, found


@pytest.mark.parametrize("case", [item for item in parameters("request") if EMPTY_PATH not in str(item.id)])
async def test_request_cases_match_over_http_as_they_say(
    case: Case, control: aiohttp.ClientSession, http: aiohttp.ClientSession
) -> None:
    interaction = {"type": "Synchronous/HTTP", "description": "case", "request": case.expected, "response": {}}
    pact = {"interactions": [interaction], "metadata": {"pactSpecification": {"version": case.version.version}}}
    async with control.post("/", json=pact) as created:
        assert created.status == 200, await created.text()
        server = (await created.json())["mockServer"]

    request = reading.read_request(case.actual, case.version)
    async with http.request(request.method, _url(server["url"], request, case), **_parts(request, case)) as response:
        verdict = response.headers.get("X-Pact")
        assert (response.status == 200 and verdict is None) is case.match, await response.text()
    async with control.get(f"/mockserver/{server['id']}/mismatches") as response:
        assert (await response.json() == []) is case.match


def _url(base: str, request: Request, case: Case) -> URL:
    query = case.actual.get("query")
    text = query if isinstance(query, str) else query_string.to_text(request.query or {})
    return URL(f"{base}{request.path}{'?' if text else ''}{text}", encoded=True)


def _parts(request: Request, case: Case) -> dict[str, Any]:
    # A header cannot hold the line breaks that some cases are written with; white space is one blank on the wire.
    headers = [(name, " ".join(value.split())) for name, values in request.headers.items() for value in values]
    body = case.actual.get("body")
    if isinstance(body, dict) and "contentType" in body and "Content-Type" not in request.headers:
        headers.append(("Content-Type", body["contentType"]))
    return {
        "headers": headers,
        "data": request.body.content if request.body.is_present else None,
        "skip_auto_headers": ("Accept", "Accept-Encoding", "User-Agent", "Content-Type"),
    }
