"""A mock service that answers to scenarios, and the Ruby one, in a process of its own, started as clients start it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from parity.ruby.scenario import ADMIN, Request
from parity.ruby.wire import send

VARIABLE = "PACTMOCK_RUBY_SERVICE"
"""The environment variable that names the executable of the Ruby service."""

PACTS = "pacts"
USUAL = {"consumer": "C", "provider": "P", "host": "127.0.0.1", "pact-dir": PACTS, "log": "mock.log"}
_PORT = re.compile(r"port=(\d+)")


@dataclass(frozen=True)
class Service:
    """A service that runs in a folder."""

    port: int
    folder: Path
    stop: Callable[[str], int]
    """Ends it with the signal of this name; returns the exit status."""

    @property
    def pacts(self) -> Path:
        """Its pact directory, which may not be there."""
        return self.folder / PACTS

    def begin(self) -> None:
        """Forget what was before: the session and the files."""
        send(Request("DELETE", "/session", [ADMIN]), self.port)
        shutil.rmtree(self.pacts, ignore_errors=True)


Start = Callable[[Mapping[str, str | None]], AbstractContextManager[Service]]
"""Starts a service with options in place of the usual ones, and ends it."""


def find_ruby() -> Start | None:
    """Return what starts the Ruby service, where the environment names it."""
    named = os.environ.get(VARIABLE)
    return partial(running, [named]) if named else None


@contextmanager
def running(command: Sequence[str], options: Mapping[str, str | None]) -> Iterator[Service]:
    """Start a service on a free port, in a folder that goes with it."""
    given = {**USUAL, **options}
    with TemporaryDirectory() as folder:
        process = subprocess.Popen(  # noqa: S603 -- the command is ours, or the tester's
            [*command, "service", *(f"--{name}={value}" for name, value in given.items() if value is not None)],
            cwd=folder,
            env={**os.environ, "PACT_DO_NOT_TRACK": "true"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            with _listening(process) as port:
                yield Service(port, Path(folder), partial(_stop, process))
        finally:
            process.kill()
            process.wait()


def _stop(process: subprocess.Popen[str], name: str) -> int:
    process.send_signal(signal.Signals[f"SIG{name}"])
    return process.wait(20)


@contextmanager
def _listening(process: subprocess.Popen[str]) -> Iterator[int]:
    """Wait until a process says on which port it listens, and read on, so that it never waits for a reader."""
    assert process.stdout is not None  # noqa: S101 -- for the type checker
    with process.stdout as output:
        port = _port(output)
        reader = threading.Thread(target=output.read)
        reader.start()
        try:
            yield port
        finally:
            process.kill()
            reader.join()


def _port(output: Iterable[str]) -> int:
    """Read from what a service says on which port it listens, as pact-js does."""
    said = []
    for line in output:
        said.append(line)
        if found := _PORT.search(line):
            return int(found[1])
    raise RuntimeError("the service did not say on which port it listens:\n" + "".join(said))
