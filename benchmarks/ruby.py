"""Services for clients of the Ruby mock service, beside that: start, requests a second, memory of twenty.

`PACTMOCK_RUBY_SERVICE` names its executable; `python -m benchmarks.ruby` plays both in turn.
"""

from __future__ import annotations

import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from benchmarks import environment, load
from benchmarks.load import Load, requests_per_second
from benchmarks.peers import call
from pactmock.cli.output.table import show_table

SERVICES = 20
_LISTENS = re.compile(r"pid=(\d+) port=(\d+)")
_JSON = {"Content-Type": "application/json"}
_OURS = (sys.executable, "-m", "pactmock")


@dataclass(frozen=True)
class Listening:
    """A service, and the process that it is in."""

    pid: int
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def drive(self, method: str, path: str, document: Any = None) -> None:
        """Make a call that has to succeed."""
        body = None if document is None else json.dumps(document).encode()
        headers = {"X-Pact-Mock-Service": "true", **_JSON}
        request = urllib.request.Request(self.url + path, body, headers, method=method)  # noqa: S310  on loopback
        with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310
            response.read()

    def ask(self, path: str) -> None:
        """Make a request that has to match."""
        with urllib.request.urlopen(self.url + path, timeout=60) as response:  # noqa: S310
            response.read()


@contextmanager
def started(executable: Sequence[str]) -> Iterator[Listening]:
    """Start a service as its clients do, and wait for the line that they wait for."""
    with tempfile.TemporaryDirectory(prefix="pactmock-ruby-") as directory:
        options = ("--consumer", "C", "--provider", "P", "-d", directory, "-l", f"{directory}/log", "-h", "127.0.0.1")
        process = subprocess.Popen(  # noqa: S603  what is measured
            [*executable, "service", *options, "--log-level", "ERROR"],
            env={**environment.clean(), "PACT_DO_NOT_TRACK": "true"},
            cwd=_root() if executable[0] == sys.executable else directory,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            assert process.stdout is not None  # noqa: S101  for the type checker
            found = next(filter(None, map(_LISTENS.search, process.stdout)))
            yield Listening(int(found[1]), int(found[2]))
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=20)


def _root() -> Path:
    return Path(__file__).parents[1]


@contextmanager
def twenty_of_ours() -> Iterator[list[Listening]]:
    """Start twenty services in one process."""
    with tempfile.TemporaryDirectory(prefix="pactmock-ruby-") as directory:
        process = subprocess.Popen(  # noqa: S603  what is measured
            [*_OURS, "start", "-p", "0", "-o", directory, "-l", "error"],
            env=environment.clean(),
            cwd=_root(),
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.stdout is not None  # noqa: S101  for the type checker
            control = process.stdout.readline().split()[-1]
            made = [call("POST", f"{control}/ruby?consumer=C{each}&provider=P") for each in range(SERVICES)]
            yield [Listening(process.pid, item["mockServer"]["port"]) for item in made]
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=20)


@contextmanager
def twenty_of(executable: Sequence[str]) -> Iterator[list[Listening]]:
    """Start twenty services in processes of their own, one after the other as twenty tests would."""
    with ExitStack() as stack:
        yield [stack.enter_context(started(executable)) for _ in range(SERVICES)]


# What is measured.


def _interaction() -> dict[str, Any]:
    like = {"json_class": "Pact::SomethingLike", "contents": "Ada"}
    return {
        "description": "an order",
        "request": {"method": "get", "path": "/x"},
        "response": {"status": 200, "headers": _JSON, "body": {"id": 7, "name": like}},
    }


def _order() -> tuple[dict[str, Any], Load]:
    def item(number: int) -> dict[str, Any]:
        return {"id": number, "name": f"item {number}", "tags": ["a", "b"]}

    each = {"json_class": "Pact::ArrayLike", "contents": item(1), "min": 1}
    term = {"generate": "a1", "matcher": {"json_class": "Regexp", "o": 0, "s": r"^a\d+$"}}
    body = {"items": each, "code": {"json_class": "Pact::Term", "data": term}}
    request = {"method": "post", "path": "/orders", "headers": _JSON, "body": body}
    sent = {"items": [item(number) for number in range(20)], "code": "a77"}
    made = {"description": "an order of 20", "request": request, "response": {"status": 201}}
    return made, Load("/orders", "POST", json.dumps(sent).encode(), _JSON)


def _rate(interaction: dict[str, Any], sent: Load) -> Callable[[Sequence[str], float], float]:
    def measure(executable: Sequence[str], seconds: float) -> float:
        with started(executable) as service:
            service.drive("POST", "/interactions", interaction)
            return requests_per_second(service.url, sent, seconds)

    return measure


def _start(executable: Sequence[str], _seconds: float) -> float:
    began = time.perf_counter()
    with started(executable):
        return (time.perf_counter() - began) * 1000


def _tests(executable: Sequence[str], seconds: float) -> float:
    """Register, call, verify, clear: what a test of a client does."""
    with started(executable) as service:
        done, until = 0, time.monotonic() + seconds
        while time.monotonic() < until:
            service.drive("POST", "/interactions", _interaction())
            service.ask("/x")
            service.drive("GET", "/interactions/verification")
            service.drive("DELETE", "/interactions")
            done += 1
        return done / seconds


def _twenty(executable: Sequence[str]) -> tuple[float, float]:
    """Return the milliseconds until twenty services have answered a request, and the megabytes that they have then."""
    began = time.perf_counter()
    kind = twenty_of_ours() if executable[0] == sys.executable else twenty_of(executable)
    with kind as services:
        for service in services:
            service.drive("POST", "/interactions", _interaction())
            service.ask("/x")
        taken = (time.perf_counter() - began) * 1000
        return taken, sum(map(_megabytes, {service.pid for service in services}))


def _megabytes(pid: int) -> float:
    """Return the memory of a process, without what it shares with others counted twice."""
    found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


_ORDER, _SENT = _order()
_MEASURED: Sequence[tuple[str, str, bool, Callable[[Sequence[str], float], float]]] = (
    ("GET, 1 interaction", "requests/s", True, _rate(_interaction(), Load("/x"))),
    ("POST of 1 kB JSON, matchers in it", "requests/s", True, _rate(_ORDER, _SENT)),
    ("a request that does not match", "requests/s", True, _rate(_interaction(), Load("/none", succeeds=False))),
    ("tests: register, call, verify, clear", "tests/s", True, _tests),
    ("start until the port is told", "ms", False, _start),
    (f"start {SERVICES}, and a request to each", "ms", False, lambda executable, _: _twenty(executable)[0]),
    (f"memory of {SERVICES} services", "MB", False, lambda executable, _: _twenty(executable)[1]),
)


@click.command()
@click.option("--rounds", default=3, show_default=True, help="How often both play each workload.")
@click.option("--seconds", default=2.0, show_default=True, help="How long a load lasts.")
def main(rounds: int, seconds: float) -> None:
    """Measure services for clients of the Ruby mock service beside that."""
    if not load.available():
        raise click.ClickException("wrk makes the load: install it, for example with `apt-get install wrk`")
    peers: dict[str, Sequence[str]] = {"pactmock": (*_OURS, "ruby")}
    if "PACTMOCK_RUBY_SERVICE" in os.environ:
        peers["Ruby service"] = (os.environ["PACTMOCK_RUBY_SERVICE"],)
    else:
        click.echo("PACTMOCK_RUBY_SERVICE names no Ruby service: pactmock is measured alone", err=True)
    rows = []
    for name, unit, more_is_better, measure in _MEASURED:
        figures: dict[str, list[float]] = {peer: [] for peer in peers}
        for turn in range(rounds):
            for peer in peers if turn % 2 else reversed(peers):
                figures[peer].append(measure(peers[peer], seconds))
        medians = [statistics.median(figures[peer]) for peer in peers]
        rows.append([name, unit, *(f"{figure:,.1f}" for figure in medians), _ratio(medians, more=more_is_better)])
    show_table(("workload", "unit", *peers, "ratio"), rows)


def _ratio(medians: Sequence[float], *, more: bool) -> str:
    if len(medians) < 2 or not all(medians):
        return "-"
    ours, other = medians
    return f"{ours / other if more else other / ours:,.1f}"


if __name__ == "__main__":
    main()
