"""Whoever posts a pact that is known gets what he gets where it is not, whatever other mock servers of it have met."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pactmock.control.running import Service
from pactmock.pact.value import value
from pactmock.service.settings import ServiceSettings
from tests.pacts import Json, interaction, pact, rules

pytestmark = pytest.mark.hypothesis

_BODIES = [{"n": 1, "of": ["a"]}, {"n": 2}, [1, 2]]
_GENERATED = {"body": {"$.id": {"type": "RandomInt"}}}
_RULES = [
    {},
    rules(**{"$.n": {"match": "integer"}}),
    rules(**{"$": {"match": "type"}}),
    rules(**{"$.n": {"match": "x"}}),
]


@st.composite
def _interactions(draw: st.DrawFn) -> Json:
    expected: Json = {
        "method": draw(st.sampled_from(["GET", "POST"])),
        "path": draw(st.sampled_from(["/a", "/b", "/%7"])),
    }
    if draw(st.booleans()):
        expected |= {"body": draw(st.sampled_from(_BODIES)), "matchingRules": draw(st.sampled_from(_RULES))}
    made = interaction(draw(st.sampled_from(["one", "two"])), expected, body={"id": 1}, tags=[])
    if draw(st.booleans()):
        made["response"]["generators"] = _GENERATED
    if draw(st.booleans()):
        made["providerStates"] = [{"name": draw(st.sampled_from(["s", "t"]))}]
    return made


_pacts = st.lists(_interactions(), min_size=1, max_size=4).map(lambda items: pact(*items))
_options = st.fixed_dictionaries(
    {"seed": st.sampled_from(["1", "2"])},
    optional={
        "specification": st.sampled_from(["V2", "V3", "V4"]),
        "count": st.just("interaction"),
        "state": st.sampled_from(["s", "t"]),
        "strict": st.just("true"),
        "cors": st.just("true"),
    },
)


@value
class _Act:
    """What happens to one of the mock servers: a request to itself, or a call about it."""

    server: int
    method: str
    target: str
    body: object = None
    is_call: bool = False


_requests = st.builds(
    _Act,
    st.integers(0, 2),
    st.sampled_from(["GET", "POST", "OPTIONS"]),
    st.sampled_from(["/a", "/b", "/%257", "/b?q=1"]),
    st.sampled_from([None, *_BODIES, {"n": "x"}]),
)
_CALLS = (
    ("POST", "/interactions", [interaction("three", {"path": "/a"})]),
    ("PUT", "/interactions", [interaction("four", {"path": "/b"}, status=201)]),
    ("PATCH", "/interactions/one", {"status": 503}),
    ("POST", "/state", {"state": "s"}),
    ("DELETE", "/requests", None),
    ("POST", "/verify", None),
    ("POST", "/pact", {"overwrite": True}),
    ("POST", "/explain", {"method": "POST", "path": "/a", "body": {"n": 7}}),
)
_calls = st.builds(
    lambda server, call: _Act(server, call[0], call[1], call[2], is_call=True),
    st.integers(0, 2),
    st.sampled_from(_CALLS),
)
_acts = st.lists(_requests | _requests | _calls, max_size=8)

_ASKED = ("/matched", "/mismatches", "/interactions", "/pact", "/pact?specification=V4")
"""What is asked of each mock server at the end, of which nothing is another each time."""


async def _said(http: aiohttp.ClientSession, method: str, url: str, body: object = None) -> tuple[int, str]:
    async with http.request(method, url, json=body, headers={"Host": "localhost"}) as response:
        return response.status, await response.text()


async def _live(url: str, given: Json, options: Sequence[dict[str, str]], acts: Sequence[_Act]) -> list[object]:
    """Have mock servers of a pact, and return all that they say; they are ended then."""
    heard: list[object] = []
    async with aiohttp.ClientSession() as http:
        servers: list[Json] = []
        for wanted in options:
            async with http.post(url, json=given, params=wanted) as response:
                made = await response.json()
            servers.append(made.get("mockServer"))
            heard.append((response.status, made if servers[-1] is None else servers[-1]["warnings"]))
        for act in acts:
            server = servers[act.server % len(servers)]
            if server is not None:
                base = f"{url}/mockserver/{server['id']}" if act.is_call else server["url"]
                status, text = await _said(http, act.method, base + act.target, act.body)
                heard.append((status, "" if act.is_call and act.target != "/explain" else text))
        for server in filter(None, servers):
            base = f"{url}/mockserver/{server['id']}"
            heard += [await _said(http, "GET", base + target) for target in _ASKED]
            heard += [await _said(http, "GET", f"{server['url']}/{path}") for path in "ab"]
            heard.append((await _said(http, "POST", f"{base}/pact"))[0])
            await _said(http, "DELETE", base)
    return heard


def _files(directory: str, *, remove: bool = False) -> list[bytes]:
    files = list(Path(directory).glob("*.json"))
    contents = [file.read_bytes() for file in files]
    if remove:
        for file in files:
            file.unlink()
    return contents


async def _hold(given: Json, before: tuple[Any, Any], options: Sequence[dict[str, str]], acts: Sequence[_Act]) -> None:
    found = []
    for known in (False, True):
        with tempfile.TemporaryDirectory() as output:
            async with Service(ServiceSettings(port=0, output=Path(output))) as service:
                if known:
                    await _live(service.url, given, before[0], before[1])
                    assert service.mock_service.registry.shared.known.find(json.dumps(given).encode()) is not None
                    _files(output, remove=True)
                heard = await _live(service.url, given, options, acts)
                found.append((heard, _files(output)))
    assert found[0] == found[1]


@settings(max_examples=50)
@given(
    _pacts,
    st.tuples(st.lists(_options, min_size=3, max_size=3), _acts),
    st.lists(_options, min_size=1, max_size=1),
    _acts,
)
def test_a_pact_that_is_known_is_played_as_one_that_is_not(
    given: Json, before: tuple[Any, Any], options: list[dict[str, str]], acts: list[_Act]
) -> None:
    asyncio.run(_hold(given, before, options, acts))
