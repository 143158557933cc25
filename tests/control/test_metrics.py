"""Metrics say what happened, all of it and nothing else, and no client can make one."""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml

from pactmock.control.running import Service
from pactmock.plugins.settings import PluginSettings
from pactmock.server.options import DecisionLimits, WireLimits
from pactmock.server.records.entries import Record
from pactmock.server.records.events import Event, Hears
from pactmock.server.records.journal import JournalLimits
from pactmock.service.settings import ServiceSettings
from tests.control.exposed import by, families, text, values
from tests.control.following import call, create, following
from tests.pacts import interaction, pact
from tests.patience import HANG
from tests.plugin_directory import none_left, processes_of, with_csv
from tests.raw_http import exchange

ROOT = Path(__file__).parents[2]
OUTCOMES = "pactmock_requests_total"


async def test_each_metric_is_described_where_operators_look(control: aiohttp.ClientSession) -> None:
    page = (ROOT / "docs" / "operating.md").read_text("utf-8").partition("\n## Metrics\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \|\s*(.*?)\s*\| .+ \|$", page, re.MULTILINE)
    described = {name: (kind, frozenset(re.findall(r"`(\w+)`", labels))) for name, kind, labels in rows}
    assert len(described) == len(rows)
    exposed = {
        name: (family.type, frozenset(label for item in family.samples for label in item.labels) - {"le"})
        for name, family in (await families(control)).items()
    }
    without_series = {"pactmock_plugin_up", "pactmock_plugin_call_seconds"}  # as long as no plugin is loaded
    exposed |= {name: (exposed[name][0], frozenset({"plugin"})) for name in without_series}
    assert exposed == described
    assert all(family.documentation for family in (await families(control)).values())


async def test_requests_are_counted_by_outcome_and_stay_counted_when_they_are_forgotten_and_their_server_ends(
    control: aiohttp.ClientSession,
) -> None:
    server = await create(control, pact(interaction(request={"path": "/a", "query": {"q": ["1"]}})))
    await call(control, "GET", f"/m/{server['id']}/a?q=1")
    await call(control, "GET", f"/m/{server['id']}/a?q=2")
    await call(control, "GET", f"/m/{server['id']}/elsewhere?q=1")
    await exchange(server["port"], b"GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n")
    expected = {"matched": 1, "mismatched": 1, "unexpected": 1, "refused": 1}
    seen = await values(control)
    assert by(seen, OUTCOMES) == expected
    assert by(seen, "pactmock_mismatched_parts_total") == {"path": 1, "query": 1}
    await call(control, "DELETE", f"/mockserver/{server['id']}/requests")
    assert by(await values(control), OUTCOMES) == expected
    await call(control, "GET", f"/m/{server['id']}/a?q=1")
    await call(control, "POST", f"/mockserver/{server['id']}/verify")
    await call(control, "GET", f"/m/{server['id']}/a?q=1")
    await call(control, "DELETE", f"/mockserver/{server['id']}")
    seen = await values(control)
    assert by(seen, OUTCOMES) == expected | {"matched": 2, "late": 1}
    assert by(seen, "pactmock_verdicts_total") == {"matched": 1}
    assert (seen["pactmock_mock_servers"], seen["pactmock_mock_servers_started_total"]) == (0, 1)
    assert (seen["pactmock_mock_servers_stopped_total"], seen["pactmock_pacts_written_total"]) == (1, 1)


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_happens_is_counted_as_it_is_told(
    service: Service, control: aiohttp.ClientSession, seed: int
) -> None:
    draw = random.Random(seed)  # noqa: S311  no secret
    told: Counter[str] = Counter()

    def hear(event: Event) -> None:
        told[event.name] += 1
        if isinstance(event.entry, Record) and event.name == "request.mismatched":
            told[event.entry.decision.outcome.value] += 1

    service.mock_service.registry.shared.events.listen(hear, Hears.ALL_REQUESTS)
    document = pact(interaction(request={"path": "/a"}))
    server, paths = await create(control, document), ("/a", "/a", "/a?x=1", "/b")
    for _ in range(60):
        here = f"/mockserver/{server['id']}"
        match draw.randrange(12):
            case 0:
                await call(control, "POST", f"{here}/verify")
            case 1:
                await call(control, "DELETE", f"{here}/requests")
            case 2:
                await call(control, "DELETE", here)
                server = await create(control, document)
            case 3:
                async with control.put(f"{here}/interactions", json=document) as response:
                    assert response.status == 200
            case 4:
                await exchange(server["port"], b"GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n")
            case _:
                await call(control, "GET", f"/m/{server['id']}{draw.choice(paths)}")
    seen = await values(control)
    assert by(seen, OUTCOMES) == +Counter(
        matched=told["request.matched"],
        mismatched=told["Request-Mismatch"],
        unexpected=told["Unexpected-Request"],
        refused=told["request.refused"],
        late=told["request.late"],
    )
    assert sum(by(seen, "pactmock_verdicts_total").values()) == told["verdict.given"]
    assert seen["pactmock_mock_servers_started_total"] == told["server.started"]
    assert seen["pactmock_mock_servers_stopped_total"] == told["server.stopped"]
    assert seen["pactmock_pacts_written_total"] == told["pact.written"]


async def test_what_is_over_a_limit_is_counted_by_the_limit(tmp_path: Path) -> None:
    wire = WireLimits(body=10, line=300, headers=12, head_seconds=0.2)
    settings = ServiceSettings(
        port=0, output=tmp_path, max_mock_servers=1, max_event_streams=1, max_connections=40, wire=wire
    )
    async with Service(settings) as service, aiohttp.ClientSession(service.url) as control:
        port = (await create(control))["port"]
        async with control.post("/", json=pact(interaction())) as response:
            assert response.status == 429
        async with following(control), control.get("/events") as response:
            assert response.status == 429
        await exchange(port, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n" + b"x" * 11)
        await exchange(port, b"GET /" + b"x" * 400 + b" HTTP/1.1\r\nHost: a\r\n\r\n")
        await exchange(port, b"GET / HTTP/1.1\r\nHost: a\r\n" + b"A: b\r\n" * 20 + b"\r\n")
        await exchange(port, b"GET / HTTP/1.1\r\nHos")
        held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(45)]
        await exchange(port, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        refused = by(await values(control), "pactmock_refused_total")
        for _, writer in held:
            writer.close()
    assert refused.pop("connections") >= 1
    assert refused == {"mock_servers": 1, "event_streams": 1, "body": 1, "line": 1, "headers": 1, "seconds": 1}


async def test_bodies_for_which_there_is_no_room_are_counted(tmp_path: Path) -> None:
    settings = ServiceSettings(port=0, output=tmp_path, max_intake=1000)
    async with Service(settings) as service, aiohttp.ClientSession(service.url) as control:
        port = (await create(control))["port"]
        await exchange(port, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2000\r\n\r\n" + b"x" * 2000)
        assert by(await values(control), "pactmock_refused_total") == {"intake": 1}


async def test_decisions_that_are_not_made_where_a_request_arrives_are_counted_with_why(tmp_path: Path) -> None:
    slow = {"header": {"X": {"matchers": [{"match": "regex", "regex": "^(a|aa)+$"}]}}}
    document = pact(
        interaction("large", {"method": "POST", "path": "/large"}),
        interaction("slow", {"path": "/slow", "headers": {"X": "a"}, "matchingRules": slow}),
    )
    decisions = DecisionLimits(seconds=0.5, on_loop=0.005)
    settings = ServiceSettings(port=0, output=tmp_path, decisions=decisions)
    async with Service(settings) as service, aiohttp.ClientSession(service.url) as control:
        here = f"/m/{(await create(control, document))['id']}"
        assert await values(control)
        async with control.post(f"{here}/large", data=b"x" * 300_000) as response:
            assert response.status == 200
        async with control.get(f"{here}/slow", headers={"X": "a" * 60 + "b"}) as response:
            assert response.headers["X-Pact"] == "Request-Undecided"
        seen = await values(control)
    assert by(seen, "pactmock_decisions_in_threads_total") == {"size": 1, "time": 1}
    assert by(seen, OUTCOMES) == {"matched": 1, "undecided": 1}
    assert by(seen, "pactmock_mismatched_parts_total") == {"headers": 1}
    assert seen['pactmock_decision_seconds_count{where="thread"}'] == 2
    assert seen['pactmock_decision_seconds_sum{where="thread"}'] > 0.01


async def test_times_are_measured_from_the_first_question_on(service: Service, control: aiohttp.ClientSession) -> None:
    server = await create(control)
    await call(control, "GET", f"/m/{server['id']}/")
    before = await values(control)
    assert before['pactmock_decision_seconds_count{where="loop"}'] == 0
    for _ in range(3):
        await call(control, "GET", f"/m/{server['id']}/")
    time.sleep(0.3)  # noqa: ASYNC251  to hold up the loop is what is measured
    await asyncio.sleep(0.2)
    seen = await values(control)
    assert seen['pactmock_decision_seconds_count{where="loop"}'] == 3
    assert seen['pactmock_decision_seconds_sum{where="loop"}'] > 0
    lag = "pactmock_event_loop_lag_seconds"
    assert seen[f"{lag}_count"] > seen[f'{lag}_bucket{{le="0.1"}}']
    assert "Measured since /metrics was first asked for" in await text(control)


def test_nothing_is_loaded_before_somebody_asks(tmp_path: Path) -> None:
    program = f"""
import asyncio, aiohttp, sys
from pathlib import Path
from pactmock.control.running import Service
from pactmock.service.settings import ServiceSettings
async def main():
    async with Service(ServiceSettings(port=0, output=Path({str(tmp_path)!r}))) as service:
        async with aiohttp.ClientSession(service.url) as control:
            for path in ("/openapi.json", "/metrics"):
                async with control.get(path) as response:
                    assert response.status == 200
                print("prometheus_client" in sys.modules, service.mock_service.registry.shared.times is not None)
asyncio.run(main())
"""
    command = [sys.executable, "-c", program]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=HANG, check=False)
    assert ran.stdout.split() == ["False", "False", "True", "True"], ran.stderr


async def test_journals_say_what_they_hold_and_what_they_dropped(tmp_path: Path) -> None:
    settings = ServiceSettings(port=0, output=tmp_path, journal=JournalLimits(requests=3))
    async with Service(settings) as service, aiohttp.ClientSession(service.url) as control:
        server = await create(control)
        for _ in range(5):
            await call(control, "GET", f"/m/{server['id']}/")
        seen = await values(control)
        assert (seen["pactmock_journal_dropped_total"], seen["pactmock_journal_bytes"] > 3000) == (2, True)
        await call(control, "DELETE", f"/mockserver/{server['id']}/requests")
        seen = await values(control)
        assert (seen["pactmock_journal_dropped_total"], seen["pactmock_journal_bytes"]) == (2, 0)
        await call(control, "GET", f"/m/{server['id']}/")
        await call(control, "DELETE", f"/mockserver/{server['id']}")
        seen = await values(control)
        assert (seen["pactmock_journal_dropped_total"], seen["pactmock_journal_bytes"]) == (2, 0)


async def test_pacts_that_say_something_else_are_counted(control: aiohttp.ClientSession, tmp_path: Path) -> None:
    one = await create(control, pact(interaction("a", {"path": "/one"})))
    other = await create(control, pact(interaction("a", {"path": "/other"})))
    for server, how in ((one, "replace"), (other, "refuse"), (other, "replace")):
        async with control.post(f"/mockserver/{server['id']}/pact", json={"onConflict": how}) as response:
            assert response.status == (409 if how == "refuse" else 200)
    (tmp_path / "pacts" / "web-api.json").write_text("no JSON")
    await call(control, "POST", f"/mockserver/{one['id']}/pact")
    seen = await values(control)
    assert seen["pactmock_pacts_written_total"] == 2
    assert by(seen, "pactmock_pacts_not_written_total") == {"conflict": 1, "failed": 1}
    assert seen["pactmock_interactions_replaced_total"] == 1


async def test_messages_are_counted_by_what_a_test_said(control: aiohttp.ClientSession) -> None:
    message = {"type": "Asynchronous/Messages", "description": "an order", "contents": {"content": "{}"}, "key": "k"}
    document = pact(version="4.0")
    document["interactions"] = [message]
    here = f"/mockserver/{(await create(control, document))['id']}/messages"
    async with control.get(here) as response:
        (listed,) = (await response.json())["messages"]
    for said in ({}, {"error": "no"}):
        await call(control, "POST", f"{here}/{listed['key']}")
        async with control.post(f"{here}/{listed['key']}/handled", json=said) as response:
            assert response.status in {200, 204, 422}
    assert by(await values(control), "pactmock_messages_total") == {"handled": 1, "failed": 1}


async def test_expired_mock_servers_are_counted(control: aiohttp.ClientSession) -> None:
    async with control.post("/?ttl=0.05", json=pact(interaction())) as response:
        assert response.status == 200
    async with following(control) as stream:
        if (await values(control))["pactmock_mock_servers_stopped_total"] == 0:
            assert [each["event"] for each in await stream.some(2)] == ["server.expired", "server.stopped"]
    seen = await values(control)
    assert (seen["pactmock_mock_servers_expired_total"], seen["pactmock_mock_servers"]) == (1, 0)


async def test_who_follows_events_and_what_slow_ones_miss_is_counted(
    service: Service, control: aiohttp.ClientSession
) -> None:
    async with following(control):
        assert (await values(control))["pactmock_event_streams"] == 1
    server = await create(control)
    stuck = service.events.open("")  # and nobody reads it
    for number in range(1, 4):
        path = f"/{'x' * 7000}/{number}?"
        for _ in range(120):
            await call(control, "GET", f"/m/{server['id']}{path}")
    seen = await values(control)
    stuck.close()
    assert 0 < seen["pactmock_events_missed_total"] < 360


@pytest.mark.parametrize("kind", ["in process", "a process"])
async def test_plugins_are_up_or_not_and_their_calls_are_timed(tmp_path: Path, kind: str) -> None:
    directory = tmp_path / "plugins"
    if kind == "a process":
        with_csv(directory)
    settings = ServiceSettings(port=0, output=tmp_path / "pacts", plugins=PluginSettings(directory, start_timeout=30))
    contents: dict[str, Any] = {
        "content-type": "text/csv;charset=utf-8",
        "csvHeaders": False,
        "column:1": "matching(number,1)",
    }
    contract = {
        "consumer": "c",
        "provider": "p",
        "plugins": [{"name": "csv", "version": "0.0.6"}],
        "interactions": [{"description": "d", "request": {"method": "POST", "path": "/x", "contents": contents}}],
    }
    async with Service(settings) as service, aiohttp.ClientSession(service.url) as control:
        headers = {"Content-Type": "application/vnd.pactmock.test+json"}
        async with control.post("/", json=contract, headers=headers) as response:
            server = (await response.json())["mockServer"]
        assert by(await values(control), "pactmock_plugin_up") == {"csv": 1}
        row: dict[str, Any] = {"data": "7\n", "headers": {"Content-Type": contents["content-type"]}}
        async with control.post(f"/m/{server['id']}/x", **row) as response:
            assert response.status == 200
        seen = await values(control)
        assert seen['pactmock_plugin_call_seconds_count{plugin="csv"}'] >= 1
        assert 0 < seen['pactmock_plugin_call_seconds_sum{plugin="csv"}'] < 30
        if kind == "a process":
            for process in processes_of(directory):
                os.kill(process, signal.SIGKILL)
            assert none_left(directory)
            async with asyncio.timeout(HANG):  # until the process is seen to have ended
                while by(await values(control), "pactmock_plugin_up"):
                    pass


async def test_no_client_makes_a_metric_or_a_line(control: aiohttp.ClientSession) -> None:
    evil = '"} 1\npactmock_evil{a="\\'
    before = set(await values(control))
    document = pact(interaction(evil, {"path": f"/{evil}", "headers": {"X": evil}}), consumer=evil, provider=evil)
    async with control.post("/", params={"name": "evil\u2028\x7f} 1"}, json=document) as response:
        server = (await response.json())["mockServer"]
    for raw in (
        b'G"ET /"}\xff{ HTTP/1.1\r\nHost: a\r\n\r\n',
        b'EVIL /%0Apactmock_evil%201 HTTP/1.1\r\nHost: a\r\nX: "} 1\r\n\r\n',
        b"\x16\x03\x01pactmock_evil 1\n",
    ):
        await exchange(server["port"], raw)
    await call(control, "POST", f"/mockserver/{server['id']}/verify")
    await call(control, "POST", f"/mockserver/{server['id']}/pact")
    named = {"plugins": [{"name": evil, "version": "1"}]}
    async with control.post("/", json=document | {"metadata": named}) as response:
        assert response.status == 200
    async with control.get("/metrics", headers={"Accept": 'application/openmetrics-text;version="x;escaping=evil'}):
        pass
    shown = await text(control)
    assert "evil" not in shown
    assert set(await values(control)) == before


async def test_who_shows_no_token_is_told_nothing(tmp_path: Path) -> None:
    settings = ServiceSettings(port=0, output=tmp_path, token="secret")  # noqa: S106  of this test alone
    async with Service(settings) as service, aiohttp.ClientSession(service.url) as control:
        assert await call(control, "GET", "/metrics") == 401
        async with control.get("/metrics", headers={"Authorization": "Bearer secret"}) as response:
            assert response.status == 200


RULES = ROOT / "examples" / "prometheus" / "alerts.yml"


async def test_the_alerts_ask_for_metrics_and_labels_that_there_are(control: aiohttp.ClientSession) -> None:
    exposed = await families(control)
    document = yaml.safe_load(RULES.read_text("utf-8"))
    rules = [rule for group in document["groups"] for rule in group["rules"]]
    assert len({rule["alert"] for rule in rules}) == len(rules) > 5
    for rule in rules:
        assert set(rule) == {"alert", "expr", "for", "labels", "annotations"}
        assert set(rule["annotations"]) == {"summary", "description"}
        assert re.fullmatch(r"[0-9]+[smh]", rule["for"])
        asked = re.findall(r"\b((?:pactmock|process)_\w+)(?:\{(.*?)\})?", rule["expr"])
        assert asked or rule["expr"].startswith("up{"), rule
        for name, matchers in asked:
            family = exposed.get(name) or exposed[re.sub("_(bucket|sum|count)$", "", name)]
            for label, value in re.findall(r'(\w+)="(.*?)"', matchers):
                assert value in {sample.labels.get(label) for sample in family.samples}, (name, label, value)
        assert rule["expr"].count("(") == rule["expr"].count(")")
