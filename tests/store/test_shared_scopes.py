"""Scopes on a mock server that replicas share: each test has its own verdict, whichever replica it calls."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import aiohttp

from tests.pacts import interaction, pact
from tests.process import call
from tests.store.replicas import Replicas

_PACT = pact(interaction("a", {"path": "/a"}), interaction("b", {"path": "/b"}))


async def test_two_hundred_tests_at_once_have_two_hundred_verdicts(replicas: Replicas) -> None:
    server = replicas.create(_PACT)
    urls = replicas.urls
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=32)) as session:

        async def of_test(number: int) -> None:
            scope, wrong = f"test-{number}", f"/wrong-{number}"
            headers = {"X-Pactmock-Scope": scope}
            async with session.get(f"{urls[number % 3]}/m/{server}/a", headers=headers) as response:
                assert response.status == 200, await response.text()
            async with session.get(f"{urls[(number + 1) % 3]}/m/{server}~{scope}{wrong}") as response:
                assert response.status == 500, await response.text()
            place = f"{urls[(number + 2) % 3]}/mockserver/{server}/scopes/{scope}"
            async with session.get(f"{place}/mismatches") as response:
                found = await response.json()
                assert [item["type"] for item in found] == ["request-not-found", "missing-request"], (number, found)
                assert found[0]["received"]["path"] == wrong
            async with session.post(f"{place}/verify") as response:
                assert response.status == 422

        await asyncio.gather(*map(of_test, range(200)))
    for url in urls:
        assert call("GET", f"{url}/mockserver/{server}/scopes")[1]["total"] == 200
    assert len(replicas.ask(f"/mockserver/{server}/mismatches?limit=1000")[1]) == 201


def test_what_is_done_to_a_scope_holds_on_all_replicas(replicas: Replicas) -> None:
    server = replicas.create(_PACT)
    first, second, third = replicas.urls
    scopes = f"/mockserver/{server}/scopes"
    assert call("PUT", f"{first}{scopes}/one", {"interactions": ["a"]})[0] == 200
    assert call("GET", f"{second}/m/{server}~one/a")[0] == 200
    assert call("GET", f"{third}/m/{server}~one/b")[0] == 500
    assert replicas.ask(f"{scopes}/one/matched") == (200, {"matched": False})
    assert call("DELETE", f"{third}{scopes}/one/requests")[0] == 204
    assert call("GET", f"{first}/m/{server}~one/a")[0] == 200
    assert replicas.ask(f"{scopes}/one/matched") == (200, {"matched": True})
    assert call("POST", f"{second}{scopes}/one/verify")[0] == 204
    assert call("DELETE", f"{first}{scopes}/one")[0] == 204
    assert [call("GET", f"{url}{scopes}/one")[0] for url in replicas.urls] == [404] * 3
    assert replicas.ask(f"/mockserver/{server}/matched") == (200, {"matched": False})
    assert call("PUT", f"{first}{scopes}/two", {"interactions": ["nothing"]})[0] == 404


def test_a_scope_that_ends_while_it_is_verified_ends_nothing_else(replicas: Replicas) -> None:
    server = replicas.create(pact(interaction("a", {"path": "/a"})))
    first, second, third = (f"{url}/mockserver/{server}/scopes/one" for url in replicas.urls)

    def again_and_again(*calls: tuple[str, str]) -> set[int]:
        return {call(method, url, {} if method == "PUT" else None)[0] for _ in range(60) for method, url in calls}

    with ThreadPoolExecutor(4) as threads:
        verified = [threads.submit(again_and_again, ("POST", f"{url}/verify")) for url in (first, second)]
        reset = threads.submit(again_and_again, ("DELETE", f"{second}/requests"), ("DELETE", first))
        ended = threads.submit(again_and_again, ("PUT", third), ("DELETE", third))
        found = [future.result() for future in (*verified, reset, ended)]
    assert set().union(*found) <= {200, 204, 404, 422}, found
    assert replicas.ask(f"/mockserver/{server}/matched") == (200, {"matched": False})
    for url in replicas.urls:
        assert call("GET", f"{url}/m/{server}/a")[0] == 200
    assert replicas.ask(f"/mockserver/{server}/matched") == (200, {"matched": True})


def test_of_scopes_that_are_begun_there_are_a_thousand_too(replicas: Replicas) -> None:
    server = replicas.create(pact(interaction("a", {"path": "/a"})))
    for number in range(1000):
        url = replicas.urls[number % 3]
        assert call("PUT", f"{url}/mockserver/{server}/scopes/scope-{number}", {})[0] == 200
    for url in replicas.urls:
        status, answer = call("PUT", f"{url}/mockserver/{server}/scopes/more", {})
        assert (status, answer["code"]) == (429, "limit_reached")
    assert call("PUT", f"{replicas.urls[0]}/mockserver/{server}/scopes/scope-7", {})[0] == 200
    assert replicas.ask(f"/mockserver/{server}/matched") == (200, {"matched": False})


def test_a_scope_says_where_it_is_called(replicas: Replicas) -> None:
    server = replicas.create(pact(interaction("a", {"path": "/a"})))
    for url in replicas.urls:
        status, scope = call("PUT", f"{url}/mockserver/{server}/scopes/one", {})
        assert (status, scope["url"], scope["gatewayUrl"]) == (200, f"{url}/m/{server}~one", f"{url}/m/{server}~one")
        assert call("GET", f"{scope['url']}/a")[0] == 200


def test_a_replica_that_starts_late_knows_all_scopes(replicas: Replicas) -> None:
    server = replicas.create(_PACT)
    for number in range(2100):  # more than stand behind a snapshot
        scope = f"test-{number % 7}"
        call("GET", f"{replicas.urls[number % 3]}/m/{server}~{scope}/{'a' if number % 5 else 'wrong'}")
    expected = [call("GET", f"{replicas.urls[0]}/mockserver/{server}/scopes/test-{n}")[1] for n in range(7)]
    with replicas.one_more() as late:
        for number in range(7):
            found = call("GET", f"{late.url}/mockserver/{server}/scopes/test-{number}")[1]
            assert found["metrics"] == expected[number]["metrics"]
            assert found["failed"] == expected[number]["failed"]
            place = f"/mockserver/{server}/scopes/test-{number}/mismatches?limit=1000"
            assert call("GET", late.url + place) == call("GET", replicas.urls[1] + place)
