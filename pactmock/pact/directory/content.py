"""A file of the pact directory, as it is read before it is written anew."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from pactmock.errors import InvalidPact, TooLarge

_LARGEST = 100 * 1024 * 1024
_READING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


def content_of(path: Path, *, most: int = _LARGEST, follow: bool = True) -> bytes:
    """Read a file, if it is one that ends: nobody waits here for who should write into a pipe.

    `most` is how many bytes it may have; a symbolic link is read only to `follow` it.

    Raises:
        TooLarge, InvalidPact: when it is too large, or no regular file.
        OSError: when the system does not let it be read.
    """
    if not follow and path.is_symlink():
        raise InvalidPact("it is a symbolic link, which is not followed")
    file = os.open(path, _READING if follow else _READING | _NO_LINK)
    try:
        status = os.fstat(file)
        if stat.S_ISDIR(status.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not stat.S_ISREG(status.st_mode):
            raise InvalidPact("it is no regular file")
        if status.st_size > most:
            raise TooLarge(f"it has {status.st_size} bytes, and {most} are the most that is read")
        # Without a file object, which takes longer to make than a pact file of a few interactions to be read.
        content = os.read(file, status.st_size + 1)
        while (more := os.read(file, status.st_size + 1)) and len(content) < most:  # somebody writes into it
            content += more
        return content[:most]
    finally:
        os.close(file)
