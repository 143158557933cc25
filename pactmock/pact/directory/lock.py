"""The lock of a pact file: one process writes it at a time, and one thread of that."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pactmock.errors import WriteFailed
from pactmock.pact.directory.file_names import lock_name

if TYPE_CHECKING:
    from filelock import BaseFileLock

_LOCK_SECONDS = 30.0
_FIRST_LOOK, _LAST_LOOK = 0.0005, 0.01
"""Seconds between two looks whether a lock is free: most are held for less than a millisecond."""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of a file.

    Raises:
        WriteFailed: when others hold it for too long.
        OSError: when the system does not let it be taken.
    """
    from filelock import FileLock, Timeout  # late: a service starts without it

    # The lock is a file of its own: the rename gives the pact file a new inode at every write. It is gone afterwards.
    # All pairs whose names come to the same share it, also where the system takes `A` and `a` for one.
    # Whoever waits for it then holds what has no name any more, which filelock sees, and takes the lock anew.
    # Those use it who can write into the directory, and nobody else: containers run as different users.
    directory = path.parent.stat().st_mode
    mode = 0o600 | (0o060 if directory & 0o020 else 0) | (0o006 if directory & 0o002 else 0)
    lock = FileLock(path.with_name(lock_name(path.name)), mode=mode)
    try:
        _acquire(lock)
    except Timeout:
        raise WriteFailed(
            f"Could not acquire an exclusive lock on '{path}' after {_LOCK_SECONDS:.0f} seconds: another process"
            " holds it; end that process or write to another directory",
            path=str(path),
        ) from None
    try:
        yield
    finally:
        if os.name == "posix" and type(lock) is FileLock:  # it becomes another where the system cannot lock
            with suppress(OSError):  # in a directory with the sticky bit it is left to whom it belongs
                Path(lock.lock_file).unlink()
        lock.release()


def _acquire(lock: BaseFileLock) -> None:
    from filelock import Timeout

    deadline, pause = time.monotonic() + _LOCK_SECONDS, _FIRST_LOOK
    while True:
        try:
            lock.acquire(blocking=False)
        except Timeout:
            if time.monotonic() > deadline:
                raise
            time.sleep(pause)
            pause = min(pause * 1.5, _LAST_LOOK)
        else:
            return
