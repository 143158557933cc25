"""Pact files: those that were named, and those of directories, with all that is below."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from pactmock.errors import PactmockError
from pactmock.pact.pact_file import content_of
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
        for path in self.paths():
            loaded += _load(path)
        return loaded

    def _missing(self) -> Iterator[Problem]:
        for directory in self.directories:
            if not directory.is_dir():
                yield Problem("There is no such directory", str(directory))

    def paths(self) -> list[Path]:
        """List the files, those that were named first."""
        found: dict[str, Path] = {}
        for path in self.files:
            found.setdefault(os.path.realpath(path), path)
        for directory in self.directories:
            for path in sorted(_below(directory, f".{self.extension.removeprefix('.')}")):
                found.setdefault(os.path.realpath(path), path)
        return list(found.values())

    def stamps(self) -> frozenset[Stamp]:
        """Return what is another value when a file came, went, or has changed."""
        return frozenset(map(_stamp, self.paths()))


def _below(directory: Path, ending: str) -> Iterator[Path]:
    """Find files below a directory; links are followed, and none is followed in a circle."""
    seen: set[str] = set()
    for where, inner, names in os.walk(directory, followlinks=True):
        real = os.path.realpath(where)
        if real in seen:
            inner.clear()
            continue
        seen.add(real)
        yield from (Path(where, name) for name in names if Path(name).suffix == ending)


def _load(path: Path) -> Loaded:
    try:
        return read(str(path), content_of(path))
    except OSError as error:
        return Loaded(problems=(Problem(f"It cannot be read: {error.strerror or error}", str(path)),))
    except PactmockError as error:
        return Loaded(problems=(Problem(error.message, str(path)),))


def _stamp(path: Path) -> Stamp:
    try:
        status = path.stat()
    except OSError:
        return path, None
    return path, (status.st_mtime_ns, status.st_size, status.st_ino)
