"""Whatever is done to a mock server in whatever order, also at once: it is never green for what was not called.

After each step the service's verdict is held against another: the model's, which knows what was called since the last
change of epoch, and where things happened at once, the one that follows from the journal.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import os
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from pactmock.cli.serving.event_loop import loop_factory
from pactmock.control.running import Service
from pactmock.service.settings import ServiceSettings
from tests.pacts import Json, interaction, pact, rules
from tests.patience import HANG

_ITEMS = [{"id": number, "name": f"item {number}"} for number in range(9000)]
_LARGE = json.dumps({"items": _ITEMS}).encode()
"""Over 256 kB, so that it is decided in a thread."""


_JSON = {"Content-Type": "application/json"}


def _large(description: str, path: str) -> Json:
    matching = rules(**{"$.items": {"match": "type"}, "$.items[*].name": {"match": "regex", "regex": r"item \d+"}})
    body = {"items": _ITEMS[:1]}
    return interaction(description, {"method": "POST", "path": path, "body": body, "matchingRules": matching})


INTERACTIONS = {
    "a": interaction("a", {"path": "/a"}),
    "a again": interaction("a again", {"path": "/a"}),
    "b": interaction("b", {"path": "/b"}),
    "large": _large("large", "/large"),
    "larger": _large("larger", "/larger"),
}
PATHS = {name: item["request"]["path"] for name, item in INTERACTIONS.items()}

_names = st.sets(st.sampled_from(sorted(INTERACTIONS)), min_size=1, max_size=3).map(sorted)


@dataclass(frozen=True, slots=True)
class Act:
    """Something that a client does: `kind` is a call or a request, `names` the interactions that it is about."""

    kind: str
    names: tuple[str, ...] = ()


_calls = st.one_of(
    st.builds(Act, st.sampled_from(("put", "add")), _names.map(tuple)),
    st.builds(Act, st.sampled_from(("reset", "verify"))),
)
_requests = st.one_of(
    st.builds(Act, st.just("ask"), st.sampled_from(sorted(INTERACTIONS)).map(lambda name: (name,))),
    st.builds(Act, st.just("ask"), st.sampled_from(("large", "larger")).map(lambda name: (name,))),
    st.just(Act("ask wrongly")),
)
_BEGINS_EPOCH = frozenset({"put", "reset"})


class VerdictMachine(RuleBasedStateMachine):
    """A mock server, and a model of what it must know."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner(loop_factory=loop_factory())
        self.directory = TemporaryDirectory(prefix="pactmock-laws-")
        self.runner.run(self._begin())

    async def _begin(self) -> None:
        self.service = Service(ServiceSettings(port=0, output=Path(self.directory.name), server_key="the key"))
        await self.service.__aenter__()
        self.control = aiohttp.ClientSession(self.service.url)
        self.http = aiohttp.ClientSession()

    @initialize(names=_names)
    def create(self, names: list[str]) -> None:
        """Start the server."""
        self.runner.run(self._create(names))

    async def _create(self, names: list[str]) -> None:
        async with self.control.post("/", json=pact(*map(INTERACTIONS.__getitem__, names))) as response:
            self.server = (await response.json())["mockServer"]
        self.expected, self.called, self.failed = set(names), set[str](), False

    @rule(act=_calls | _requests)
    def one(self, act: Act) -> None:
        """Do one thing; the model knows what has to come of it."""
        status = self.runner.run(self._do(act))
        if act.kind == "ask":
            path = PATHS[act.names[0]]
            is_expected = path in {PATHS[name] for name in self.expected}
            assert status == (200 if is_expected else 500)
            self.called |= {path}
            self.failed |= not is_expected
        elif act.kind == "ask wrongly":
            assert status == 500
            self.failed = True
        elif act.kind == "verify":
            assert status == (204 if self.is_green else 422)
        else:
            assert status in {200, 204}
            self._change(act)

    def _change(self, act: Act) -> None:
        if act.kind == "add":
            self.expected |= set(act.names)
        elif act.kind == "put":
            self.expected = set(act.names)
        if act.kind in _BEGINS_EPOCH:
            self.called, self.failed = set(), False

    @rule(
        large=st.sampled_from(("large", "larger")),
        others=st.lists(st.tuples(_calls | _requests, st.integers(0, 60)), min_size=1, max_size=5),
    )
    def at_once(self, large: str, others: list[tuple[Act, int]]) -> None:
        """Send a large body, and do several other things each some milliseconds later."""
        acts = [(Act("ask", (large,)), 0), *others]
        before, called, expected = self.is_green, set(self.called), set(self.expected)
        statuses = self.runner.run(self._at_once(acts))
        entries, self.expected = self.runner.run(self._look())
        counted = [entry for entry in entries if not entry.get("late", False)]
        self.failed = not all(entry["matched"] for entry in counted)
        self.called = {entry["request"]["path"] for entry in counted if entry["matched"]}
        asked = called | {PATHS[act.names[0]] for act, _ in acts if act.kind == "ask"}
        assert self.called <= asked, "something is in the journal that nobody sent"
        for (act, _), status in zip(acts, statuses, strict=True):
            assert status in ({200, 500} if act.kind.startswith("ask") else {200, 204, 422})
            if act.kind == "verify" and status == 204:
                editions = [expected, *(set(other.names) for other, _ in acts if other.kind == "put")]
                assert before or any({PATHS[name] for name in names} <= asked for names in editions)
        if not any(act.kind in _BEGINS_EPOCH for act, _ in acts):
            assert asked <= self.called | {entry["request"]["path"] for entry in counted}, "something was forgotten"

    @rule(act=st.sampled_from([Act("ask", ("large",)), Act("ask", ("a",))]), after=st.integers(0, 40), names=_names)
    def delete_amid_a_request(self, act: Act, after: int, names: list[str]) -> None:
        """Delete the server while it is asked, and make another one, of which nothing is known."""
        self.runner.run(self._delete_amid(act, after))
        self.runner.run(self._create(names))

    async def _delete_amid(self, act: Act, after: int) -> None:
        asking = asyncio.create_task(self._do(act))
        await asyncio.sleep(after / 1000)
        async with self.control.delete(f"/mockserver/{self.server['id']}") as response:
            assert response.status == 204
        with contextlib.suppress(aiohttp.ClientConnectionError):  # connected when nobody listened any more
            assert await asyncio.wait_for(asking, HANG) in {200, 500, 503}
        async with self.control.get(f"/mockserver/{self.server['id']}") as response:
            assert response.status == 404

    async def _at_once(self, acts: list[tuple[Act, int]]) -> list[int]:
        return await asyncio.gather(*(self._do(act, after) for act, after in acts))

    async def _do(self, act: Act, after: int = 0) -> int:
        await asyncio.sleep(after / 1000)
        here = f"/mockserver/{self.server['id']}"
        given = [INTERACTIONS[name] for name in act.names]
        if act.kind == "ask":
            return await self._ask(given[0]["request"]["method"], PATHS[act.names[0]])
        if act.kind == "ask wrongly":
            return await self._ask("GET", "/wrong")
        method, target, document = {
            "put": ("PUT", "/interactions", given),
            "add": ("POST", "/interactions", given),
            "reset": ("DELETE", "/requests", None),
            "verify": ("POST", "/verify", None),
        }[act.kind]
        async with self.control.request(method, here + target, json=document) as response:
            return response.status

    async def _ask(self, method: str, path: str) -> int:
        body, headers = (io.BytesIO(_LARGE), _JSON) if method == "POST" else (None, {})
        async with self.http.request(method, f"{self.server['url']}{path}", data=body, headers=headers) as response:
            await response.read()
            return response.status

    async def _look(self) -> tuple[list[Json], set[str]]:
        """Return the journal, and the descriptions of what is expected."""
        here = f"/mockserver/{self.server['id']}"
        async with self.control.get(f"{here}/requests") as response:
            entries: list[Json] = (await response.json())["requests"]
        async with self.control.get(f"{here}/pact") as response:
            document: Any = await response.json()
        return entries, {item["description"] for item in document["interactions"]}

    @property
    def is_green(self) -> bool:
        return not self.failed and {PATHS[name] for name in self.expected} <= self.called

    @invariant()
    def it_is_green_for_what_was_called_and_nothing_else(self) -> None:
        assert self.runner.run(self._matched()) == self.is_green

    async def _matched(self) -> bool:
        async with self.control.get(f"/mockserver/{self.server['id']}/matched") as response:
            return bool((await response.json())["matched"])

    def teardown(self) -> None:
        self.runner.run(self._end())
        self.runner.close()
        self.directory.cleanup()

    async def _end(self) -> None:
        await self.http.close()
        await self.control.close()
        await self.service.__aexit__(None, None, None)


_PROFILE = settings.get_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

TestVerdicts = VerdictMachine.TestCase
TestVerdicts.settings = settings(max_examples=_PROFILE.max_examples // 5, stateful_step_count=12, deadline=None)
