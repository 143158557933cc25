"""A file of the pact directory, as it is read before it is written anew: what is in it, or why that cannot be read."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from pactmock.errors import InvalidPact, NotJson, PactmockError, TooLarge
from pactmock.pact import reading, specification
from pactmock.pact.json_value import Json, parse_document
from pactmock.pact.model import Pact
from pactmock.pact.value import value

_LARGEST = 100 * 1024 * 1024
_READING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


@value
class PactFile:
    """A file with its document and the pact in it; `problem` says why there is none, if it cannot be read."""

    path: Path
    document: dict[str, Json]
    pact: Pact | None = None
    problem: str | None = None

    @property
    def interactions(self) -> list[Json]:
        """The interactions as the file has them, in the order of those of the pact."""
        is_typed = self.pact is not None and specification.named(self.pact.specification).typed_interactions
        name = "messages" if not is_typed and "messages" in self.document else "interactions"
        listed = self.document.get(name)
        return listed if isinstance(listed, list) else []

    def is_of(self, pact: Pact) -> bool:
        """Tell whether it is of the same consumer and provider; one that cannot be read is nobody else's."""
        return self.pact is None or (self.pact.consumer, self.pact.provider) == (pact.consumer, pact.provider)


def read_file(path: Path) -> PactFile | None:
    """Read a file, if it is there.

    Raises:
        OSError: when the system does not let it be read.
    """
    try:
        document = parse_document(content_of(path))
        return PactFile(path, document, reading.read_written(document))
    except FileNotFoundError:
        return None
    except (NotJson, PactmockError) as error:
        return PactFile(path, {}, problem=error.message)


def holds(path: Path, content: bytes) -> bool:
    """Tell whether a file is a content to the byte; one that cannot be read is not."""
    try:
        return path.stat().st_size == len(content) and content_of(path) == content
    except (OSError, PactmockError):
        return False


def content_of(path: Path) -> bytes:
    """Read a file, if it is one that ends: nobody waits here for who should write into a pipe.

    Raises:
        TooLarge, InvalidPact: when it is too large, or no regular file.
    """
    with os.fdopen(os.open(path, _READING), "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise InvalidPact("it is no regular file")
        if status.st_size > _LARGEST:
            raise TooLarge(f"it has {status.st_size} bytes, and {_LARGEST} are the most that is read")
        return file.read(_LARGEST)
