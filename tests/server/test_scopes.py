"""The scopes of one mock server: how many there are, how long they live, and what they hold of what came."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from pactmock.errors import NoSuchScope, ScopeGone
from pactmock.pact.documents import reading
from pactmock.server.mock_server import MockServer
from pactmock.server.options import MockServerOptions, ScopeLimits
from pactmock.server.records.journal import JournalLimits
from pactmock.server.scope import Scope
from pactmock.server.shared import Shared
from tests.pacts import interaction, pact, rules

_PACT = reading.read_pact(pact(interaction("a", {"path": "/a"}), interaction("b", {"path": "/b"})))
_A_DAY = 24 * 3600.0


@asynccontextmanager
async def _playing(options: MockServerOptions, shared: Shared | None = None) -> AsyncIterator[MockServer]:
    server = MockServer(_PACT, options, shared=shared)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


async def _ask(http: aiohttp.ClientSession, server: MockServer, scope: str, path: str = "/a") -> int:
    async with http.get(server.url + path, headers={"X-Pactmock-Scope": scope}) as response:
        await response.read()
        return response.status


def _of(server: MockServer, name: str) -> Scope:
    return Scope(server, server.scopes.find(name))


async def test_the_one_that_was_not_used_for_the_longest_time_makes_room(http: aiohttp.ClientSession) -> None:
    async with _playing(MockServerOptions(scopes=ScopeLimits(most=3, idle_seconds=0.0))) as server:
        for name in ("first", "second", "third", "first", "fourth"):
            assert await _ask(http, server, name) == 200
        assert [scope.name for scope in server.scopes] == ["first", "third", "fourth"]
        with pytest.raises(ScopeGone, match=r"'second' was not used for 0 seconds, and made room"):
            server.scopes.find("second")


async def test_a_scope_that_made_room_is_not_begun_anew_behind_the_back_of_its_test(
    http: aiohttp.ClientSession,
) -> None:
    async with _playing(MockServerOptions(scopes=ScopeLimits(most=1, idle_seconds=0.0))) as server:
        assert await _ask(http, server, "early", "/wrong") == 500
        assert await _ask(http, server, "other") == 200
        assert await _ask(http, server, "early") == 410
        [wrong, refused, *_] = server.mismatches()
        assert (wrong["type"], refused["type"]) == ("request-not-found", "request-refused")
        server.scopes.begin("early", None)
        assert await _ask(http, server, "early") == 200


async def test_with_all_scopes_in_use_there_is_no_room_and_a_request_says_so(http: aiohttp.ClientSession) -> None:
    async with _playing(MockServerOptions(scopes=ScopeLimits(most=2, idle_seconds=_A_DAY))) as server:
        assert [await _ask(http, server, name) for name in ("a", "b", "c", "a", "b")] == [200, 200, 429, 200, 200]
        assert len(server.scopes) == 2
        assert [item["type"] for item in server.mismatches()] == ["request-refused", "missing-request"]


async def test_a_thousand_scopes_have_room_and_one_more_has_not(http: aiohttp.ClientSession) -> None:
    async with _playing(MockServerOptions()) as server:
        for number in range(1000):
            server.scopes.begin(f"test-{number}", None)
        assert await _ask(http, server, "one-more") == 429
        server.scopes.end(server.scopes.find("test-0"))
        assert await _ask(http, server, "one-more") == 200


async def test_a_scope_whose_time_to_live_is_over_is_gone_while_its_mock_server_lives(
    http: aiohttp.ClientSession,
) -> None:
    async with _playing(MockServerOptions(ttl=600)) as server:
        assert await _ask(http, server, "a") == 200
        assert await _ask(http, server, "b") == 200
        server.scopes.find("a").lease.touched -= 601
        assert await _ask(http, server, "a") == 410
        assert [scope.name for scope in server.scopes] == ["b"]
        assert server.lease.left is not None
        assert server.lease.left > 599


async def test_what_the_journal_of_the_mock_server_drops_no_scope_lists(http: aiohttp.ClientSession) -> None:
    shared = Shared()
    limits = JournalLimits(requests=4)
    async with _playing(MockServerOptions(journal=limits), shared) as server:
        for name in ("x", "x", "y", "x", "y", "y"):
            assert await _ask(http, server, name) == 200
        whole = [(entry.event, entry.scope) for entry in server.journal.entries]
        assert [scope for _, scope in whole] == ["y", "x", "y", "y"]
        for name in ("x", "y"):
            journal = _of(server, name).journal
            assert [(entry.event, entry.scope) for entry in journal.entries] == [
                each for each in whole if each[1] == name
            ]
            assert journal.requests == 3
            assert [entry.number for entry in journal.entries][-1] == 3
            assert journal.entry(3) is journal.entries[-1]
        assert shared.kept.bytes == sum(entry.size for entry in server.journal.entries)
    assert shared.kept.bytes == 0


async def test_a_reset_of_a_scope_forgets_nothing_of_what_came_after_it(http: aiohttp.ClientSession) -> None:
    async with _playing(MockServerOptions(journal=JournalLimits(requests=2))) as server:
        await _ask(http, server, "x")
        _of(server, "x").reset()
        for _ in range(2):
            await _ask(http, server, "x")
        assert len(_of(server, "x").journal.entries) == 2


async def test_all_scopes_together_list_no_more_of_failures_than_one_journal_may(http: aiohttp.ClientSession) -> None:
    async with _playing(MockServerOptions()) as server:
        await _ask(http, server, "a", "/wrong")
        size = server.journal.failures[0].size
    async with _playing(MockServerOptions(journal=JournalLimits(bytes=5 * size))) as server:
        for number in range(10):
            await _ask(http, server, f"test-{number}", "/wrong")
        scopes = [_of(server, f"test-{number}") for number in range(10)]
        assert [scope.play.failed for scope in scopes] == [1] * 10
        assert 1 <= sum(len(scope.journal.failures) for scope in scopes) <= 5
        assert not any(scope.matched for scope in scopes)
        for scope in scopes:
            scope.end()
        await _ask(http, server, "another", "/wrong")
        assert len(_of(server, "another").journal.failures) == 1, "there is room again"


async def test_each_event_is_told_once_with_the_name_of_the_scope(http: aiohttp.ClientSession) -> None:
    shared = Shared()
    told: list[tuple[str, object]] = []
    async with _playing(MockServerOptions(), shared) as server:
        shared.events.listen(
            lambda event: told.append((event.name, event.entry.scope if event.entry else event.fields.get("scope")))
        )
        await _ask(http, server, "x")
        await _ask(http, server, "x", "/wrong")
        _of(server, "x").give_verdict(matched=False, mismatches=1)
    assert told == [
        ("request.matched", "x"),
        ("request.mismatched", "x"),
        ("verdict.given", "x"),
        ("server.stopped", None),
    ]
    assert shared.events.number == 1 + len(told), "what began before anybody listened, and nothing twice"
    assert shared.totals.missed == {"unexpected": 1}


async def test_what_is_asked_of_a_scope_after_the_end_of_its_mock_server_is_still_known(
    http: aiohttp.ClientSession,
) -> None:
    async with _playing(MockServerOptions()) as server:
        await _ask(http, server, "x")
        await _ask(http, server, "x", "/b")
        scope = _of(server, "x")
    assert scope.matched
    assert not await scope.play.wait(0) or scope.matched


async def test_no_request_is_in_a_scope_that_only_others_have_named(http: aiohttp.ClientSession) -> None:
    async with _playing(MockServerOptions()) as server:
        async with http.get(server.url + "/a") as response:
            assert response.status == 200
        with pytest.raises(NoSuchScope):
            server.scopes.find("x")


_LARGE = reading.read_pact(
    pact(
        interaction(
            "large",
            {
                "method": "POST",
                "path": "/large",
                "body": {"items": [{"n": 1}]},
                "matchingRules": rules(**{"$.items": {"match": "type"}}),
            },
        )
    )
)
_BODY = json.dumps({"items": [{"n": number} for number in range(40_000)]}).encode()
"""Over 256 kB, so that it is decided in a thread."""


async def _post(http: aiohttp.ClientSession, server: MockServer, scope: str) -> int:
    headers = {"X-Pactmock-Scope": scope, "Content-Type": "application/json"}
    async with http.post(server.url + "/large", data=_BODY, headers=headers) as response:
        await response.read()
        return response.status


async def _until_decided_on(shared: Shared, requests: int) -> None:
    while shared.totals.in_threads.total() < requests:  # noqa: ASYNC110  nobody tells of what is not decided yet
        await asyncio.sleep(0.001)


async def test_the_verdict_of_a_scope_waits_for_what_is_still_decided_on(http: aiohttp.ClientSession) -> None:
    server = MockServer(_LARGE)
    await server.start()
    scope = Scope(server, server.scopes.begin("x", None))
    sending = asyncio.ensure_future(_post(http, server, "x"))
    assert await scope.play.wait(30)
    await scope.play.settle()
    assert scope.matched
    assert scope.journal.requests == 1
    assert await sending == 200
    await server.stop()


async def test_what_is_decided_while_its_scope_is_reset_is_late_there_and_counts_in_the_whole(
    http: aiohttp.ClientSession,
) -> None:
    shared = Shared()
    server = MockServer(_LARGE, shared=shared)
    await server.start()
    scope = Scope(server, server.scopes.begin("x", None))
    sending = [asyncio.ensure_future(_post(http, server, "x")) for _ in range(12)]
    await _until_decided_on(shared, 1)
    late = 0
    while not all(each.done() for each in sending):
        late += scope.journal.late
        scope.reset()
        await asyncio.sleep(0.01)
    assert [each.result() for each in sending] == [200] * 12
    late += scope.journal.late
    assert late > 0, "some were under way when it was reset"
    assert (server.journal.requests, server.journal.late, server.journal.failed) == (12, 0, 0)
    assert server.matched
    await server.stop()


async def test_a_reset_of_the_mock_server_makes_late_what_is_decided_meanwhile_in_both(
    http: aiohttp.ClientSession,
) -> None:
    shared = Shared()
    server = MockServer(_LARGE, shared=shared)
    await server.start()
    scope = Scope(server, server.scopes.begin("x", None))
    sending = [asyncio.ensure_future(_post(http, server, "x")) for _ in range(12)]
    await _until_decided_on(shared, 1)
    late = [0, 0]
    while not all(each.done() for each in sending):
        late = [late[0] + server.journal.late, late[1] + scope.journal.late]
        server.reset()
        await asyncio.sleep(0.01)
    late = [late[0] + server.journal.late, late[1] + scope.journal.late]
    assert late[0] == late[1] > 0
    await server.stop()


async def test_what_is_under_way_when_its_scope_ends_is_answered_and_counts_in_the_whole(
    http: aiohttp.ClientSession,
) -> None:
    shared = Shared()
    server = MockServer(_LARGE, shared=shared)
    await server.start()
    for number in range(1, 6):
        scope = Scope(server, server.scopes.begin("x", None))
        sending = asyncio.ensure_future(_post(http, server, "x"))
        await _until_decided_on(shared, number)
        scope.end()
        assert await sending == 200
        assert (scope.journal.requests, len(server.scopes)) == (0, 0)
    assert server.journal.requests == 5
    await server.stop()
