"""What a second process on one machine brings without a store, and what it costs.

python -m benchmarks.processes --rounds 5 --seconds 2

One service with all mock servers and two services with half of them each are driven in turn by the same load, each mock
server on a port of its own. The load wants a part of the cores as well, so what is told is what both take of them, too.
"""

from __future__ import annotations

import os
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import click

from benchmarks import load
from benchmarks.peers import Pactmock, Peer, running
from benchmarks.table import in_columns
from benchmarks.workloads import GET, POST, Played


@dataclass(frozen=True)
class Took:
    """Microseconds of the processor a request, of the services and of the load; requests a second; milliseconds."""

    services: float
    load: float
    rate: float
    half: float
    most: float
    """Within which 50 and 99 of a hundred requests were answered."""


def drive(services: Sequence[Peer], played: Played, servers: int, connections: int, seconds: float) -> Took:
    """Drive as many mock servers, in equal parts of the services, over so many connections in all."""
    urls = [services[number % len(services)].create(played.pact) for number in range(servers)]
    before = sum(service.processor_seconds() for service in services)
    try:
        driven = load.drive(urls, played.load, seconds, connections)
    finally:
        took = sum(service.processor_seconds() for service in services) - before
        for number, url in enumerate(urls):
            services[number % len(services)].remove(url)
    each = 1e6 / driven.requests
    half, *_, most = driven.latencies
    return Took(took * each, driven.processor_seconds * each, driven.rate, half, most)


@click.command()
@click.option("--rounds", default=5, show_default=True, help="How often every setting is measured.")
@click.option("--seconds", default=2.0, show_default=True, help="How long a load lasts.")
@click.option("--servers", default=8, show_default=True, help="How many mock servers there are in all.")
@click.option("--connections", default=32, show_default=True, help="How many connections there are in all.")
def main(rounds: int, seconds: float, servers: int, connections: int) -> None:
    """Measure one process beside two."""
    if not load.available():
        raise click.ClickException("wrk makes the load: install it, for example with `apt-get install wrk`")
    found: dict[tuple[str, int], list[Took]] = {}
    with running([Pactmock] * 3) as services:
        alone, *pair = services
        began = [service.processor_seconds() for service in services]
        memory = [service.resident_bytes() for service in services]
        for turn in range(rounds + 1):
            for played in (GET, POST):
                for used in ([alone], pair) if turn % 2 else (pair, [alone]):
                    took = drive(used, played, servers, connections, seconds if turn else 1.0)
                    if turn:  # the first turn warms up
                        found.setdefault((played.name, len(used)), []).append(took)
    click.echo("\n".join(in_columns(_HEADS, [_row(*key, rounds) for key, rounds in found.items()])))
    click.echo(f"A process begins with {_middle(began):.2f} s of the processor and {_middle(memory) / 1e6:.0f} MB.")
    for played in (GET, POST):
        click.echo(_told(played.name, found[played.name, 1], found[played.name, 2]))
    click.echo(f"The load of the machine of {os.cpu_count()} cores is {os.getloadavg()[0]:.1f}.")


_HEADS = ("workload", "processes", "us a request", "us of the load", "requests/s", "50 %, ms", "99 %, ms")


def _row(name: str, processes: int, rounds: Sequence[Took]) -> list[str]:
    medians = (_middle(getattr(each, item.name) for each in rounds) for item in fields(Took))
    return [name, str(processes), *(f"{figure:,.0f}" if figure >= 1000 else f"{figure:.1f}" for figure in medians)]


def _told(name: str, one: Sequence[Took], two: Sequence[Took]) -> str:
    pairs = list(zip(one, two, strict=True))
    brought = _middle(second.rate / first.rate for first, second in pairs)
    costs = _middle(second.services / first.services for first, second in pairs)
    return f"{name}: two processes do {brought:.2f} times as much as one, at {costs:.2f} times the processor a request"


def _middle(figures: Sequence[float] | Iterator[float]) -> float:
    return statistics.median(figures)


if __name__ == "__main__":
    main()
