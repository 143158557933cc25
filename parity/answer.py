"""What a server made of a case, as values that can be compared."""

from __future__ import annotations

from dataclasses import dataclass

from parity.case import Json


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back for one request; status 0 when nothing did."""

    status: int
    x_pact: str = ""
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Phase:
    """Some requests in a row and what the server said of them when it was asked to verify."""

    replies: tuple[Reply, ...]
    verified: int
    """The status of the verification: 204 when all matched."""
    mismatches: tuple[Json, ...] = ()
    written: Json = None
    """The pact file, if one was written."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A server's answer to a case: a phase each for its `first` and `then` requests, or why there is none."""

    phases: tuple[Phase, ...] = ()
    refused: str | None = None
    """Why the pact was not accepted."""
    crashed: bool = False
    """Whether the server died of the case, or stopped to answer."""
