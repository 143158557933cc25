"""A scope is as a mock server of its own: whatever comes in whatever order, its verdict is that of one which received
only its requests, and expected only its part of the pact."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock.pact.documents import reading
from pactmock.pact.value import value
from pactmock.server.mock_server import MockServer
from pactmock.server.scope import Scope
from tests.pacts import interaction, pact

pytestmark = pytest.mark.hypothesis

_STATED = {"providerState": "b is gone"}
INTERACTIONS = {
    "a": interaction("a", {"path": "/a"}),
    "a again": interaction("a again", {"path": "/a"}),
    "b": interaction("b", {"path": "/b", "query": "q=1"}),
    "b, gone": interaction("b, gone", {"path": "/b", "query": "q=1"}, status=410) | _STATED,
    "c": interaction("c", {"method": "POST", "path": "/c", "body": {"n": 1}}),
}
_TARGETS = ("GET /a", "GET /b?q=1", "GET /b?q=2", "POST /c", "POST /c wrong", "GET /nowhere", "OPTIONS /a")
_SCOPES = ("x", "y")


@value
class Act:
    """What happens: a request in a scope, a part that it expects from then on, a provider state, or a reset."""

    scope: str
    what: str
    names: tuple[str, ...] = ()


_scopes = st.sampled_from(_SCOPES)
_requests = st.builds(Act, _scopes, st.sampled_from(_TARGETS))
_states = st.sampled_from([(), ("b is gone",)])
_parts = st.sets(st.sampled_from(sorted(INTERACTIONS)), min_size=1).map(lambda names: tuple(sorted(names)))
_changes = (
    st.builds(Act, _scopes, st.just("reset"))
    | st.builds(Act, _scopes, st.just("state"), _states)
    | st.builds(Act, _scopes, st.just("begin"), _parts)
)


async def _send(http: aiohttp.ClientSession, server: MockServer, act: Act) -> int:
    method, target, *wrong = act.what.split(" ")
    body = b'{"n":2}' if wrong else b'{"n":1}' if method == "POST" else None
    headers = {"Host": "mock", "X-Pactmock-Scope": act.scope, "Content-Type": "application/json"}
    async with http.request(method, server.url + target, data=body, headers=headers) as response:
        await response.read()
        return response.status


async def _started(names: Sequence[str] = tuple(INTERACTIONS)) -> MockServer:
    server = MockServer(reading.read_pact(pact(*map(INTERACTIONS.__getitem__, sorted(names)))))
    await server.start()
    return server


def _verdict(server: MockServer) -> dict[str, Any]:
    """All that is said of what was received, but for positions in the pact."""
    return {
        "matched": server.matched,
        "mismatches": _without_index(server.mismatches()),
        "failed": server.play.failed,
        "missing": server.play.missing,
        "served": {each.name.key: (each.received, each.served) for each in server.play.listed()},
        "requests": [(entry.is_match, entry.is_late, entry.request_line) for entry in server.journal.entries],
        "state": server.play.state,
    }


def _without_index(document: Any) -> Any:
    if isinstance(document, dict):
        return {name: _without_index(item) for name, item in document.items() if name != "index"}
    return list(map(_without_index, document)) if isinstance(document, list) else document


class _Model:
    """For each scope a mock server of its own, which is not told of the others."""

    def __init__(self) -> None:
        self.servers: dict[str, MockServer] = {}

    async def play(self, http: aiohttp.ClientSession, act: Act) -> int | None:
        if act.what == "begin":
            await self._stop(act.scope)
            self.servers[act.scope] = await _started(act.names)
        server = self.servers.get(act.scope)
        if server is None:
            server = self.servers[act.scope] = await _started()
        if act.what == "reset":
            server.reset()
        elif act.what == "state" and set(act.names) <= _states_of(server):
            server.choose_state(next(iter(act.names), None))
        return await _send(http, server, act) if act.what in _TARGETS else None

    async def _stop(self, name: str) -> None:
        if name in self.servers:
            await self.servers.pop(name).stop()

    async def stop(self) -> None:
        for name in tuple(self.servers):
            await self._stop(name)


def _states_of(server: MockServer) -> set[str]:
    return {state.name for item in server.written_pact.interactions for state in item.provider_states}


async def _play(http: aiohttp.ClientSession, shared: MockServer, act: Act) -> int | None:
    if act.what in _TARGETS:
        return await _send(http, shared, act)
    if act.what == "begin":
        shared.scopes.begin(act.scope, act.names)
        return None
    scope = Scope(shared, shared.scopes.use(act.scope))
    if act.what == "reset":
        scope.reset()
    elif set(act.names) <= _states_of(scope):
        scope.choose_state(next(iter(act.names), None))
    return None


async def _hold(acts: Sequence[Act]) -> None:
    shared, model = await _started(), _Model()
    try:
        async with aiohttp.ClientSession() as http:
            for act in acts:
                assert await _play(http, shared, act) == await model.play(http, act), act
                assert _verdict(Scope(shared, shared.scopes.find(act.scope))) == _verdict(model.servers[act.scope])
        for name, server in model.servers.items():
            assert _verdict(Scope(shared, shared.scopes.find(name))) == _verdict(server)
        assert len(shared.journal.entries) == sum(act.what in _TARGETS for act in acts)
    finally:
        await model.stop()
        await shared.stop()


@given(acts=st.lists(_requests | _requests | _changes, max_size=12))
def test_the_verdict_of_a_scope_is_that_of_a_server_which_received_only_its_requests(acts: list[Act]) -> None:
    asyncio.run(_hold(acts))


async def _hold_whole(acts: Sequence[Act]) -> None:
    shared, alone = await _started(), await _started()
    try:
        async with aiohttp.ClientSession() as http:
            for act in acts:
                assert await _send(http, shared, act) == await _send(http, alone, Act("same", act.what))
        whole, only = _verdict(shared), _verdict(Scope(alone, alone.scopes.use("same")))
        del whole["mismatches"], only["mismatches"]  # which show the header
        assert whole == only
        assert Counter(entry.scope for entry in shared.journal.entries) == Counter(act.scope for act in acts)
    finally:
        await shared.stop()
        await alone.stop()


@given(acts=st.lists(_requests, max_size=12))
def test_the_verdict_of_the_whole_is_over_all_requests_whatever_their_scopes(acts: list[Act]) -> None:
    asyncio.run(_hold_whole(acts))
