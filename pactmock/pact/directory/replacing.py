"""A file of the pact directory is replaced as a whole: who reads it, sees the old one or the new one and never a half.

A rename is enough for that, whenever the process is killed. That the file outlives a power cut takes more, and time:
what is `durable` is on the disk before it gets its name, and the name before anybody is told.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path

_TEMPORARY = ".tmp"


def replace_file(path: Path, content: bytes, *, durable: bool) -> None:
    """Replace a file, or make it; its lock is to be held.

    Raises:
        OSError: when the system does not let it be written; then it is as it was.
    """
    prefix = f".pactmock-{hashlib.sha256(path.name.encode()).hexdigest()[:16]}-"
    _remove_leftovers(path.parent, prefix)
    descriptor, temporary = tempfile.mkstemp(prefix=prefix, suffix=_TEMPORARY, dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        os.chmod(temporary, _mode(path))  # noqa: PTH101  a path that is a text already
        os.replace(temporary, path)  # noqa: PTH105  likewise
        if durable:
            _sync_directory(path.parent)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _remove_leftovers(directory: Path, prefix: str) -> None:
    """Remove the temporary files of processes that were killed; who holds the lock is the only one who has any."""
    with os.scandir(directory) as entries:
        left = [entry.path for entry in entries if entry.name.startswith(prefix) and entry.name.endswith(_TEMPORARY)]
    for name in left:
        with suppress(OSError):  # another user's, where the directory has the sticky bit
            Path(name).unlink()


def _mode(path: Path) -> int:
    """Keep the file's permissions, or give a new one those that any new file gets (mkstemp makes it private)."""
    try:
        return path.stat().st_mode & 0o777
    except FileNotFoundError:
        return 0o666 & ~_MASK


_MASK = os.umask(0o077)
"""The permissions that no new file gets. They can only be read by changing them, which no other thread must notice."""
os.umask(_MASK)


def _sync_directory(directory: Path) -> None:
    """Make the rename itself last through a power cut, where the system can do that."""
    if os.name != "posix":
        return
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
