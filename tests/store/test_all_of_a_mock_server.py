"""Whatever can be done with a mock server, replicas share: messages, faults, pacts."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast

import aiohttp

from pactmock.control.running import Service
from pactmock.service.settings import ServiceSettings
from pactmock.service.store.shared_service import SharedService
from tests.pacts import USERS, interaction, pact
from tests.process import call
from tests.store.redis_server import Redis
from tests.store.replicas import Replicas


def _message(description: str, **more: object) -> dict[str, object]:
    return {"type": "Asynchronous/Messages", "description": description, "contents": {"content": "a"}, **more}


def _keys(replicas: Replicas, server: str) -> list[str]:
    return [item["key"] for item in replicas.ask(f"/mockserver/{server}/messages")[1]["messages"]]


def test_a_message_that_one_hands_out_can_be_settled_at_another(replicas: Replicas) -> None:
    given = pact(version="4.0") | {"interactions": [_message("first"), _message("second")]}
    server = replicas.create(given)
    first, second, third = replicas.urls
    one, other = _keys(replicas, server)
    status, handed = call("POST", f"{first}/mockserver/{server}/messages/{one}")
    assert (status, handed["delivery"]) == (200, 1)
    assert call("POST", f"{third}/mockserver/{server}/messages/{other}")[1]["delivery"] == 2
    assert replicas.ask(f"/mockserver/{server}/matched") == (200, {"matched": False})
    assert call("POST", f"{second}/mockserver/{server}/messages/{one}/handled", {})[1]["matched"]
    failed = {"error": "it is too long", "delivery": 2}
    assert not call("POST", f"{first}/mockserver/{server}/messages/{other}/handled", failed)[1]["matched"]
    _, found = replicas.ask(f"/mockserver/{server}/mismatches")
    assert [item["error"] for item in found] == ["it is too long"]
    assert call("DELETE", f"{second}/mockserver/{server}/requests")[0] == 204
    assert len(replicas.ask(f"/mockserver/{server}/mismatches")[1]) == 2


def test_a_fault_is_played_as_often_as_was_wanted_by_whichever_replica(replicas: Replicas) -> None:
    given = interaction("a", {"path": "/a"}) | {"providerStates": [{"name": "it is there"}]}
    server = replicas.create(pact(given, interaction("b", {"path": "/b"})))
    key = replicas.ask(f"/mockserver/{server}/interactions")[1]["interactions"][0]["key"]
    place = f"/mockserver/{server}/interactions/{key}"
    wanted = {"fault": "EMPTY_RESPONSE", "times": 2}
    status, answer = call("PATCH", f"{replicas.urls[0]}{place}", wanted)
    assert status == 200, answer
    found = [_status(f"{url}/m/{server}/a") for url in replicas.urls]
    assert found == [None, None, 200]
    shown = replicas.ask(f"/mockserver/{server}/requests")[1]["requests"]
    assert [item.get("fault") for item in shown] == ["EMPTY_RESPONSE", "EMPTY_RESPONSE", None]
    warnings = call("GET", f"{replicas.urls[2]}/mockserver/{server}")[1]["warnings"]
    assert any("twice" in item["warning"] or "2 times" in item["warning"] for item in warnings)


def test_a_fault_is_played_as_often_as_was_wanted_by_all_replicas_at_once(replicas: Replicas) -> None:
    server = replicas.create(pact(interaction("a", {"path": "/a"})))
    wanted = {"fault": "EMPTY_RESPONSE", "times": 2}
    assert call("PATCH", f"{replicas.urls[0]}/mockserver/{server}/interactions/a", wanted)[0] == 200
    replicas.ask(f"/mockserver/{server}/matched")
    with ThreadPoolExecutor(12) as threads:
        found = list(threads.map(lambda number: _status(f"{replicas.urls[number % 3]}/m/{server}/a"), range(12)))
    assert found.count(None) == 2, found
    shown = replicas.ask(f"/mockserver/{server}/requests")[1]["requests"]
    assert sum(item.get("fault") is not None for item in shown) == 2


def test_a_fault_that_was_taken_back_is_not_played_by_a_replica_that_had_it(replicas: Replicas) -> None:
    server = replicas.create(pact(interaction("a", {"path": "/a"})))
    first, second, _ = replicas.urls
    assert call("PATCH", f"{first}/mockserver/{server}/interactions/a", {"fault": "EMPTY_RESPONSE"})[0] == 200
    assert _status(f"{second}/m/{server}/a") is None
    assert call("DELETE", f"{first}/mockserver/{server}/requests")[0] == 204
    assert _status(f"{second}/m/{server}/a") == 200


def _status(url: str) -> int | None:
    try:
        return call("GET", url)[0]
    except OSError:
        return None


def test_a_pact_that_one_writes_all_show(replicas: Replicas) -> None:
    named = USERS | {"consumer": {"name": "shop/web"}}
    server = replicas.create(named)
    headers = {"Accept": "application/json"}
    assert call("GET", f"{replicas.urls[0]}/m/{server}/users/1", headers=headers)[0] == 200
    assert call("POST", f"{replicas.urls[1]}/m/{server}/users", {"name": "Ada", "age": 36})[0] == 201
    assert call("POST", f"{replicas.urls[2]}/mockserver/{server}/verify")[0] == 204
    for url in replicas.urls:
        listed = [item for item in call("GET", f"{url}/pacts?limit=1000")[1]["pacts"] if item["consumer"] == "shop/web"]
        assert [(item["provider"], item["interactions"]) for item in listed] == [("api", 2)]
    written = replicas.ask("/pacts/shop%2Fweb/api")[1]
    assert [item["description"] for item in written["interactions"]] == [
        "a request for a user",
        "a request to add a user",
    ]


def test_pacts_of_one_pair_that_replicas_write_at_once_are_merged(replicas: Replicas) -> None:
    servers = [
        replicas.create(pact(interaction(f"number {number}", {"path": f"/{number}"}), consumer="merged"))
        for number in range(12)
    ]
    for number, server in enumerate(servers):
        status, answer = call("POST", f"{replicas.urls[number % 3]}/mockserver/{server}/pact", {})
        assert status in {200, 201}, answer
    written = replicas.ask("/pacts/merged/api")[1]
    assert len(written["interactions"]) == 12
    same = {"description": "number 1", "request": {"method": "GET", "path": "/other"}, "response": {"status": 200}}
    server = replicas.create(pact(same, consumer="merged"))
    status, answer = call("POST", f"{replicas.urls[0]}/mockserver/{server}/pact", {"onConflict": "refuse"})
    assert (status, answer["code"]) == (409, "conflict")
    status, answer = call("POST", f"{replicas.urls[0]}/mockserver/{server}/pact", {"directory": "elsewhere"})
    assert status in {200, 201}, json.dumps(answer)


async def test_an_answer_that_is_kept_back_for_long_is_kept_back_on_a_replica_that_nobody_else_asks(
    redis: Redis, tmp_path: Path
) -> None:
    service = Service(ServiceSettings(port=0, output=tmp_path, store=redis.url))
    copies = cast("SharedService", service.mock_service).copies
    copies.sweep_seconds = copies.idle_seconds = 0.05
    async with service, aiohttp.ClientSession() as session:
        async with session.post(service.url, json=pact(interaction("a", {"path": "/a"}))) as response:
            place = f"{service.url}/mockserver/{(await response.json())['mockServer']['id']}"
        async with session.patch(f"{place}/interactions/a", json={"delay": 1}) as response:
            assert response.status == 200
        for path in ("/a", "~one/a"):
            begun = time.monotonic()
            async with session.get(f"{place.replace('mockserver', 'm')}{path}") as response:
                assert response.status == 200
            assert time.monotonic() - begun > 0.9
