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

from tests.free_ports import free_port
from tests.patience import HANG

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

    def __init__(self, directory: Path, *options: str, port: int = 0) -> None:
        self._directory = directory
        self._options = options
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None
        self.socket = directory / "redis.sock"

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def url_with(self, password: str) -> str:
        """Return the URL of its port, for a default user with a password."""
        return f"redis://:{password}@127.0.0.1:{self._port}/0"

    def command(self, *words: str) -> str:
        """Have it obey a command, and return the first line of what it says."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(20)
            connection.connect(str(self.socket))
            parts = [f"*{len(words)}", *(part for word in words for part in (f"${len(word.encode())}", word))]
            connection.sendall("".join(f"{part}\r\n" for part in parts).encode())
            said = connection.makefile("rb").readline().decode().strip()
        assert not said.startswith("-"), said
        return said

    def get(self, key: str) -> bytes:
        """Return the string at a key, as far as one packet holds it."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(20)
            connection.connect(str(self.socket))
            connection.sendall(f"GET {key}\r\n".encode())
            return connection.recv(65536).partition(b"\r\n")[2].removesuffix(b"\r\n")

    @property
    def keys(self) -> set[str]:
        """All that it has, of a little."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(20)
            connection.connect(str(self.socket))
            connection.sendall(b"KEYS *\r\n")
            answer = connection.makefile("rb")
            lines = [answer.readline() for _ in range(2 * int(answer.readline()[1:]))]
            return {line.decode().strip() for line in lines[1::2]}

    @property
    def size(self) -> int:
        """The bytes of memory that it has taken."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(20)
            connection.connect(str(self.socket))
            connection.sendall(b"INFO memory\r\n")
            said = connection.recv(65536).decode()
            return int(said.partition("used_memory_dataset:")[2].partition("\r")[0])

    def start(self) -> None:
        assert PROGRAM is not None
        kept = [
            "--port",
            str(self._port),
            "--unixsocket",
            str(self.socket),
            "--dir",
            str(self._directory),
            "--save",
            "",
        ]
        self._process = subprocess.Popen([PROGRAM, *kept, *self._options], stdout=subprocess.DEVNULL)
        until = time.monotonic() + HANG
        while not self._answers():
            assert time.monotonic() < until, "Redis does not start"
            time.sleep(0.01)

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            try:
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(100).startswith((b"+PONG", b"-NOAUTH"))
            except OSError:
                return False

    def signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def stop(self) -> None:
        """End it, as an administrator does."""
        assert self._process is not None
        self._process.terminate()
        self._process.wait(HANG)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(HANG)


@contextmanager
def redis_server(*options: str, tcp: bool = False) -> Iterator[Redis]:
    """Start one; it and all that it wrote are gone at the end."""
    needs_redis()
    with tempfile.TemporaryDirectory(prefix="pactmock-") as directory:
        redis = Redis(Path(directory), *options, port=free_port() if tcp else 0)
        redis.start()
        try:
            yield redis
        finally:
            redis.kill()


DURABLE = ("--appendonly", "yes", "--appendfsync", "always")
"""Options with which what was acknowledged is on the disk."""
