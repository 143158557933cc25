"""The process of a plugin: started, heard out, ended (reference/plugins.md §2).

Everything that it prints is read for as long as it lives, so that it never waits for us. The one line on its standard
output that starts with a brace says where it listens; what comes before and after is for the log.
"""

from __future__ import annotations

import logging
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO

from pactmock.errors import NotJson, PluginError
from pactmock.pact.json.values import parse
from pactmock.pact.value import value
from pactmock.plugins.manifest import Manifest
from pactmock.plugins.process import guard

_LAST_WORDS = 20
_LONGEST_LINE = 64 * 1024
_STOP_SECONDS = 3.0
_SETTLE_SECONDS = 0.5
_LOST_SECONDS = 10.0
"""How long a process whose connection is lost may take to end: its guard ends what it started first."""
_LOOK_SECONDS = 0.2
_SIGNAL_NAMES = {item.value: item.name for item in signal.Signals}


@value
class StartupLine:
    """Where a plugin listens, and the key that it wants to see with every call."""

    port: int
    server_key: str


class PluginProcess:
    """One process of a plugin, from its start to its end."""

    def __init__(self, manifest: Manifest, environment: Mapping[str, str], start_timeout: float) -> None:
        """Start the process and wait until it says where it listens.

        Raises:
            PluginError: when it cannot be started, says nothing in time, says nonsense, or ends; nothing is left of it.
        """
        self.manifest = manifest
        self._log = logging.getLogger(f"pactmock.plugins.{manifest.name}")
        self._last_words: deque[str] = deque(maxlen=_LAST_WORDS)
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._popen = self._spawn(environment)
        self._readers = [
            self._reader("stdout", self._read_stdout, self._popen.stdout),
            self._reader("stderr", self._read_stderr, self._popen.stderr),
        ]
        try:
            self.startup = self._wait_for_startup(start_timeout)
        except BaseException:
            self.stop()
            raise
        self._log.debug("%s listens on port %d", manifest, self.startup.port)

    def _spawn(self, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
        executable = self.manifest.executable
        if not os.access(executable, os.X_OK):
            reason = "it may not be executed" if executable.exists() else "there is no such file"
            raise PluginError(
                f"Was not able to start plugin process for '{executable}' - {reason}: see 'entryPoint' in the manifest"
                f" of {self.manifest}",
                plugin=self.manifest.name,
            )
        command = [sys.executable, "-I", "-S", str(Path(guard.__file__)), str(executable), *self.manifest.args]
        return subprocess.Popen(  # noqa: S603  what a user installed as a plugin
            command,
            cwd=self.manifest.directory,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def _reader(self, name: str, read: Callable[[IO[bytes]], None], stream: IO[bytes] | None) -> threading.Thread:
        thread = threading.Thread(target=read, args=(stream,), name=f"{self.manifest.name} {name}", daemon=True)
        thread.start()
        return thread

    def _read_stdout(self, stream: IO[bytes]) -> None:
        started = False
        for line in _lines(stream):
            if not started and line.lstrip().startswith("{"):
                started = True
                self._lines.put(line)
            else:
                self._log.debug("stdout: %s", line)
        self._lines.put(None)

    def _read_stderr(self, stream: IO[bytes]) -> None:
        for line in _lines(stream):
            self._last_words.append(line)
            self._log.debug("stderr: %s", line)

    def _wait_for_startup(self, timeout: float) -> StartupLine:
        try:
            line = self._first_line(time.monotonic() + timeout)
        except TimeoutError:
            raise self._failed(
                f"did not say on its standard output where it listens within {timeout:g} seconds (--plugin-timeout)"
            ) from None
        if line is None:
            self._wait(_SETTLE_SECONDS)
            raise self._failed(f"{self._ending()} before it said where it listens")
        return self._parse_startup(line)

    def _first_line(self, until: float) -> str | None:
        """Wait for the startup line; the answer is None when nobody is there any more who could print it."""
        while (left := until - time.monotonic()) > 0:
            is_alive = self.is_alive
            try:
                return self._lines.get(timeout=min(_LOOK_SECONDS, left))
            except queue.Empty:
                if not is_alive:  # what it started may hold its standard output open
                    return None
        raise TimeoutError

    def _parse_startup(self, line: str) -> StartupLine:
        try:
            said = parse(line)
        except NotJson as error:
            raise self._failed(f"printed a startup line that is not JSON ({error.reason}): {line[:200]}") from None
        port, key = (said.get("port"), said.get("serverKey")) if isinstance(said, dict) else (None, None)
        if type(port) is not int or not 0 < port < 65536:
            raise self._failed(f"printed a startup line without a port from 1 to 65535: {line[:200]}")
        if not isinstance(key, str) or not key.isascii():
            raise self._failed(f"printed a startup line without a serverKey of ASCII characters: {line[:200]}")
        return StartupLine(port, key)

    def _failed(self, what: str) -> PluginError:
        return PluginError(
            f"The plugin {self.manifest} {what}{self.last_words()}", plugin=self.manifest.name, startup=True
        )

    @property
    def is_alive(self) -> bool:
        return self._popen.poll() is None

    def has_ended(self, *, is_lost: bool) -> bool:
        """Tell whether the process ended, or does so in a moment; one whose connection is lost is about to."""
        return self._wait(_LOST_SECONDS if is_lost else _SETTLE_SECONDS)

    def ending(self) -> str:
        """Say how the process ended, with its last words."""
        return self._ending() + self.last_words()

    def _ending(self) -> str:
        code = self._popen.poll()
        if code is None:
            return "closed its standard output"
        if code < 0:
            return f"was ended by {_SIGNAL_NAMES.get(-code, f'signal {-code}')}"
        return "could not be started" if code == guard.NOT_STARTED else f"ended with exit code {code}"

    def last_words(self) -> str:
        """Return what it printed last on its standard error, to be put behind a sentence."""
        for reader in self._readers:
            if not self.is_alive:
                reader.join(_SETTLE_SECONDS)
        return (
            f"; its last words: {' | '.join(self._last_words)}" if self._last_words else "; it said nothing on stderr"
        )

    def stop(self) -> None:
        """End the process, and all that it started."""
        if self._popen.stdin is not None:
            self._popen.stdin.close()
        if not self._wait(_STOP_SECONDS):
            self._popen.kill()
            self._popen.wait()
        for reader in self._readers:
            reader.join(_SETTLE_SECONDS)

    def _wait(self, seconds: float) -> bool:
        try:
            self._popen.wait(max(0.0, seconds))
        except subprocess.TimeoutExpired:
            return False
        return True

    def __repr__(self) -> str:
        state = f"on port {self.startup.port}" if self.is_alive else self._ending()
        return f"<PluginProcess {self.manifest} {state}>"


def _lines(stream: IO[bytes]) -> Iterator[str]:
    """Read lines until the end, and close what they came from; nobody else may, while it is being read.

    Whatever is no UTF-8 is replaced, and what is too long is cut into several.
    """
    with stream:
        while line := stream.readline(_LONGEST_LINE):
            yield line.decode(errors="replace").rstrip("\r\n")
