"""The provider's verification reads pact files as they are written here: merged, named, of any version."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pactmock import MockServer
from pactmock.pact import reading, specification, store
from tests.pacts import interaction, pact, rules
from tests.verifying import Asked, Given, always, does, verify

STATES = {"providerStates": [{"name": "account", "params": {"id": 1}}, {"name": "open"}]}


@pytest.mark.parametrize("version", ["3.0.0", "4.0"])
async def test_what_an_older_test_adds_to_a_newer_file_is_verified_with_what_was_there(
    tmp_path: Path, version: str
) -> None:
    """Row 6: the reference makes a V2 file of all of it."""
    number = {"body": {"n": 1}, "headers": {"Content-Type": "application/json"}}
    ruled = interaction("pay", {"path": "/pay"}, **number, matchingRules=rules(**{"$.n": {"match": "integer"}}))
    store.write(reading.read_pact(pact(ruled | STATES, version=version)), tmp_path)
    old = interaction("old", {"path": "/old", "query": "a=1&b=x+y"}, body="hi", headers={"Content-Type": "text/plain"})
    file = store.write(reading.read_pact(pact(old, version="2.0.0")), tmp_path, specification.V2).path

    def provider(asked: Asked) -> Given:
        if asked.target.startswith("/pay"):
            return Given(200, (("Content-Type", "application/json"),), b'{"n": 7}')
        assert asked.target == "/old?a=1&b=x+y"
        return Given(200, (("Content-Type", "text/plain"),), b"hi")

    verification = await verify(file, provider)
    assert verification, verification.output
    assert len(verification.asked) == 2
    assert not await verify(file, lambda _: Given(404))


async def test_a_file_whose_name_other_systems_would_not_have_is_verified(tmp_path: Path) -> None:
    source = pact(interaction("a", {"path": "/a"}), consumer="shop:v2")
    file = store.write(reading.read_pact(source), tmp_path).path
    assert file.name == "shop:v2-api.json"
    assert await verify(file, does(source))


async def test_an_unknown_rule_of_a_response_fails_in_the_verification_as_its_warning_says() -> None:
    source: Any = pact(
        interaction(
            "a",
            headers={"Content-Type": "application/json"},
            body={"a": "b"},
            matchingRules=rules(**{"$.a": {"match": "regx", "regex": "."}}),
        )
    )
    assert [item.code for item in MockServer(source).warnings] == ["unknown_rule"]
    assert not await verify(source, always(body=json.dumps({"a": "b"}), Content_Type="application/json"))
