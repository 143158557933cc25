"""What the model of `simulation.py` has to know of the code: measured here, with real processes, each time."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, fields
from statistics import linear_regression, median
from typing import Any

from benchmarks.fleet import Redis, Service, Spent, running, spent
from benchmarks.peers import call
from benchmarks.simulation import Costs
from benchmarks.workloads import GET
from pactmock.pact.json.values import parse
from pactmock.server.records.journal import Journal
from pactmock.service.store import written

_MICRO = 1e-6
_CONNECTIONS = 16
_MANY_CONNECTIONS = (2, 4, 8, 16, 32)
"""The more there are, the more requests Redis is asked for together: so what is once a time is told from the rest."""

_SERVERS = 200
_LIVES = 100


@dataclass(frozen=True)
class Held:
    """Bytes: what Redis holds, and what goes to it and comes from it."""

    server: float
    """Of memory, for a mock server of one interaction that nobody has called."""
    request: float
    """Of memory, for a request that is in the ledger."""
    busiest: float
    """Of memory, for a mock server after very many requests: the latest thousand, and what came after a snapshot."""
    sent: float
    """To Redis for a request."""
    received: float


def measured(seconds: float, rounds: int) -> tuple[Costs, Held]:
    """Measure what GET requests of one interaction cost."""
    redis = Redis()
    alone, shared = Service(), Service("--store", redis.url)
    with running(redis, alone, shared):
        costs = [_costs(redis, alone, shared, seconds) for _ in range(rounds)]
        held = _held(redis, shared, seconds)
    every = {item.name: median(getattr(each, item.name) for each in costs) for item in fields(Costs)}
    return Costs(**every), held


def _costs(redis: Redis, alone: Service, shared: Service, seconds: float) -> Costs:
    without, _ = _driven(None, alone, _CONNECTIONS, seconds)
    found = [_driven(redis, shared, connections, seconds) for connections in _MANY_CONNECTIONS]
    parts = [1 / batch for _, batch in found]
    exchange, each = linear_regression(parts, [each.replicas for each, _ in found])
    read, stored = linear_regression(parts, [each.redis for each, _ in found])
    life, stored_life = _lives(redis, shared)
    decide = min(without.replicas, each)
    of_load = median(each.load for each, _ in found)
    return Costs(
        decide=decide * _MICRO,
        note=(each - decide) * _MICRO,
        exchange=max(0.0, exchange) * _MICRO,
        replay=_replay(redis, shared),
        store=stored * _MICRO,
        read=max(0.0, read) * _MICRO,
        load=of_load * _MICRO,
        life=life,
        stored_life=stored_life,
    )


def _driven(redis: Redis | None, service: Service, connections: int, seconds: float) -> tuple[Spent, float]:
    """Drive a mock server, and return what that took, and how many requests Redis was asked for together."""
    server = service.create(GET.pact)
    path = f"/m/{server}"
    spent([service], redis, [path], GET.load, seconds=1, connections=connections)
    before = _counted(redis)
    found = spent([service], redis, [path], GET.load, seconds=seconds, connections=connections)
    calls, reads = (now - was for now, was in zip(_counted(redis), before, strict=True))
    service.remove(server)
    return found, calls / max(1, reads)


def _counted(redis: Redis | None) -> tuple[int, int]:
    """Return how many scripts Redis has run, and how often it has read."""
    if redis is None:
        return 0, 0
    client = redis.client()
    calls = client.info("commandstats").get("cmdstat_evalsha", {"calls": 0})["calls"]
    return int(calls), int(client.info("stats")["total_reads_processed"])


def _lives(redis: Redis, shared: Service) -> tuple[float, float]:
    """Return the processor seconds of a replica and of Redis for the life of a mock server, with a request."""
    before = shared.processor_seconds(), redis.processor_seconds()
    for _ in range(_LIVES):
        server = shared.create(GET.pact)
        call("GET", f"{shared.control}/m/{server}{GET.load.path}")
        call("POST", f"{shared.control}/mockserver/{server}/verify")
        shared.remove(server)
    after = shared.processor_seconds(), redis.processor_seconds()
    return (after[0] - before[0]) / _LIVES, (after[1] - before[1]) / _LIVES


def _replay(redis: Redis, shared: Service) -> float:
    """Return the processor seconds that a replica takes to know of a request that another one noted."""
    server = _called(shared, 500)
    entries = [parts[b"o"] for _, parts in redis.client().xrange(f"pactmock:{{{server}}}:ledger")]
    shared.remove(server)
    return min(_seconds_to_note(entries) for _ in range(3)) / len(entries)


def _seconds_to_note(entries: Sequence[bytes]) -> float:
    journal, began = Journal(), time.process_time()
    for entry in entries:
        journal.note(written.read_decision(parse(entry)["decision"]))
    return time.process_time() - began


def _called(shared: Service, times: int) -> str:
    server = shared.create(GET.pact)
    for _ in range(times):
        call("GET", f"{shared.control}/m/{server}{GET.load.path}")
    return server


def _held(redis: Redis, shared: Service, seconds: float) -> Held:
    client = redis.client()
    before = client.info("memory")["used_memory"]
    servers = [shared.create(GET.pact) for _ in range(_SERVERS)]
    of_server = (client.info("memory")["used_memory"] - before) / _SERVERS
    for server in servers:
        shared.remove(server)
    called = _called(shared, 1000)
    of_request = client.memory_usage(f"pactmock:{{{called}}}:ledger", samples=0) / 1000
    was = client.info("stats")
    driven = spent([shared], redis, [f"/m/{called}"], GET.load, seconds=seconds, connections=_CONNECTIONS).driven
    now = client.info("stats")
    sent, received = (
        (now[key] - was[key]) / driven.requests for key in ("total_net_input_bytes", "total_net_output_bytes")
    )
    busiest = _memory(client, [f"pactmock:{{{called}}}{rest}" for rest in ("", ":ledger", ":snapshot", ":pending")])
    shared.remove(called)
    return Held(of_server, of_request, busiest, sent, received)


def _memory(client: Any, keys: Sequence[str]) -> float:
    return float(sum(client.memory_usage(key, samples=0) or 0 for key in keys))
