"""What is measured: each workload is a figure of one peer, and whether more of it is better."""

from __future__ import annotations

import json
import statistics
import time
import urllib.error
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from benchmarks import startup
from benchmarks.exchange import Connection, request
from benchmarks.lifecycles import LIFECYCLES
from benchmarks.load import NUMBER, Load, drive, requests_per_second
from benchmarks.peers import Peer
from benchmarks.workload import JSON, Workload, get, pact_of


@dataclass(frozen=True)
class Played:
    """A pact, and what is sent to its mock server over and over."""

    name: str
    pact: dict[str, Any]
    load: Load


def _played(pact: dict[str, Any], load: Load) -> Callable[[Peer, float], float]:
    def measure(peer: Peer, seconds: float) -> float:
        url = peer.create(pact)
        try:
            return requests_per_second(url, load, seconds)
        finally:
            peer.remove(url)

    return measure


def _gets(interactions: int) -> Workload:
    pact = pact_of(*map(get, range(interactions)))
    load = Load(f"/resources/{interactions - 1}")
    return Workload(
        f"GET, {interactions:,} interaction(s)",
        "requests/s",
        _played(pact, load),
        needs="pact" if interactions > 100 else "http",
    )


def _gets_on_many(servers: int, connections: int) -> Workload:
    """As many mock servers at once, each asked over connections of its own."""
    pact = pact_of(get(0))

    def measure(peer: Peer, seconds: float) -> float:
        urls = [peer.create(pact) for _ in range(servers)]
        try:
            return drive(urls, Load("/resources/0"), seconds, servers * connections).rate
        finally:
            for url in urls:
                peer.remove(url)

    return Workload(f"GET, {servers} mock servers with {connections} connections each", "requests/s", measure)


def _item(number: int) -> dict[str, Any]:
    return {"id": number, "name": f"item {number}", "price": number + 0.5, "tags": ["a", "b"], "on": True}


def _order(size: str, items: int) -> Played:
    """Return an order of some items, with a rule on every field."""
    body = {"items": [_item(number) for number in range(items)], "total": items}
    rules = {
        "$.total": {"matchers": [{"match": "integer"}]},
        "$.items": {"matchers": [{"match": "type", "min": 1}]},
        "$.items[*].id": {"matchers": [{"match": "integer"}]},
        "$.items[*].name": {"matchers": [{"match": "regex", "regex": r"item \d+"}]},
        "$.items[*].price": {"matchers": [{"match": "decimal"}]},
        "$.items[*].tags": {"matchers": [{"match": "type"}]},
        "$.items[*].on": {"matchers": [{"match": "boolean"}]},
    }
    interaction = {
        "description": "an order",
        "request": {
            "method": "POST",
            "path": "/orders",
            "headers": JSON,
            "body": body,
            "matchingRules": {"body": rules},
        },
        "response": {"status": 201},
    }
    sent = {"items": [_item(number + 1) for number in range(items)], "total": items}
    load = Load("/orders", "POST", json.dumps(sent).encode(), JSON)
    return Played(f"POST JSON of {size}, rules on every field", pact_of(interaction), load)


def _posts(size: str, items: int) -> Workload:
    order = _order(size, items)
    return Workload(order.name, "requests/s", _played(order.pact, order.load))


GET = Played("GET", pact_of(get(0)), Load("/resources/0"))
POST = _order("10 kB", 120)
"""What services with a store are measured by."""


def _mismatches(interactions: int) -> Workload:
    pact = pact_of(*map(get, range(interactions)))
    load = Load("/resources/none", succeeds=False)
    return Workload(f"mismatching request, {interactions} interactions", "requests/s", _played(pact, load))


def _mismatching_posts(size: str, items: int) -> Workload:
    """Two items are wrong, and differently in each request, so that each has to be explained."""
    order = _order(size, items)
    sent = json.loads(order.load.body or b"")
    sent["items"][3]["id"] = sent["items"][items // 2]["price"] = f"wrong {NUMBER.decode()}"
    load = replace(order.load, body=json.dumps(sent).encode(), succeeds=False)
    return Workload(f"mismatching POST JSON of {size}, none like another", "requests/s", _played(order.pact, load))


def _creation(interactions: int) -> Workload:
    pact = pact_of(*map(get, range(interactions)))

    return Workload(
        f"create a pact of {interactions:,} interactions",
        "ms",
        lambda peer, _seconds: _milliseconds_to_create(peer, lambda: pact),
        more_is_better=False,
    )


def _first_creation(interactions: int) -> Workload:
    """Each creation has a pact that was never seen before, so that nothing of it is known."""
    seen = iter(range(10_000_000))

    def new() -> dict[str, Any]:
        number = next(seen)
        return pact_of(*map(get, range(number, number + interactions)))

    def measure(peer: Peer, _seconds: float) -> float:
        return _milliseconds_to_create(peer, new)

    name = f"create a pact of {interactions:,} interactions for the first time"
    return Workload(name, "ms", measure, more_is_better=False)


def _milliseconds_to_create(peer: Peer, next_pact: Callable[[], dict[str, Any]]) -> float:
    """Return the median of some creations, one after the other, as by the tests of a suite."""
    return (
        statistics.median(_seconds_to_create(peer, request("POST", "/", next_pact())) for _ in range(_CREATIONS)) * 1000
    )


_CREATIONS = 10


def _seconds_to_create(peer: Peer, asked: bytes) -> float:
    connection = Connection(peer.port)
    try:
        began = time.perf_counter()
        status, content = connection.ask(asked)
        taken = time.perf_counter() - began
    finally:
        connection.close()
    if status != 200:
        raise RuntimeError(f"no mock server was made: {content[:200]!r}")
    peer.remove(f"{peer.control}:{json.loads(content)['mockServer']['port']}")
    return taken


def _expressions(count: int) -> Workload:
    """Each creation has expressions that were never seen before, so that no cache helps."""
    seen = iter(range(10_000_000))

    def new() -> dict[str, Any]:
        names = [f"field{next(seen)}" for _ in range(count)]
        rules = {f"$.{name}": {"matchers": [{"match": "type"}]} for name in names}
        asked = {"method": "POST", "path": "/", "body": dict.fromkeys(names, 1), "matchingRules": {"body": rules}}
        return pact_of({"description": "x", "request": asked, "response": {"status": 200}})

    def measure(peer: Peer, _seconds: float) -> float:
        return _milliseconds_to_create(peer, new)

    return Workload(f"create a pact of {count} unique expressions", "ms", measure, more_is_better=False)


def _xml(size: str, items: int) -> Workload:
    def document(offset: int) -> str:
        rows = "".join(f'<item id="{number + offset}"><name>item {number}</name></item>' for number in range(items))
        return f"<order>{rows}</order>"

    rules = {
        "$.order": {"matchers": [{"match": "type"}]},
        "$.order.item['@id']": {"matchers": [{"match": "integer"}]},
        "$.order.item.name['#text']": {"matchers": [{"match": "regex", "regex": r"item \d+"}]},
    }
    headers = {"Content-Type": "application/xml"}
    request = {
        "method": "POST",
        "path": "/orders",
        "headers": headers,
        "body": document(0),
        "matchingRules": {"body": rules},
    }
    pact = pact_of({"description": "an order", "request": request, "response": {"status": 201}})
    load = Load("/orders", "POST", document(1).encode(), headers)
    return Workload(f"POST XML of {size}", "requests/s", _played(pact, load))


def _form(size: str, fields: int) -> Workload:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    rules = {f"$.field{number}": {"matchers": [{"match": "integer"}]} for number in range(fields)}
    request = {
        "method": "POST",
        "path": "/orders",
        "headers": headers,
        "body": "&".join(f"field{number}={number}" for number in range(fields)),
        "matchingRules": {"body": rules},
    }
    pact = pact_of({"description": "an order", "request": request, "response": {"status": 201}})
    body = "&".join(f"field{number}={number + 1}" for number in range(fields))
    load = Load("/orders", "POST", body.encode(), headers)
    return Workload(f"POST form of {size}", "requests/s", _played(pact, load))


def _csv(columns: int, rows: int) -> Workload:
    """Rows of cells, half of them under a rule, compared by the CSV plugin."""

    def row(offset: int) -> str:
        return ",".join(str(number + offset) if number % 2 else f"cell {number}" for number in range(columns)) + "\n"

    headers = {"Content-Type": "text/csv;charset=utf-8"}
    rules = {f"column:{number + 1}": {"matchers": [{"match": "number"}]} for number in range(1, columns, 2)}
    request = {
        "method": "POST",
        "path": "/reports",
        "headers": headers,
        "body": {"content": row(0), "contentType": "text/csv;charset=utf-8", "encoded": False},
        "matchingRules": {"body": rules},
    }
    interaction = {"type": "Synchronous/HTTP", "description": "a report", "request": request}
    interaction |= {"response": {"status": 201}, "pluginConfiguration": {"csv": {"request": {"csvHeaders": False}}}}
    plugins = [{"name": "csv", "version": "0.1.0", "configuration": {}}]
    pact = pact_of(interaction) | {"metadata": {"pactSpecification": {"version": "4.0"}, "plugins": plugins}}
    load = Load("/reports", "POST", "".join(map(row, range(rows))).encode(), headers)
    return Workload(
        f"POST CSV of {columns} columns and {rows} rows", "requests/s", _played(pact, load), needs="plugins"
    )


_MANY = 1000


def _many_servers() -> tuple[Workload, Workload]:
    """A thousand mock servers in one process: how long they take to create, and what each holds."""
    pact = pact_of(get(0))

    def create_all(peer: Peer) -> tuple[float, float]:
        other = type(peer)()  # a new one, as a process keeps the memory of mock servers that it no longer has
        try:
            other.start()
            other.create(pact)
            before, began = other.resident_bytes(), time.perf_counter()
            for _ in range(_MANY):
                other.create(pact)
            taken = time.perf_counter() - began
            return taken * 1000 / _MANY, (other.resident_bytes() - before) / _MANY / 1024
        finally:
            other.stop()

    return (
        Workload(f"create one of {_MANY:,} mock servers", "ms", lambda peer, _: create_all(peer)[0], False),
        Workload(f"memory of one of {_MANY:,} mock servers", "kB", lambda peer, _: create_all(peer)[1], False),
    )


def _cold_start() -> Workload:
    def measure(peer: Peer, _seconds: float) -> float:
        other = type(peer)()
        began = time.perf_counter()
        try:
            other.start()
            return (time.perf_counter() - began) * 1000
        finally:
            other.stop()

    return Workload("cold start until it listens", "ms", measure, more_is_better=False, needs="http")


_TIMES = "passes"
"""Processor time, in multiples of what `python -c pass` takes."""


def _starts() -> tuple[Workload, ...]:
    pact = pact_of(get(0))
    service = "service to its first mock server"
    return (
        Workload("list of commands", _TIMES, lambda peer, _: startup.help_of_the_command_line(peer), False, "commands"),
        Workload(service, _TIMES, lambda peer, _: startup.service_to_its_first_answer(peer, pact), False),
        Workload(
            "inside Python, to the first answer",
            _TIMES,
            lambda peer, _: startup.inside_to_its_first_answer(peer),
            more_is_better=False,
            needs="inside",
        ),
        Workload(
            "inside Python, start and stop",
            "ms",
            lambda peer, _: startup.start_and_stop_inside(peer),
            more_is_better=False,
            needs="inside",
        ),
    )


def _memory(requests: int) -> Workload:
    """What a process holds after many requests to one server."""
    pact, load = pact_of(get(0)), Load("/resources/0")

    def measure(peer: Peer, _seconds: float) -> float:
        other = type(peer)()
        try:
            other.start()
            url, sent = other.create(pact), 0.0
            while sent < requests:
                sent += requests_per_second(url, load, 5) * 5
            return other.resident_bytes() / 1024 / 1024
        finally:
            other.stop()

    return Workload(f"memory after {requests:,} requests", "MB", measure, more_is_better=False)


WORKLOADS: tuple[Workload, ...] = (
    _gets(1),
    _gets(100),
    _gets(1000),
    _gets(10_000),
    _gets_on_many(20, 8),
    _posts("0.1 kB", 1),
    _posts("10 kB", 120),
    _posts("530 kB", 6200),
    _xml("10 kB", 200),
    _form("10 kB", 550),
    _csv(20, 10),
    _mismatches(100),
    _mismatching_posts("10 kB", 120),
    *LIFECYCLES,
    _creation(1000),
    _first_creation(1000),
    _expressions(200),
    *_many_servers(),
    _cold_start(),
    *_starts(),
    _memory(1_000_000),
)

Refused = (RuntimeError, urllib.error.URLError, OSError, KeyError)
"""What a peer that cannot play a workload raises; it is then left out of that row, with the reason."""
