"""Faults and delays, with which the code under test is to cope: none is in the pact, so every report names them.

A fault stands instead of the answer to a request that matched, or a delay before it. They belong to a test: whoever
forgets what was received, or replaces the interactions, begins without them.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import fields
from enum import Enum
from random import uniform
from typing import Any

from pactmock.errors import InvalidParameter
from pactmock.matching.interaction_name import InteractionName
from pactmock.pact.value import value
from pactmock.pact.warnings import PactWarning
from pactmock.server.answers.answer import Answer
from pactmock.server.answers.decision import Decision
from pactmock.server.wire.broken import BrokenOff, End, empty, malformed, reset


class FaultKind(Enum):
    """What is sent instead of an answer."""

    CONNECTION_RESET_BY_PEER = "CONNECTION_RESET_BY_PEER"
    EMPTY_RESPONSE = "EMPTY_RESPONSE"
    MALFORMED_RESPONSE_CHUNK = "MALFORMED_RESPONSE_CHUNK"


_ENDS: dict[FaultKind, End] = {
    FaultKind.CONNECTION_RESET_BY_PEER: reset,
    FaultKind.EMPTY_RESPONSE: empty,
    FaultKind.MALFORMED_RESPONSE_CHUNK: malformed,
}

MOST_SECONDS = 600.0
"""How long a delay may be."""


@value
class Fault:
    """What becomes of answers: they come later, by at least and at most so many seconds, or something else comes.

    `times` is for how many requests, None for all.
    """

    kind: FaultKind | None = None
    least: float = 0.0
    most: float = 0.0
    times: int | None = None

    @classmethod
    def wanted(
        cls, kind: str | None = None, delay: float | tuple[float, float] = 0.0, times: int | None = None
    ) -> Fault:
        """Make a fault of what a caller says: a delay in seconds, or the least and the most of it.

        Raises:
            InvalidParameter: for what is none.
        """
        least, most = delay if isinstance(delay, tuple) else (delay, delay)
        if not 0 <= least <= most <= MOST_SECONDS:
            raise InvalidParameter(
                f"'delay' is {_span(least, most)}: give seconds from 0 to {MOST_SECONDS:g}, the least of them first",
                parameter="delay",
            )
        if kind is not None and kind not in FaultKind.__members__:
            raise InvalidParameter(
                f"There is no fault '{kind[:100]}': use one of {', '.join(FaultKind.__members__)}", parameter="fault"
            )
        if times is not None and times < 1:
            raise InvalidParameter("'times' is less than 1: leave it out to mean all requests", parameter="times")
        made = cls(None if kind is None else FaultKind(kind), float(least), float(most), times)
        if times is not None and made.is_none:
            raise InvalidParameter("'times' says how often, and not what: give a delay or a fault", parameter="times")
        return made

    @property
    def is_none(self) -> bool:
        """Whether all is as without it."""
        return self.kind is None and not self.most

    def on(self, decision: Decision) -> FaultyDecision:
        """Return a decision as it is noted when this was played."""
        said: dict[str, Any] = {item.name: getattr(decision, item.name) for item in fields(decision)}
        return FaultyDecision(**said, played=str(self))

    def __str__(self) -> str:
        said = [f"a delay of {_span(self.least, self.most)} s"] if self.most else []
        return ", then ".join([*said, self.kind.value] if self.kind else said)


@value
class FaultyDecision(Decision):
    """A decision whose answer was not simply sent."""

    played: str = ""

    @property
    def fault(self) -> str | None:
        return self.played


@value
class FaultsState:
    """The faults of a mock server at some time, so that another replica can go on from there; see `Faults`."""

    by_key: Mapping[str, Fault]
    left: Mapping[str, int]
    played: Mapping[tuple[InteractionName, str], int]


class Faults:
    """The faults of one mock server, by the key of an interaction, and what was played of them in this epoch."""

    def __init__(self) -> None:
        self.by_key: dict[str, Fault] = {}
        self._left: dict[str, int] = {}
        self._played: Counter[tuple[InteractionName, str]] = Counter()
        self._delayed: dict[asyncio.Future[Answer], Callable[[], None]] = {}
        self._is_over = False

    def put(self, key: str, fault: Fault) -> None:
        """Play a fault from the next request on that matches an interaction, instead of one that it has."""
        self._left.pop(key, None)
        self.by_key.pop(key, None)
        if not fault.is_none:
            self.by_key[key] = fault
            if fault.times is not None:
                self._left[key] = fault.times

    def of(self, key: str) -> tuple[Fault | None, int | None]:
        """Return the fault of an interaction, and for how many requests it still is, None for all."""
        return self.by_key.get(key), self._left.get(key)

    def clear(self) -> None:
        """Begin without any; answers that are delayed stay so."""
        self.by_key.clear()
        self._left.clear()
        self._played.clear()

    def for_(self, decision: Decision) -> Fault | None:
        """Return the fault of a request that matched, if there is one for it, without counting it."""
        name = decision.interaction
        return self.by_key.get(name.key) if name is not None and decision.is_match else None

    def take(self, decision: Decision) -> Fault | None:
        """Return the fault of a request that matched, if there is one for it, and count it."""
        fault, name = self.for_(decision), decision.interaction
        if fault is None or name is None:
            return None
        self._played[name, str(fault)] += 1
        if name.key in self._left:
            self._left[name.key] -= 1
            if not self._left[name.key]:
                del self._left[name.key], self.by_key[name.key]
        return fault

    def count(self, decision: Decision, fault: Fault) -> None:
        """Count what was played elsewhere, for whoever reads the verdict on this request here."""
        if decision.interaction is not None:
            self._played[decision.interaction, str(fault)] += 1

    @property
    def is_delaying(self) -> bool:
        """Whether answers are kept back."""
        return bool(self._delayed)

    def state(self) -> FaultsState:
        """Return what is wanted, and what was played."""
        return FaultsState(dict(self.by_key), dict(self._left), dict(self._played))

    def restore(self, state: FaultsState) -> None:
        """Go on from where another was."""
        self.clear()
        self.by_key.update(state.by_key)
        self._left.update(state.left)
        self._played.update(state.played)

    @property
    def warnings(self) -> list[PactWarning]:
        """Say what was played, for whoever reads the verdict: of such answers the pact says nothing."""
        said = "'{}' was answered {} with {}, which the pact does not say"
        return [
            PactWarning(said.format(name.description, _times(count), fault), "played_fault")
            for (name, fault), count in self._played.items()
        ]

    def owed(self, fault: Fault, answer: Answer) -> asyncio.Future[Answer]:
        """Return what is owed to a client: the answer later, or what stands instead of it."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Answer] = loop.create_future()

        def settle() -> None:
            self._delayed.pop(future, None)
            if future.done():
                return
            if fault.kind is None:
                future.set_result(answer)
            else:
                future.set_exception(BrokenOff(_ENDS[fault.kind]))

        delay = 0.0 if self._is_over else uniform(fault.least, fault.most)  # noqa: S311  no secret
        handle = loop.call_later(delay, settle)

        def settle_now() -> None:
            handle.cancel()
            settle()

        self._delayed[future] = settle_now
        return future

    def end(self) -> None:
        """Have all delays be over: the mock server ends, and what is owed is sent."""
        self._is_over = True
        for settle_now in tuple(self._delayed.values()):
            settle_now()

    def __repr__(self) -> str:
        return f"<Faults of {len(self.by_key)} interactions>"


def _span(least: float, most: float) -> str:
    return f"{least:g}" if least == most else f"{least:g} to {most:g}"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"
