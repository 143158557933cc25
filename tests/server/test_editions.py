"""A verdict is about what is expected now: not about what was expected when the request was decided on."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from pactmock.matching.parts.part import BodyCheck, ExpectedPart
from pactmock.pact.documents import reading
from pactmock.pact.model import Pact
from pactmock.server.mock_server import MockServer
from pactmock.server.options import DecisionLimits, MockServerOptions
from pactmock.server.plays.http_play import HttpPlay
from pactmock.server.records.entries import Record
from pactmock.server.shared import Shared
from tests.pacts import interaction, pact
from tests.patience import HANG
from tests.received import received


def _expected(path: str, body: str = "text") -> dict[str, Any]:
    request = {"method": "POST", "path": path, "headers": {"Content-Type": "text/plain"}, "body": body}
    return interaction(f"POST {path}", request)


def _read(*interactions: dict[str, Any]) -> Pact:
    return reading.read_pact(pact(*interactions))


@pytest.fixture
async def server() -> AsyncIterator[MockServer]:
    """A mock server that decides on every request in a thread."""
    options = MockServerOptions(decisions=DecisionLimits(inline=0))
    running = MockServer(reading.read_pact(pact(_expected("/a"))), options)
    await running.start()
    yield running
    await running.stop()


@contextmanager
def _held(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[threading.Event, threading.Event]]:
    """Hold comparisons of texts: the first event says that one was begun, the second lets them go on."""
    from pactmock.matching.bodies import text

    begun, go_on = threading.Event(), threading.Event()
    compile_body = text.compile_body

    def compile_held(expected: ExpectedPart) -> BodyCheck:
        check = compile_body(expected)

        def held(actual: Any) -> Any:
            begun.set()
            go_on.wait(HANG)
            return check(actual)

        return held

    monkeypatch.setattr(text, "compile_body", compile_held)
    yield begun, go_on
    go_on.set()


async def _play(server: MockServer, path: str) -> int:
    assert isinstance(server.play, HttpPlay)
    request = received("POST", path, ("Content-Type", "text/plain"), content=b"text")
    owed = server.play.play(request, 100)
    return (await owed if isinstance(owed, asyncio.Future) else owed).status


async def _until(event: threading.Event) -> None:
    assert await asyncio.get_running_loop().run_in_executor(None, event.wait, HANG)


async def test_a_decision_on_a_pact_that_was_replaced_is_late(
    server: MockServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It once turned the verdict green: the only interaction of the new pact was never asked for."""
    with _held(monkeypatch) as (begun, go_on):
        playing = asyncio.ensure_future(_play(server, "/a"))
        await _until(begun)
        await server.replace_interactions(_read(_expected("/other")))
        go_on.set()
        assert await playing == 200
    (entry,) = server.journal.entries
    assert isinstance(entry, Record)
    assert (entry.is_late, entry.is_match) == (True, True)
    assert (server.journal.requests, server.journal.late, server.matched) == (0, 1, False)
    assert [item["type"] for item in server.mismatches()] == ["missing-request"]


async def test_a_decision_from_before_a_reset_counts_for_nothing(
    server: MockServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _held(monkeypatch) as (begun, go_on):
        playing = asyncio.ensure_future(_play(server, "/b"))
        await asyncio.sleep(0)
        other = asyncio.ensure_future(_play(server, "/a"))
        await _until(begun)
        server.reset()
        go_on.set()
        assert (await playing, await other) == (500, 200)
    assert not server.matched
    assert (server.journal.requests, server.journal.failed) == (0, 0)


async def test_a_match_stays_one_when_interactions_are_added(
    server: MockServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _held(monkeypatch) as (begun, go_on):
        playing = asyncio.ensure_future(_play(server, "/a"))
        await _until(begun)
        await server.expect(_read(_expected("/b")))
        go_on.set()
        assert await playing == 200
    assert [item["path"] for item in server.mismatches()] == ["/b"]


async def test_what_was_not_expected_is_decided_again_when_interactions_are_added(
    server: MockServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await server.replace_interactions(_read(_expected("/a", "other")))
    with _held(monkeypatch) as (begun, go_on):
        playing = asyncio.ensure_future(_play(server, "/a"))
        await _until(begun)
        await server.expect(_read(_expected("/a", "text")))
        go_on.set()
        assert await playing == 200
    assert server.journal.failed == 0


async def test_requests_that_are_the_same_are_satisfied_together_unless_each_is_to_be_served() -> None:
    twice = reading.read_pact(pact(interaction("one", {"path": "/a"}), interaction("two", {"path": "/a"})))
    together, apart = MockServer(twice), MockServer(twice, MockServerOptions(counts_interactions=True))
    for server in (together, apart):
        assert isinstance(server.play, HttpPlay)
        server.play.play(received("GET", "/a"), 10)
    assert together.matched
    assert [item["interaction"]["description"] for item in apart.mismatches() if item["interaction"]] == ["two"]


async def test_a_request_that_is_repeated_is_explained_once_until_something_changes() -> None:
    here = MockServer(reading.read_pact(pact(interaction("here", {"path": "/a"}))), shared=(shared := Shared()))
    there = MockServer(reading.read_pact(pact(interaction("there", {"path": "/b"}))), shared=shared)
    servers: list[MockServer] = [here]
    shared.neighbours = lambda: servers
    assert isinstance(here.play, HttpPlay)
    for _ in range(2):
        here.play.play(received("GET", "/b"), 10)
    servers.append(there)
    shared.changes += 1
    here.play.play(received("GET", "/b"), 10)
    here.play.play(received("GET", "/b", ("X", "1")), 10)
    first, second, third, fourth = (entry.decision for entry in here.journal.failures if isinstance(entry, Record))
    assert first.explanation is second.explanation
    assert first.received < second.received
    assert third.explanation is not None
    assert "there" in str(third.explanation.advice)
    assert fourth.request.headers == {"x": ("1",)}
    await here.expect(_read(interaction("b", {"path": "/b"})))
    here.play.play(received("GET", "/b"), 10)
    assert here.journal.failed == 4
