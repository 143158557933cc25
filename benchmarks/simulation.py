"""A discrete-event model of replicas, Redis and who calls them, for more of them than a machine at hand has cores.

Whoever computes is a `Program` on some cores, which are shared as an operating system shares them. A replica takes up
what has come since its last turn, decides, and asks each shard of the store once at a time, for all that wait: so the
more it has to do, the more of that is asked for together. Times are seconds.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from typing import Any

import simpy

_SLICE = 0.0001
"""After which time it is looked who has had least of the cores; a system lets such a one in as soon as it wakes."""

_MOST_AT_ONCE = 256
"""How many calls a replica sends to the store together."""

Running = Generator[simpy.Event, Any, None]


@dataclass(frozen=True)
class Costs:
    """Processor seconds: what is measured (`constants.py`), and what the model computes with."""

    decide: float
    """Of a replica for a request: reading it and deciding on it."""
    note: float
    """Likewise: writing it for the store, taking the acknowledgement, sending the answer."""
    exchange: float
    """Of a replica for each time that it asks a shard, whatever it asks for."""
    replay: float
    """Of a replica for a request that another one noted: somebody has to know of it for a verdict."""
    store: float
    """Of Redis for a request."""
    read: float
    """Of Redis for each time that it is asked."""
    load: float = 0.0
    """Of the load for a request, where that has to share the cores."""
    life: float = 0.0
    """Of a replica for making a mock server, its verdict and its end."""
    stored_life: float = 0.0
    """Likewise of Redis."""
    network: float = 0.0
    """Seconds of no processor, between a replica and the store, one way."""


class Cores:
    """Some cores, which whoever had least of them gets next, for a slice of time."""

    def __init__(self, env: simpy.Environment, count: int) -> None:
        self.env = env
        self.count = count
        self._wanting: list[Program] = []
        self._running: list[Program] = []

    def want(self, program: Program) -> None:
        """Run a program as soon as there is a core; one that had nothing to do has saved nothing by that."""
        program.had = max(program.had, min((one.had for one in (*self._wanting, *self._running)), default=0.0))
        self._wanting.append(program)
        self._give()

    def _give(self) -> None:
        while len(self._running) < self.count and self._wanting:
            program = min(self._wanting, key=lambda one: one.had)
            self._wanting.remove(program)
            self._running.append(program)
            self.env.process(self._slice(program))

    def _slice(self, program: Program) -> Running:
        seconds = program.wanted if self.count == 1 else min(program.wanted, _SLICE)
        yield self.env.timeout(seconds)
        program.had += seconds
        program.busy += seconds
        program.wanted -= seconds
        self._running.remove(program)
        if program.wanted > 1e-12:
            self._wanting.append(program)
        else:
            program.done.succeed()
        self._give()


class Program:
    """What runs on cores, one thing after the other."""

    def __init__(self, cores: Cores) -> None:
        self.env = cores.env
        self._cores = cores
        self.had = self.busy = self.wanted = 0.0
        self.done = self.env.event()
        self._called = self.env.event()

    def compute(self, seconds: float) -> simpy.Event:
        """Return what happens when so many seconds of a core were had."""
        self.done, self.wanted = self.env.event(), seconds
        self._cores.want(self)
        return self.done

    def wake(self) -> None:
        """Have it look what there is to do."""
        if not self._called.triggered:
            self._called.succeed()

    def sleep(self) -> simpy.Event:
        """Return what happens when somebody wakes it."""
        if self._called.triggered:
            self._called = self.env.event()
        return self._called


@dataclass(slots=True)
class Call:
    """A request: when it was sent, to a mock server of which shard, and what happens when it is answered."""

    sent: float
    shard: int
    answered: Callable[[Call], None]


class Shard(Program):
    """A Redis."""

    def __init__(self, cores: Cores, costs: Costs) -> None:
        super().__init__(cores)
        self._costs = costs
        self._asked: deque[tuple[list[Call], Replica]] = deque()
        self._owed = 0.0
        self.calls = self.reads = 0
        self.env.process(self._run())

    def ask(self, calls: list[Call], by: Replica) -> None:
        self._asked.append((calls, by))
        self.wake()

    def owe(self, seconds: float) -> None:
        """Have it do something else, too."""
        self._owed += seconds
        self.wake()

    def _run(self) -> Running:
        while True:
            if self._owed:
                owed, self._owed = self._owed, 0.0
                yield self.compute(owed)
            if not self._asked:
                yield self.sleep()
                continue
            calls, by = self._asked.popleft()
            self.calls, self.reads = self.calls + len(calls), self.reads + 1
            yield self.compute(self._costs.read + len(calls) * self._costs.store)
            _after(self.env, self._costs.network, by.acknowledge, calls)


class Replica(Program):
    """A replica: one loop, which asks each shard once at a time."""

    def __init__(self, cores: Cores, costs: Costs, shards: Sequence[Shard], replays: float) -> None:
        """`replays` says which part of the requests it has to hear of from others."""
        super().__init__(cores)
        self._costs = costs
        self._shards = shards
        self._each = costs.note + replays * costs.replay
        self._owed = 0.0
        self._came: list[Call] = []
        self._noted: list[Call] = []
        self._waiting: list[deque[Call]] = [deque() for _ in shards]
        self._asking: set[int] = set()
        self.env.process(self._run())

    def take(self, call: Call) -> None:
        self._came.append(call)
        self.wake()

    def owe(self, seconds: float) -> None:
        """Have it do something else, too: what clients of the control API ask for."""
        self._owed += seconds
        self.wake()

    def acknowledge(self, calls: list[Call]) -> None:
        self._asking.discard(calls[0].shard)
        self._noted += calls
        self.wake()

    def _run(self) -> Running:
        while True:
            came, self._came = self._came, []
            noted, self._noted = self._noted, []
            owed, self._owed = self._owed, 0.0
            if not (came or noted or owed):
                yield self.sleep()
                continue
            for call in noted:
                yield self.compute(self._each)
                call.answered(call)
            if came or owed:
                yield self.compute(owed + len(came) * self._costs.decide)
            for call in came:
                self._waiting[call.shard].append(call)
            for shard, waiting in enumerate(self._waiting):
                if waiting and shard not in self._asking:
                    yield from self._ask(shard, waiting)

    def _ask(self, shard: int, waiting: deque[Call]) -> Running:
        self._asking.add(shard)
        calls = [waiting.popleft() for _ in range(min(_MOST_AT_ONCE, len(waiting)))]
        yield self.compute(self._costs.exchange)
        _after(self.env, self._costs.network, self._shards[shard].ask, calls, self)


def _after(env: simpy.Environment, seconds: float, do: Callable[..., None], *arguments: Any) -> None:
    if seconds:
        env.timeout(seconds).callbacks.append(lambda _: do(*arguments))
    else:
        do(*arguments)


@dataclass
class Outcome:
    """What became of a simulated load."""

    seconds: float
    latencies: list[float] = field(default_factory=list)
    offered: int = 0
    replicas: float = 0.0
    """Which part of the time the busiest replica computed."""
    shards: float = 0.0
    batch: float = 1.0
    """How many requests a shard was asked for together."""

    @property
    def rate(self) -> float:
        """Requests that were answered, a second."""
        return len(self.latencies) / self.seconds

    def within(self, percent: float) -> float:
        """Return the seconds within which so many of a hundred requests were answered."""
        found = sorted(self.latencies)
        return found[min(len(found) - 1, int(len(found) * percent / 100))] if found else 0.0


class Fleet:
    """Replicas and shards, on a core each, or all on the same few."""

    def __init__(self, costs: Costs, replicas: int, shards: int = 1, shared_cores: int | None = None) -> None:
        self.env = simpy.Environment()
        self.costs = costs
        self._shared = Cores(self.env, shared_cores) if shared_cores else None
        self.shards = [Shard(self.cores(), costs) for _ in range(shards)]
        self.replicas = [Replica(self.cores(), costs, self.shards, float(replicas > 1)) for _ in range(replicas)]
        self._random = random.Random(1)  # noqa: S311  the same load in every run

    def cores(self) -> Cores:
        """Return what one more program runs on."""
        return self._shared or Cores(self.env, 1)

    def offered(self, rate: float, seconds: float, lives: float = 0.0, hottest: float = 0.0) -> Outcome:
        """Offer so many requests a second, whatever is answered; the `hottest` part of them to one mock server.

        So many mock servers are made, verified and ended a second meanwhile.
        """
        outcome = Outcome(seconds)
        self.env.process(self._offer(rate, hottest, outcome))
        self.env.process(self._have_lives(lives))
        return self._watch(outcome)

    def _have_lives(self, rate: float) -> Running:
        while rate > 0:
            yield self.env.timeout(self._random.expovariate(rate))
            self._random.choice(self.replicas).owe(self.costs.life)
            self._random.choice(self.shards).owe(self.costs.stored_life)

    def _offer(self, rate: float, hottest: float, outcome: Outcome) -> Running:
        while rate > 0:
            yield self.env.timeout(self._random.expovariate(rate))
            is_hot = self._random.random() < hottest
            shard = 0 if is_hot else self._random.randrange(len(self.shards))
            outcome.offered += 1
            self._random.choice(self.replicas).take(Call(self.env.now, shard, self._answered(outcome)))

    def _answered(self, outcome: Outcome) -> Callable[[Call], None]:
        return lambda call: outcome.latencies.append(self.env.now - call.sent)

    def driven(self, connections: int, seconds: float, others: float = 0.0) -> Outcome:
        """Drive each replica over its share of connections, on each of which a request follows an answer.

        `others` is how many programs of somebody else want the same cores all the time.
        """
        outcome = Outcome(seconds)
        for _ in range(round(others)):
            self.env.process(_always(Program(self.cores())))
        for replica in self.replicas:
            load = _Load(self.cores(), self.costs, replica, outcome)
            load.begin(connections // len(self.replicas), len(self.shards))
        return self._watch(outcome)

    def _watch(self, outcome: Outcome) -> Outcome:
        self.env.run(until=outcome.seconds)
        outcome.replicas = max(one.busy for one in self.replicas) / outcome.seconds
        outcome.shards = max(one.busy for one in self.shards) / outcome.seconds
        outcome.batch = sum(one.calls for one in self.shards) / max(1, sum(one.reads for one in self.shards))
        return outcome


class _Load(Program):
    """A program that sends requests to one replica, the next on a connection when the one before is answered."""

    def __init__(self, cores: Cores, costs: Costs, replica: Replica, outcome: Outcome) -> None:
        super().__init__(cores)
        self._costs = costs
        self._replica = replica
        self._outcome = outcome
        self._due: list[int] = []

    def begin(self, connections: int, shards: int) -> None:
        self._due = [number % shards for number in range(connections)]
        self.env.process(self._run())

    def _run(self) -> Running:
        while True:
            due, self._due = self._due, []
            if not due:
                yield self.sleep()
                continue
            for shard in due:
                yield self.compute(self._costs.load)
                self._replica.take(Call(self.env.now, shard, self._answer))

    def _answer(self, call: Call) -> None:
        self._outcome.latencies.append(self.env.now - call.sent)
        self._due.append(call.shard)
        self.wake()


def _always(program: Program) -> Running:
    while True:
        yield program.compute(1.0)
