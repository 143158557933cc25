"""Interactions with the same request, each given another provider state: a test chooses the one that it means."""

from __future__ import annotations

from typing import Any

import aiohttp
import httpx
import pytest

from pactmock import MockServer, SyncMockServer
from pactmock.control.running import Service
from pactmock.errors import NoSuchState
from tests.pacts import Json, interaction, pact
from tests.raw_http import exchange
from tests.verifying import Asked, Given, verify


def _given(state: str, status: int, request: Json | None = None) -> Json:
    return interaction(f"a user, {state}", request or {"path": "/users/7"}, status=status) | {"providerState": state}


USERS = pact(_given("user 7 exists", 200), _given("user 7 is gone", 410), _given("there are no users", 404))


async def _status(http: aiohttp.ClientSession, url: str, **headers: str) -> int:
    async with http.get(f"{url}/users/7", headers=headers) as response:
        return response.status


async def test_interactions_given_the_chosen_state_go_first(http: aiohttp.ClientSession) -> None:
    async with MockServer(USERS) as server:
        assert await _status(http, server.url) == 200
        server.choose_state("user 7 is gone")
        assert await _status(http, server.url) == 410
        server.choose_state("there are no users")
        assert await _status(http, server.url) == 404
        server.choose_state(None)
        assert await _status(http, server.url) == 200
        assert server.matched


def test_a_state_can_be_chosen_from_the_start_and_in_synchronous_code() -> None:
    with SyncMockServer(USERS, state="user 7 is gone") as server:
        assert httpx.get(server.url + "/users/7").status_code == 410
        server.choose_state("user 7 exists")
        assert httpx.get(server.url + "/users/7").status_code == 200


def test_each_interaction_has_to_be_served_where_interactions_count() -> None:
    with SyncMockServer(USERS, count="interaction") as server:
        assert httpx.get(server.url + "/users/7").status_code == 200
        assert [item["type"] for item in server.mismatches] == ["missing-request"] * 2
    with SyncMockServer(USERS) as server:
        assert httpx.get(server.url + "/users/7").status_code == 200
        assert server.matched, "one request is enough for all that ask for the same"


async def test_a_request_names_its_own_state_in_a_header(http: aiohttp.ClientSession) -> None:
    async with MockServer(USERS, state="user 7 exists") as server:
        header = {"X-Pactmock-State": "user 7 is gone"}
        assert [await _status(http, server.url, **header), await _status(http, server.url)] == [410, 200]
        assert await _status(http, server.url, **{"X-Pactmock-State": ""}) == 200
        assert server.matched, "the header is none that the pact says anything about"


@pytest.mark.parametrize(
    ("given", "named", "advice"),
    [
        (USERS, "user 7 is gon", "'user 7 is gone' may be meant"),
        (USERS, "nobody knows", "choose one of there are no users, user 7 exists, user 7 is gone"),
        (pact(interaction("a user", {"path": "/users/7"})), "user 7 exists", "none of them is given any"),
    ],
    ids=["nearly a name", "another name", "no states"],
)
async def test_a_request_that_names_a_state_which_nothing_is_given_meets_nothing(
    http: aiohttp.ClientSession, given: Json, named: str, advice: str
) -> None:
    """Else a slip of the pen would have another interaction answer than the one that the test means."""
    async with MockServer(given) as server:
        assert await _status(http, server.url) == 200
        async with http.get(f"{server.url}/users/7", headers={"x-pactmock-state": named}) as response:
            said = await response.json()
        assert (response.status, response.headers["X-Pact"]) == (500, "Request-Mismatch")
        (found,) = said["mismatches"]
        assert (found["type"], found["key"], found["actual"]) == ("HeaderMismatch", "X-Pactmock-State", named)
        assert found["mismatch"] == f"No interaction is given the provider state '{named}': {advice}"
        assert found["mismatch"] in said["error"]
        assert [item["type"] for item in server.mismatches] == ["request-mismatch"]
        assert (await server.explain({"path": "/users/7", "headers": {"X-Pactmock-State": named}}))["matched"] is False


async def test_a_request_that_does_not_match_is_explained_by_the_interaction_of_the_chosen_state(
    http: aiohttp.ClientSession,
) -> None:
    needs = {"path": "/users/7", "headers": {"A": "1", "B": "2", "C": "3"}}
    only_a = {"A": "1"}
    both = pact(
        _given("it is there", 200, {"path": "/users/7", "headers": {"D": "1"}}), _given("it is not", 404, needs)
    )
    async with MockServer(both, state="it is there") as server:
        assert await _status(http, server.url, A="1", B="2", C="3") == 404, "what matches fully wins all the same"
        for state in ("it is there", "it is not"):
            server.choose_state(state)
            async with http.get(server.url + "/users/7", headers=only_a) as response:
                assert (await response.json())["interaction"]["description"] == f"a user, {state}"


async def test_a_request_elsewhere_is_still_explained_by_what_is_nearest(http: aiohttp.ClientSession) -> None:
    other = interaction("others", {"path": "/others"}) | {"providerState": "there are others"}
    pact_ = pact(*USERS["interactions"], other)
    async with MockServer(pact_, state="there are others") as server, http.get(server.url + "/users/8") as response:
        assert (await response.json())["interaction"]["description"] == "a user, user 7 exists"


async def test_a_state_that_no_interaction_is_given_is_refused_with_the_name_that_may_be_meant() -> None:
    with pytest.raises(NoSuchState, match=r"'user 7 exist': 'user 7 exists' may be meant"):
        MockServer(USERS, state="user 7 exist")
    async with MockServer(USERS) as server:
        with pytest.raises(NoSuchState, match=r"choose one of there are no users, user 7 exists, user 7 is gone"):
            server.choose_state("x")
    with pytest.raises(NoSuchState, match="none of them is given any"):
        MockServer(pact(interaction()), state="x")


async def test_with_a_count_of_interactions_each_has_to_be_served_in_its_state(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession
) -> None:
    """One request satisfies all that ask for the same, unless each interaction counts."""
    async with control.post("/", params={"count": "interaction"}, json=USERS) as response:
        server = (await response.json())["mockServer"]
    here = f"/mockserver/{server['id']}"
    for state, status in (("there are no users", 404), ("user 7 exists", 200)):
        async with control.post(f"{here}/state", json={"state": state}) as response:
            assert (response.status, (await response.json())["state"]) == (200, state)
        assert await _status(http, server["url"]) == status
        async with control.get(f"{here}/matched") as response:
            assert not (await response.json())["matched"]
    assert await _status(http, server["url"], **{"X-Pactmock-State": "user 7 is gone"}) == 410
    async with control.post(f"{here}/verify") as response:
        assert response.status == 204
    async with control.get(f"{here}/interactions") as response:
        assert [item["served"] for item in (await response.json())["interactions"]] == [1, 1, 1]


async def test_the_state_is_shown_and_stays_through_a_reset_and_as_long_as_an_interaction_has_it(
    service: Service, control: aiohttp.ClientSession
) -> None:
    async with control.post("/", params={"state": "user 7 is gone"}, json=USERS) as response:
        server = (await response.json())["mockServer"]
        assert (response.status, server["state"]) == (200, "user 7 is gone")
    here = f"/mockserver/{server['id']}"

    async def state() -> Any:
        async with control.get(here) as response:
            return (await response.json())["state"]

    async with control.delete(f"{here}/requests"):
        assert await state() == "user 7 is gone"
    async with control.post(f"{here}/interactions", json=[interaction("another", {"path": "/b"})]):
        assert await state() == "user 7 is gone"
    async with control.put(f"{here}/interactions", json=[_given("it is night", 200), _given("it is day", 200)]):
        assert await state() is None
    async with control.post(f"{here}/state", json={"state": "user 7 is gone"}) as response:
        assert (response.status, (await response.json())["code"]) == (422, "no_such_state")
    async with control.post("/", params={"state": "it is night"}, json=USERS) as response:
        assert (response.status, (await response.json())["code"]) == (422, "no_such_state")
    assert len(service.mock_service.servers) == 1


async def test_a_request_that_is_asked_about_is_held_against_the_chosen_state(control: aiohttp.ClientSession) -> None:
    async with control.post("/", params={"state": "user 7 is gone"}, json=USERS) as response:
        server = (await response.json())["mockServer"]
    for request, description in (
        ({"path": "/users/7"}, "a user, user 7 is gone"),
        ({"path": "/users/7", "headers": {"X-Pactmock-State": "user 7 exists"}}, "a user, user 7 exists"),
    ):
        async with control.post(f"/mockserver/{server['id']}/explain", json=request) as response:
            assert (await response.json())["interaction"]["description"] == description


async def test_what_was_not_expected_in_one_state_is_decided_anew_in_another(http: aiohttp.ClientSession) -> None:
    """The same request, which did not match before, is no longer explained as it was."""
    two = pact(_given("a", 200, {"headers": {"A": "1"}}), _given("b", 200, {"headers": {"B": "1"}}))
    async with MockServer(two, state="a") as server:
        said = []
        for state in ("a", "b"):
            server.choose_state(state)
            async with http.get(server.url) as response:
                said.append((await response.json())["interaction"]["description"])
        assert said == ["a user, a", "a user, b"]


async def test_the_verifier_asks_for_each_of_them() -> None:
    answers = iter((200, 410, 404))

    def provider(_: Asked) -> Given:
        return Given(next(answers))

    verification = await verify(USERS, provider)
    assert verification, verification.output


async def test_through_the_gateway_a_request_names_its_state_too(control: aiohttp.ClientSession) -> None:
    async with control.post("/", json=USERS) as response:
        server = (await response.json())["mockServer"]
    sent = f"GET /m/{server['id']}/users/7 HTTP/1.1\r\nHost: localhost\r\nX-Pactmock-State: user 7 is gone\r\n\r\n"
    assert control._base_url is not None
    port = control._base_url.port
    assert port is not None
    assert (await exchange(port, sent.encode())).startswith(b"HTTP/1.1 410 ")
