"""The OpenAPI document describes the API that is there."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from pydantic import BaseModel, TypeAdapter

from pactmock.control import interactions, journal, pacts, schemas, servers
from pactmock.control.calls.taking import nothing_asked
from pactmock.control.entries import Entry
from pactmock.control.explained import Mismatch, NotMatched
from pactmock.control.routes import ROUTES
from pactmock.control.running import Service
from tests.pacts import Json, interaction, pact
from tests.raw_http import exchange

DOCS = Path(__file__).parents[2] / "docs"
_SCOPE = "/scopes/{scope}"
_OF_THE_WHOLE = {
    "GET /mockserver/{id}/scopes",
    "GET /mockserver/{id}/events",
    "POST /mockserver/{id}/interactions",
    "PUT /mockserver/{id}/interactions",
    "GET /mockserver/{id}/messages",
    "POST /mockserver/{id}/messages/{key}",
    "POST /mockserver/{id}/messages/{key}/handled",
}
_METHODS = ("GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE")


async def _document(control: aiohttp.ClientSession) -> dict[str, Any]:
    async with control.get("/openapi.json") as response:
        assert response.status == 200
        document: dict[str, Any] = await response.json()
        return document


async def test_the_calls_that_are_described_are_those_of_the_page_about_them(control: aiohttp.ClientSession) -> None:
    calls = {
        f"{method.upper()} {path}" for path, item in (await _document(control))["paths"].items() for method in item
    }
    page = (DOCS / "control-api.md").read_text(encoding="utf-8")
    documented = {f"{method} {path}" for method, path in re.findall(r"`(GET|POST|PUT|PATCH|DELETE) (/[^`?\s]*)", page)}
    of_scopes = {call for call in calls if _SCOPE in call} - documented
    assert calls - of_scopes == documented | {f"{method} /m/{{id}}/{{path}}" for method in _METHODS}
    of_servers = {call.replace(_SCOPE, "") for call in of_scopes}
    assert of_servers < documented
    assert {
        call for call in documented - of_servers if "/mockserver/{id}" in call and _SCOPE not in call
    } == _OF_THE_WHOLE


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
        if "get" in item and not path.startswith("/m/"):
            async with control.get(path.replace("{id}", "nope")) as response:
                assert str(response.status) in item["get"]["responses"]


async def test_every_call_but_those_of_the_code_under_test_says_who_may_make_it(control: aiohttp.ClientSession) -> None:
    for path, item in (await _document(control))["paths"].items():
        for operation in item.values():
            needs_token = path not in {"/health", "/ready", "/shutdown"} and not path.startswith("/m/")
            assert ("401" in operation["responses"]) is needs_token, path
            assert path.startswith("/m/") or "403" in operation["responses"], path
            assert "security" in operation, path


async def test_every_parameter_and_every_member_that_is_asked_for_is_described(control: aiohttp.ClientSession) -> None:
    document = await _document(control)
    for item in document["paths"].values():
        for operation in item.values():
            for parameter in operation["parameters"]:
                assert parameter["description"], (operation["operationId"], parameter["name"])


def _fits(model: type[BaseModel] | TypeAdapter[Any], answer: Any) -> None:
    """Make sure that an answer is what its model says, and has no member that the model does not know."""
    adapter = model if isinstance(model, TypeAdapter) else TypeAdapter(model)
    shown = adapter.dump_python(adapter.validate_json(json.dumps(answer)), mode="json", exclude_unset=True)
    assert _comparable(shown) == _comparable(answer)


def _comparable(answer: Any) -> Any:
    return json.loads(json.dumps(answer).replace('+00:00"', 'Z"'))


PLAYED = pact(
    interaction(
        "an order",
        {
            "method": "POST",
            "path": "/orders",
            "query": {"q": ["1"]},
            "headers": {"Content-Type": "application/json", "X-A": "1"},
            "body": {"id": 1},
            "matchingRules": {"body": {"$.id": {"matchers": [{"match": "integer"}]}}},
        },
    )
    | {"providerStates": [{"name": "open", "params": {"till": 22}}]},
    interaction("another", {"path": "/other"}),
)

SENT: list[tuple[str, str, Json]] = [
    ("POST", "/orders?q=2", {"data": b'{"id": "x"}', "headers": {"Content-Type": "application/json"}}),
    ("POST", "/orders", {"data": b"\xff", "headers": {"Content-Type": "image/png"}}),
    ("PUT", "/nowhere", {}),
    ("GET", "/other", {}),
]


async def _answer(control: aiohttp.ClientSession, call: str, status: int = 200, **more: Any) -> Any:
    method, _, path = call.partition(" ")
    async with control.request(method, path, **more) as response:
        assert response.status == status, await response.text()
        return await response.json()


async def test_whatever_is_answered_is_what_its_model_says(control: aiohttp.ClientSession) -> None:
    created = await _answer(control, "POST /", json=PLAYED)
    _fits(servers.Created, created)
    server = f"/mockserver/{created['mockServer']['id']}"
    for method, path, more in SENT:
        async with control.request(method, f"/m/{created['mockServer']['port']}{path}", **more) as response:
            if response.status == 500:
                _fits(NotMatched, await response.json())
    _fits(TypeAdapter(list[Mismatch]), await _answer(control, f"GET {server}/mismatches"))
    _fits(servers.VerifyFailed, await _answer(control, f"POST {server}/verify", 422))
    await exchange(created["mockServer"]["port"], b"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n")
    listed = await _answer(control, f"GET {server}/requests")
    assert [item["outcome"] for item in listed["requests"]].index("Refused") == len(SENT)
    _fits(journal.Requests, listed)
    for item in listed["requests"]:
        _fits(Entry, await _answer(control, f"GET {server}/requests/{item['number']}"))
    _fits(journal.Requests, await _answer(control, f"GET {server}/requests?brief=true"))
    _fits(interactions.Interactions, await _answer(control, f"GET {server}/interactions"))
    _fits(interactions.WholeInteraction, await _answer(control, f"GET {server}/interactions/an%20order"))
    _fits(interactions.Explained, await _answer(control, f"POST {server}/explain", json={"path": "/x"}))
    _fits(schemas.Server, await _answer(control, f"GET {server}"))
    _fits(pacts.Written, await _answer(control, f"POST {server}/pact", json={}))
    _fits(pacts.Pacts, await _answer(control, "GET /pacts"))
    _fits(schemas.Error, await _answer(control, "GET /mockserver/nope", 404))


async def test_the_gateway_url_leads_to_the_mock_server(control: aiohttp.ClientSession, service: Service) -> None:
    server = (await _answer(control, "POST /", json=PLAYED))["mockServer"]
    assert server["gatewayUrl"] == f"{service.url}/m/{server['id']}"
    async with control.get(server["gatewayUrl"] + "/other") as response:
        assert response.status == 200


@pytest.mark.parametrize("name", ["nearMisses", "mismatches", "interaction"])
async def test_what_explains_is_described_to_its_last_member(control: aiohttp.ClientSession, name: str) -> None:
    schemas_of = (await _document(control))["components"]["schemas"]
    described = json.dumps(schemas_of["RequestMismatch"]["properties"][name])
    assert "#/components/schemas/" in described


def test_what_says_nothing_is_what_a_model_makes_of_nothing() -> None:
    questions = {model for route in ROUTES for model in (route.query,) if model is not None}
    assert servers.CreateQuery in questions
    for model in questions:
        assert nothing_asked(model) == model.model_validate({}), model.__name__


def test_what_has_to_say_something_is_not_made_of_nothing() -> None:
    class Demanding(BaseModel):
        name: str

    assert nothing_asked(Demanding) is None
