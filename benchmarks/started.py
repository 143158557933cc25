"""Processes that are started for a measurement, each on a free port, and ended with it."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path

from benchmarks import environment

HERE = Path(__file__).parents[1]
"""This checkout."""

_START_SECONDS = 20.0


class Started(ABC):
    """A server in a process of its own, in a directory of its own."""

    name: str

    def __init__(self) -> None:
        self.port = free_port()
        self.directory = tempfile.TemporaryDirectory(prefix="pactmock-bench-")
        self.process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def command(self) -> Sequence[str]:
        """What starts it."""

    def environment(self) -> dict[str, str]:
        """What it is started with besides a clean environment."""
        return {}

    @property
    def control(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        Path(self.directory.name).mkdir(exist_ok=True)
        self.process = subprocess.Popen(  # noqa: S603  the commands of peers
            self.command(),
            cwd=self.directory.name,
            env={**environment.clean(), **self.environment()},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # some of them are scripts that start the real thing
        )
        _wait_for_port(self.port, self.name)

    def stop(self) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.directory.cleanup()

    def resident_bytes(self) -> int:
        """Return the memory of the process."""
        return int(self._proc("statm").split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def processor_seconds(self) -> float:
        """Return how long the process has run on a processor."""
        fields = self._proc("stat").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _proc(self, file: str) -> str:
        assert self.process is not None  # noqa: S101  it is asked while it runs
        return Path(f"/proc/{self.process.pid}/{file}").read_text()


def free_port() -> int:
    """Return a port that nobody uses, and that the system gives to nobody who asks for port 0: it gives higher ones."""
    while True:
        port = random.randrange(10_000, 30_000)  # noqa: S311  no secret
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port


def _wait_for_port(port: int, name: str) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError(f"{name} did not listen on port {port} within {_START_SECONDS:g} seconds")
