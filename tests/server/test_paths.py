"""A path of a pact is met by what clients make of it, and by what the provider's verification sends (row 72)."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock import MockServer
from pactmock.matching import compare_request
from pactmock.matching.parts.path import decoded, encoded
from pactmock.pact import specification
from pactmock.pact.documents import reading, writing
from pactmock.pact.model import Request
from tests.pacts import interaction, pact
from tests.raw_http import exchange, head_lines
from tests.verifying import Asked, Given, verify

UNSENDABLE = ["/My Doc.txt", "/Größe", '/a"<>`{}|^b', "/a\\b", "/日本", "/half%20way there"]


async def _status(server: MockServer, target: str) -> int:
    request = f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    return int(head_lines(await exchange(server.port, request))[0].split()[1])


@pytest.mark.parametrize("path", UNSENDABLE)
async def test_a_path_that_no_client_sends_as_it_is_is_met_by_its_encoded_form(path: str) -> None:
    async with MockServer(pact(interaction(request={"path": path}))) as server:
        assert await _status(server, encoded(path)) == 200
        assert await _status(server, encoded("/other" + path)) == 500
        assert not server.matched
        server.reset()
        async with aiohttp.ClientSession() as http, http.get(server.url + path) as response:
            assert response.status == 200, "as a client library encodes it"
        assert server.matched, server.report()


async def test_hexadecimal_digits_of_an_encoded_form_may_be_small() -> None:
    async with MockServer(pact(interaction(request={"path": "/ö"}))) as server:
        assert await _status(server, "/%c3%b6") == 200


async def test_raw_bytes_of_curl_meet_such_a_path_too_and_so_does_what_the_verifier_sends() -> None:
    given_ = pact(interaction(request={"path": "/Größe", "query": {"q": ["süß"]}}))
    async with MockServer(given_) as server:
        assert await _status(server, "/Größe?q=süß") == 200
        assert server.matched
        verification = await verify(given_, server.port)
        assert verification, verification.output
        assert server.matched, server.report()


async def test_what_a_client_encodes_without_need_is_another_path_as_before() -> None:
    async with MockServer(
        pact(interaction(request={"path": "/ab"}), interaction(request={"path": "/a b/c"}))
    ) as server:
        assert await _status(server, "/%61b") == 500
        assert await _status(server, "/a%20b%2Fc") == 500
        assert await _status(server, "/a%20b/c") == 200


@pytest.mark.parametrize(
    ("request_", "target"),
    [
        ({"path": "/staffing?from=1&to=2"}, "/staffing?from=1&to=2"),
        ({"path": "/staffing?from=1", "query": "to=2"}, "/staffing?from=1&to=2"),
        ({"path": "/staffing?q=ö b"}, "/staffing?q=%C3%B6+b"),
        ({"path": "api/a"}, "/api/a"),
        ({"path": "api/a?b=c"}, "/api/a?b=c"),
    ],
)
@pytest.mark.parametrize("version", ["1.0.0", "2.0.0", "3.0.0", "4.0"])
async def test_a_query_in_a_path_and_a_missing_slash_are_played_as_the_verifier_sends_them(
    request_: dict[str, Any], target: str, version: str
) -> None:
    given_ = pact(interaction(request=request_), version=version)
    async with MockServer(given_) as server:
        assert await _status(server, target) == 200
        assert server.matched, server.report()
        written = writing.to_json(reading.read_pact(given_), specification.named("V3"))
        assert written["interactions"][0]["request"]["path"] == request_["path"], "what is written is what was given"
        verification = await verify(given_, server.port)
        assert verification, verification.output


async def test_an_empty_path_is_met_by_no_request() -> None:
    """The cases of the specification say so."""
    async with MockServer(pact(interaction(request={"path": ""}))) as server:
        assert await _status(server, "/") == 500


async def test_another_query_than_the_one_in_the_path_does_not_match() -> None:
    async with MockServer(pact(interaction(request={"path": "/staffing?from=1"}))) as server:
        assert [await _status(server, target) for target in ("/staffing?from=2", "/staffing", "/staffing?from=1")] == [
            500,
            500,
            200,
        ]


@pytest.mark.parametrize("path", [path for path in UNSENDABLE if "\\" not in path])
async def test_what_the_verifier_sends_for_such_a_path_is_what_is_played(path: str) -> None:
    given_ = pact(interaction(request={"path": path}))
    asked: list[str] = []

    def provider(request: Asked) -> Given:
        asked.append(request.target)
        return Given()

    assert await verify(given_, provider)
    async with MockServer(given_) as server:
        assert await _status(server, asked[0]) == 200


RULE = {"path": {"matchers": [{"match": "regex", "regex": "/[A-Za-zöäü ]+(/[a-z]+)?"}]}}


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/Berlin", 200),
        ("/K%C3%B6ln", 200),
        ("/Bad%20Aibling", 200),
        ("/K%C3%B6ln/map", 200),
        ("/K%C3%B6ln%2Fmap", 500),
        ("/K%F6ln", 500),
        ("/1", 500),
    ],
)
async def test_a_rule_is_tried_on_the_path_as_sent_and_then_on_the_decoded_one(target: str, status: int) -> None:
    async with MockServer(pact(interaction(request={"path": "/Ulm", "matchingRules": RULE}))) as server:
        assert await _status(server, target) == status


async def test_a_rule_that_is_written_for_the_encoded_path_still_holds() -> None:
    encoded_rule = {"path": {"matchers": [{"match": "regex", "regex": "/(%[0-9A-F]{2})+"}]}}
    async with MockServer(pact(interaction(request={"path": "/%C3%B6", "matchingRules": encoded_rule}))) as server:
        assert await _status(server, "/%C3%A4") == 200


def test_requests_are_compared_alike_without_a_mock_server() -> None:
    def compare(expected: str, actual: str) -> int:
        return len(compare_request(Request(path=expected), reading.read_request({"path": actual}, specification.V3)))

    assert compare("/a b", "/a%20b") == 0
    assert compare("/a b", "/a%20c") == 1
    assert compare("a", "/a") == 0


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).map("/".__add__))
def test_a_path_and_its_encoded_form_have_the_same_encoded_form(path: str) -> None:
    assert encoded(encoded(path)) == encoded(path)
    assert encoded(path).isascii()


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="%")).map("/".__add__))
def test_what_was_encoded_is_read_as_it_was(path: str) -> None:
    assert decoded(encoded(path)) == path
