"""Where mock servers have their pacts written: into files, unless a service keeps them in another place too."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol

from pactmock.server.workers import Workers

if TYPE_CHECKING:
    from pathlib import Path

    from pactmock.pact.combining import Written
    from pactmock.pact.model import Pact
    from pactmock.pact.specification import Specification


class PactWriter(Protocol):
    """Writes pacts, merged with what was written of their pairs before."""

    async def write(
        self,
        pact: Pact,
        directory: Path,
        version: Specification | None = None,
        *,
        overwrite: bool = False,
        refuse_replacements: bool = False,
    ) -> Written:
        """Write a pact, as `pactmock.pact.store.write` does.

        Raises:
            WriteFailed, Conflict: as that does.
        """


class FileWriter:
    """Writes the files of a directory, each in a thread: it may have to wait for a lock."""

    def __init__(self, files: Workers) -> None:
        self._files = files

    async def write(
        self,
        pact: Pact,
        directory: Path,
        version: Specification | None = None,
        *,
        overwrite: bool = False,
        refuse_replacements: bool = False,
    ) -> Written:
        """Write a pact file. See `pactmock.pact.store.write`."""
        from pactmock.pact import store  # late, with locks and merging: many servers write nothing
        from pactmock.pact.file_names import file_name

        write = partial(
            store.write, pact, directory, version, overwrite=overwrite, refuse_replacements=refuse_replacements
        )
        return await self._files.run(directory / file_name(pact), write)
