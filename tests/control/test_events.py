"""Events are told as they happen, to whoever follows them: once, in their order, and with what was missed."""

from __future__ import annotations

import asyncio
from pathlib import Path

import aiohttp
import pytest

from pactmock.control.events import EventStreams, Happened
from pactmock.control.running import Service
from pactmock.server.options import WireLimits
from pactmock.server.records.events import Event, Hears
from pactmock.server.records.journal import JournalLimits
from pactmock.server.records.secrets import Secrets
from pactmock.service.registry import Registry
from pactmock.service.settings import ServiceSettings
from pactmock.service.subscription import Subscriptions, Taken
from tests.control.following import PACT, call, create, following
from tests.pacts import interaction, pact
from tests.patience import HANG


async def test_what_happens_to_a_mock_server_is_told_until_it_ends(
    control: aiohttp.ClientSession, tmp_path: Path
) -> None:
    async with following(control) as stream:
        server = await create(control)
        here = f"/mockserver/{server['id']}"
        await call(control, "GET", f"/m/{server['id']}/")
        await call(control, "POST", f"{here}/verify")
        await call(control, "POST", f"/m/{server['id']}/nowhere?a=1")
        await call(control, "DELETE", here)
        started, matched, verdict, written, mismatched, stopped = await stream.some(6)
    assert [each["event"] for each in (started, matched, verdict, written, mismatched, stopped)] == [
        "server.started",
        "request.matched",
        "verdict.given",
        "pact.written",
        "request.late",
        "server.stopped",
    ]
    assert 0 <= mismatched["afterVerdict"] < 20
    assert {each["server"] for each in (started, matched, verdict, written, mismatched, stopped)} == {server["id"]}
    assert (started["consumer"], started["provider"], started["interactions"]) == ("web", "api", 1)
    for document in (started, matched, verdict, written, mismatched, stopped):
        assert set(document) <= set(Happened.model_validate(document).model_fields_set), "all of it is described"
    described = {name: matched[name] for name in matched if name not in {"id", "time", "server", "interaction"}}
    assert described == {
        "event": "request.matched",
        "number": 1,
        "method": "GET",
        "path": "/",
        "query": None,
        "status": 200,
        "matched": True,
        "late": False,
        "afterVerdict": None,
        "sentence": None,
    }
    assert matched["interaction"]["description"] == "a request"
    assert verdict["matched"] is True
    assert written["path"] == str(tmp_path / "pacts" / "web-api.json")
    assert (mismatched["status"], mismatched["query"], mismatched["matched"]) == (500, "a=1", False)
    assert mismatched["sentence"].startswith("POST /nowhere was not expected; the nearest interaction is 'a request'")


async def test_a_stream_of_one_mock_server_tells_nothing_of_others_and_ends_with_it(
    control: aiohttp.ClientSession,
) -> None:
    one, other = await create(control), await create(control)
    async with following(control, one["id"]) as stream:
        await call(control, "GET", f"/m/{other['id']}/")
        await call(control, "GET", f"/m/{one['id']}/")
        await call(control, "DELETE", f"/mockserver/{one['id']}")
        told = await stream.rest()
    assert [each["event"] for each in told] == ["request.matched", "server.stopped"]
    assert {each["server"] for each in told} == {one["id"]}


async def test_who_was_away_is_told_what_came_since(control: aiohttp.ClientSession) -> None:
    server = await create(control)
    async with following(control) as stream:
        await call(control, "GET", f"/m/{server['id']}/")
        (first,) = await stream.some(1)
    await call(control, "GET", f"/m/{server['id']}/nowhere")
    await call(control, "POST", f"/mockserver/{server['id']}/verify")
    for key in (None, server["id"]):
        async with following(control, key, first["id"]) as stream:
            await call(control, "GET", f"/m/{server['id']}/")
            told = await stream.some(3)
            await call(control, "DELETE", f"/mockserver/{server['id']}/requests")
        assert [each["event"] for each in told] == ["request.mismatched", "verdict.given", "request.matched"]
        await call(control, "GET", f"/m/{server['id']}/nowhere")
        await call(control, "POST", f"/mockserver/{server['id']}/verify")
        first = told[-1]


async def test_who_heard_nothing_yet_has_an_id_to_go_on_from(control: aiohttp.ClientSession) -> None:
    server = await create(control)
    async with following(control) as stream:
        await call(control, "GET", f"/m/{server['id']}/")
        line = await stream.response.content.readline()
    async with following(control, last=line.decode().removeprefix("id: ").strip()) as stream:
        (told,) = await stream.some(1)
    assert told["event"] == "request.matched"


async def test_the_service_ends_its_streams(tmp_path: Path) -> None:
    async with (
        Service(ServiceSettings(port=0, output=tmp_path)) as running,
        aiohttp.ClientSession(running.url) as control,
        following(control) as stream,
    ):
        server = await create(control)
        async with following(control, server["id"]) as one, asyncio.timeout(HANG):
            await running.close()
            assert [each["event"] for each in await stream.rest()] == ["server.started"]
            assert await one.rest() == []


@pytest.mark.parametrize("identity", ["7", "0123456-7", "01234567-", "0123456g-1", "01234567-1 ", "x" * 300])
async def test_an_id_that_no_event_has_is_refused(control: aiohttp.ClientSession, identity: str) -> None:
    async with control.get("/events", headers={"Last-Event-ID": f"={identity}="}) as response:
        assert response.status == 400
        assert "send the id of an event that was received" in (await response.json())["error"]


async def test_the_head_of_a_stream_is_that_of_a_stream_without_one(
    control: aiohttp.ClientSession, service: Service
) -> None:
    async with control.head("/events") as response:
        assert (response.status, response.headers["Content-Type"]) == (200, "text/event-stream; charset=utf-8")
    assert "0 open" in repr(service.events)


async def test_where_nothing_happens_a_comment_says_that_somebody_is_there() -> None:
    registry = Registry(ServiceSettings())
    stream = EventStreams(registry, most=1, keep_alive=0.01).open("")
    pieces = [await anext(stream.pieces) for _ in range(3)]
    assert pieces[1:] == [b": nothing happened\n\n"] * 2
    stream.close()
    await registry.close()


async def test_what_the_journal_has_no_more_is_counted_as_missed(tmp_path: Path) -> None:
    settings = ServiceSettings(port=0, output=tmp_path, journal=JournalLimits(requests=3))
    async with Service(settings) as running, aiohttp.ClientSession(running.url) as control:
        one, other = await create(control), await create(control)
        async with following(control) as stream:
            await call(control, "GET", f"/m/{one['id']}/")
            (first,) = await stream.some(1)
        for _ in range(5):
            await call(control, "GET", f"/m/{one['id']}/")
        await call(control, "GET", f"/m/{other['id']}/")
        async with following(control, last=first["id"]) as stream:
            missed, *told = await stream.some(5)
        assert (missed["event"], missed["missed"], missed["restarted"]) == ("missed", 2, False)
        assert [(each["server"], each["number"]) for each in told] == [
            *((one["id"], number) for number in (4, 5, 6)),
            (other["id"], 1),
        ]
        async with following(control, one["id"], first["id"]) as stream:
            missed, *told = await stream.some(4)
        assert (missed["event"], missed["missed"]) == ("missed", 2)
        async with following(control, other["id"], first["id"]) as stream:
            (told_of_other,) = await stream.some(1)
        assert told_of_other["event"] == "request.matched"


async def test_after_a_restart_what_came_before_cannot_be_counted(control: aiohttp.ClientSession) -> None:
    server = await create(control)
    await call(control, "GET", f"/m/{server['id']}/")
    async with following(control, last="00000000-17") as stream:
        missed, *told = await stream.some(3)
    assert (missed["event"], missed["missed"], missed["restarted"]) == ("missed", 0, True)
    assert [each["event"] for each in told] == ["server.started", "request.matched"]


async def test_a_token_is_taken_from_the_header_and_from_nowhere_else(tmp_path: Path) -> None:
    settings = ServiceSettings(port=0, output=tmp_path, token="secret")  # noqa: S106
    async with Service(settings) as running, aiohttp.ClientSession(running.url) as control:
        assert await call(control, "GET", "/events") == 401
        assert await call(control, "GET", "/events?token=secret") == 401
        async with control.get("/events", headers={"Authorization": "Bearer secret"}) as response:
            assert response.status == 200
        async with control.get("/events?token=secret", headers={"Authorization": "Bearer secret"}) as response:
            assert response.status == 400


async def test_to_listen_keeps_no_mock_server_alive(control: aiohttp.ClientSession) -> None:
    async with control.post("/", params={"ttl": "0.3"}, json=PACT) as response:
        server = (await response.json())["mockServer"]
    async with following(control, server["id"]) as stream:
        assert [each["event"] for each in await stream.rest()] == ["server.expired", "server.stopped"]


async def test_a_stream_in_which_nothing_happens_is_no_idle_connection(tmp_path: Path) -> None:
    settings = ServiceSettings(port=0, output=tmp_path, wire=WireLimits(idle_seconds=0.1))
    async with (
        Service(settings) as running,
        aiohttp.ClientSession(running.url) as control,
        following(control) as stream,
    ):
        await asyncio.sleep(0.5)
        server = await create(control)
        assert (await stream.some(1))[0]["server"] == server["id"]


async def test_what_is_secret_in_the_journal_is_so_in_events(tmp_path: Path) -> None:
    settings = ServiceSettings(port=0, output=tmp_path, secrets=Secrets(active=True))
    expected = pact(interaction("with a token", {"headers": {"Authorization": "Bearer one"}}))
    async with (
        Service(settings) as running,
        aiohttp.ClientSession(running.url) as control,
        following(control) as stream,
    ):
        server = await create(control, expected)
        sent = {"Authorization": "Bearer wrong-and-secret"}
        async with control.get(f"/m/{server['id']}/", headers=sent) as response:
            assert response.status == 500
        _, mismatched = await stream.some(2)
    assert "Authorization" in mismatched["sentence"]
    assert "wrong-and-secret" not in str(mismatched)


@pytest.mark.parametrize("hears", list(Hears))
async def test_a_listener_that_fails_changes_no_answer_and_no_verdict(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession, service: Service, hears: Hears
) -> None:
    events = service.mock_service.registry.shared.events

    def fail(event: Event) -> None:
        raise RuntimeError(event.name)

    events.listen(fail, hears)
    async with following(control) as stream:
        server = await create(control)
        waiting = asyncio.create_task(call(control, "GET", f"/mockserver/{server['id']}/wait?timeout=20"))
        assert (await stream.some(1))[0]["event"] == "server.started"
        async with http.get(server["url"]) as response:
            assert response.status == 200
        async with asyncio.timeout(HANG):
            assert await waiting == 200, "who waits is told too"
        assert await call(control, "POST", f"/mockserver/{server['id']}/verify") == 204
        async with http.get(f"{server['url']}/nowhere") as response:
            assert response.status == 500
        assert await call(control, "POST", f"/mockserver/{server['id']}/verify") == 422
        assert await call(control, "DELETE", f"/mockserver/{server['id']}") == 204
        names = [each["event"] for each in await stream.some(6)]
    assert names == [
        "request.matched",
        "verdict.given",
        "pact.written",
        "request.late",
        "verdict.given",
        "server.stopped",
    ]
    assert events.failed > 0


async def test_what_cannot_be_rendered_holds_up_neither_requests_nor_later_events(
    http: aiohttp.ClientSession, service: Service
) -> None:
    broken = ["/broken"]

    def render(event: Event) -> bytes:
        if event.entry is not None and event.entry.explained.path in broken:
            raise RuntimeError
        return b"."

    subscriptions = Subscriptions(service.mock_service.registry, render, 1)
    subscription = subscriptions.subscribe()
    async with aiohttp.ClientSession(service.url) as control:
        server = await create(control)
    assert (await subscription.take(5)).content == b"."
    for path in ("/broken", "/whole"):
        async with http.get(server["url"] + path) as response:
            assert response.status == 500
        await asyncio.sleep(0.05)  # the moment is over, in which events come together
    assert (await subscription.take(5)) == Taken(missed=1, content=b".")
    subscription.close()
