"""A path that the reference cannot read is a warning: it refuses the whole file, or finds nothing (row 39)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pactmock import MockServer
from tests.pacts import interaction, pact, rules
from tests.raw_http import exchange
from tests.verifying import Given, always, verify

JSON: Any = {"Content-Type": "application/json"}


def answer(name: str, path: str) -> Any:
    """A pact whose response has an object with this member, under a rule for its type at this path."""
    return pact(interaction("a member", headers=JSON, body={name: 1}, matchingRules=rules(**{path: {"match": "type"}})))


@pytest.mark.parametrize(("name", "path"), [("it's", r"$['it\'s']"), (r"a\b", r"$['a\\b']")])
async def test_row_39_a_name_with_a_quote_or_an_escaped_backslash_is_a_warning(name: str, path: str) -> None:
    described = answer(name, path)
    (warning,) = MockServer(described).warnings
    assert warning.code == "unreadable_expression"
    assert warning.pointer == f"/interactions/0/response/matchingRules/body/{path}/matchers/0"
    assert not await verify(described, always(body=json.dumps({name: 2}), Content_Type="application/json"))


@pytest.mark.parametrize("name", [r"a\b", 'a"b', "a]b", "a.b", "a b", "*", "é"])
async def test_every_other_name_can_be_read(name: str) -> None:
    described = answer(name, f"$['{name}']")
    assert MockServer(described).warnings == ()
    assert await verify(described, always(body=json.dumps({name: 2}), Content_Type="application/json"))


async def test_row_39_the_path_of_a_generator_and_of_a_request_is_read_with_the_file() -> None:
    generator = {"body": {r"$['it\'s']": {"type": "RandomInt"}}}
    answered = pact(interaction("a member", headers=JSON, body={"it's": 1}, generators=generator))
    (warning,) = MockServer(answered).warnings
    assert (warning.code, warning.pointer) == ("unreadable_expression", "/interactions/0/response")
    assert not await verify(answered, always(body='{"it\'s": 1}', Content_Type="application/json"))
    asked = answer("it's", r"$['it\'s']")["interactions"][0]["response"]
    request = {name: asked[name] for name in ("headers", "body", "matchingRules")}
    assert [one.code for one in MockServer(pact(interaction("it", request))).warnings] == ["unreadable_expression"]
    assert not await verify(pact(interaction("it", request)), always())


QUERY = {"path": "/", "query": "Q[]=1", "matchingRules": {"$.query['Q[]']": {"match": "type"}}}


async def test_row_38_a_name_in_v2_that_is_no_expression_makes_the_file_unreadable(tmp_path: Path) -> None:
    described = pact(interaction("a list", QUERY), version="2.0.0")
    (warning,) = MockServer(described).warnings
    assert (warning.code, warning.pointer) == (
        "unreadable_expression",
        "/interactions/0/request/matchingRules/$.query['Q[]']",
    )
    assert not await verify(described, always())
    async with MockServer(described, specification="V3") as server:
        assert server.warnings == ()
        await exchange(server.port, b"GET /?Q[]=7 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert await verify(await server.write_pact(tmp_path), always())


async def test_row_38_a_header_in_v2_with_a_dot_in_its_name_has_no_rule_in_the_verification() -> None:
    rule = {"$.headers['X.Y']": {"match": "type"}}
    described = pact(interaction("a list", headers={"X.Y": "1"}, matchingRules=rule), version="2.0.0")
    assert [warning.code for warning in MockServer(described).warnings] == ["unreadable_expression"]
    assert not await verify(described, lambda _: Given(200, (("X.Y", "2"),)))
    assert MockServer(described, specification="V4").warnings == ()
