"""What the version that is asked for cannot hold is a warning when the pact comes in, no surprise in the file."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from tests.pacts import interaction, pact, rules

STATES = [{"name": "an account", "params": {"id": 7}}, {"name": "it is open"}]


async def _warned(control: aiohttp.ClientSession, given: Any, **query: str) -> list[tuple[str, str]]:
    async with control.post("/", json=given, params=query) as response:
        assert response.status == 200, await response.text()
        found = (await response.json())["mockServer"]["warnings"]
    return [(item["code"], item["warning"]) for item in found]


@pytest.mark.parametrize(
    ("member", "lower", "named"),
    [
        ({"providerStates": STATES[1:] * 2}, "V2", "all but the first of its provider states"),
        ({"providerStates": STATES[:1]}, "V1", "the parameters of its provider state"),
        ({"pending": True}, "V3", "'pending'"),
        ({"comments": {"text": ["ask Ada"]}, "key": "pay"}, "V3", "'key' and 'comments'"),
        ({"response": {"status": 200, "generators": {"header": {"X": {"type": "Uuid"}}}}}, "V2", "its generators"),
        (
            {
                "request": {
                    "method": "GET",
                    "path": "/",
                    "matchingRules": {
                        "header": {"X": {"combine": "OR", "matchers": [{"match": "null"}, {"match": "type"}]}}
                    },
                }
            },
            "V2",
            "all but the first of several matching rules at one place",
        ),
        (
            {
                "response": {
                    "status": 200,
                    "headers": {"Content-Type": "text/csv"},
                    "body": {"content": "/wD/", "contentType": "text/csv", "encoded": "base64"},
                }
            },
            "V3",
            "a body of bytes",
        ),
    ],
)
async def test_what_a_lower_version_cannot_hold_is_named_when_the_pact_comes_in(
    control: aiohttp.ClientSession, member: Any, lower: str, named: str
) -> None:
    given = pact(interaction("to pay") | member, version="4.0")
    ((code, text),) = await _warned(control, given, specification=lower)
    assert code == "lost_in_version"
    assert named in text
    assert await _warned(control, given) == [], "in its own version nothing is lost"
    async with control.post("/", json=given, params={"specification": lower, "strict": "true"}) as response:
        assert response.status == 422
        assert (await response.json())["code"] == "lost_in_version"


async def test_what_a_lower_version_can_hold_is_no_warning(control: aiohttp.ClientSession) -> None:
    given = pact(
        interaction("to pay", {"matchingRules": rules(**{"$.a": {"match": "type"}})}) | {"providerStates": STATES}
    )
    assert await _warned(control, given, specification="V4") == []
    assert await _warned(control, pact(interaction("to pay"), version="4.0"), specification="V1") == []


async def test_a_pact_that_a_lower_version_has_no_file_for_says_so_when_it_comes_in(
    control: aiohttp.ClientSession,
) -> None:
    message = {"type": "Asynchronous/Messages", "description": "paid", "contents": {"content": "yes"}}
    given = pact(interaction("to pay"), message, version="4.0")
    ((code, text),) = await _warned(control, given, specification="V3")
    assert code == "not_writable"
    assert "write it as V4" in text
