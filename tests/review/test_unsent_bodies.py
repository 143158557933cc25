"""A body in an answer that cannot have one is a warning, as no provider can send it."""

from __future__ import annotations

import pytest

from pactmock import MockServer
from tests.pacts import interaction, pact
from tests.verifying import does, verify


@pytest.mark.parametrize(("method", "status"), [("DELETE", 204), ("GET", 304), ("HEAD", 200)])
async def test_no_provider_can_send_a_body_where_http_has_none(method: str, status: int) -> None:
    described = pact(interaction("a", {"method": method, "path": "/"}, status=status, body={"a": 1}))
    async with MockServer(described) as server:
        (warning,) = server.warnings
        assert (warning.code, warning.pointer) == ("unsent_body", "/interactions/0/response/body")
        assert not await verify(described, server.port)
        without = pact(interaction("a", {"method": method, "path": "/"}, status=status))
    assert MockServer(without).warnings == ()
    assert await verify(without, does(without))
