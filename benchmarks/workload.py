"""One row of the table of measurements, and the pacts that several of them play."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.peers import Peer

JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Workload:
    """One row of the table. `measure` takes a peer and how many seconds a load should last."""

    name: str
    unit: str
    measure: Callable[[Peer, float], float]
    more_is_better: bool = True
    needs: str = "pact"
    """What a peer has to speak to play it: see `Peer.speaks`."""


def pact_of(*interactions: dict[str, Any]) -> dict[str, Any]:
    return {
        "consumer": {"name": "bench"},
        "provider": {"name": "provider"},
        "interactions": list(interactions),
        "metadata": {"pactSpecification": {"version": "3.0.0"}},
    }


def get(number: int) -> dict[str, Any]:
    return {
        "description": f"resource {number}",
        "request": {"method": "GET", "path": f"/resources/{number}"},
        "response": {"status": 200, "headers": JSON, "body": {"id": number, "name": "Ada"}},
    }
