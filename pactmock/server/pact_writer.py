"""Where mock servers have their pacts written: into files, unless a service keeps them in another place too."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Protocol, TypeAlias, cast

from pactmock.errors import PactmockError
from pactmock.pact.value import value
from pactmock.server.workers import Workers

if TYPE_CHECKING:
    from pathlib import Path

    from pactmock.pact.directory.known_files import KnownFiles
    from pactmock.pact.merging.combining import Order, Written
    from pactmock.pact.model import Pact
    from pactmock.pact.specification import Specification
    from pactmock.server.known_pacts import KnownPacts

_Place: TypeAlias = "tuple[Path, str, str]"
"""A file, and the names of the pair: another pair may have names that come to the same file."""


@value
class ToWrite:
    """A pact that is to be written into a directory, in the version it came in unless another is given.

    What becomes of what is there is as `pactmock.pact.merging.combining.Order` has it.
    """

    pact: Pact
    directory: Path
    version: Specification | None = None
    overwrite: bool = False
    refuse_replacements: bool = False
    known: KnownPacts | None = None
    """What was made of pacts before."""

    def order(self) -> Order:
        """Make the pact ready to be written.

        Raises:
            WriteFailed: when the version cannot hold it.
        """
        from pactmock.pact.merging.combining import Order, Ready

        make = partial(Ready.of, self.pact, self.version)
        ready = (
            make()
            if self.known is None
            else self.known.once(self.pact, (Ready, self.version and self.version.name), make)
        )
        return Order(ready, self.overwrite, self.refuse_replacements)


class PactWriter(Protocol):
    """Writes pacts, merged with what was written of their pairs before."""

    async def write(self, wanted: ToWrite) -> Written:
        """Write a pact, as `pactmock.pact.directory.store.write` does.

        Raises:
            WriteFailed, Conflict: as that does.
        """


class FileWriter:
    """Writes the files of a directory, each in a thread: it may have to wait for a lock.

    Who wants to write a file that is being written queues, and all who wait then are written together.
    """

    def __init__(self, files: Workers, *, durable: bool = False) -> None:
        self._files = files
        self._durable = durable
        self._waiting: dict[_Place, list[_Asked]] = {}
        self._changing = Lock()
        self._known: KnownFiles | None = None

    async def write(self, wanted: ToWrite) -> Written:
        """Write a pact file. See `pactmock.pact.directory.store.write`."""
        from pactmock.pact.directory.file_names import file_name

        pact = wanted.pact
        place = wanted.directory / file_name(pact), pact.consumer, pact.provider
        asked = _Asked(wanted)
        with self._changing:
            self._waiting.setdefault(place, []).append(asked)
        try:
            return await self._files.run(place[0], partial(self._take_turn, place, asked))
        finally:
            with self._changing:  # what nobody waits for any more is written by nobody, if it is not already
                left = [each for each in self._waiting.pop(place, ()) if each is not asked]
                if left:
                    self._waiting[place] = left

    def _take_turn(self, place: _Place, asked: _Asked) -> Written:
        """Write all that wait for a place, unless who was before has done so with this one too."""
        if asked.outcome is None:
            with self._changing:
                together = self._waiting.pop(place, [])
            try:
                self._write_all(together, place[0].parent)
            except BaseException as error:
                for each in together:
                    each.outcome = each.outcome or error
                raise
        if isinstance(asked.outcome, BaseException):
            raise asked.outcome
        return cast("Written", asked.outcome)

    def _write_all(self, together: Sequence[_Asked], directory: Path) -> None:
        from pactmock.pact.directory import store  # late, with locks and merging: many servers write nothing
        from pactmock.pact.directory.known_files import KnownFiles

        self._known = self._known or KnownFiles()
        orders = []
        for asked in together:
            try:
                orders.append((asked, asked.wanted.order()))
            except PactmockError as error:
                asked.outcome = error
        if orders:
            outcomes = store.write_all([order for _, order in orders], directory, self._known, durable=self._durable)
            for (asked, _), outcome in zip(orders, outcomes, strict=True):
                asked.outcome = outcome


class _Asked:
    """A pact that somebody waits for to be written, and what came of it."""

    __slots__ = ("outcome", "wanted")

    def __init__(self, wanted: ToWrite) -> None:
        self.wanted = wanted
        self.outcome: Written | BaseException | None = None
