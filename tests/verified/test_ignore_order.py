"""The rule `ignore-order`, which pact-jvm writes: met in any order in requests, and a warning in responses."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from pactmock import MockServer
from tests.pacts import interaction, pact, rules
from tests.verifying import does, verify

JSON = {"Content-Type": "application/json"}
ANY_ORDER = rules(**{"$.tags": {"match": "ignore-order"}, "$.tags[*]": {"match": "regex", "regex": "[a-z]+"}})


@pytest.mark.parametrize("version", ["3.0.0", "4.0"])
async def test_a_request_is_met_in_any_order_and_verified(version: str) -> None:
    tags: Any = {"tags": ["red", "blue"]}
    body = {"content": tags, "contentType": "application/json"} if version == "4.0" else tags
    request = {"method": "POST", "path": "/tags", "headers": JSON, "body": body, "matchingRules": ANY_ORDER}
    given = pact(interaction("tags", request), version=version)
    async with MockServer(given) as server, httpx.AsyncClient(base_url=server.url) as client:
        assert server.warnings == ()
        for sent, status in ((["blue", "red"], 200), (["red"], 500), (["red", "7"], 500)):
            assert (await client.post("/tags", json={"tags": sent})).status_code == status
    assert await verify(given, does(given))


async def test_in_a_response_it_is_a_warning_as_the_verification_does_not_know_it() -> None:
    given = pact(interaction("tags", headers=JSON, body={"tags": ["red", "blue"]}, matchingRules=ANY_ORDER))
    (warning,) = MockServer(given).warnings
    assert warning.code == "ignore_order"
    assert warning.pointer == "/interactions/0/response/matchingRules/body/$.tags/matchers/0"
    assert not await verify(given, does(given))
