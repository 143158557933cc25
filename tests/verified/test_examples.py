"""Interactions that differ in their examples alone can each be met (row 76)."""

from __future__ import annotations

from typing import Any

import httpx

from pactmock import MockServer
from tests.pacts import interaction, pact
from tests.verifying import Given, verify


def user(number: str, name: str) -> Any:
    rule = {"query": {"id": {"matchers": [{"match": "type"}]}}}
    request = {"path": "/users", "query": {"id": [number]}, "matchingRules": rule}
    return interaction(f"user {number}", request, headers={"Content-Type": "text/plain"}, body=name)


async def test_two_users_under_a_rule_for_the_type_are_both_met() -> None:
    given = pact(user("1", "Ada"), user("2", "Bob"))
    async with MockServer(given) as server, httpx.AsyncClient(base_url=server.url) as client:
        assert [(await client.get("/users", params={"id": number})).text for number in "213"] == ["Bob", "Ada", "Ada"]
        assert server.matched
    names = {"id=1": b"Ada", "id=2": b"Bob"}
    typed = (("Content-Type", "text/plain"),)
    assert await verify(given, lambda asked: Given(200, typed, names[asked.target.partition("?")[2]]))
