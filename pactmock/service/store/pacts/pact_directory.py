"""The pact files of a directory, listed and read for whoever asks, whoever wrote them.

What stands in the directory is what it holds: nothing below it, and no symbolic link is followed, so nothing outside is
ever read. A list reads only the files of its page that have changed since it read them last.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TypeAlias

from pactmock.errors import NoSuchPact, PactmockError
from pactmock.matching.texts.shortening import cut
from pactmock.pact.directory.content import content_of
from pactmock.pact.directory.file_names import file_name, own_file_name
from pactmock.pact.documents.summary import PactSummary, summarize
from pactmock.pact.json.values import parse_document
from pactmock.pact.model import Pact
from pactmock.reports.visible import visible
from pactmock.service.store.pacts.kept_pact import KeptPact, PactPage, Unread

MOST_FILES = 100_000
"""So many files of a directory are listed: their names alone take some megabytes, and a tenth of a second."""

_LARGEST_LISTED = 16 * 1024 * 1024
"""A file of so many bytes is read for a list; all other threads wait a tenth of a second for that."""

_PAGE_BYTES = 64 * 1024 * 1024
"""How much is read for one page: who wants more asks for the next one."""

_SEARCH_BYTES = 256 * 1024 * 1024
"""How much is read to find a pact in a file that its names do not lead to; who asks again has more looked into."""

_LONGEST_NAME = 1000
"""A list has room for a name of so many characters."""

_MARK = b"\xef\xbb\xbf"

_Stamp: TypeAlias = tuple[int, int, int, int]
"""What is another value when a file has changed: which one it is, its size, two times."""


class PactDirectory:
    """The pacts of a directory. It waits for the disk, and is asked by one thread at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, tuple[_Stamp, PactSummary | str]] = {}
        """What the files held when they were last read, or why they could not be."""

    def page(self, offset: int, limit: int) -> PactPage:
        """List the pacts of some of the files, sorted by their names."""
        names, of_directory = self._names()
        unread = [] if offset else of_directory
        pacts: list[KeptPact] = []
        room = _PAGE_BYTES
        end = min(offset + limit, len(names))
        for position in range(offset, end):
            if room <= 0:
                end = position
                break
            found, size = self._file(names[position])
            room -= size
            if isinstance(found, KeptPact):
                pacts.append(found)
            elif found is not None:
                unread.append(found)
        return PactPage(tuple(pacts), tuple(unread), len(names), end if end < len(names) else None)

    def read(self, consumer: str, provider: str) -> bytes:
        """Return the file of a pair as it is, but for a byte order mark.

        Raises:
            NoSuchPact: when there is none.
        """
        pact = Pact(consumer, provider, ())
        if not _is_text(consumer + provider):
            raise _none_of(pact, "")
        problem = ""
        for name in (own_file_name(pact), file_name(pact)):  # where it is, if we wrote it, of any size
            try:
                content = self._content(name, pact)
            except FileNotFoundError:
                continue
            except (OSError, PactmockError) as error:
                problem = f", and {visible(name)}, which may be it, cannot be read: {_reason(error)}"
                continue
            if content is not None:
                return content
        return self._searched(pact, problem)

    def _searched(self, pact: Pact, problem: str) -> bytes:
        """Find a pact in a file that somebody else has given a name."""
        room = _SEARCH_BYTES
        for name in self._names()[0]:
            if room <= 0:
                problem += ", as far as the files there were read: ask again, so that more are"
                break
            found, size = self._file(name)
            room -= size
            if isinstance(found, KeptPact) and _is_of(found.summary, pact):
                try:
                    content = self._content(name, pact)
                except (OSError, PactmockError):  # it has changed meanwhile
                    continue
                if content is not None:
                    return content
        raise _none_of(pact, problem)

    def _content(self, name: str, pact: Pact) -> bytes | None:
        """Read a file if it is of a pair, None where it is of another."""
        content = content_of(self._path / name, follow=False)
        return content.removeprefix(_MARK) if _is_of(summarize(parse_document(content)), pact) else None

    def _names(self) -> tuple[list[str], list[Unread]]:
        """List the names of files that may be pacts, and what is to be said of the directory itself."""
        names: list[str] = []
        try:
            with os.scandir(self._path) as entries:
                for entry in entries:
                    if entry.name.endswith(".json"):
                        names.append(entry.name)
                        if len(names) > MOST_FILES:
                            break
        except FileNotFoundError:
            return [], []
        except OSError as error:
            return [], [Unread(".", f"The output directory cannot be listed: {error.strerror or error}")]
        if len(self._known) > len(names):
            self._known = {name: self._known[name] for name in names if name in self._known}
        if len(names) <= MOST_FILES:
            return sorted(names), []
        more = Unread(".", f"There are more than {MOST_FILES:,} files here, of which these are some: clean it out")
        return sorted(names[:MOST_FILES]), [more]

    def _file(self, name: str) -> tuple[KeptPact | Unread | None, int]:
        """Say what a file is, None where it is gone, and how many bytes were read for that."""
        try:
            status = (self._path / name).lstat()
        except OSError as error:
            return None if isinstance(error, FileNotFoundError) else Unread(_shown(name), _reason(error)), 0
        stamp = status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
        known_stamp, found = self._known.get(name, (None, ""))
        size = 0
        if known_stamp != stamp:
            found = self._read(name)
            size = min(status.st_size, _LARGEST_LISTED) if stat.S_ISREG(status.st_mode) else 0
            self._known[name] = stamp, found
        if isinstance(found, str):
            return Unread(_shown(name), found), size
        return KeptPact(found, _shown(name), status.st_mtime), size

    def _read(self, name: str) -> PactSummary | str:
        try:
            content = content_of(self._path / name, most=_LARGEST_LISTED, follow=False)
            summary = summarize(parse_document(content))
            if max(len(summary.consumer), len(summary.provider)) > _LONGEST_NAME:
                return f"its consumer or provider has a name of more than {_LONGEST_NAME:,} characters"
        except (OSError, PactmockError, RecursionError) as error:
            return _reason(error)
        return summary


def _is_of(summary: PactSummary, pact: Pact) -> bool:
    return (summary.consumer, summary.provider) == (pact.consumer, pact.provider)


def _reason(error: Exception) -> str:
    if isinstance(error, PactmockError):
        return error.message
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _shown(name: str) -> str:
    """Return the name of a file as it can be sent: systems have some that are no text."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _none_of(pact: Pact, problem: str) -> NoSuchPact:
    names = " and ".join(f"'{visible(cut(name))}'" for name in (pact.consumer, pact.provider))
    return NoSuchPact(
        f"There is no pact of {names} in the output directory{problem}: GET /pacts lists those that are there"
    )
