"""What a store costs: microseconds of the processor a request, of replicas, of Redis and of the load, each.

python -m benchmarks.replicas --rounds 5 --seconds 2

A service without a store and one with are driven in turn by the same load, both through the gateway, which is the only
way to mock servers that replicas share. Two replicas share two cores with Redis and the load, so they cannot bring what
they would with a core each: that is derived from what each process took.
"""

from __future__ import annotations

import os
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import click

from benchmarks import load
from benchmarks.fleet import Redis, Service, Spent, running, spent
from benchmarks.workloads import GET, POST, Played
from pactmock.cli.output.table import show_table

_AT_MOST = 3.0
"""How many times as much a replica with a store may take, at sixteen connections."""


@dataclass(frozen=True)
class Setting:
    """Who is driven, and by how many connections."""

    name: str
    services: Sequence[Service]
    redis: Redis | None
    connections: int

    def measure(self, played: Played, seconds: float) -> Spent:
        """Drive one mock server of a workload."""
        server = self.services[0].create(played.pact)
        paths = [f"/m/{server}"] * len(self.services)
        try:
            return spent(self.services, self.redis, paths, played.load, seconds=seconds, connections=self.connections)
        finally:
            self.services[0].remove(server)


@click.command()
@click.option("--rounds", default=5, show_default=True, help="How often every setting is measured.")
@click.option("--seconds", default=2.0, show_default=True, help="How long a load lasts.")
def main(rounds: int, seconds: float) -> None:
    """Measure what a store costs, and what a second replica brings."""
    if not load.available() or Redis.program() is None:
        raise click.ClickException("this takes wrk and redis-server: `apt-get install wrk redis-server`")
    redis = Redis()
    store = ("--store", redis.url)
    alone, first, second = Service(), Service(*store), Service(*store)
    settings = [
        Setting("no store", (alone,), None, 1),
        Setting("store", (first,), redis, 1),
        Setting("no store", (alone,), None, 16),
        Setting("store", (first,), redis, 16),
        Setting("store, 2 replicas", (first, second), redis, 16),
    ]
    with running(redis, alone, first, second):
        found: dict[tuple[str, int], list[Spent]] = {}
        before = os.getloadavg()[0]
        for turn, (played, (number, setting)) in product(range(rounds + 1), product((GET, POST), enumerate(settings))):
            measured = setting.measure(played, seconds if turn else 1)
            if turn:  # the first turn warms up
                found.setdefault((played.name, number), []).append(measured)
    columns = ("workload", "setting", "connections", "replicas", "redis", "load", "requests/s", "50 %", "99 %")
    show_table(columns, [_row(name, settings[number], spent) for (name, number), spent in sorted(found.items())])
    click.echo(f"Microseconds of the processor a request; medians of {rounds} rounds; milliseconds of latency.")
    click.echo(f"The load of the machine was {before:.1f} before and {os.getloadavg()[0]:.1f} after.")
    for played in (GET, POST):
        for line in _told(played, [found[played.name, number] for number in range(len(settings))]):
            click.echo(line)


def _row(name: str, setting: Setting, rounds: Sequence[Spent]) -> list[str]:
    median = statistics.median
    figures = [median(getattr(each, of) for each in rounds) for of in ("replicas", "redis", "load")]
    rate = median(each.driven.rate for each in rounds)
    half, most = (median(each.driven.latencies[place] for each in rounds) for place in (0, 3))
    shown = [f"{figure:,.1f}" for figure in figures]
    return [name, setting.name, str(setting.connections), *shown, f"{rate:,.0f}", f"{half:.2f}", f"{most:.2f}"]


def _told(played: Played, found: Sequence[Sequence[Spent]]) -> Iterator[str]:
    """Say what is asked for of a workload."""
    _, _, alone, one, two = found
    ratio = statistics.median(mine.replicas / other.replicas for mine, other in zip(one, alone, strict=True))
    held = "as asked for" if ratio <= _AT_MOST else "MORE than is asked for"
    yield f"{played.name}: with a store {ratio:.2f} times the processor of without, at 16 connections ({held})"
    brought = statistics.median(mine.driven.rate / other.driven.rate for mine, other in zip(two, one, strict=True))
    yield f"{played.name}: two replicas on these {os.cpu_count()} cores bring {brought:.2f} times as much as one"
    replica, redis = (statistics.median(getattr(each, of) for each in two) for of in ("replicas", "redis"))
    most = min(2e6 / replica, 1e6 / redis)
    single = statistics.median(1e6 / each.replicas for each in one)
    yield (
        f"{played.name}: with a core each, two do {most:,.0f} requests/s, {most / single:.2f} times one;"
        f" a core of Redis does {1e6 / redis:,.0f}"
    )


if __name__ == "__main__":
    main()
