"""What is played, as values: scenarios of steps, each of which is one thing that is done to a service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

ADMIN = ("X-Pact-Mock-Service", "true")

Json = Any


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it goes over the wire: method and target are sent as they are, and chunks where there is no body."""

    method: str
    target: str
    headers: Sequence[tuple[str, str]] = ()
    body: bytes | None = None
    chunks: Sequence[bytes] = ()

    @property
    def is_administrative(self) -> bool:
        """Whether it says that it is."""
        return any(name.lower() == ADMIN[0].lower() for name, _ in self.headers)


@dataclass(frozen=True, slots=True)
class Files:
    """A look into the pact directory."""


@dataclass(frozen=True, slots=True)
class Put:
    """Files that are put into the pact directory, by their names."""

    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Stop:
    """The end of the process, by the signal of this name."""

    signal: str


Action = Request | Files | Put | Stop


@dataclass(frozen=True, slots=True)
class Difference:
    """What ours answers otherwise, and the name of the difference that says why."""

    because: str
    answer: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is done, as it is called in a report, and what is known of its answer."""

    name: str
    action: Action
    difference: Difference | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """Steps that are played one after the other, in a session of their own."""

    name: str
    steps: Sequence[Step]
    options: Mapping[str, str | None] = field(default_factory=dict)
    """Options of the executable in place of the usual ones; None takes a usual one away."""

    @property
    def ends_the_process(self) -> bool:
        """Whether it needs a process of its own."""
        return any(isinstance(step.action, Stop) for step in self.steps)
