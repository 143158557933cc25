"""The token of a service in a file, which may change while the service runs: secrets are mounted so, and renewed so.

A mounted secret of Kubernetes is a symbolic link through a directory that is a link itself, and that one is replaced.
So the file is looked at through all links, by what it is: another file, another time, another size.
"""

from __future__ import annotations

import logging
import os
import stat
import time
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

from pactmock.errors import InvalidParameter

logger = logging.getLogger("pactmock.service")

_LOOK_SECONDS = 1.0
_MOST_BYTES = 8192
"""More than any header could hold."""

_Stamp: TypeAlias = tuple[int, ...] | None
"""What is another value when a file has changed; None where there is none."""


class TokenFile:
    """A file with a token, and the last one that it had."""

    def __init__(self, path: Path) -> None:
        """Read it.

        Raises:
            InvalidParameter: when it cannot be read, or holds no token.
        """
        self._path = path
        self._stamp = _stamp_of(path)  # before it is read: what changes in between is seen the next time
        self._token = read_token(path)
        self._looked = time.monotonic()
        self._trouble: str | None = None
        """Why the file could not be read, the last time that it was tried."""
        if _is_everybodys(path):
            logger.warning(
                "--token-file %s can be read by every user of this machine: give it the mode 0400 (in Kubernetes by"
                " defaultMode)",
                path,
            )

    @property
    def token(self) -> str:
        """The token that callers must show now. The file is looked at once a second, if anybody asks.

        A file that is gone, or holds no token, leaves the last one in force, and the log says so.
        """
        now = time.monotonic()
        if now - self._looked >= _LOOK_SECONDS:
            self._looked = now
            self._look()
        return self._token

    def _look(self) -> None:
        stamp = _stamp_of(self._path)
        if stamp == self._stamp and self._trouble is None:
            return
        self._stamp = stamp
        try:
            token = read_token(self._path)
        except InvalidParameter as error:  # the file may be as it should be, and no file can be opened just now
            if error.message != self._trouble:
                logger.warning("the token that was read before stays in force: %s", error.message)
            self._trouble = error.message
            return
        self._trouble = None
        if token != self._token:
            self._token = token
            logger.info("--token-file %s holds another token, which callers must show from now on", self._path)

    def __repr__(self) -> str:
        return f"<TokenFile {self._path}>"


def read_token(path: Path) -> str:
    """Read a token from a file; line ends behind it do not count.

    Raises:
        InvalidParameter: when the file cannot be read, or holds nothing that can be one.
    """
    name = f"--token-file {path}"
    try:
        content = _content(path)
    except OSError as error:
        raise InvalidParameter(
            f"{name} cannot be read: {error.strerror or error}; name a file with the token that this user may read"
        ) from None
    try:
        token = content.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise InvalidParameter(f"{name} is no text: write the token into it, as UTF-8") from None
    if len(content) > _MOST_BYTES:
        raise InvalidParameter(f"{name} is larger than {_MOST_BYTES} bytes: write the token into it, and nothing else")
    check_secret(name, token)
    return token


def _content(path: Path) -> bytes:
    """Read the beginning of a file, not waiting for who may write into it."""
    file = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise OSError("it is no regular file")
        return os.read(file, _MOST_BYTES + 1)
    finally:
        os.close(file)


def _stamp_of(path: Path) -> _Stamp:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_ctime_ns, found.st_size


def _is_everybodys(path: Path) -> bool:
    with suppress(OSError):  # it may be replaced at this moment
        return os.name == "posix" and bool(path.stat().st_mode & stat.S_IROTH)
    return False


def check_secret(option: str, secret: str) -> None:
    """Refuse a secret that everybody would know, or nobody could send.

    Raises:
        InvalidParameter: naming the option that it was given with.
    """
    if not secret.strip():
        raise InvalidParameter(f"{option} is empty, so that everybody would know it: give another, or leave it out")
    if secret != secret.strip() or not secret.isprintable():
        raise InvalidParameter(
            f"{option} starts or ends with white space, or holds control characters, which no caller could send in a"
            " header: give one without"
        )
