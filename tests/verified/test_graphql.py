"""A query under `application/graphql` is a text (row 69), and what is written of it is verified as one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from pactmock import MockServer
from pactmock.authoring.consumer_test import read_consumer_test
from tests.authoring.matchers import matcher
from tests.pacts import interaction, pact, rules
from tests.verifying import does, verify

QUERY = 'query { pets(kind: "cat") { name } }'
GRAPHQL = {"Content-Type": "application/graphql"}


def of_query(body: Any, version: str, **others: Any) -> Any:
    request = {"method": "POST", "path": "/graphql", "headers": GRAPHQL, "body": body, **others}
    return pact(interaction("pets", request), version=version)


async def answered(given: Any, *bodies: str) -> list[int]:
    async with MockServer(given) as server, httpx.AsyncClient(base_url=server.url) as client:
        return [(await client.post("/graphql", content=body, headers=GRAPHQL)).status_code for body in bodies]


@pytest.mark.parametrize(
    ("version", "body"),
    [
        ("2.0.0", QUERY),
        ("3.0.0", QUERY),
        ("4.0", {"content": QUERY, "contentType": "application/graphql", "encoded": False}),
    ],
)
async def test_a_query_is_met_by_itself_and_not_in_quotes(version: str, body: Any) -> None:
    assert await answered(of_query(body, version), QUERY, json.dumps(QUERY)) == [200, 500]


async def test_a_query_may_be_ruled_by_a_pattern() -> None:
    pattern = rules(**{"$": {"match": "regex", "regex": r"query\s+\{.*\}"}})
    given = of_query(QUERY, "3.0.0", matchingRules=pattern)
    assert await answered(given, "query  { cats }", "mutation { feed }") == [200, 500]


@pytest.mark.parametrize("type_name", ["application/graphql", "application/graphql+json", "application/json"])
async def test_an_object_is_json_also_where_a_query_would_be_a_text(type_name: str) -> None:
    headers = {"Content-Type": type_name}
    request = {"method": "POST", "path": "/graphql", "headers": headers, "body": {"query": "{ pets }", "variables": {}}}
    given = pact(interaction("pets", request))
    async with MockServer(given) as server, httpx.AsyncClient(base_url=server.url) as client:
        reply = await client.post("/graphql", content='{"variables": {}, "query": "{ pets }"}', headers=headers)
        assert reply.status_code == 200, reply.text
        assert server.warnings == ()
    verification = await verify(given, does(given))
    assert verification
    assert json.loads(verification.asked[0].body) == request["body"]


@pytest.mark.parametrize("specification", ["V3", "V4"])
@pytest.mark.parametrize("posted", ["3.0.0", "4.0"])
async def test_a_query_is_verified_as_it_was_sent_or_a_warning_says_why_not(
    posted: str, specification: str, tmp_path: Path
) -> None:
    body: Any = {"content": QUERY, "contentType": "application/graphql"} if posted == "4.0" else QUERY
    server = MockServer(of_query(body, posted), specification=specification)
    async with server, httpx.AsyncClient(base_url=server.url) as client:
        assert (await client.post("/graphql", content=QUERY, headers=GRAPHQL)).status_code == 200
        written = await server.write_pact(tmp_path)
        warned = [(warning.code, warning.pointer) for warning in server.warnings]
    file = tmp_path / "web-api.json"
    assert written
    (asked,) = (await verify(file, does(json.loads(file.read_text())))).asked
    assert (asked.body.decode() == QUERY) is (specification == "V4")
    assert warned == ([] if specification == "V4" else [("graphql_in_quotes", "/interactions/0/request/body")])


@pytest.mark.parametrize("contents", [QUERY, matcher("regex", QUERY, regex=r"query\s+.*")])
async def test_a_query_that_is_authored_is_a_text(contents: Any) -> None:
    given = {"content-type": "application/graphql", "body": contents}
    request = {"method": "POST", "path": "/graphql", "contents": given}
    test = {"consumer": "web", "provider": "api", "interactions": [{"description": "pets", "request": request}]}
    assert await answered(read_consumer_test(test), QUERY, json.dumps(QUERY)) == [200, 500]


async def test_a_response_that_is_a_query_is_a_warning_as_no_provider_passes() -> None:
    given = pact(interaction("pets", headers=GRAPHQL, body=QUERY))
    (warning,) = MockServer(given).warnings
    assert warning.code == "graphql_answered"
    assert not await verify(given, does(given))
