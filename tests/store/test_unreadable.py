"""What a replica cannot play is one mock server, with a sentence; all others go on."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from tests.pacts import USERS, interaction, pact
from tests.process import call
from tests.store.redis_server import Redis
from tests.store.replicas import Replicas

_WITHOUT_PLUGIN = pact(interaction("a", {"path": "/a"}), version="4.0")
_WITH_PLUGIN = copy.deepcopy(_WITHOUT_PLUGIN)
_WITH_PLUGIN["interactions"][0]["pluginConfiguration"] = {"of-another-replica": {}}
_WITH_PLUGIN["metadata"]["plugins"] = [{"name": "of-another-replica", "version": "1.0.0", "configuration": {}}]


def _entry(given: str) -> dict[str, Any]:
    return {"v": 1, "op": "give", "by": "another", "given": {"content": given, "contract": False, "anew": False}}


def _add(redis: Redis, server: str, entry: Any) -> None:
    """Add an entry to a ledger, as another replica would."""
    key = f"pactmock:{{{server}}}"
    number = redis.command("HINCRBY", key, "last", "1")[1:]
    redis.command("XADD", f"{key}:ledger", f"{number}-0", "o", json.dumps(entry))
    redis.command("HSET", key, "config", number)


@pytest.mark.parametrize(
    "entry",
    [
        _entry("{"),
        {"v": 1, "op": "give", "by": "another"},
        {"v": 99, "op": "reset", "by": "another"},
    ],
    ids=["no pact", "nothing given", "a format to come"],
)
def test_a_mock_server_that_a_replica_cannot_play_is_503_with_a_sentence_and_others_go_on(
    redis: Redis, replicas: Replicas, entry: Any
) -> None:
    name = f"unreadable-{len(str(entry))}"
    server, other = replicas.create(USERS, f"?name={name}"), replicas.create(pact(interaction("a", {"path": "/a"})))
    for url in replicas.urls:
        assert call("GET", f"{url}/m/{server}/nothing")[0] == 500
    assert replicas.ask(f"/mockserver/{server}/matched")[0] == 200
    _add(redis, server, entry)
    for url in replicas.urls:
        for path in (f"/m/{server}/nothing", f"/mockserver/{server}/matched", f"/mockserver/{server}/requests"):
            for _ in range(2):
                status, answer = call("GET", f"{url}{path}")
                assert status == 503, (path, answer)
                assert len(answer["error"]) > 20
                assert "Traceback" not in answer["error"]
        assert call("PUT", f"{url}/mockserver/{server}/interactions", [interaction("b")])[0] == 503
        assert call("GET", f"{url}/m/{other}/a")[0] == 200
        assert call("GET", f"{url}/")[0] == 200
    assert replicas.ask(f"/mockserver/{other}/matched") == (200, {"matched": True})
    assert call("DELETE", f"{replicas.urls[1]}/mockserver/{server}")[0] == 204
    assert replicas.create(USERS, f"?name={name}") != server


def test_where_a_plugin_is_missing_that_another_replica_has_a_mock_server_is_503(
    redis: Redis, replicas: Replicas
) -> None:
    server = replicas.create(_WITHOUT_PLUGIN)
    key = f"pactmock:{{{server}}}:snapshot"
    state = json.loads(redis.get(key))
    state["given"][0]["content"] = json.dumps(_WITH_PLUGIN)
    redis.command("SET", key, json.dumps(state))
    for url in replicas.urls[1:]:
        for path in (f"/m/{server}/a", f"/mockserver/{server}/matched"):
            status, answer = call("GET", f"{url}{path}")
            assert (status, answer["code"]) == (503, "store_unavailable")
            assert "of-another-replica" in answer["error"]
        assert call("GET", f"{url}/")[0] == 200
        status, answer = call("GET", f"{url}/ready")
        assert status == 200
        assert [sentence for sentence in answer["notPlayed"] if server in sentence and "of-another-replica" in sentence]
    assert call("GET", f"{replicas.urls[0]}/m/{server}/a")[0] == 200
    assert call("DELETE", f"{replicas.urls[0]}/mockserver/{server}")[0] == 204
