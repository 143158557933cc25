"""The pact directory: one file a pair, safe for many processes that write at once.

A write locks, reads what is there, merges, writes a temporary file beside it, flushes it to the disk and renames it
over the old one. A reader sees the old file or the new one and never a half; two writers lose nothing of each other.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from pactmock.errors import Conflict, InvalidPact, NotJson, PactmockError, TooLarge, WriteFailed
from pactmock.pact import json_value, reading, specification, writing
from pactmock.pact.merging import Merge, Replacement, merge
from pactmock.pact.model import HttpInteraction, Pact
from pactmock.pact.specification import Specification
from pactmock.pact.value import value

_UNSAFE = re.compile(r'[/\\:*?"<>|\x00-\x1f\x7f]')
_LONGEST_NAME = 200
_LOCK_SECONDS = 30.0
_LARGEST_FILE = 100 * 1024 * 1024
_READING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_TEMPORARY = ".tmp"


@value
class Written:
    """Where a pact went, how many interactions the file holds, and whether there was a file before."""

    path: Path
    interactions: int
    merged: bool
    replacements: tuple[Replacement, ...] = ()


def file_name(pact: Pact) -> str:
    """Return `{consumer}-{provider}.json`, with what could lead out of a directory replaced by `_`."""
    name = _UNSAFE.sub("_", f"{pact.consumer}-{pact.provider}").replace("..", "__").lstrip(".")
    if len(name.encode()) > _LONGEST_NAME:
        digest = hashlib.sha256(name.encode()).hexdigest()[:16]
        name = f"{name.encode()[: _LONGEST_NAME - 17].decode(errors='ignore')}-{digest}"
    return f"{name}.json"


def check_directory(directory: Path) -> None:
    """Make sure that pacts can be written into a directory, or that it can be made. Nothing is left there.

    Raises:
        WriteFailed: when they cannot.
    """
    try:
        whole = directory.absolute()
        nearest = next(path for path in (whole, *whole.parents) if path.exists() or path.is_symlink())
        with tempfile.TemporaryFile(dir=nearest):
            return
    except (OSError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise WriteFailed(
            f"No pact can be written to {directory.absolute()}: {reason}; name a directory that this user can write to"
            " with --output",
            path=str(directory),
        ) from None


def write(
    pact: Pact,
    directory: Path,
    version: Specification | None = None,
    *,
    overwrite: bool = False,
    refuse_replacements: bool = False,
) -> Written:
    """Write a pact into a directory, merged with what is there unless `overwrite`.

    It is written in the version it came in unless another is given. With `refuse_replacements`, an interaction of
    the file that says something else is a conflict instead of being replaced.

    Raises:
        WriteFailed: when the file cannot be locked, read or written, or the version cannot hold the pact.
        Conflict: as above, naming the interaction and the field.
    """
    path = directory / file_name(pact)
    target = version or specification.named(pact.specification)
    ready = _prepare(pact)
    writing.to_json(ready, target)  # refuses what the version cannot say before anything is created
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with _locked(path):
            result = Merge(ready) if overwrite else _merge_with_file(ready, path)
            if refuse_replacements and result.replacements:
                raise _conflict(path, result.replacements)
            merged = not overwrite and path.exists()
            _replace_file(path, writing.to_bytes(result.pact, target))
    except OSError as error:
        where = f" ({error.filename})" if error.filename not in {None, str(path), path} else ""
        raise WriteFailed(
            f"The pact could not be written to {path}: {error.strerror or error}{where}; check that the directory"
            " exists and can be written",
            path=str(path),
        ) from None
    return Written(path, len(result.pact.interactions), merged, result.replacements)


def _prepare(pact: Pact) -> Pact:
    """Name the transport of what was played over HTTP, as the reference's mock server does."""
    return replace(
        pact,
        interactions=tuple(
            replace(item, transport="http") if isinstance(item, HttpInteraction) else item for item in pact.interactions
        ),
    )


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout  # late: a service starts without it

    # The lock is a file of its own: the rename gives the pact file a new inode at every write. It is gone afterwards.
    # Whoever waits for it then holds what has no name any more, which filelock sees, and takes the lock anew.
    # Those use it who can write into the directory, and nobody else: containers run as different users.
    directory = path.parent.stat().st_mode
    mode = 0o600 | (0o060 if directory & 0o020 else 0) | (0o006 if directory & 0o002 else 0)
    lock = FileLock(path.with_name(f".{path.name}.lock"), timeout=_LOCK_SECONDS, mode=mode)
    try:
        with lock:
            yield
            if os.name == "posix" and type(lock) is FileLock:  # it becomes another where the system cannot lock
                with suppress(OSError):  # in a directory with the sticky bit it is left to whom it belongs
                    Path(lock.lock_file).unlink()
    except Timeout:
        raise WriteFailed(
            f"Could not acquire an exclusive lock on '{path}' after {_LOCK_SECONDS:.0f} seconds: another process"
            " holds it; end that process or write to another directory",
            path=str(path),
        ) from None


def _merge_with_file(pact: Pact, path: Path) -> Merge:
    if not path.exists():
        return Merge(pact)
    try:
        existing = reading.read_pact(json_value.parse_document(_content(path)))
    except (NotJson, PactmockError) as error:
        raise WriteFailed(
            f"Failed to parse Pact JSON of {path}, so it cannot be merged with: {error.message}; repair or delete the"
            " file, or write with overwrite",
            path=str(path),
        ) from None
    return merge(pact, existing)


def _content(path: Path) -> bytes:
    """Read a file, if it is one that ends: nobody waits here for who should write into a pipe.

    Raises:
        TooLarge, InvalidPact: when it is too large, or no regular file.
    """
    with os.fdopen(os.open(path, _READING), "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise InvalidPact("it is no regular file")
        if status.st_size > _LARGEST_FILE:
            raise TooLarge(f"it has {status.st_size} bytes, and {_LARGEST_FILE} are the most that is read")
        return file.read(_LARGEST_FILE)


def _conflict(path: Path, replacements: tuple[Replacement, ...]) -> Conflict:
    first, *others = replacements
    more = f", and {len(others)} more" if others else ""
    return Conflict(
        f"Unable to merge pacts, as there were {len(replacements)} conflict(s) between the interactions: {first}{more}."
        " Please clean out your pact directory before running the tests.",
        path=str(path),
        conflicts=[item.to_json() for item in replacements],
    )


def _replace_file(path: Path, content: bytes) -> None:
    prefix = f".pactmock-{hashlib.sha256(path.name.encode()).hexdigest()[:16]}-"
    _remove_leftovers(path.parent, prefix)
    descriptor, temporary = tempfile.mkstemp(prefix=prefix, suffix=_TEMPORARY, dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(_mode(path))
        Path(temporary).replace(path)
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
