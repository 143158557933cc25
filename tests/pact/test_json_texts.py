"""A body of V1 to V3 that is a text under a JSON type: read, served and written as everybody else reads it.

See reference/matching.md §1.6.
"""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock.pact import specification
from pactmock.pact.documents import reading, writing
from pactmock.pact.json.values import compact_bytes, parse
from pactmock.pact.specification import V1, V2, V3
from tests.pacts import interaction, pact
from tests.verifying import Given, always, verify

JSON_TYPE = {"Content-Type": "application/json"}
TEXTS = ['say "hi"', "C:\\new", "a\nb\tc", "[1]", "123", "true", "null", "hello", "caf\u00e9"]
"""Texts that are no JSON string or object: each is a JSON string."""

DOCUMENTS = {'{"a": 1}': {"a": 1}, '"hi"': "hi", '"say \\"hi\\""': 'say "hi"', '""': ""}
"""Texts that are one: each is that document."""


def _read(body: Any, headers: dict[str, str], version: specification.Specification = V3) -> Any:
    request = reading.read_request({"headers": headers, "body": body}, version)
    return parse(request.body.content)


@pytest.mark.parametrize("version", [V1, V2, V3])
def test_a_text_is_the_document_that_it_holds_or_else_a_json_string(version: specification.Specification) -> None:
    """Row 73: the reference puts quotes around a text without escaping what is in it."""
    for text in TEXTS:
        assert _read(text, JSON_TYPE, version) == text
    for text, document in DOCUMENTS.items():
        assert _read(text, JSON_TYPE, version) == document


def _written(content: bytes, headers: dict[str, str], version: specification.Specification) -> Any:
    document = {"headers": headers, "body": {"content": content.decode(), "encoded": "json"}}
    document["body"]["contentType"] = "application/json"
    request = reading.read_request(document, specification.V4)
    return writing.write_request(request, version).get("body")


def test_a_json_string_is_written_plainly_where_that_is_read_as_it_and_else_with_its_quotes() -> None:
    for text in TEXTS:
        has_escapes = text in {'say "hi"', "C:\\new", "a\nb\tc"}
        written = _written(compact_bytes(text), JSON_TYPE, V3)
        assert written == (json.dumps(text) if has_escapes else text)
    assert _written(b'"{}"', JSON_TYPE, V3) == '"{}"'
    assert _written(b'"\\"a\\""', JSON_TYPE, V3) == '"\\"a\\""'
    assert _written(b'""', JSON_TYPE, V3) == '""'
    # Without a header, a plain text would be guessed to be no JSON.
    assert _written(b'"hello"', {}, V3) == '"hello"'


@given(st.text(), st.sampled_from([JSON_TYPE, {}]), st.sampled_from([V1, V2, V3]))
def test_a_json_string_is_read_as_it_was_written(
    text: str, headers: dict[str, str], version: specification.Specification
) -> None:
    written = _written(compact_bytes(text), headers, version)
    assert _read(written, headers, version) == text


async def _create(control: aiohttp.ClientSession, posted: Any, **headers: str) -> Any:
    async with control.post("/", json=posted, headers={"Content-Type": "application/json", **headers}) as response:
        assert response.status == 200, await response.text()
        return (await response.json())["mockServer"]


async def _pact_of(control: aiohttp.ClientSession, server: Any) -> Any:
    async with control.get(f"/mockserver/{server['id']}/pact") as response:
        return await response.json()


@pytest.mark.parametrize("version", ["2.0.0", "3.0.0"])
async def test_a_text_is_served_and_compared_as_json_and_what_is_written_is_verified(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession, version: str
) -> None:
    for text in TEXTS:
        one = interaction("a", {"method": "POST", "headers": JSON_TYPE, "body": text}, headers=JSON_TYPE, body=text)
        server = await _create(control, pact(one, version=version))
        sent = json.dumps(text)
        async with http.post(server["url"], data=sent, headers=JSON_TYPE) as response:
            assert (response.status, json.loads(await response.read())) == (200, text)
        async with http.post(server["url"], data=json.dumps(text + "!"), headers=JSON_TYPE) as response:
            assert response.status == 500

        written = await _pact_of(control, server)
        again = await _create(control, written)
        async with http.post(again["url"], data=sent, headers=JSON_TYPE) as response:
            assert (response.status, json.loads(await response.read())) == (200, text)
        if text in TEXTS[:4]:
            verification = await verify(written, always(body=sent, Content_Type="application/json"))
            assert verification, verification.output
            assert json.loads(verification.asked[0].body) == text
            assert not await verify(written, always(body='"other"', Content_Type="application/json"))


async def test_a_quoted_text_that_verifies_stays_one_that_verifies(control: aiohttp.ClientSession) -> None:
    """Row 73: the reference takes the quotes off when it writes the file, and then nobody can verify it."""
    quoted = '"say \\"hi\\""'
    for headers in (JSON_TYPE, {}):
        one = interaction("a", {"method": "POST", "body": quoted, "headers": headers}, body=quoted, headers=headers)
        for version in ("2.0.0", "3.0.0"):
            written = await _pact_of(control, await _create(control, pact(one, version=version)))
            assert [written["interactions"][0][part]["body"] for part in ("request", "response")] == [quoted, quoted]
            assert await verify(written, lambda _: Given(200, tuple(JSON_TYPE.items()), quoted.encode()))


async def test_a_contract_in_v3_can_be_played_again_from_its_file(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession
) -> None:
    contents = {"content-type": "application/json", "body": 'say "hi"'}
    contract = {
        "consumer": "web",
        "provider": "api",
        "specification": "V3",
        "interactions": [
            {
                "description": "d",
                "request": {"method": "POST", "path": "/x", "contents": contents},
                "response": {"status": 200, "contents": contents},
            }
        ],
    }
    server = await _create(control, contract, **{"Content-Type": "application/vnd.pactmock.test+json"})
    written = await _pact_of(control, server)
    assert written["interactions"][0]["request"]["body"] == '"say \\"hi\\""'
    again = await _create(control, written)
    for url in (server["url"], again["url"]):
        async with http.post(url + "/x", json='say "hi"') as response:
            assert (response.status, await response.json()) == (200, 'say "hi"')
    verification = await verify(written, always(body='"say \\"hi\\""', Content_Type="application/json"))
    assert verification, verification.output
    assert json.loads(verification.asked[0].body) == 'say "hi"'


@pytest.mark.parametrize("version", ["2.0.0", "3.0.0"])
async def test_a_list_in_a_text_is_warned_of(control: aiohttp.ClientSession, version: str) -> None:
    one = interaction("a", {"method": "POST", "headers": JSON_TYPE, "body": '[{"a":1}]'}, headers=JSON_TYPE, body="[1]")
    warnings = (await _create(control, pact(one, version=version)))["warnings"]
    assert [(item["code"], item["pointer"]) for item in warnings] == [
        ("list_in_text", "/interactions/0/request/body"),
        ("list_in_text", "/interactions/0/response/body"),
    ]


async def test_a_text_that_holds_no_list_or_is_of_v4_is_no_warning(control: aiohttp.ClientSession) -> None:
    said = interaction("a", {"method": "POST", "headers": JSON_TYPE, "body": "[1"}, headers=JSON_TYPE, body="123")
    assert (await _create(control, pact(said)))["warnings"] == []
    typed = {"content": "[1]", "contentType": "application/json", "encoded": False}
    assert (await _create(control, pact(interaction(body=typed), version="4.0")))["warnings"] == []
