"""How long it takes until there is something: the command line, the service, a server inside a Python program.

Processor time in multiples of what `python -c pass` takes beside it, so that figures of different machines, and of busy
ones, can be compared.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks import environment
from benchmarks.peers import Peer

_INSIDE = str(Path(__file__).with_name("inside.py"))
_CYCLES = 200


def help_of_the_command_line(peer: Peer) -> float:
    """Return what showing the list of commands takes."""
    return _passes(lambda: _run(peer.help_command()))


def service_to_its_first_answer(peer: Peer, pact: dict[str, Any]) -> float:
    """Return what a new service takes until it has made a mock server of a pact."""

    def live() -> None:
        other = type(peer)()
        try:
            other.start()
            other.create(pact)
        finally:
            other.stop()

    return _passes(live)


def inside_to_its_first_answer(peer: Peer) -> float:
    """Return what a Python program takes whose mock server answers one request."""
    return _passes(lambda: _run((sys.executable, _INSIDE, peer.inside, "answer")))


def start_and_stop_inside(peer: Peer) -> float:
    """Return how many milliseconds a Python program that runs takes for one more mock server."""
    return float(_run((sys.executable, _INSIDE, peer.inside, "cycles", str(_CYCLES))))


def _passes(live: Callable[[], object]) -> float:
    """Return the processor time of what a function starts and ends, in multiples of an empty Python program."""
    empty = min(_processor_seconds(lambda: _run((sys.executable, "-c", "pass"))) for _ in range(3))
    return _processor_seconds(live) / empty


def _processor_seconds(live: Callable[[], object]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    live()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _run(command: Sequence[str]) -> str:
    done = subprocess.run(command, env=environment.clean(), capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}: {done.stderr.strip()[-300:]}")
    return done.stdout
