"""The pact directory: one file a pair, safe for many processes that write at once.

A write locks, reads what is there, merges, writes a temporary file beside it, flushes it to the disk and renames it
over the old one. A reader sees the old file or the new one and never a half; two writers lose nothing of each other.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pactmock.errors import WriteFailed
from pactmock.pact.combining import Ready, Written, combine
from pactmock.pact.file_names import file_name, folded, lock_name, own_file_name
from pactmock.pact.model import Pact
from pactmock.pact.pact_document import PactDocument
from pactmock.pact.pact_file import content_of, holds, read_file
from pactmock.pact.specification import Specification

__all__ = ["Written", "check_directory", "rewrite", "write"]

_LOCK_SECONDS = 30.0
_TEMPORARY = ".tmp"


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

    It is written in the version it came in unless another is given, and merged in that of the file if it is higher. A
    file that says all of it already is left as it is. With `refuse_replacements`, an interaction of the file that says
    something else is a conflict instead of being replaced.

    Raises:
        WriteFailed: when the file cannot be locked, read or written, or the version cannot hold the pact.
        Conflict: as above, naming the interaction and the field.
    """
    ready = Ready.of(pact, version)  # refuses what the version cannot say before anything is created
    path = directory / file_name(pact)
    same = _same_file(pact, directory, ready.content)
    if same is not None:
        return Written(same, len(pact.interactions), not overwrite)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with _locked(path):
            path, file = _find(pact, directory)
            combined = combine(ready, file, path, overwrite=overwrite, refuse_replacements=refuse_replacements)
            if combined.content is not None:
                _replace_file(path, combined.content)
    except OSError as error:
        raise _failed(path, error) from None
    return combined.written


def rewrite(path: Path, change: Callable[[bytes | None], bytes]) -> None:
    """Write a file that is not in our form, as safely: `change` is given what it holds, if anything.

    Raises:
        WriteFailed: when it cannot be locked, read or written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(path):
            before = content_of(path) if os.path.lexists(path) else None
            content = change(before)
            if content != before:
                _replace_file(path, content)
    except OSError as error:
        raise _failed(path, error) from None


def _failed(path: Path, error: OSError) -> WriteFailed:
    place = error.filename if isinstance(error.filename, str | Path) else ""  # or a number, of a file that was open
    where = f" ({place})" if str(place) not in {"", str(path)} else ""
    return WriteFailed(
        f"The pact could not be written to {path}: {error.strerror or error}{where}; check that the directory"
        " exists and can be written",
        path=str(path),
    )


def _same_file(pact: Pact, directory: Path, content: bytes) -> Path | None:
    """Return the file of a pair that is the content to the byte already: nobody waits for it, or merges with it."""
    own = directory / own_file_name(pact)
    path = own if os.path.lexists(own) else directory / file_name(pact)
    return path if holds(path, content) else None


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout  # late: a service starts without it

    # The lock is a file of its own: the rename gives the pact file a new inode at every write. It is gone afterwards.
    # All pairs whose names come to the same share it, also where the system takes `A` and `a` for one.
    # Whoever waits for it then holds what has no name any more, which filelock sees, and takes the lock anew.
    # Those use it who can write into the directory, and nobody else: containers run as different users.
    directory = path.parent.stat().st_mode
    mode = 0o600 | (0o060 if directory & 0o020 else 0) | (0o006 if directory & 0o002 else 0)
    lock = FileLock(path.with_name(lock_name(path.name)), timeout=_LOCK_SECONDS, mode=mode)
    try:
        with lock:
            try:
                yield
            finally:
                if os.name == "posix" and type(lock) is FileLock:  # it becomes another where the system cannot lock
                    with suppress(OSError):  # in a directory with the sticky bit it is left to whom it belongs
                        Path(lock.lock_file).unlink()
    except Timeout:
        raise WriteFailed(
            f"Could not acquire an exclusive lock on '{path}' after {_LOCK_SECONDS:.0f} seconds: another process"
            " holds it; end that process or write to another directory",
            path=str(path),
        ) from None


def _find(pact: Pact, directory: Path) -> tuple[Path, PactDocument | None]:
    """Find the file of a pair, or where it is to be, which is another name where that of another pair is the same."""
    own = directory / own_file_name(pact)
    file = read_file(own)
    if file is not None:
        return own, file
    plain = directory / file_name(pact)
    plain_folded = folded(plain.name)
    names = [entry.name for entry in directory.iterdir() if folded(entry.name) == plain_folded]
    is_taken = False
    for name in sorted(names, key=lambda name: name != plain.name):
        file = read_file(directory / name)
        if file is not None and file.is_of(pact):
            return directory / name, file
        is_taken = is_taken or file is not None
    return (own if is_taken else plain), None


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
