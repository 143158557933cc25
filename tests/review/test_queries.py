"""A query parameter without a value, which the provider's verification leaves out, is a warning."""

from __future__ import annotations

from typing import Any

import pytest

from pactmock import MockServer
from tests.pacts import interaction, pact
from tests.raw_http import exchange
from tests.verifying import always, verify


@pytest.mark.parametrize("query", ["a&b=1", {"a": [None], "b": ["1"]}])
async def test_the_verification_leaves_out_a_parameter_without_value(query: Any) -> None:
    described = pact(interaction("a list", {"path": "/list", "query": query}))
    (warning,) = MockServer(described).warnings
    assert (warning.code, warning.pointer) == ("parameter_without_value", "/interactions/0/request/query")
    (asked,) = (await verify(described, always())).asked
    assert asked.target == "/list?b=1"


async def test_an_empty_value_is_met_by_none_and_is_sent() -> None:
    described = pact(interaction("a list", {"path": "/list", "query": {"a": [""]}}))
    async with MockServer(described) as server:
        assert server.warnings == ()
        await exchange(server.port, b"GET /list?a HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert server.matched
    assert [asked.target for asked in (await verify(described, always())).asked] == ["/list?a="]
