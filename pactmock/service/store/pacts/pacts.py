"""The pacts that were written: where a service has them written, listed and read, whatever keeps them.

`PactStore` is what the use cases know of it, and `FilePacts` keeps them in the output directory, as ever.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Protocol

from pactmock.server.pact_writer import FileWriter, PactWriter
from pactmock.server.workers import Workers
from pactmock.service.store.pacts.kept_pact import PactPage
from pactmock.service.store.pacts.pact_directory import PactDirectory


class PactStore(PactWriter, Protocol):
    """Keeps the pacts that were written."""

    async def page(self, offset: int, limit: int) -> PactPage:
        """List some of the pacts, in one order for all pages. What cannot be read is listed with the reason."""

    async def read(self, consumer: str, provider: str) -> bytes:
        """Return a pact as it was written, as JSON in UTF-8.

        Raises:
            NoSuchPact: when there is none of this pair.
        """


class FilePacts(FileWriter):
    """The pacts of an output directory, also those that others write there. Below it none is looked for."""

    def __init__(self, output: Path, files: Workers, *, durable: bool = False) -> None:
        super().__init__(files, durable=durable)
        self._directory = PactDirectory(output)

    async def page(self, offset: int, limit: int) -> PactPage:
        return await self._files.run(self, partial(self._directory.page, offset, limit))

    async def read(self, consumer: str, provider: str) -> bytes:
        return await self._files.run(self, partial(self._directory.read, consumer, provider))
