"""Both clients follow what happens, and say when nothing more comes."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, get_type_hints

import pytest

import pactmock
from pactmock import errors
from pactmock.client.blocking import Client
from pactmock.client.documents import Event
from pactmock.client.following import EventReader
from pactmock.control.events import Happened
from tests.client.test_client import get, got
from tests.pacts import interaction, pact
from tests.process import Running, service

PACT = pact(interaction())


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with service(tmp_path_factory.mktemp("pacts"), "--max-event-streams", "2") as started:
        yield started


@pytest.fixture(params=[pactmock.Client, pactmock.AsyncClient])
def client(request: pytest.FixtureRequest, running: Running) -> Any:
    return request.param(running.url)


@asynccontextmanager
async def following(source: Any, after: str | None = None) -> AsyncIterator[AsyncIterator[Event]]:
    """Follow with either client, without holding up the loop."""
    opened = source.events(after)
    if hasattr(opened, "__aenter__"):
        async with opened as events:
            yield events
        return
    with opened as events:
        yield _awaited(events)


async def _awaited(events: Iterator[Event]) -> AsyncIterator[Event]:
    while (event := await asyncio.to_thread(next, events, None)) is not None:
        yield event


async def test_what_happens_to_a_mock_server_is_followed_to_its_end(client: Any) -> None:
    server = await got(client.create(PACT))
    async with following(server) as events:
        assert get(f"{server.url}/")[0] == 200
        assert get(f"{server.url}/nowhere")[0] == 500
        await got(server.end())
        told = [event async for event in events]
    assert [event["event"] for event in told] == ["request.matched", "request.mismatched", "server.stopped"]
    assert told[0]["path"] == "/"
    with pytest.raises(errors.NoSuchMockServer):
        async with following(server):
            pass


async def test_who_was_away_goes_on_behind_the_last_event(client: Any) -> None:
    async with following(client) as events:
        server = await got(client.create(PACT))
        started = await anext(events)
    assert get(f"{server.url}/")[0] == 200
    await got(server.end())
    async with following(client, started["id"]) as events:
        told = [await anext(events)]
        while told[-1]["event"] != "server.stopped":
            told.append(await anext(events))
    # What was received is gone with the mock server, and that is said.
    assert [(event["event"], event.get("missed")) for event in told] == [("missed", 1), ("server.stopped", None)]


async def test_what_the_service_refuses_is_its_error(client: Any) -> None:
    with pytest.raises(errors.InvalidParameter, match="Last-Event-ID"):
        async with following(client, "7"):
            pass
    with pytest.raises(errors.InvalidParameter, match="is the id of no event"):
        async with following(client, "7\r\nX: y"):
            pass
    async with following(client), following(client):
        with pytest.raises(errors.LimitReached):
            async with following(client):
                pass


async def test_an_error_of_the_block_is_its_own(client: Any) -> None:
    with pytest.raises(OSError, match="mine"):
        async with following(client):
            raise OSError("mine")


@pytest.mark.parametrize("kind", [pactmock.Client, pactmock.AsyncClient])
async def test_events_end_with_the_service_and_break_off_with_its_process(kind: Any, tmp_path: Path) -> None:
    with service(tmp_path) as running:
        async with following(kind(running.url)) as events:
            running.process.terminate()
            assert [event async for event in events] == []
    with service(tmp_path) as running:
        async with following(kind(running.url)) as events:
            running.process.kill()
            with pytest.raises(errors.ServiceUnreachable):
                await anext(events)


def test_a_stream_in_which_nothing_comes_any_more_is_given_up() -> None:
    """Also where the connection stays: a service says now and then that it is there. It is told, as the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as silent:

        def answer() -> None:
            connection, _ = silent.accept()
            connection.settimeout(60)
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\nid: 1\n\n")
            connections.append(connection)

        connections: list[socket.socket] = []
        answering = threading.Thread(target=answer)
        answering.start()
        client = Client(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout=-28)
        with client.events() as events, pytest.raises(errors.ServiceUnreachable) as given_up:
            next(events)
        assert "has not answered for 2" in given_up.value.message
        answering.join()
        with connections[0]:
            assert connections[0].recv(1) == b""


def test_a_stream_is_read_in_whatever_pieces_it_comes() -> None:
    stream = b'id: a-1\n\n: nothing happened\n\nid: a-2\nevent: x\ndata: {"event":"x"}\n\ndata: {"event":"y"}\n\n'
    for size in range(1, len(stream)):
        reader = EventReader()
        pieces = [stream[start : start + size] for start in range(0, len(stream), size)]
        assert [event for piece in pieces for event in reader.feed(piece)] == [{"event": "x"}, {"event": "y"}]
    with pytest.raises(errors.UnexpectedAnswer):
        EventReader().feed(b"data: {\n")


def test_an_event_has_the_members_of_its_model() -> None:
    assert get_type_hints(Event).keys() == Happened.model_fields.keys()
