"""A stub: loaded, started, loaded anew when its pacts change, ended."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from pactmock.errors import PactmockError, SourceFailed
from pactmock.server.address import Address
from pactmock.server.options import MockServerOptions
from pactmock.server.shared import Shared
from pactmock.sources.found import Loaded, Problem
from pactmock.sources.local import Stamp
from pactmock.sources.sources import Sources
from pactmock.sources.watching import changes
from pactmock.stub.edition import StubEdition, problems
from pactmock.stub.options import StubOptions
from pactmock.stub.play import StubPlay

logger = logging.getLogger("pactmock.stub")


class NotLoaded(SourceFailed):
    """Some of the sources of a stub cannot be played; `problems` are all of them."""

    def __init__(self, found: Sequence[Problem]) -> None:
        super().__init__("There were errors loading the pact files.", problems=list(map(str, found)))
        self.problems = tuple(found)


class Stub:
    """One stub: `load`, then an `async with` block in which it listens."""

    def __init__(self, sources: Sources, options: StubOptions, wire: MockServerOptions) -> None:
        self._sources = sources
        self._options = options
        self._wire = wire
        self._address = Address(wire.host, wire.port)
        self._shared = Shared()
        self._play: StubPlay | None = None
        self._stamps: frozenset[Stamp] = frozenset()
        """Those of the files before they were read."""
        self._watching: asyncio.Task[None] | None = None

    async def load(self) -> StubEdition:
        """Read and compile all pacts.

        Raises:
            NotLoaded: when any of them cannot be played; then none is.
        """
        self._stamps = await asyncio.to_thread(self._sources.local.stamps)
        loaded = await self._sources.load()
        if loaded.problems:
            raise NotLoaded(loaded.problems)
        for found in loaded.pacts:
            if not found.pact.interactions:
                logger.warning("%s has no interactions: is it a pact?", found.name)
        return await asyncio.to_thread(self._compiled, loaded)

    def _compiled(self, loaded: Loaded) -> StubEdition:
        try:
            return StubEdition(loaded.pacts, self._options, self._address)
        except PactmockError as error:
            found = list(problems(loaded.pacts, self._options, self._address))
            raise NotLoaded(found or [Problem(error.message, "all pacts together")]) from None

    async def start(self, edition: StubEdition) -> int:
        """Listen, and return the port.

        Raises:
            PortUnavailable: when that port is taken.
        """
        self._play = StubPlay(edition, self._wire, self._address, self._shared, self._options.delay)
        await self._play.start((self._wire.port,))
        return self._address.port

    def watch(self) -> None:
        """Play the pacts anew whenever a file changes. What cannot be played leaves everything as it is."""
        self._watching = asyncio.ensure_future(self._watch())

    async def _watch(self) -> None:
        async for _ in changes(self._sources.local, self._stamps):
            assert self._play is not None  # noqa: S101  it was started
            try:
                edition = await self.load()
            except NotLoaded as error:
                found = "; ".join(map(str, error.problems))
                logger.error("the pacts have changed, and those before are still played: %s", found)  # noqa: TRY400
            else:
                self._play.change(edition)
                logger.info("the pacts have changed: %s", summary(edition))

    async def close(self) -> None:
        """End what listens and watches; what is owed is sent."""
        if self._watching is not None:
            self._watching.cancel()
        if self._play is not None:
            await self._play.stop()
        self._shared.close()


def summary(edition: StubEdition) -> str:
    """Say how many pacts are played, in the words of pact-stub-server: scripts wait for them."""
    return f"Loaded {edition.files} pacts ({edition.interactions} total interactions)"
