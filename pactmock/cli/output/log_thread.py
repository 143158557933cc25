"""Writes the log in a thread of its own: whoever does not read what is written must not hold up mock servers.

A pipe takes 64 kB, and a test that starts the service may never look at its standard error. So lines wait here for
their reader, up to a bound; what comes then is lost, and counted.
"""

from __future__ import annotations

import logging
import os
import select
import threading
from queue import SimpleQueue

THREAD = "log"
"""The name of the thread."""

_MOST_BYTES = 4 * 1024 * 1024
_FLUSH_SECONDS = 0.5
_LOST = "%d line(s) of the log are lost here: nobody reads it as fast as it is written"


class LogThread(logging.Handler):
    """A handler whose thread starts with the first line. Bytes go to the file itself, which has no lock to die with."""

    def __init__(self, file: int, most: int = _MOST_BYTES) -> None:
        super().__init__()
        self._file = file
        self._most = most
        self._waiting: SimpleQueue[bytes | threading.Event] = SimpleQueue()
        self._bytes = 0
        self._lost = 0
        self._is_started = False

    def emit(self, record: logging.LogRecord) -> None:
        """Have a line written; `Handler.handle`, which calls this, has the lock."""
        try:
            line = self._line(record)
        except Exception:  # noqa: BLE001  whatever the arguments of a record are, logging has one way to tell
            self.handleError(record)
            return
        if self._bytes + len(line) > self._most:
            self._lost += 1
            return
        if self._lost:  # there is room again: it is told where they are missing
            line, self._lost = self._told(self._lost) + line, 0
        self._bytes += len(line)
        self._waiting.put(line)
        if not self._is_started:
            self._is_started = True
            threading.Thread(target=self._write_all, name=THREAD, daemon=True).start()

    def _line(self, record: logging.LogRecord) -> bytes:
        return self.format(record).encode(errors="backslashreplace") + b"\n"

    def _told(self, lost: int) -> bytes:
        return self._line(logging.LogRecord("pactmock", logging.WARNING, __file__, 0, _LOST, (lost,), None))

    def flush(self) -> None:
        """Wait until all is written, but not for long: nobody may read it."""
        if self._is_started:
            written = threading.Event()
            self._waiting.put(written)
            written.wait(_FLUSH_SECONDS)

    def _write_all(self) -> None:
        while True:
            item = self._waiting.get()
            if isinstance(item, threading.Event):
                item.set()
                continue
            self._write(item)
            self.acquire()
            self._bytes -= len(item)
            lost, self._lost = (self._lost, 0) if self._waiting.empty() else (0, self._lost)
            self.release()
            if lost:
                self._write(self._told(lost))

    def _write(self, line: bytes) -> None:
        while line:
            try:
                line = line[os.write(self._file, line) :]
            except BlockingIOError:  # who shares the file has said so
                select.select([], [self._file], [])
            except OSError:  # nobody can read it any more
                return
