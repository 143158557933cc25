"""The service that is attacked: a fresh `pactmock start` process, and what is asked of it right afterwards."""

from __future__ import annotations

import json
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from attacks.connection import PATIENCE, Answer, Connection, ask
from benchmarks import environment

JSON = (("Content-Type", "application/json"),)
_END_PATIENCE = 60.0
_MOST_MEMORY = 8 * 1024**3
"""Bytes of addresses that the service may have: an attack that succeeds must not fill the machine."""


@dataclass(frozen=True, slots=True)
class Server:
    """One mock server of it."""

    id: str
    port: int


@dataclass(frozen=True, slots=True)
class Service:
    """A running service. `output` is where it writes pacts, `log` what it says."""

    process: subprocess.Popen[bytes]
    port: int
    output: Path
    log: Path
    slack: float = 1.0
    """How many times as long everything may take, as the machine runs other things meanwhile."""
    _left: list[Connection] = field(default_factory=list)

    def at_most(self, seconds: float) -> float:
        """Return how long something may take that is to take so long at the most on a machine at rest."""
        return seconds * self.slack

    def leave(self, port: int, sent: bytes, patience: float = PATIENCE) -> Connection:
        """Send something on a connection that stays open until the service has ended, whoever waits for an answer."""
        connection = Connection(port, patience)
        self._left.append(connection)
        connection.send(sent)
        return connection

    def call(
        self, method: str, target: str, body: bytes | None = None, headers: Sequence[tuple[str, str]] = JSON
    ) -> Answer:
        """Make a call of the control API."""
        return ask(self.port, method, target, headers, body)

    def document(self, target: str) -> Any:
        """Get a JSON document."""
        return json.loads(self.call("GET", target).body)

    def create(self, pact: Mapping[str, Any], query: str = "") -> Server:
        """Start a mock server."""
        answer = self.call("POST", f"/{query}", json.dumps(pact).encode())
        if answer.status != 200:
            raise RuntimeError(f"no mock server was made: {answer.status} {answer.body[:500]!r}")
        made = json.loads(answer.body)["mockServer"]
        return Server(made["id"], made["port"])

    def matched(self, server: Server) -> bool:
        """Ask whether all matched."""
        return bool(self.document(f"/mockserver/{server.id}/matched")["matched"])

    def verify(self, server: Server) -> int:
        """Ask for the verdict, and for the pact to be written; return the status."""
        return self.call("POST", f"/mockserver/{server.id}/verify").status

    def requests(self, server: Server) -> list[dict[str, Any]]:
        """Return the journal of a mock server."""
        entries: list[dict[str, Any]] = self.document(f"/mockserver/{server.id}/requests")["requests"]
        return entries

    def begun_in_threads(self) -> int:
        """Return how many decisions were begun in threads, as they take long."""
        metrics = self.call("GET", "/metrics").body.decode()
        return sum(int(float(number)) for number in re.findall(r"decisions_in_threads_total\{.*\} (\S+)", metrics))

    def close(self) -> None:
        """Close what was left open."""
        for connection in self._left:
            connection.close()

    def end(self) -> float:
        """Send SIGTERM and return how many seconds it took to end."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(_END_PATIENCE)
        except subprocess.TimeoutExpired:
            return _END_PATIENCE
        return time.monotonic() - began


@contextmanager
def running(*options: str, slack: float = 1.0, **variables: str) -> Iterator[Service]:
    """Start a service on a free port, and end it whatever happens."""
    with tempfile.TemporaryDirectory(prefix="pactmock-attack-") as directory:
        output, log = Path(directory) / "pacts", Path(directory) / "log"
        with log.open("wb") as written:
            process = start(*options, "--output", str(output), log=written, **variables)
        try:
            port = _port(process)
            service = Service(process, port, output, log, slack)
            yield service
            service.close()
        finally:
            process.kill()
            process.communicate()


def start(*options: str, log: Any = subprocess.PIPE, **variables: str) -> subprocess.Popen[bytes]:
    """Start the command in a clean environment."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pactmock", "start", "--port", "0", "--server-key", "attacked", *options],
        env={**environment.clean(), **variables},
        stdout=subprocess.PIPE,
        stderr=log,
    )
    resource.prlimit(process.pid, resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    return process


def _port(process: subprocess.Popen[bytes]) -> int:
    assert process.stdout is not None
    first = process.stdout.readline().decode()
    found = re.search(r"listening on http://\S+?:(\d+)\s", first)
    if found is None:
        raise RuntimeError(f"the service did not start: {first}")
    return int(found[1])
