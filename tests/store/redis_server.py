"""A real Redis in a process of its own, on a socket in a directory of its own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PROGRAM = shutil.which("redis-server") or shutil.which("valkey-server")


def needs_redis() -> None:
    """Skip a test where there is no Redis; in CI it fails, which installs one."""
    if PROGRAM is None:
        text = "there is no redis-server: install Debian's package redis-server"
        if os.environ.get("CI"):
            pytest.fail(text)
        pytest.skip(text)


class Redis:
    """One that can be stopped, killed and started again on what it has written."""

    def __init__(self, directory: Path, *options: str) -> None:
        self._directory = directory
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None
        self.socket = directory / "redis.sock"

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def start(self) -> None:
        assert PROGRAM is not None
        kept = ["--port", "0", "--unixsocket", str(self.socket), "--dir", str(self._directory), "--save", ""]
        self._process = subprocess.Popen([PROGRAM, *kept, *self._options], stdout=subprocess.DEVNULL)
        until = time.monotonic() + 20
        while not self._answers():
            assert time.monotonic() < until, "Redis does not start"
            time.sleep(0.01)

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            try:
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(100) == b"+PONG\r\n"
            except OSError:
                return False

    def signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def stop(self) -> None:
        """End it, as an administrator does."""
        assert self._process is not None
        self._process.terminate()
        self._process.wait(20)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(20)


@contextmanager
def redis_server(*options: str) -> Iterator[Redis]:
    """Start one; it and all that it wrote are gone at the end."""
    needs_redis()
    with tempfile.TemporaryDirectory(prefix="pactmock-") as directory:
        redis = Redis(Path(directory), *options)
        redis.start()
        try:
            yield redis
        finally:
            redis.kill()


DURABLE = ("--appendonly", "yes", "--appendfsync", "always")
"""Options with which what was acknowledged is on the disk."""
