"""Rules for single values of a header are a warning where a file cannot keep them apart (row 41)."""

from __future__ import annotations

from typing import Any

import pytest

from pactmock import MockServer
from pactmock.authoring.consumer_test import read_consumer_test
from pactmock.pact import specification
from pactmock.pact.documents import writing
from tests.authoring.matchers import matcher
from tests.pacts import interaction, pact
from tests.verifying import Given, verify

SESSION = matcher("regex", "sid=1", regex="sid=.*")


def login(*cookies: Any) -> Any:
    """A contract of a response that sets these cookies."""
    one = {"description": "a login", "request": {"path": "/"}, "response": {"headers": {"Set-Cookie": list(cookies)}}}
    return {"consumer": "web", "provider": "api", "specification": "V4", "interactions": [one]}


def setting(*cookies: str) -> Given:
    return Given(200, tuple(("Set-Cookie", cookie) for cookie in cookies))


async def test_row_41_different_rules_for_values_are_a_warning_as_the_verification_knows_one_for_all() -> None:
    contract = read_consumer_test(login("theme=dark", SESSION))
    (warning,) = MockServer(contract).warnings
    assert (warning.code, warning.pointer) == ("rule_for_all_values", "/interactions/0/response/headers/Set-Cookie/1")
    written = writing.to_json(contract, specification.V4)
    assert not await verify(written, lambda _: setting("theme=dark", "sid=2"))


async def test_row_41_one_rule_for_all_values_is_what_a_file_can_say() -> None:
    contract = read_consumer_test(login(SESSION, SESSION))
    assert MockServer(contract).warnings == ()
    written = writing.to_json(contract, specification.V4)
    assert await verify(written, lambda _: setting("sid=2", "sid=3"))


def test_row_41_a_request_is_compared_by_the_contract_that_was_played() -> None:
    one = {"description": "a page", "request": {"path": "/", "headers": {"X": ["a", SESSION]}}, "response": {}}
    contract = {"consumer": "web", "provider": "api", "specification": "V4", "interactions": [one]}
    assert MockServer(read_consumer_test(contract)).warnings == ()


@pytest.mark.parametrize(
    ("values", "warned"),
    [(["no-cache, no-store"], True), (["no-cache", "no-store"], False), ("no-cache, no-store", False)],
)
async def test_values_of_a_split_header_in_one_item_are_a_warning_as_nothing_meets_them(
    values: Any, warned: bool
) -> None:
    described = pact(interaction("a", headers={"Cache-Control": values}), version="4.0")
    warnings = [(warning.code, warning.pointer) for warning in MockServer(described).warnings]
    assert warnings == ([("unsplit_header", "/interactions/0/response/headers/Cache-Control")] if warned else [])
    verified = await verify(described, lambda _: Given(200, (("Cache-Control", "no-cache, no-store"),)))
    assert bool(verified) is not warned
