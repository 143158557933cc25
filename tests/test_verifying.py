"""The reference's verifier says no when it must; otherwise no test that asks it would say anything."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pactmock import MockServer
from tests.pacts import USERS, interaction, pact
from tests.verifying import Asked, Given, always, does, verify

ADA = pact(interaction("a user", {"path": "/users/1"}, headers={"Content-Type": "application/json"}, body={"id": 1}))


async def test_a_provider_that_does_what_the_pact_says_is_verified() -> None:
    verification = await verify(USERS, does(USERS))
    assert verification, verification.output
    assert [name for name, _ in verification.results] == ["a request for a user", "a request to add a user"]
    assert [(asked.method, asked.target) for asked in verification.asked] == [("GET", "/users/1"), ("POST", "/users")]
    assert json.loads(verification.asked[1].body) == {"name": "Ada", "age": 36}


@pytest.mark.parametrize(
    ("provider", "says"),
    [
        (always(body='{"id": 2}', Content_Type="application/json"), "BodyMismatch: Expected 2 (Integer)"),
        (always(body='{"id": 1}', Content_Type="text/plain"), "BodyTypeMismatch: "),
        (
            always(body='{"id": 1}', Content_Type="application/json", status=404),
            "StatusMismatch: expected 200 but was 404",
        ),
    ],
    ids=["another body", "another type", "another status"],
)
async def test_a_provider_that_does_something_else_is_not_verified(provider: object, says: str) -> None:
    assert callable(provider)
    verification = await verify(ADA, provider)
    assert not verification
    (failure,) = verification.failures
    assert failure.mismatches[0].startswith(says)


async def test_a_pact_without_interactions_verifies_nothing() -> None:
    assert not await verify(pact(), always())


async def test_a_file_that_the_reference_cannot_read_is_not_verified(tmp_path: Path) -> None:
    file = tmp_path / "pact.json"
    file.write_text("{]")
    verification = await verify(file, always())
    assert not verification
    assert verification.asked == ()


async def test_what_a_mock_server_wrote_is_verified_against_that_mock_server(tmp_path: Path) -> None:
    async with MockServer(ADA) as server:
        first = await verify(ADA, server.port)
        assert first, first.output
        assert server.matched
        assert await verify(await server.write_pact(tmp_path), server.port)


async def test_several_headers_of_one_name_and_a_body_of_bytes_arrive() -> None:
    cookies = pact(interaction("a login", headers={"Set-Cookie": ["a=1, 2", "b=2"]}))

    def provider(_: Asked) -> Given:
        return Given(200, (("Set-Cookie", "a=1, 2"), ("Set-Cookie", "b=2"), ("Content-Type", "x/y")), b"\0\xff")

    verification = await verify(cookies, provider)
    assert verification, verification.output
