"""Chains of calls: a plugin that is asked may ask the host back, which may ask another (reference/plugins.md §2.9).

All calls of a chain have its id and are to be done by the same time, and no entry of the catalogue may stand in a
chain twice. Inside a chain, `current` is the one; outside, a call begins its own.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import field

from pactmock.pact.value import value

_ID, _DEADLINE = "pact-call-chain-id", "pact-deadline-ms"
_BUDGET_SECONDS = 30.0


@value
class Chain:
    """A chain of calls. `deadline` is a Unix time in seconds."""

    deadline: float
    id: str = field(default_factory=lambda: str(uuid.uuid4()))

    @property
    def left(self) -> float:
        """The seconds that are left; never none, so that a call that comes too late is told so by its callee."""
        return max(0.001, self.deadline - time.time())

    @property
    def is_over(self) -> bool:
        return time.time() > self.deadline

    def metadata(self) -> list[tuple[str, str]]:
        """Return what tells a callee of the chain."""
        return [(_ID, self.id), (_DEADLINE, str(int(self.deadline * 1000)))]


current: ContextVar[Chain | None] = ContextVar("chain", default=None)


def chain_within(seconds: float) -> Chain:
    """Return the chain that this call belongs to, or begin one that has to be done in some seconds."""
    return current.get() or Chain(time.time() + seconds)


def chain_of(metadata: Mapping[str, str | bytes]) -> Chain:
    """Read the chain of a call that came in; one that says nothing of it begins a chain."""
    deadline = str(metadata.get(_DEADLINE, ""))
    until = int(deadline) / 1000 if deadline.isascii() and deadline.isdigit() else time.time() + _BUDGET_SECONDS
    identity = metadata.get(_ID)
    return Chain(until, str(identity)) if identity else Chain(until)
