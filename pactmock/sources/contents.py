"""What files and URLs hold, as it is: whoever plays it reads it as if it was posted, as strict, and contracts too."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from pactmock.errors import PactmockError
from pactmock.pact.directory.content import content_of
from pactmock.pact.value import value
from pactmock.sources.found import Problem
from pactmock.sources.local import Local, not_listed, shown_path


@value
class Content:
    """The bytes of a source, and what it is known by: its path or URL."""

    name: str
    content: bytes


@value
class Contents:
    """What sources hold, in their order, and why nothing could be had of others."""

    found: tuple[Content, ...] = ()
    problems: tuple[Problem, ...] = ()

    def __add__(self, other: Contents) -> Contents:
        return Contents(self.found + other.found, self.problems + other.problems)


async def contents_of(local: Local, urls: Sequence[str] = ()) -> Contents:
    """Read files, and what is below directories, then what is at URLs. A directory with nothing in it is a problem."""
    contents = await asyncio.to_thread(_of_files, local)
    if not urls:
        return contents
    from pactmock.sources.fetching import Access, Fetcher, shown  # late: it needs a client for HTTP

    async with Fetcher(Access()) as fetcher:
        for url in urls:
            try:
                contents += Contents((Content(shown(url), await fetcher.get(url)),))
            except PactmockError as error:
                contents += Contents(problems=(Problem(error.message, shown(url)),))
    return contents


def _of_files(local: Local) -> Contents:
    empty = [directory for directory in local.directories if not Local((), (directory,), local.extension).paths()]
    contents = Contents(problems=tuple(_nothing(directory, local.extension) for directory in empty))
    unread: list[OSError] = []
    for path in local.paths(unread.append):
        try:
            contents += Contents((Content(shown_path(path), content_of(path).removeprefix(_BYTE_ORDER_MARK)),))
        except OSError as error:
            contents += Contents(problems=(Problem(f"It cannot be read: {error.strerror or error}", shown_path(path)),))
        except PactmockError as error:
            contents += Contents(problems=(Problem(error.message, shown_path(path)),))
    return contents + Contents(problems=tuple(map(not_listed, unread)))


def _nothing(directory: Path, extension: str) -> Problem:
    problem = (
        f"There is no .{extension} file below this directory" if directory.is_dir() else "There is no such directory"
    )
    return Problem(problem, str(directory))


_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
