"""The provider's verification reads pact files as they are written here: merged, named, of any version."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from pactmock import MockServer
from pactmock.pact import specification
from pactmock.pact.directory import store
from pactmock.pact.documents import reading
from tests.pacts import interaction, pact, rules
from tests.verifying import Asked, Given, always, does, verify

JSON = {"Content-Type": "application/json"}
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


async def test_the_file_of_a_pair_whose_name_was_taken_is_verified(tmp_path: Path) -> None:
    theirs, ours = pact(interaction(), consumer="a-b", provider="c"), pact(interaction(), consumer="a", provider="b-c")
    first = store.write(reading.read_pact(theirs), tmp_path).path
    second = store.write(reading.read_pact(ours), tmp_path).path
    assert first != second
    for file in (first, second):
        assert await verify(file, does(ours))


FOREIGN = """{"provider": {"name": "api"}, "consumer": {"name": "web"}, "interactions": [
  {"description": "b", "request": {"path": "/b", "method": "POST", "headers": {}, "query": "", "body": "\\"hi\\""},
   "response": {"status": 200, "body": "\\"hi\\""}},
  {"description": "a", "request": {"path": "/a", "method": "get"},
   "response": {"headers": {"Content-Type": "application/json"}, "status": 200, "body": {"created-at": "x"},
    "matchingRules": {"$.body.created-at": {"match": "type"}}}}],
 "metadata": {"pactSpecification": {"version": "2.0.0"}}}
"""


async def test_a_file_of_other_writers_that_a_run_says_nothing_new_of_is_verified_as_before(tmp_path: Path) -> None:
    """Spellings of paths, the quotes of a text, empty members and the order are as they were."""
    file = tmp_path / "web-api.json"
    file.write_text(FOREIGN)
    async with MockServer(file) as server, httpx.AsyncClient(base_url=server.url) as client:
        assert (await client.get("/a")).json() == {"created-at": "x"}
        assert (await client.post("/b", content='"hi"', headers=JSON)).json() == "hi"
        assert await server.write_pact(tmp_path) == file
    assert file.read_text() == FOREIGN

    def provider(asked: Asked) -> Given:
        typed = tuple(JSON.items())
        if asked.target == "/a":
            return Given(200, typed, b'{"created-at": "another"}')
        assert json.loads(asked.body) == "hi"
        return Given(200, typed, b'"hi"')

    verification = await verify(file, provider)
    assert verification, verification.output
    assert [asked.target for asked in verification.asked] == ["/b", "/a"]


LOST: dict[str, Any] = {
    "V2": {**STATES},
    "V3": {"pending": True, "comments": {"text": ["ask Ada"]}, "key": "pay"},
}


@pytest.mark.parametrize("lower", LOST)
async def test_what_a_lower_version_cannot_hold_is_warned_of_and_the_rest_is_verified(
    tmp_path: Path, lower: str
) -> None:
    query = {"path": "/pay", "query": {"a": ["1"], "b": ["x y", "z"]}}
    ruled = rules(**{"$.n": {"match": "integer"}})
    one = interaction("pay", query, headers=JSON, body={"n": 1}, matchingRules=ruled)
    given = pact(one | LOST[lower], version="4.0")
    async with MockServer(given, specification=lower) as server, httpx.AsyncClient(base_url=server.url) as client:
        assert [item.code for item in server.warnings] == ["lost_in_version"]
        assert (await client.get("/pay", params={"b": ["x y", "z"], "a": "1"})).json() == {"n": 1}
        file = await server.write_pact(tmp_path)
    assert json.loads(file.read_bytes())["metadata"]["pactSpecification"]["version"][0] == lower[1]
    verification = await verify(file, always(body=b'{"n": 12}', Content_Type="application/json"))
    assert verification, verification.output
    assert not await verify(file, always(body=b'{"n": "12"}', Content_Type="application/json"))


async def test_members_that_nobody_reads_change_nothing_in_the_verification() -> None:
    given: Any = pact(interaction("a", {"path": "/a", "url": "/"}, body={"n": 1}, headers=JSON)) | {"comment": "hi"}
    assert [item.code for item in MockServer(given).warnings] == ["unknown_member"] * 2
    assert await verify(given, does(given))
    assert not await verify(given, always(body='{"n": 2}', Content_Type="application/json"))


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
