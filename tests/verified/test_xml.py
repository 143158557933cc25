"""XML whose pact says how many elements there may be: what passes here is verified there, or a warning says why not."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from pactmock import MockServer
from tests.pacts import interaction, pact, rules
from tests.verifying import does, verify

XML = {"Content-Type": "application/xml"}
SHELVES = (
    "<?xml version='1.0'?><lib:shelves floor='2' xmlns:lib='http://library.example/shelves'>"
    "<shelf id='7'><books><book isbn='1' lent='false'/></books></shelf></lib:shelves>"
)
"""What the native library writes of an each-like of elements that have attributes only, below a root with a prefix."""

SHELF_RULES = {
    "$.lib:shelves.shelf": {"match": "type", "min": 1},
    "$.lib:shelves.shelf['@id']": {"match": "integer"},
    "$.lib:shelves.shelf.books.book": {"match": "type", "min": 1},
    "$.lib:shelves.shelf.books.book['@isbn']": {"match": "integer"},
    "$.lib:shelves.shelf.books.book['@lent']": {"match": "type"},
}


def of_bodies(body: str, body_rules: dict[str, Any]) -> dict[str, Any]:
    request = {"method": "POST", "path": "/xml", "headers": XML, "body": body, "matchingRules": rules(**body_rules)}
    return pact(interaction("a document", request))


@pytest.mark.parametrize(
    ("body", "body_rules", "status"),
    [
        (SHELVES, SHELF_RULES, 200),
        (SHELVES.replace("<book ", "<book isbn='2' lent='true'/><book "), SHELF_RULES, 200),
        (SHELVES.replace("<book isbn='1' lent='false'/>", ""), SHELF_RULES, 500),
        (SHELVES, SHELF_RULES | {"$.lib:shelves.shelf": {"match": "type", "min": 2}}, 500),
    ],
    ids=["the example", "more than the example", "none", "fewer than the rule says"],
)
async def test_elements_are_counted_as_the_rules_of_the_native_library_mean_it(
    body: str, body_rules: dict[str, Any], status: int
) -> None:
    given = of_bodies(SHELVES, body_rules)
    async with MockServer(given) as server, httpx.AsyncClient(base_url=server.url) as client:
        assert (await client.post("/xml", content=body, headers=XML)).status_code == status
    assert await verify(given, does(given))
