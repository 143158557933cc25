"""Pact files: those that were named, and those of directories, with all that is below."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from pactmock.errors import PactmockError
from pactmock.pact.directory.content import content_of
from pactmock.pact.value import value
from pactmock.sources.found import Loaded, Problem, read

Stamp = tuple[Path, tuple[int, int, int] | None]
"""A file with what changes when it does: time, size, and which file it is. None where it is not there."""


@value
class Local:
    """Files, and directories of which the files with an extension are taken, sorted by their path."""

    files: Sequence[Path] = ()
    directories: Sequence[Path] = ()
    extension: str = "json"

    def load(self) -> Loaded:
        """Read all of them, each file once."""
        loaded = Loaded(problems=tuple(self._missing()))
        unread: list[OSError] = []
        for path in self.paths(unread.append):
            try:
                loaded += read(shown_path(path), content_of(path))
            except OSError as error:
                loaded += Loaded(problems=(Problem(f"It cannot be read: {error.strerror or error}", shown_path(path)),))
            except PactmockError as error:
                loaded += Loaded(problems=(Problem(error.message, shown_path(path)),))
        return loaded + Loaded(problems=tuple(map(not_listed, unread)))

    def _missing(self) -> Iterator[Problem]:
        for directory in self.directories:
            if not directory.is_dir():
                yield Problem("There is no such directory", shown_path(directory))

    def paths(self, on_error: Callable[[OSError], None] | None = None) -> list[Path]:
        """List the files, those that were named first. `on_error` is told of directories that cannot be listed."""
        found: dict[str, Path] = {}
        for path in self.files:
            found.setdefault(os.path.realpath(path), path)
        for directory in self.directories:
            for path in sorted(_below(directory, f".{self.extension.removeprefix('.')}", on_error)):
                found.setdefault(os.path.realpath(path), path)
        return list(found.values())

    def stamps(self) -> frozenset[Stamp]:
        """Return what is another value when a file came, went, or has changed."""
        return frozenset(map(_stamp, self.paths()))


def shown_path(path: Path) -> str:
    """Return a path as it can be sent and logged: systems have names that are no text."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def not_listed(error: OSError) -> Problem:
    """Say that files of a directory are missing, as nothing is lost silently."""
    where = shown_path(Path(error.filename))
    return Problem(f"This directory cannot be listed: {error.strerror or error}", where)


def _below(directory: Path, ending: str, on_error: Callable[[OSError], None] | None) -> Iterator[Path]:
    """Find files below a directory; links are followed, and none is followed in a circle."""
    if not directory.is_dir():
        return
    seen: set[str] = set()
    for where, inner, names in os.walk(directory, onerror=on_error, followlinks=True):
        real = os.path.realpath(where)
        if real in seen:
            inner.clear()
            continue
        seen.add(real)
        yield from (Path(where, name) for name in names if Path(name).suffix == ending)


def _stamp(path: Path) -> Stamp:
    try:
        status = path.stat()
    except OSError:
        return path, None
    return path, (status.st_mtime_ns, status.st_size, status.st_ino)


def is_url(text: str) -> bool:
    """Tell whether what names a pact is the URL of one, and no file."""
    return text.lower().startswith(("http://", "https://"))
