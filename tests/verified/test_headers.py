"""Headers that say the same in other words: RFC 9110 and RFC 6265 let clients write them so."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from pactmock import MockServer
from tests.pacts import interaction, pact
from tests.verifying import does, verify

ORDER = {"book": 7}


@pytest.mark.parametrize(
    ("name", "expected", "sent"),
    [
        ("Content-Type", "Application/JSON", "application/json"),
        ("Content-Type", "application/json;charset=utf-8", 'application/json; charset="UTF-8"'),
        ("Accept", "Text/HTML, application/json", "text/html,application/json"),
        ("Cookie", "session=1; lang=de", "lang=de; session=1"),
    ],
)
@pytest.mark.parametrize("version", ["2.0.0", "3.0.0", "4.0"])
async def test_a_request_may_write_a_header_in_another_way(version: str, name: str, expected: str, sent: str) -> None:
    body: Any = {"content": ORDER, "contentType": "application/json"} if version == "4.0" else ORDER
    headers = {"Content-Type": "application/json"} | {name: expected}
    request = {"method": "POST", "path": "/orders", "headers": headers, "body": body}
    given = pact(interaction("an order", request, status=201), version=version)
    async with MockServer(given) as server, httpx.AsyncClient(base_url=server.url) as client:
        reply = await client.post("/orders", json=ORDER, headers={name: sent})
        assert reply.status_code == 201, reply.text
    assert await verify(given, does(given))
