"""The honest neighbour: a process that asks `/health` and another mock server every 20 ms, and knows the worst answer.

It is a process, so that the attacker's own use of the processor is not taken for the service's. How late its own
naps ended is measured too: that much of the worst answer was the machine.

python -m attacks.neighbour CONTROL_PORT MOCK_SERVER_PORT    until its standard input is closed
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from attacks.connection import Connection, request
from benchmarks import environment

_EVERY = 0.02
_LAST_ANSWER = 60.0


@dataclass(slots=True)
class Watched:
    """The worst answers in seconds, how late the latest nap ended, and what failed."""

    health: float = 0.0
    neighbour: float = 0.0
    machine: float = 0.0
    samples: int = 0
    failures: int = 0


@contextmanager
def watching(control_port: int, neighbour_port: int) -> Iterator[Watched]:
    """Watch while the block runs; what was seen is in the value when it is left."""
    watched = Watched()
    process = subprocess.Popen(
        [sys.executable, "-m", "attacks.neighbour", str(control_port), str(neighbour_port)],
        env=environment.clean(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        process.stdout.readline()
        yield watched
        seen = json.loads(process.communicate(timeout=2 * _LAST_ANSWER)[0])
        for name, value in seen.items():
            setattr(watched, name, value)
    finally:
        process.kill()
        process.communicate()


class Sampler(threading.Thread):
    """Asks one URL over and over on a connection that is kept."""

    def __init__(self, port: int, target: str) -> None:
        super().__init__(daemon=True)
        self.worst = self.latest_nap = 0.0
        self.samples = self.failures = 0
        self.stopped = threading.Event()
        self._began = time.monotonic()
        self._port, self._message = port, request("GET", target)

    def run(self) -> None:
        connection: Connection | None = None
        while not self.stopped.is_set():
            self._began = time.monotonic()
            try:
                connection = connection or Connection(self._port, _LAST_ANSWER)
                connection.send(self._message)
                is_answered = connection.answer().status == 200
            except OSError:
                is_answered = False
            if not is_answered:
                self.failures, connection = self.failures + 1, None
            self.samples += 1
            ended = time.monotonic()
            self.worst = max(self.worst, ended - self._began)
            time.sleep(_EVERY)
            self.latest_nap = max(self.latest_nap, time.monotonic() - ended - _EVERY)

    def stop(self) -> None:
        """Stop after the answer that is being waited for."""
        self.stopped.set()
        self.join(_LAST_ANSWER)
        if self.is_alive():
            self.worst = max(self.worst, time.monotonic() - self._began)


def main() -> None:
    health = Sampler(int(sys.argv[1]), "/health")
    neighbour = Sampler(int(sys.argv[2]), "/honest")
    both = (health, neighbour)
    for sampler in both:
        sampler.start()
    print("watching", flush=True)
    sys.stdin.read()
    for sampler in both:
        sampler.stop()
    seen = Watched(
        health.worst,
        neighbour.worst,
        max(sampler.latest_nap for sampler in both),
        sum(sampler.samples for sampler in both),
        sum(sampler.failures for sampler in both),
    )
    print(json.dumps(asdict(seen)))


if __name__ == "__main__":
    main()
