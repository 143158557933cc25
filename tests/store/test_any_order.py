"""Whatever is done in whatever order, on whichever replica: all say what one process says that was told the same.

Snapshots are made all the time here, and little is kept, so that what is dropped and counted is the same too. In the
end a replica joins that has seen nothing of it.
"""

from __future__ import annotations

import asyncio
import json
import re
import tempfile
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from pactmock.control.running import Service
from pactmock.server.records.journal import JournalLimits
from pactmock.service.settings import ServiceSettings
from pactmock.service.store.ledger import Bounds
from pactmock.service.store.shared_service import SharedService
from tests.pacts import interaction, pact
from tests.store.redis_server import Redis

_DIFFERS = {
    "id",
    "received",
    "created",
    "expires",
    "address",
    "port",
    "url",
    "gatewayUrl",
    "scheme",
    "written",
    "advice",
}
"""Members that are not the same for two mock servers; advice looks at what neighbours a process has just then."""

_names = st.sampled_from("abc")
_paths = st.sampled_from(["/a", "/b", "/c", "/wrong", "/a?q=1"])
_replicas = st.integers(0, 1)


def _interaction(name: str, life: int = 0) -> dict[str, Any]:
    """Return one whose path no mock server has that ended: a process may have a copy yet, and hint at it."""
    place = f"/{life}" if life else ""
    return interaction(name, {"path": f"{place}/{name}"}, body=name) | {
        "providerStates": [{"name": f"{name} is there"}]
    }


def _alike(shown: Any, server: str) -> Any:
    """Return what is said without what cannot be the same."""
    if isinstance(shown, dict):
        kept = {name: _alike(item, server) for name, item in shown.items() if name not in _DIFFERS}
        if isinstance(kept.get("afterVerdict"), float):
            kept["afterVerdict"] = True
        return kept
    if isinstance(shown, list):
        return [_alike(item, server) for item in shown]
    if isinstance(shown, str):
        return re.sub(r"127\.0\.0\.1:\d+|\d+\.\d+ (s|seconds)|\d+ ms", "*", shown.replace(server, "ID"))
    return shown


class AnyOrder(RuleBasedStateMachine):
    """Two replicas of a store, and one process without any, which is the model."""

    store = ""
    bounds = Bounds(entries=4)

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.directory = tempfile.TemporaryDirectory()
        self.services: list[Service] = []
        self.life = 1

    @initialize(names=st.sets(_names, min_size=1))
    def begin(self, names: set[str]) -> None:
        self.runner.run(self._begin())
        given = pact(*self._interactions(sorted(names)))
        self.keys = [self._created(service, given) for service in (self.services[0], self.model)]

    def _interactions(self, names: list[str]) -> list[dict[str, Any]]:
        return [_interaction(name, self.life) for name in names]

    async def _begin(self) -> None:
        self.model = await self._started(None)
        self.services = [await self._started(self.store) for _ in range(2)]
        self.session = aiohttp.ClientSession()

    async def _started(self, store: str | None) -> Service:
        limits = JournalLimits(requests=7, failures=4)
        output = Path(self.directory.name)
        service = Service(
            ServiceSettings(port=0, output=output, server_key="the key", journal=limits, store=store, store_seconds=30)
        )
        if isinstance(service.mock_service, SharedService):
            service.mock_service.fleet.bounds = self.bounds
        await service.start()
        return service

    def _created(self, service: Service, given: Any) -> str:
        status, answer = self._call(service, "POST", "/", given)
        assert status == 200, answer
        return str(answer["mockServer"]["id"])

    def _call(self, service: Service, method: str, path: str, document: Any = None) -> tuple[int, Any]:
        return self.runner.run(self._called(service, method, path, document))

    async def _called(self, service: Service, method: str, path: str, document: Any) -> tuple[int, Any]:
        headers = {"Host": "mock"} if path.startswith("/m/") else {}
        async with self.session.request(method, f"{service.url}{path}", json=document, headers=headers) as response:
            content = await response.read()
            is_json = "json" in response.headers.get("Content-Type", "")
            return response.status, json.loads(content) if is_json and content else content.decode()

    def _same(self, replica: int, method: str, path: str, document: Any = None) -> None:
        """Do the same on a replica and on the model, which have to say the same."""
        ours, model = (
            (status, _alike(shown, key))
            for service, key in ((self.services[replica], self.keys[0]), (self.model, self.keys[1]))
            for status, shown in [self._call(service, method, path.format(key), document)]
        )
        assert ours == model, (method, path, ours, model)

    @rule(replica=_replicas, path=_paths)
    def send(self, replica: int, path: str) -> None:
        self._same(replica, "GET", f"/m/{{}}/{self.life}{path}")

    @rule(replica=_replicas, path=_paths, times=st.integers(2, 9))
    def send_often(self, replica: int, path: str, times: int) -> None:
        for each in range(times):
            self._same((replica + each) % 2, "GET", f"/m/{{}}/{self.life}{path}")

    @rule(replica=_replicas, names=st.lists(_names, min_size=1, max_size=2, unique=True))
    def add(self, replica: int, names: list[str]) -> None:
        self._same(replica, "POST", "/mockserver/{}/interactions", self._interactions(names))

    @rule(replica=_replicas, names=st.lists(_names, min_size=1, max_size=2, unique=True))
    def put(self, replica: int, names: list[str]) -> None:
        self._same(replica, "PUT", "/mockserver/{}/interactions", self._interactions(names))

    @rule(replica=_replicas)
    def reset(self, replica: int) -> None:
        self._same(replica, "DELETE", "/mockserver/{}/requests")

    @rule(replica=_replicas, name=st.one_of(st.none(), _names))
    def choose_state(self, replica: int, name: str | None) -> None:
        state = None if name is None else f"{name} is there"
        self._same(replica, "POST", "/mockserver/{}/state", {"state": state})

    @rule(replica=_replicas)
    def verify(self, replica: int) -> None:
        self._same(replica, "POST", "/mockserver/{}/verify")

    @rule(replica=_replicas, what=st.sampled_from(["matched", "mismatches", "requests", "interactions"]))
    def look(self, replica: int, what: str) -> None:
        self._same(replica, "GET", f"/mockserver/{{}}/{what}")

    @rule(replica=_replicas)
    def end(self, replica: int) -> None:
        self._same(replica, "DELETE", "/mockserver/{}")
        self._same(1 - replica, "GET", "/m/{}/a")
        self.life += 1
        given = pact(*self._interactions(["a", "b"]))
        self.keys = [self._created(service, given) for service in (self.services[1 - replica], self.model)]

    @invariant()
    def all_say_the_same(self) -> None:
        if self.services:
            for replica in range(len(self.services)):
                self._same(replica, "GET", "/mockserver/{}")

    def teardown(self) -> None:
        try:
            if self.services:
                self.services.append(self.runner.run(self._started(self.store)))
                for what in ("", "/mismatches", "/requests", "/interactions"):
                    self._same(2, "GET", f"/mockserver/{{}}{what}")
        finally:
            self.runner.run(self._close())
            self.runner.close()
            self.directory.cleanup()

    async def _close(self) -> None:
        if self.services:
            await self.session.close()
            for service in (*self.services, self.model):
                await service.close()


def _play(store: str, examples: int, steps: int) -> None:
    phases = [Phase.reuse, Phase.generate, Phase.shrink]  # without the one that traces every line
    wanted = settings(max_examples=examples, stateful_step_count=steps, deadline=None, phases=phases)
    run_state_machine_as_test(type("OnRedis", (AnyOrder,), {"store": store}), settings=wanted)


def test_all_replicas_say_what_one_process_says_whatever_is_done(redis: Redis) -> None:
    _play(redis.url, examples=8, steps=15)


@pytest.mark.nightly
@pytest.mark.timeout(3600)
def test_all_replicas_say_what_one_process_says_whatever_is_done_at_length(redis: Redis) -> None:
    _play(redis.url, examples=300, steps=50)


async def _is_listed(service: Service, key: str) -> Any:
    async with aiohttp.ClientSession() as session, session.get(f"{service.url}/mockserver/{key}/requests") as response:
        return await response.json()


async def test_what_nobody_has_confirmed_is_so_behind_a_snapshot_too(redis: Redis, tmp_path: Path) -> None:
    def replica() -> Service:
        service = Service(
            ServiceSettings(port=0, output=tmp_path, server_key="the key", store=redis.url, store_seconds=0.5)
        )
        service.mock_service.fleet.bounds = Bounds(entries=4)  # type: ignore[attr-defined]
        return service

    async with replica() as first, aiohttp.ClientSession() as session:
        async with session.post(first.url, json=pact(_interaction("a"))) as response:
            key = (await response.json())["mockServer"]["id"]
        async with session.get(f"{first.url}/m/{key}/a") as response:
            assert response.status == 200
        redis.command("HSET", f"pactmock:{{{key}}}:pending", "dead.1", "[1,null,null,null]")
        before = await _is_listed(first, key)
        assert [item["matched"] for item in before["requests"]] == [False]
        for _ in range(9):
            async with session.get(f"{first.url}/m/{key}/a") as response:
                assert response.status == 200
        for _ in range(1000):
            if redis.command("XLEN", f"pactmock:{{{key}}}:ledger") <= ":4":
                break
            await asyncio.sleep(0.01)
        async with replica() as late:
            after = await _is_listed(late, key)
            assert [item["matched"] for item in after["requests"]] == [False, *[True] * 9]
            assert after == await _is_listed(first, key)
