"""Pact files that were read or written before, so that what is as it was is not parsed again."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from pactmock.errors import PactmockError
from pactmock.pact.directory.content import content_of
from pactmock.pact.merging.document import PactDocument

if TYPE_CHECKING:
    from pactmock.pact.merging.combining import Written

_MOST_SAID = 256
"""Of how many pacts it is known at once that they are in a file."""

_MOST_BYTES = 4 * 1024 * 1024
"""How much of files is known at once; parsed, that is ten to twenty times as much memory."""


class KnownFile:
    """What a file held when it was read: to the byte, and as a document, which is made when somebody asks for it."""

    __slots__ = ("_document", "_read", "_said", "content")

    def __init__(self, content: bytes | None, read: Callable[[], PactDocument | None] | None = None) -> None:
        self.content = content
        """None of what is no file, or too large to be read."""
        self._read = read
        self._document: PactDocument | None = None
        self._said: dict[bytes, Written] = {}

    @classmethod
    def unreadable(cls, problem: str) -> KnownFile:
        """Stand for a file of which nothing can be read."""
        return cls(None, lambda: PactDocument({}, problem=problem))

    @property
    def document(self) -> PactDocument:
        """Its document; where it cannot be read, that says why."""
        if self._document is None:
            self._document = (self._read and self._read()) or PactDocument.read(self.content or b"")
            self._read = None
        return self._document

    def written_for(self, content: bytes) -> Written | None:
        """Return what came of a pact with this content when it was found to be in the file, None where it was not."""
        return self._said.get(_digest(content)) if self._said else None

    def note_written(self, content: bytes, found: Written) -> None:
        """Note that a pact with this content is in the file, as long as that is as it is."""
        if len(self._said) >= _MOST_SAID:
            self._said.clear()
        self._said[_digest(content)] = found


def _digest(content: bytes) -> bytes:
    return sha256(content).digest()


class KnownFiles:
    """Some files, those that were used last; for many threads.

    Each is read anew, and only what it holds to the byte is what it held: that is right whoever wrote it, and however
    fast after another, which no time of a file system tells.
    """

    def __init__(self) -> None:
        self._files: dict[Path, KnownFile] = {}
        self._bytes = 0
        self._lock = Lock()

    def read(self, path: Path, seen: KnownFile | None = None) -> KnownFile | None:
        """Read a file, None where there is none; that it is as it was `seen` is noticed too.

        Raises:
            OSError: when the system does not let it be read.
        """
        try:
            content = content_of(path)
        except FileNotFoundError:
            return None
        except PactmockError as error:
            return KnownFile.unreadable(error.message)
        known = self._files.get(path)
        for file in (known, seen):
            if file is not None and file.content == content:
                return file
        return self.keep(path, KnownFile(content))

    def keep(self, path: Path, file: KnownFile) -> KnownFile:
        """Know a file from now on, if it is not too large, and return it."""
        with self._lock:
            self._forget(path)
            self._files[path] = file
            self._bytes += len(file.content or b"")
            while self._bytes > _MOST_BYTES:
                self._forget(next(iter(self._files)))
        return file

    def _forget(self, path: Path) -> None:
        file = self._files.pop(path, None)
        self._bytes -= len(file.content or b"") if file else 0

    def __repr__(self) -> str:
        return f"<KnownFiles: {len(self._files)}, {self._bytes} bytes>"
