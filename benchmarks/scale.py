"""What replicas carry that this machine has no cores for: constants measured here, the rest by a simulation of them.

python -m benchmarks.scale --rounds 3 --seconds 2

The model is held against 1, 2 and 3 real replicas, which share the cores of this machine with Redis, the load, and
whoever else wants them. Then it is asked what fleets carry with a core for each replica and each shard.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path
from statistics import mean, median

import click

from benchmarks import load
from benchmarks.constants import Held, measured
from benchmarks.fleet import Redis, Service, Spent, running, spent
from benchmarks.simulation import Costs, Fleet, Outcome
from benchmarks.workloads import GET
from pactmock.cli.output.table import show_table

_CONNECTIONS = 24
_NETWORK_SECONDS = 0.0002
"""One way between two machines of a data centre: assumed, as there is one machine here."""
_PATIENT_SECONDS = 0.025
"""Within which 99 of a hundred requests are to be answered by a fleet that carries them."""
_SIMULATED_SECONDS = 0.4
_ROOM = 1.25
"""How many times a load a fleet that is planned for it has to carry. To be busy says little: who has more to do asks
the store for more at once, and needs less for each."""

_JOB_RATE, _JOB_SECONDS, _BUSIEST_HOUR = 20, 60, 0.1
"""Assumed: requests a second of a job, how long its mock server lives, which part of a day's come in one hour."""


@dataclass(frozen=True)
class Wanted:
    """A load: requests and lives of mock servers a second, and how many are there at once."""

    name: str
    rate: float
    lives: float
    servers: float


WANTED = (
    Wanted("1,000 jobs at once", 1000 * _JOB_RATE, 1000 / _JOB_SECONDS, 1000),
    Wanted("100,000 requests/s", 100_000, 100_000 / _JOB_RATE / _JOB_SECONDS, 100_000 / _JOB_RATE),
    Wanted(
        "1,000,000 mock servers a day",
        1_000_000 * _BUSIEST_HOUR / 3600 * _JOB_RATE * _JOB_SECONDS,
        1_000_000 * _BUSIEST_HOUR / 3600,
        1_000_000 * _BUSIEST_HOUR / 3600 * _JOB_SECONDS,
    ),
)


@click.command()
@click.option("--rounds", default=3, show_default=True, help="How often constants are measured, and replicas driven.")
@click.option("--seconds", default=2.0, show_default=True, help="How long a load lasts.")
@click.option("--check/--no-check", default=True, help="Hold the model against real replicas.")
def main(rounds: int, seconds: float, *, check: bool) -> None:
    """Measure, check the model, and say what fleets carry."""
    if not load.available() or Redis.program() is None:
        raise click.ClickException("this takes wrk and redis-server: `apt-get install wrk redis-server`")
    click.echo(f"The load of the machine is {os.getloadavg()[0]:.1f}.")
    costs, held = measured(seconds, rounds)
    show_table(("measured", "figure"), _constants(costs, held))
    if check:
        columns = (
            "replicas",
            "programs of others",
            "",
            "requests/s",
            "50 %, ms",
            "99 %, ms",
            "replica, us",
            "redis, us",
        )
        show_table(columns, _checked(costs, rounds, seconds))
    costs = replace(costs, network=_NETWORK_SECONDS)
    show_table(
        ("replicas", "shards", "carry requests/s", "busiest replica", "busiest shard", "99 %, ms"), _carried(costs)
    )
    show_table(
        ("simulated load", "replicas", "shards", "replica", "shard", "50 %, ms", "99 %, ms", "memory"),
        _plans(costs, held),
    )
    hot = most(costs, 8, 4, hottest=1.0)
    click.echo(f"One mock server alone is on one shard: {hot.rate:,.0f} requests/s, whatever the fleet is (simulated).")
    click.echo(f"The load of the machine is {os.getloadavg()[0]:.1f}.")


def _constants(costs: Costs, held: Held) -> list[tuple[str, str]]:
    micros = {
        "replica, a request: read and decide": costs.decide,
        "replica, a request: note and answer": costs.note,
        "replica, each time that it asks": costs.exchange,
        "replica, a request of another one that it hears of": costs.replay,
        "Redis, a request": costs.store,
        "Redis, each time that it is asked": costs.read,
        "load, a request": costs.load,
        "replica, the life of a mock server": costs.life,
        "Redis, the life of a mock server": costs.stored_life,
    }
    sizes = {
        "Redis holds of a mock server": held.server,
        "Redis holds of a request": held.request,
        "Redis holds of the busiest mock server": held.busiest,
        "to Redis, a request": held.sent,
        "from Redis, a request": held.received,
    }
    rows = [(name, f"{seconds * 1e6:,.1f} us") for name, seconds in micros.items()]
    return rows + [(name, f"{size:,.0f} bytes") for name, size in sizes.items()]


# Holding the model against what is real.


def _checked(costs: Costs, rounds: int, seconds: float) -> list[Sequence[str]]:
    redis = Redis()
    services = [Service("--store", redis.url) for _ in range(3)]
    rows: list[Sequence[str]] = []
    with running(redis, *services):
        pids = [one.process.pid for one in (redis, *services) if one.process is not None]
        for count in (1, 2, 3):
            real, others = [], []
            for _ in range(rounds):
                server = services[0].create(GET.pact)
                with _Others(pids) as found:
                    how = {"seconds": seconds, "connections": _CONNECTIONS}
                    real.append(spent(services[:count], redis, [f"/m/{server}"] * count, GET.load, **how))
                services[0].remove(server)
                others.append(found.mean)
            rows += _compared(count, real, predicted(costs, count, median(others)), median(others), costs)
    return rows


def predicted(costs: Costs, replicas: int, others: float, seconds: float = 2.0) -> Outcome:
    """Have the model drive replicas that share the cores of this machine, also with others."""
    return Fleet(costs, replicas, shared_cores=os.cpu_count()).driven(_CONNECTIONS, seconds, others)


def _compared(count: int, real: Sequence[Spent], model: Outcome, others: float, costs: Costs) -> list[tuple[str, ...]]:
    was = (
        median(each.driven.rate for each in real),
        median(each.driven.latencies[0] for each in real),
        median(each.driven.latencies[3] for each in real),
        median(each.replicas for each in real),
        median(each.redis for each in real),
    )
    heard = costs.replay if count > 1 else 0.0
    replica = costs.decide + costs.note + heard + costs.exchange / model.batch
    stored = costs.store + costs.read / model.batch
    said = (model.rate, model.within(50) * 1e3, model.within(99) * 1e3, replica * 1e6, stored * 1e6)
    wrong = [f"{predicted / found - 1:+.0%}" for predicted, found in zip(said, was, strict=True)]
    name = (str(count), f"{others:.1f}")
    shown = [tuple(f"{figure:,.2f}" if figure < 100 else f"{figure:,.0f}" for figure in each) for each in (was, said)]
    return [(*name, "measured", *shown[0]), ("", "", "predicted", *shown[1]), ("", "", "error", *wrong)]


class _Others:
    """How many programs of others want a core, in the mean of a block."""

    def __init__(self, ours: Sequence[int]) -> None:
        self._ours = ours
        self._seen: list[int] = []
        self._has_ended = threading.Event()
        self._watching = threading.Thread(target=self._watch)

    @property
    def mean(self) -> float:
        return max(0.0, mean(self._seen)) if self._seen else 0.0

    def _watch(self) -> None:
        while not self._has_ended.wait(0.02):
            wanting = int(Path("/proc/loadavg").read_text().split()[3].partition("/")[0])
            ours = {*map(str, self._ours), *_children()}
            self._seen.append(wanting - 1 - sum(map(_wants_core, ours)))

    def __enter__(self) -> _Others:
        self._watching.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._has_ended.set()
        self._watching.join()


def _children() -> list[str]:
    """Return the processes that this one has started: the load is among them."""
    found = [task.read_text().split() for task in Path("/proc/self/task").glob("*/children")]
    return [pid for pids in found for pid in pids]


def _wants_core(pid: str) -> int:
    """Count the threads of a process that run, or wait for a core."""
    wanting = 0
    for stat in Path(f"/proc/{pid}/task").glob("*/stat"):
        try:
            wanting += stat.read_text().rpartition(")")[2].split()[0] == "R"
        except OSError:
            continue  # it has just ended
    return wanting


# Asking the model.


def carries(outcome: Outcome) -> bool:
    """Whether all that was offered was answered in time."""
    return outcome.within(99) <= _PATIENT_SECONDS and len(outcome.latencies) >= 0.97 * outcome.offered


def most(costs: Costs, replicas: int, shards: int, hottest: float = 0.0) -> Outcome:
    """Find the most that a fleet carries, to a fiftieth."""
    heard = costs.replay if replicas > 1 else 0.0
    low = 0.0
    high = min(replicas / (costs.decide + costs.note + heard), (1 if hottest else shards) / costs.store)
    best = Outcome(1.0)
    while high - low > high / 50:
        rate = (low + high) / 2
        found = Fleet(costs, replicas, shards).offered(rate, _SIMULATED_SECONDS, hottest=hottest)
        if carries(found):
            low, best = rate, found
        else:
            high = rate
    return best


def _carried(costs: Costs) -> list[tuple[str, ...]]:
    fleets = ((1, 1), (2, 1), (3, 1), (4, 1), (6, 1), (6, 2), (10, 2), (10, 4), (16, 4))
    return [_carried_by(costs, replicas, shards) for replicas, shards in fleets]


def _carried_by(costs: Costs, replicas: int, shards: int) -> tuple[str, ...]:
    found = most(costs, replicas, shards)
    busy = f"{found.replicas:.0%}", f"{found.shards:.0%}"
    return (str(replicas), str(shards), f"{found.rate:,.0f}", *busy, f"{found.within(99) * 1e3:.1f}")


def smallest(costs: Costs, wanted: Wanted) -> tuple[int, int, Outcome]:
    """Find a small fleet that carries a load, with room: one more of what is busiest, until it does."""
    replicas = max(2, ceil(wanted.rate * (costs.decide + costs.note) + wanted.lives * costs.life))
    shards = max(1, ceil(wanted.rate * costs.store + wanted.lives * costs.stored_life))
    while True:
        found = Fleet(costs, replicas, shards).offered(_ROOM * wanted.rate, _SIMULATED_SECONDS, _ROOM * wanted.lives)
        if carries(found):
            as_wanted = Fleet(costs, replicas, shards).offered(wanted.rate, _SIMULATED_SECONDS, wanted.lives)
            return replicas, shards, as_wanted
        if found.replicas >= found.shards:
            replicas += 1
        else:
            shards += 1


def _plans(costs: Costs, held: Held) -> list[tuple[str, ...]]:
    rows = []
    for wanted in WANTED:
        replicas, shards, found = smallest(costs, wanted)
        most_of_one = min(held.busiest, held.server + _JOB_RATE * _JOB_SECONDS * held.request)
        busy = f"{found.replicas:.0%}", f"{found.shards:.0%}"
        times = (f"{found.within(percent) * 1e3:.1f}" for percent in (50, 99))
        memory = f"{wanted.servers * most_of_one / 1e9:,.1f} GB"
        rows.append((wanted.name, str(replicas), str(shards), *busy, *times, memory))
    return rows


if __name__ == "__main__":
    main()
