"""The OpenAPI document describes the API that is there."""

from __future__ import annotations

import json
from typing import Any

import aiohttp

from pactmock.control.service import Service


async def _document(control: aiohttp.ClientSession) -> dict[str, Any]:
    async with control.get("/openapi.json") as response:
        assert response.status == 200
        document: dict[str, Any] = await response.json()
        return document


async def test_every_call_is_described(control: aiohttp.ClientSession) -> None:
    calls = {
        f"{method.upper()} {path}" for path, item in (await _document(control))["paths"].items() for method in item
    }
    assert calls == {
        "GET /",
        "POST /",
        "GET /mockserver/{id}",
        "DELETE /mockserver/{id}",
        "POST /mockserver/{id}/verify",
        "GET /mockserver/{id}/matched",
        "GET /mockserver/{id}/mismatches",
        "POST /mockserver/{id}/pact",
        "GET /mockserver/{id}/pact",
        "GET /mockserver/{id}/logs",
        "GET /mockserver/{id}/requests",
        "GET /mockserver/{id}/requests/{number}",
        "GET /mockserver/{id}/requests/{number}/body",
        "GET /mockserver/{id}/interactions",
        "DELETE /mockserver/{id}/requests",
        "GET /mockserver/{id}/wait",
        "POST /mockserver/{id}/interactions",
        "PUT /mockserver/{id}/interactions",
        "POST /mockserver/{id}/explain",
        "GET /ca.pem",
        "GET /health",
        "GET /openapi.json",
        "POST /shutdown",
    }


async def test_every_reference_leads_somewhere(control: aiohttp.ClientSession) -> None:
    document = await _document(control)
    text = json.dumps(document)
    names = {piece.partition('"')[0] for piece in text.split('"#/components/schemas/')[1:]}
    assert names <= set(document["components"]["schemas"])


async def test_every_answer_of_a_plain_get_is_one_that_is_described(
    service: Service, control: aiohttp.ClientSession
) -> None:
    document = await _document(control)
    for path, item in document["paths"].items():
        if "get" in item:
            async with control.get(path.replace("{id}", "nope")) as response:
                assert str(response.status) in item["get"]["responses"]
