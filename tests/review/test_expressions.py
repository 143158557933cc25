"""A path that the reference cannot read is a warning: it refuses the whole file, or finds nothing (row 39)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pactmock import MockServer
from tests.pacts import interaction, pact, rules
from tests.verifying import always, verify

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
