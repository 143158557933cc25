"""In V2, a rule for a header or a query parameter is for the name that stands there, whatever it looks like."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from pactmock.pact import specification
from pactmock.pact.documents import reading, writing
from tests.pacts import interaction, pact

DIGITS = {"match": "regex", "regex": r"\d+"}


@pytest.mark.parametrize(
    ("query", "key", "asked"),
    [
        ("page[size]=1", "$.query.page[size]", "page[size]=7"),
        ("Q[]=1", "$.query.Q[]", "Q[]=7"),
        ("x.y=1", "$.query.x.y", "x.y=7"),
        ("page[size]=1", "$.query['page[size]']", "page%5Bsize%5D=7"),
        ("it's=1", "$.query.it's", "it%27s=7"),
        ("q=1", "$.query.q[0]", "q=7"),
    ],
)
async def test_a_rule_of_v2_is_for_the_parameter_of_its_name(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession, query: str, key: str, asked: str
) -> None:
    """Row 38: the reference refuses `Q[]`, and finds nothing for `x.y`."""
    one = interaction("a", {"path": "/a", "query": query, "matchingRules": {key: DIGITS}})
    async with control.post("/", json=pact(one, version="2.0.0")) as response:
        assert response.status == 200, await response.text()
        server = (await response.json())["mockServer"]
    for target, status in ((asked, 200), (asked.replace("7", "x"), 500)):
        async with http.get(f"{server['url']}/a?{target}") as response:
            assert response.status == status


def _header_paths(headers: dict[str, str], key: str) -> Any:
    part = {"headers": headers, "matchingRules": {key: DIGITS}}
    return [entry.path.tokens for entry in reading.read_response(part, specification.V2).matching_rules["header"]]


def test_a_rule_of_v2_is_for_the_header_of_its_name_in_any_case() -> None:
    assert _header_paths({"X.Rate": "1"}, "$.headers.x.rate") == [("x.rate",)]
    assert _header_paths({"X.Rate": "1"}, "$.header.X.Rate") == [("X.Rate",)]
    assert _header_paths({"X": "1"}, "$.headers.X[0]") == [("X", 0)]
    assert _header_paths({}, "$.headers.X[a]") == [("X[a]",)]


def test_what_was_read_as_a_name_is_written_as_one() -> None:
    request = {"query": "x.y=1&Q[]=2", "matchingRules": {"$.query.x.y": DIGITS, "$.query.Q[]": DIGITS}}
    written = writing.write_request(reading.read_request(request, specification.V2), specification.V2)
    assert written["matchingRules"] == {"$.query['x.y']": DIGITS, "$.query['Q[]']": DIGITS}
