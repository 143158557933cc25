"""What happens to mock servers is told to whoever listens, and what was told before can be read again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from pactmock.pact.documents.reading import read_pact
from pactmock.server.mock_server import MockServer
from pactmock.server.records.events import Event, Hears
from pactmock.server.shared import Shared
from tests.pacts import interaction, pact


@pytest.fixture
def shared() -> Shared:
    return Shared()


@pytest.fixture
async def server(shared: Shared) -> AsyncIterator[MockServer]:
    server = MockServer(read_pact(pact(interaction())), shared=shared)
    await server.start()
    yield server
    await server.stop()
    shared.close()


async def _get(server: MockServer, path: str = "/") -> None:
    async with aiohttp.ClientSession() as session, session.get(server.url + path):
        pass


async def test_what_happens_is_told_in_its_order(server: MockServer, shared: Shared, tmp_path: Path) -> None:
    told: list[Event] = []
    shared.events.listen(told.append)
    await _get(server)
    await _get(server, "/nowhere")
    await server.write_pact(tmp_path)
    await server.stop()
    assert [event.name for event in told] == [
        "request.matched",
        "request.mismatched",
        "pact.written",
        "server.stopped",
    ]
    assert [event.number for event in told] == [2, 3, 4, 5], "the first was that it was started"
    assert {event.server for event in told} == {server.id}
    assert told[2].fields["path"] == str(tmp_path / "web-api.json")


async def test_who_hears_failures_hears_nothing_of_requests_that_match(server: MockServer, shared: Shared) -> None:
    told: list[Event] = []
    shared.events.listen(told.append, Hears.FAILURES)
    await _get(server)
    await _get(server, "/nowhere")
    assert [event.name for event in told] == ["request.mismatched"]


async def test_who_listens_no_longer_hears_nothing(server: MockServer, shared: Shared) -> None:
    told: list[Event] = []
    shared.events.listen(told.append)
    shared.events.forget(told.append)
    await _get(server)
    assert not told
    assert shared.events.hears is Hears.NO_REQUESTS


async def test_what_came_before_can_be_read_again(server: MockServer, shared: Shared) -> None:
    """Also what nobody heard then: requests are in the journal."""
    await _get(server)
    await _get(server, "/nowhere")
    events = list(shared.events.since(0, [(server.id, server.journal.entries)]))
    assert [(event.number, event.name) for event in events] == [
        (1, "server.started"),
        (2, "request.matched"),
        (3, "request.mismatched"),
    ]
    later = shared.events.since(2, [(server.id, server.journal.entries)])
    assert [event.name for event in later] == ["request.mismatched"]
