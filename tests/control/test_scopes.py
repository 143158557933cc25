"""Many tests share one mock server, and each has a scope of its own there: its requests, its verdict, its pact."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest

from pactmock.control.running import Service
from pactmock.server.deciding.scope_names import LONGEST
from tests.pacts import Json, interaction, pact

TESTS = 200
_PACT = pact(
    interaction("the first", {"path": "/first"}, body={"n": 1}),
    interaction("the second", {"path": "/second"}),
    version="4.0",
)


async def _call(control: aiohttp.ClientSession, method: str, path: str, status: int = 200, **more: Any) -> Any:
    async with control.request(method, path, **more) as response:
        text = await response.text()
        assert response.status == status, (method, path, response.status, text)
        return json.loads(text) if text and "json" in response.content_type else text


async def _server(control: aiohttp.ClientSession, document: Json = _PACT, **query: str) -> Json:
    created = await _call(control, "POST", "/", json=document, params=query)
    server: Json = created["mockServer"]
    return server


def _about(server: Json, scope: str) -> str:
    return f"/mockserver/{server['id']}/scopes/{scope}"


async def test_each_of_many_tests_at_once_has_the_verdict_on_its_own_requests(control: aiohttp.ClientSession) -> None:
    server = await _server(control)

    async def test(number: int) -> tuple[int, list[Json], Json]:
        scope, ways = f"test-{number}", [_by_path, _by_header, _by_baggage]
        way = ways[number % len(ways)]
        async with way(control, server, scope, "/first") as response:
            assert response.status == 200
        async with way(control, server, scope, f"/wrong/{number}") as response:
            assert response.status == 500
        about = _about(server, scope)
        return (
            number,
            await _call(control, "GET", f"{about}/mismatches"),
            await _call(control, "GET", f"{about}/requests"),
        )

    for number, mismatches, received in await asyncio.gather(*map(test, range(TESTS))):
        assert [(item["type"], item["path"]) for item in mismatches] == [
            ("request-not-found", f"/wrong/{number}"),
            ("missing-request", "/second"),
        ]
        assert [(item["request"]["path"], item["scope"]) for item in received["requests"]] == [
            ("/first", f"test-{number}"),
            (f"/wrong/{number}", f"test-{number}"),
        ]
    whole = await _call(control, "GET", f"/mockserver/{server['id']}")
    assert (whole["failed"], whole["missing"], whole["metrics"]["requests"]) == (TESTS, 1, 2 * TESTS)
    assert (await _call(control, "GET", f"/mockserver/{server['id']}/scopes"))["total"] == TESTS


def _by_path(control: aiohttp.ClientSession, server: Json, scope: str, path: str) -> Any:
    return control.get(f"/m/{server['id']}~{scope}{path}")


def _by_header(control: aiohttp.ClientSession, server: Json, scope: str, path: str) -> Any:
    return control.get(server["url"] + path, headers={"x-pactmock-SCOPE": scope})


def _by_baggage(control: aiohttp.ClientSession, server: Json, scope: str, path: str) -> Any:
    return control.get(server["url"] + path, headers={"baggage": f"user=7;secret, pactmock.scope = {scope};p=1 ,x=y"})


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("~a", {}),
        ("%7Ea", {}),
        ("~a", {"X-Pactmock-Scope": "a"}),
        ("~a", {"baggage": "pactmock.scope=b"}),
        ("", {"X-Pactmock-Scope": " a "}),
        ("", {"X-Pactmock-Scope": "a", "baggage": "pactmock.scope=b"}),
        ("", {"baggage": "pactmock.scope=%61"}),
        ("", {"baggage": "=,,;;%%,pactmock.scope=a,pactmock.scope=a"}),
        ("", {"X-Pactmock-Scope": "a", "baggage": "pactmock.scope=%FF"}),
    ],
)
async def test_the_path_goes_before_the_header_and_that_before_baggage(
    control: aiohttp.ClientSession, path: str, headers: dict[str, str]
) -> None:
    server = await _server(control)
    await _call(control, "GET", f"/m/{server['id']}{path}/first", headers=headers)
    scopes = (await _call(control, "GET", f"/mockserver/{server['id']}/scopes"))["scopes"]
    assert [item["scope"] for item in scopes] == ["a"]
    assert (await _call(control, "GET", _about(server, "a")))["metrics"]["requests"] == 1


@pytest.mark.parametrize("headers", [{}, {"baggage": "pactmock.scopes=a,x=pactmock.scope,pactmock.scope"}])
async def test_a_request_that_names_no_scope_belongs_to_none(
    control: aiohttp.ClientSession, headers: dict[str, str]
) -> None:
    server = await _server(control)
    await _call(control, "GET", f"/m/{server['id']}/first", headers=headers)
    assert (await _call(control, "GET", f"/mockserver/{server['id']}/scopes")) == {"scopes": [], "total": 0}


HOSTILE = (
    "",
    " ",
    "..",
    ".",
    "-a",
    "a b",
    "a/b",
    "a~b",
    "a\u00e9",
    "a" * (LONGEST + 1),
    "a,b",
    "<script>",
    "a\t",
    "%",
    "a%00",
)


@pytest.mark.parametrize("name", HOSTILE)
async def test_what_cannot_be_the_name_of_a_scope_is_refused_and_noted(
    control: aiohttp.ClientSession, name: str
) -> None:
    server = await _server(control)
    answer = await _call(control, "GET", f"/m/{server['id']}~{quote(name, safe='')}/first", 400)
    assert "cannot be the name of a scope" in answer["error"]
    await _is_refused(control, server, 1)
    in_baggage = {"baggage": f"pactmock.scope={quote(name, safe='')}"}
    await _call(control, "GET", f"/m/{server['id']}/first", 400, headers=in_baggage)
    await _is_refused(control, server, 2)


async def _is_refused(control: aiohttp.ClientSession, server: Json, times: int) -> None:
    about = f"/mockserver/{server['id']}"
    types = [item["type"] for item in await _call(control, "GET", f"{about}/mismatches")]
    assert types == ["request-refused"] * times + ["missing-request"] * 2
    assert (await _call(control, "GET", f"{about}/scopes"))["total"] == 0


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("~a", [("X-Pactmock-Scope", "b")]),
        ("", [("X-Pactmock-Scope", "a"), ("X-Pactmock-Scope", "b")]),
        ("", [("baggage", "pactmock.scope=a,pactmock.scope=b")]),
        ("", [("baggage", "pactmock.scope=a"), ("baggage", "pactmock.scope=b")]),
    ],
)
async def test_a_request_that_names_two_scopes_is_in_neither(
    control: aiohttp.ClientSession, path: str, headers: list[tuple[str, str]]
) -> None:
    server = await _server(control)
    answer = await _call(control, "GET", f"/m/{server['id']}{path}/first", 400, headers=headers)
    assert "names two scopes, 'a' and 'b'" in answer["error"]
    await _is_refused(control, server, 1)


async def test_no_mock_server_has_a_name_behind_which_a_scope_might_stand(control: aiohttp.ClientSession) -> None:
    answer = await _call(control, "POST", "/", 400, json=_PACT, params={"name": "users~a"})
    assert answer["parameter"] == "name"
    assert "~" in answer["error"]


async def test_a_scope_with_a_part_of_the_pact_expects_and_writes_only_that(
    control: aiohttp.ClientSession, service: Service, tmp_path: Path
) -> None:
    server = await _server(control)
    listed = (await _call(control, "GET", f"/mockserver/{server['id']}/interactions"))["interactions"]
    begun = await _call(control, "PUT", _about(server, "a"), json={"interactions": [listed[1]["key"]]})
    assert (begun["id"], begun["scope"], begun["interactions"]) == (f"{server['id']}~a", "a", 1)
    assert begun["gatewayUrl"] == f"{service.url}/m/{server['id']}~a"
    await _call(control, "GET", f"/m/{server['id']}~a/second")
    await _call(control, "POST", f"{_about(server, 'a')}/verify", 204)
    [written] = list((tmp_path / "pacts").glob("*.json"))
    assert [item["description"] for item in json.loads(written.read_bytes())["interactions"]] == ["the second"]
    await _call(control, "GET", f"/m/{server['id']}~a/first", 500)  # the other part is not expected here
    found = await _call(control, "POST", f"{_about(server, 'a')}/verify", 422)
    assert [item["type"] for item in found["mismatches"]] == ["request-not-found"]
    shown = await _call(control, "GET", f"{_about(server, 'a')}/interactions/the%20second")
    assert shown["request"]["path"] == "/second"
    assert shown["served"] == 1


@pytest.mark.parametrize("body", [{"interactions": ["nobody"]}, {"interactions": ["the first", "nobody"]}])
async def test_a_part_that_the_pact_does_not_have_is_refused(control: aiohttp.ClientSession, body: Json) -> None:
    server = await _server(control)
    answer = await _call(control, "PUT", _about(server, "a"), 404, json=body)
    assert answer["code"] == "no_such_interaction"
    await _call(control, "GET", _about(server, "a"), 404)


async def test_an_empty_part_is_refused(control: aiohttp.ClientSession) -> None:
    server = await _server(control)
    await _call(control, "PUT", _about(server, "a"), 400, json={"interactions": []})


async def test_a_scope_that_nobody_has_used_is_not_there(control: aiohttp.ClientSession) -> None:
    server = await _server(control)
    for method, call in (("GET", "matched"), ("GET", "mismatches"), ("POST", "verify"), ("GET", "wait")):
        answer = await _call(control, method, f"{_about(server, 'a')}/{call}", 404)
        assert answer["code"] == "no_such_scope"


async def test_a_scope_waits_is_reset_and_ends_by_itself(control: aiohttp.ClientSession) -> None:
    server = await _server(control)
    for scope in ("a", "b"):
        await _call(control, "PUT", _about(server, scope), json={"interactions": ["the first"]})
    waiting = asyncio.ensure_future(_call(control, "GET", f"{_about(server, 'a')}/wait?timeout=30"))
    await _call(control, "GET", f"/m/{server['id']}~b/first")
    await _call(control, "GET", f"/m/{server['id']}~a/first")
    assert await waiting == {"complete": True, "matched": True}
    await _call(control, "DELETE", f"{_about(server, 'a')}/requests", 204)
    assert await _call(control, "GET", f"{_about(server, 'a')}/matched") == {"matched": False}
    assert await _call(control, "GET", f"{_about(server, 'b')}/matched") == {"matched": True}
    await _call(control, "DELETE", _about(server, "b"), 204)
    await _call(control, "GET", f"{_about(server, 'b')}/matched", 404)
    assert (await _call(control, "GET", f"/mockserver/{server['id']}"))["metrics"]["requests"] == 2


async def test_a_scope_has_a_provider_state_of_its_own(control: aiohttp.ClientSession) -> None:
    there = interaction("there", {"path": "/users/7"}) | {"providerState": "7 is there"}
    gone = interaction("gone", {"path": "/users/7"}, status=404) | {"providerState": "7 is gone"}
    server = await _server(control, pact(there, gone))
    await _call(control, "PUT", _about(server, "a"))
    shown = await _call(control, "POST", f"{_about(server, 'a')}/state", json={"state": "7 is gone"})
    assert shown["state"] == "7 is gone"
    await _call(control, "GET", f"/m/{server['id']}~a/users/7", 404)
    await _call(control, "GET", f"/m/{server['id']}~b/users/7", 200)
    await _call(control, "GET", f"/m/{server['id']}/users/7", 200)
    headers = {"X-Pactmock-State": "7 is there"}
    await _call(control, "GET", f"/m/{server['id']}~a/users/7", 200, headers=headers)
    await _call(control, "POST", f"{_about(server, 'a')}/state", 422, json={"state": "nobody knows it"})


async def test_what_is_not_of_a_scope_cannot_be_asked_of_one(control: aiohttp.ClientSession) -> None:
    server = await _server(control)
    await _call(control, "PUT", _about(server, "a"))
    await _call(control, "POST", f"{_about(server, 'a')}/interactions", 405, json=[])
    await _call(control, "GET", f"{_about(server, 'a')}/events", 404)
    answer = await _call(control, "PUT", f"/mockserver/{server['id']}~a/interactions", 400, json=_PACT)
    assert "of its mock server" in answer["error"]


async def test_a_scope_is_found_wherever_a_mock_server_is(control: aiohttp.ClientSession) -> None:
    await _server(control, name="users")
    await _call(control, "GET", "/m/users~a/first")
    assert await _call(control, "GET", "/mockserver/users~a/matched") == {"matched": False}
    report = await _call(control, "GET", "/mockserver/users~a/report")
    assert "users~a" in report
    await _call(control, "DELETE", "/mockserver/users~a", 204)
    await _call(control, "GET", "/mockserver/users~a", 404)
    await _call(control, "GET", "/mockserver/users", 200)


async def test_a_reset_of_the_mock_server_is_one_of_its_scopes(control: aiohttp.ClientSession) -> None:
    server = await _server(control)
    await _call(control, "PUT", _about(server, "a"), json={"interactions": ["the first"]})
    await _call(control, "GET", f"/m/{server['id']}~a/first")
    await _call(control, "DELETE", f"/mockserver/{server['id']}/requests", 204)
    shown = await _call(control, "GET", _about(server, "a"))
    assert (shown["metrics"]["requests"], shown["interactions"], shown["missing"]) == (0, 1, 1)


async def test_other_interactions_end_the_scopes_that_expected_those_that_are_gone(
    control: aiohttp.ClientSession,
) -> None:
    server = await _server(control)
    await _call(control, "PUT", _about(server, "part"), json={"interactions": ["the first"]})
    await _call(control, "GET", f"/m/{server['id']}~all/first")
    others = pact(interaction("the third", {"path": "/third"}), version="4.0")
    await _call(control, "PUT", f"/mockserver/{server['id']}/interactions", json=others)
    shown = await _call(control, "GET", _about(server, "all"))
    assert (shown["metrics"]["requests"], shown["missing"]) == (0, 1)
    gone = await _call(control, "POST", f"{_about(server, 'part')}/verify", 410)
    assert gone["code"] == "scope_gone"
    await _call(control, "GET", f"/m/{server['id']}~part/third", 410)  # not counted as if nothing had been before
    await _call(control, "PUT", _about(server, "part"))
    await _call(control, "GET", f"/m/{server['id']}~part/third", 200)


async def test_what_comes_after_the_verdict_of_a_scope_is_late_there_alone(control: aiohttp.ClientSession) -> None:
    server = await _server(control)
    await _call(control, "PUT", _about(server, "a"), json={"interactions": ["the first"]})
    await _call(control, "GET", f"/m/{server['id']}~a/first")
    await _call(control, "POST", f"{_about(server, 'a')}/verify", 204)
    await _call(control, "GET", f"/m/{server['id']}~a/first")
    codes = [item["code"] for item in (await _call(control, "GET", _about(server, "a")))["warnings"]]
    assert codes == ["late_request"]
    assert not (await _call(control, "GET", f"/mockserver/{server['id']}"))["warnings"]
    requests = (await _call(control, "GET", f"{_about(server, 'a')}/requests"))["requests"]
    assert [item["afterVerdict"] is None for item in requests] == [True, False]


async def test_a_fault_of_a_scope_meets_no_other_test_and_is_named_in_both_verdicts(
    control: aiohttp.ClientSession,
) -> None:
    server = await _server(control)
    await _call(control, "PUT", _about(server, "a"))
    fault = {"fault": "EMPTY_RESPONSE"}
    await _call(control, "PATCH", f"{_about(server, 'a')}/interactions/the%20first", json=fault)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await _call(control, "GET", f"/m/{server['id']}~a/first")
    await _call(control, "GET", f"/m/{server['id']}~b/first")
    await _call(control, "GET", f"/m/{server['id']}/first")
    for about in (_about(server, "a"), f"/mockserver/{server['id']}"):
        codes = [item["code"] for item in (await _call(control, "GET", about))["warnings"]]
        assert codes == ["played_fault"], about
    assert not (await _call(control, "GET", _about(server, "b")))["warnings"]


async def test_the_header_of_a_scope_is_no_part_of_what_is_recorded(control: aiohttp.ClientSession) -> None:
    server = await _server(control)
    headers = {"X-Pactmock-Scope": "a", "baggage": "pactmock.scope=a", "X-Own": "1"}
    await _call(control, "GET", f"/m/{server['id']}/elsewhere", 500, headers=headers)
    recorded = await _call(control, "GET", f"{_about(server, 'a')}/requests/1/interaction")
    assert {name.lower() for name in recorded["request"]["headers"]} == {"x-own"}


async def test_a_message_that_is_none_is_noted_in_the_scope_that_it_names(
    control: aiohttp.ClientSession, service: Service
) -> None:
    server = await _server(control)
    reader, writer = await asyncio.open_connection("127.0.0.1", server["port"])
    writer.write(
        b"POST /first HTTP/1.1\r\nHost: x\r\nX-Pactmock-Scope: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n"
    )
    assert (await reader.readline()).split()[1] == b"400"
    writer.close()
    for about in (_about(server, "a"), f"/mockserver/{server['id']}"):
        types = [item["type"] for item in await _call(control, "GET", f"{about}/mismatches")]
        assert types == ["request-refused", "missing-request", "missing-request"], about


async def test_a_service_that_plays_no_pact_over_http_has_no_scopes(control: aiohttp.ClientSession) -> None:
    created = await _call(control, "POST", "/ruby?consumer=a&provider=b")
    answer = await _call(control, "GET", f"/mockserver/{created['mockServer']['id']}/scopes", 404)
    assert answer["code"] == "no_scopes"
    await _call(control, "GET", f"/m/{created['mockServer']['id']}~a/x", 404)
