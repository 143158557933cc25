"""The real command line in real processes, which end with the test."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.patience import HANG

COMMAND = (sys.executable, "-m", "pactmock")

_IS_MEASURED = "COVERAGE_PROCESS_CONFIG" in os.environ
"""Whether `make coverage` looks, which sets this for all processes that are started."""


@dataclass(frozen=True)
class Running:
    """A service in a process of its own."""

    process: subprocess.Popen[str]
    url: str
    key: str | None

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [*COMMAND, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )


@contextmanager
def service(output: Path, *options: str, command: Sequence[str] = COMMAND, **environment: str) -> Iterator[Running]:
    """Start `pactmock start` on a free port, and wait until it says that it listens."""
    process = subprocess.Popen(
        [*command, "start", "--port", "0", "--output", str(output), *options],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        first = process.stdout.readline()
        found = re.search(r"listening on (\S+)", first)
        assert found, first + (process.communicate(timeout=HANG)[1])
        has_key = "--server-key" not in options and "PACTMOCK_SERVER_KEY" not in environment
        key = process.stdout.readline().partition("Server key: ")[2].strip() if has_key else None
        yield Running(process, found[1], key)
    finally:
        _end(process)
        process.communicate(timeout=HANG)


def _end(process: subprocess.Popen[str]) -> None:
    """End a service at once; where it is measured what it runs, in good order, as it says so at its end only."""
    if _IS_MEASURED:
        process.send_signal(signal.SIGCONT)
        process.send_signal(signal.SIGINT)  # which drains nothing
        with suppress(subprocess.TimeoutExpired):
            process.wait(HANG)
    process.kill()


def call(method: str, url: str, document: Any = None, headers: Mapping[str, str] | None = None) -> tuple[int, Any]:
    """Make one HTTP call; return the status and the JSON that came back, None where there was none."""
    body = None if document is None else json.dumps(document).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json", **(headers or {})}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=HANG) as response:
            content, status = response.read(), response.status
    except urllib.error.HTTPError as error:
        with error:
            content, status = error.read(), error.code
    return status, json.loads(content) if content else None
