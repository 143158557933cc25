"""Whichever replica is asked, and whichever got the requests: there is one verdict, that of one process."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.pacts import USERS, interaction, pact
from tests.process import call, run, service
from tests.store.load import pact_of, send
from tests.store.replicas import Replicas


def test_what_one_replica_received_all_know_at_once(replicas: Replicas) -> None:
    server = replicas.create(USERS)
    first, second, third = replicas.urls
    headers = {"Accept": "application/json"}
    assert call("GET", f"{first}/m/{server}/users/1", headers=headers)[0] == 200
    assert call("POST", f"{second}/m/{server}/users", {"name": "Ada", "age": 36})[0] == 201
    for url in replicas.urls:
        assert call("GET", f"{url}/mockserver/{server}/matched") == (200, {"matched": True})
    assert call("GET", f"{third}/m/{server}/nothing")[0] == 500
    assert replicas.ask(f"/mockserver/{server}/matched") == (200, {"matched": False})
    _, found = replicas.ask(f"/mockserver/{server}/mismatches")
    assert [item["received"]["path"] for item in found] == ["/nothing"]
    assert len(replicas.ask(f"/mockserver/{server}/requests")[1]["requests"]) == 3
    assert call("POST", f"{second}/mockserver/{server}/verify")[0] == 422


def test_a_reset_on_one_holds_on_all_for_what_arrives_afterwards(replicas: Replicas) -> None:
    server = replicas.create(pact(interaction("a", {"path": "/a"})))
    for url in replicas.urls:
        assert call("GET", f"{url}/m/{server}/wrong")[0] == 500
    for url in replicas.urls:
        assert call("DELETE", f"{url}/mockserver/{server}/requests")[0] == 204
        assert replicas.ask(f"/mockserver/{server}/mismatches")[1][0]["type"] == "missing-request"
        for other in replicas.urls:
            assert call("GET", f"{other}/m/{server}/a")[0] == 200
        assert replicas.ask(f"/mockserver/{server}/matched") == (200, {"matched": True})


def test_what_one_replaces_or_adds_all_play(replicas: Replicas) -> None:
    server = replicas.create(pact(interaction("a", {"path": "/a"})))
    first, second, third = replicas.urls
    assert call("GET", f"{third}/m/{server}/b")[0] == 500
    assert call("PUT", f"{first}/mockserver/{server}/interactions", [interaction("b", {"path": "/b"})])[0] == 200
    assert call("GET", f"{third}/m/{server}/b")[0] == 200
    assert call("GET", f"{second}/m/{server}/a")[0] == 500
    assert call("POST", f"{second}/mockserver/{server}/interactions", [interaction("c", {"path": "/c"})])[0] == 200
    assert call("GET", f"{first}/m/{server}/c")[0] == 200
    listed = replicas.ask(f"/mockserver/{server}/interactions")[1]["interactions"]
    assert [item["description"] for item in listed] == ["b", "c"]


def test_a_deleted_one_is_gone_everywhere(replicas: Replicas) -> None:
    server = replicas.create(USERS, "?name=gone")
    for url in replicas.urls:
        assert call("GET", f"{url}/m/{server}/nothing")[0] == 500
    assert call("DELETE", f"{replicas.urls[1]}/mockserver/gone")[0] == 204
    for url in replicas.urls:
        assert call("GET", f"{url}/m/{server}/nothing")[0] == 404
        assert call("GET", f"{url}/m/gone/nothing")[0] == 404
        assert call("GET", f"{url}/mockserver/{server}/matched")[0] == 404
        assert call("DELETE", f"{url}/mockserver/{server}")[0] == 404
    assert server not in [item["id"] for item in call("GET", f"{replicas.urls[0]}/")[1]["mockServers"]]


def test_a_name_is_that_of_one_wherever_it_was_given(replicas: Replicas) -> None:
    first, second, third = replicas.urls
    old = replicas.create(USERS, "?name=users")
    status, answer = call("POST", f"{second}/?name=users", USERS)
    assert (status, answer["code"]) == (409, "name_taken")
    assert call("GET", f"{third}/m/users/nothing")[0] == 500
    assert call("DELETE", f"{first}/mockserver/{old}")[0] == 204
    status, answer = call("POST", f"{second}/?name=users", pact(interaction("a", {"path": "/a"})))
    assert status == 200
    assert call("GET", f"{third}/m/users/a")[0] == 200


def test_what_only_one_replica_has_is_not_called_as_what_all_have(replicas: Replicas) -> None:
    one = pact(interaction("a", {"path": "/a"}))
    first, second, _ = replicas.urls
    status, local = call("POST", f"{first}/?name=of-one&local=true", one)
    assert status == 200, local
    try:
        assert call("POST", f"{first}/?name=of-one", one)[1]["code"] == "name_taken"
        server = replicas.create(one, "?name=of-all")
        for url in replicas.urls:
            status, answer = call("POST", f"{url}/?name=of-all&local=true", one)
            assert (status, answer["code"]) == (409, "name_taken")
            assert call("GET", f"{url}/mockserver/of-all")[1]["id"] == server
        elsewhere = call("POST", f"{second}/?name=of-one", one)[1]["mockServer"]["id"]
        assert call("GET", f"{first}/mockserver/{elsewhere}")[0] == 200
        assert call("GET", f"{first}/mockserver/of-one")[1]["id"] == local["mockServer"]["id"], "it was here before"
    finally:
        call("DELETE", f"{first}/mockserver/{local['mockServer']['id']}")


def test_a_provider_state_that_one_chose_all_play(replicas: Replicas) -> None:
    given = [
        interaction("there", {"path": "/a"}) | {"providerStates": [{"name": "it is there"}]},
        interaction("gone", {"path": "/a"}, status=404) | {"providerStates": [{"name": "it is gone"}]},
    ]
    server = replicas.create(pact(*given, interaction("b", {"path": "/b"})))
    for name, expected in (("it is gone", 404), ("it is there", 200)):
        body = {"state": name}
        assert call("POST", f"{replicas.urls[0]}/mockserver/{server}/state", body)[0] == 200
        for url in replicas.urls:
            assert call("GET", f"{url}/m/{server}/a")[0] == expected
    assert call("POST", f"{replicas.urls[1]}/mockserver/{server}/state", {"state": "unknown"})[0] == 422


def test_one_that_nobody_touches_ends_for_all(replicas: Replicas) -> None:
    server = replicas.create(USERS, "?ttl=1.5")
    for url in replicas.urls:
        assert call("GET", f"{url}/m/{server}/nothing")[0] == 500
    replicas.wait_until_gone(server)
    for url in replicas.urls:
        assert call("GET", f"{url}/m/{server}/nothing")[0] == 404


def test_what_only_one_replica_could_have_is_refused_with_what_to_do(replicas: Replicas) -> None:
    for query in (
        "?port=0&tls=true",
        "?tls=own",
        "?tls_names=a.test",
        "?tls_client_ca=required",
        "?port=12345",
        "?host=127.0.0.1",
    ):
        status, answer = call("POST", f"{replicas.urls[0]}/{query}", USERS)
        assert status == 400, query
        assert "local=true" in answer["error"]
    status, answer = call("POST", f"{replicas.urls[0]}/?local=true", USERS)
    assert status == 200
    url, key = answer["mockServer"]["url"], answer["mockServer"]["id"]
    assert call("GET", f"{url}/nothing")[0] == 500
    assert [call("GET", f"{each}/mockserver/{key}")[0] for each in replicas.urls] == [200, 404, 404]


def _without_what_differs(found: list[dict[str, Any]]) -> list[str]:
    return sorted(json.dumps(item, sort_keys=True) for item in found)


async def _agrees(replicas: Replicas, alone: str, servers: int, requests: int) -> None:
    """Send the same to replicas in turn and to one process alone; what each says has to be the same."""
    ids = [replicas.create(pact_of(number)) for number in range(servers)]
    ours = [call("POST", f"{alone}/", pact_of(number))[1]["mockServer"]["id"] for number in range(servers)]
    wanted = [
        (number % servers, f"/of-{number % servers}/{'wrong-' * (number % 3 == 0)}{number}", number % 3 != 0)
        for number in range(requests)
    ]
    there = await send(replicas.urls, [(ids[of], path, right) for of, path, right in wanted])
    here = await send([alone], [(ours[of], path, right) for of, path, right in wanted])
    for sent in (*there, *here):
        assert sent.status == (200 if sent.is_right else 500), sent
    for of in range(servers):
        expected = call("GET", f"{alone}/mockserver/{ours[of]}/mismatches?limit=10000")[1]
        for url in replicas.urls:
            status, found = call("GET", f"{url}/mockserver/{ids[of]}/mismatches?limit=10000")
            assert status == 200, found
            assert _without_what_differs(found) == _without_what_differs(expected)
            shown = call("GET", f"{url}/mockserver/{ids[of]}")[1]
            assert shown["metrics"]["requests"] == len([None for each, _, _ in wanted if each == of])


async def test_three_replicas_say_what_one_process_says(replicas: Replicas, tmp_path: Path) -> None:
    with service(tmp_path / "alone") as alone:
        await _agrees(replicas, alone.url, servers=10, requests=2000)


@pytest.mark.nightly
@pytest.mark.timeout(900)
async def test_three_replicas_say_what_one_process_says_at_length(replicas: Replicas, tmp_path: Path) -> None:
    with service(tmp_path / "alone") as alone:
        await _agrees(replicas, alone.url, servers=50, requests=30_000)


def test_what_one_client_sends_in_order_is_listed_alike_to_the_byte(replicas: Replicas, tmp_path: Path) -> None:
    server = replicas.create(USERS)
    with service(tmp_path / "alone") as alone:
        key = call("POST", alone.url, USERS)[1]["mockServer"]["id"]
        for number in range(60):
            path = f"/users/{number}?of={number}"
            call("GET", f"{replicas.urls[number % 3]}/m/{server}{path}", headers={"Host": "a"})
            call("GET", f"{alone.url}/m/{key}{path}", headers={"Host": "a"})
        expected = call("GET", f"{alone.url}/mockserver/{key}/mismatches")
        assert replicas.ask(f"/mockserver/{server}/mismatches") == expected


def test_the_name_of_one_whose_time_is_over_is_free_at_once(replicas: Replicas) -> None:
    server = replicas.create(USERS, "?name=short-lived&ttl=0.3")
    replicas.wait_until_gone(server)
    status, answer = call("POST", f"{replicas.urls[2]}/?name=short-lived", USERS)
    assert status == 200, answer


def test_who_creates_one_by_the_command_line_is_told_where_to_call_it(replicas: Replicas, tmp_path: Path) -> None:
    path, port = tmp_path / "pact.json", str(replicas.running[0].port)
    path.write_text(json.dumps(USERS))
    for options, said in (((), "started: call it at http://"), (("--quiet",), "http://")):
        done = run("create", "--file", str(path), "--port", port, *options)
        assert done.returncode == 0, done.stderr
        assert said in done.stdout
        assert call("GET", f"{done.stdout.split()[-1]}/nothing")[0] == 500
