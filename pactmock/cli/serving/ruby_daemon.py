"""`pactmock ruby start`, `stop`, `restart`: a service in a process of its own, known by the file with its number."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import click

from pactmock.cli.failures import Failure
from pactmock.cli.serving.ruby_options import Given

_PORT = "1234"
_PIDS = "tmp/pids"
_START_SECONDS, _END_SECONDS, _LOOK_SECONDS = 30.0, 5.0, 0.02
_LISTENS = "#start: pid="


def start(arguments: Sequence[str], given: Given) -> None:
    """Start a service, and return when it listens.

    Raises:
        Failure: with what it said, when it does not.
    """
    file, port = _file_of(given), given.texts.get("port", _PORT)
    if _pid_in(file) is not None:
        click.echo("Server already running.", err=True)
        return
    said = file.with_suffix(".out")
    command = [sys.executable, "-P", "-m", "pactmock", "ruby", "service", *_without_pid_dir(arguments)]
    if "port" not in given.texts:
        command += ["--port", port]
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with said.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603  our own command
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
            )
        _wait_for(process, said)
        file.write_text(str(process.pid))
    except OSError as error:
        raise Failure(f"The service cannot be started with {file}: {error.strerror}; name another --pid-dir") from None
    process.returncode = 0  # it goes on without us
    click.echo(said.read_text(errors="replace"), nl=False)


def _wait_for(process: subprocess.Popen[bytes], said: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    while _LISTENS not in said.read_text(errors="replace"):
        if process.poll() is not None:
            raise Failure(said.read_text(errors="replace").strip().rpartition("Error: ")[2] or "It ended at once")
        if time.monotonic() > until:
            process.kill()
            raise Failure(f"The service did not listen within {_START_SECONDS:g} s: look into {said}")
        time.sleep(_LOOK_SECONDS)


def stop(given: Given, *, tells: bool = True) -> None:
    """End the service of a port, which writes its pact if nobody has; return when it is gone."""
    file = _file_of(given)
    pid = _pid_in(file)
    if pid is None and tells:
        click.echo(
            f"No PID file found at {file}, server probably not running. Use `ps -ef | grep pact` if you suspect the"
            " process is still running.",
            err=True,
        )
    if pid is not None:
        _end(pid)
    file.unlink(missing_ok=True)


def _end(pid: int) -> None:
    for number, seconds in ((signal.SIGTERM, _END_SECONDS), (signal.SIGKILL, 1.0)):
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        until = time.monotonic() + seconds
        while _is_service(pid) and time.monotonic() < until:
            time.sleep(_LOOK_SECONDS)
        if not _is_service(pid):
            return


def _file_of(given: Given) -> Path:
    port = str(given.port) if "port" in given.texts else _PORT
    return Path(given.texts.get("pid-dir", _PIDS)) / f"mock-service-{port}.pid"


def _pid_in(file: Path) -> int | None:
    """Return the number of a service that runs; one that was killed leaves a file, and others get its number."""
    try:
        pid = int(file.read_text())
    except (OSError, ValueError):
        return None
    return pid if _is_service(pid) else None


def _is_service(pid: int) -> bool:
    command = Path(f"/proc/{pid}/cmdline")
    if command.parent.parent.joinpath("self").exists():
        with suppress(OSError):
            return b"ruby" in command.read_bytes().split(b"\0")
        return False
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def _without_pid_dir(arguments: Sequence[str]) -> list[str]:
    """Leave out the option that only we have."""
    kept: list[str] = []
    words = iter(arguments)
    for word in words:
        name, is_joined, _ = word.partition("=")
        if name.replace("_", "-") != "--pid-dir":
            kept.append(word)
        elif not is_joined:
            next(words, None)
    return kept
