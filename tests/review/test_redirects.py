"""A redirection is a warning, as the provider's verification follows it."""

from __future__ import annotations

import pytest

from pactmock import MockServer
from tests.pacts import interaction, pact
from tests.verifying import Asked, Given, verify


def leads_home(asked: Asked) -> Given:
    return Given(200) if asked.target == "/home" else Given(int(asked.target[1:]), (("Location", "/home"),))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_provider_that_redirects_is_not_verified(status: int) -> None:
    described = pact(interaction("a login", {"path": f"/{status}"}, status=status, headers={"Location": "/home"}))
    (warning,) = MockServer(described).warnings
    assert (warning.code, warning.pointer) == ("redirect_followed", "/interactions/0/response/status")
    assert not await verify(described, leads_home)


@pytest.mark.parametrize("status", [201, 300, 304, 305])
async def test_other_statuses_with_a_location_are_verified(status: int) -> None:
    described = pact(interaction("a login", {"path": f"/{status}"}, status=status, headers={"Location": "/home"}))
    assert MockServer(described).warnings == ()
    assert await verify(described, leads_home)
