"""A mock server: what is played, apart from how. Its id, address, lease, log, journal and pact, and a play of it."""

from __future__ import annotations

import asyncio
import secrets
import string
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pactmock.pact import specification
from pactmock.pact.json_value import Json
from pactmock.pact.model import Interaction, Pact
from pactmock.pact.specification import Specification
from pactmock.plugins.binding.bound_pact import Bind, BoundPact
from pactmock.server.address import Address
from pactmock.server.compiling import compiled
from pactmock.server.journal import Journal
from pactmock.server.lease import Lease
from pactmock.server.options import MockServerOptions
from pactmock.server.play import Change
from pactmock.server.plays import play_for
from pactmock.server.server_log import ServerLog
from pactmock.server.shared import ALONE, Shared
from pactmock.server.stage import Stage

if TYPE_CHECKING:
    from pactmock.pact.store import Written


class PluginsOfPact(NamedTuple):
    """The plugins of a pact: as its metadata lists them, and what binds it to them."""

    listed: list[Json]
    bind: Bind


class MockServer:
    """One pact, played in one place.

    It is made (which refuses what cannot be played), started, asked, and stopped:

        server = MockServer(pact)
        await server.start()
        ...
        await server.stop()
    """

    def __init__(
        self,
        pact: Pact,
        options: MockServerOptions | None = None,
        bind: Bind = BoundPact,
        shared: Shared | None = None,
    ) -> None:
        """Compile a pact, bound to the plugins that it names.

        Raises:
            InvalidRule: with the JSON pointer of a matching rule that cannot be used.
            InvalidPact: with the JSON pointer of what cannot be played.
        """
        self.id = _new_id()
        self.options = options or MockServerOptions()
        self.created = time.time()
        self.pact = pact
        self._shared = shared or ALONE
        self.journal = Journal(self.options.journal, self._shared.kept)
        self.lease = Lease(self.options.ttl)
        self.log = ServerLog()
        self.address = Address(self.options.host, self.options.port, "https" if self.options.authority else "http")
        self._bind = bind
        self._changing = asyncio.Lock()
        stage = Stage(self.options, self.address, self.journal, self.lease, self.log, self._shared)
        self.play = play_for(bind(pact), stage)

    async def start(self, ports: Sequence[int] | None = None) -> None:
        """Start to listen, on the first of `ports` that is free where they are given.

        Raises:
            PortUnavailable, PluginError: when it cannot.
        """
        await self.play.start(ports or (self.options.port,))
        self.log.note(f"listening on {self.url} for {self.play.interactions} interaction(s) of {self.title}")

    async def stop(self) -> None:
        """Stop to listen; the port is free when this returns. A server that is stopped can still be asked."""
        await self.play.stop()

    @property
    def port(self) -> int:
        return self.address.port

    @property
    def url(self) -> str:
        """Where a client on this machine can call it."""
        return self.address.url_for(None)

    @property
    def title(self) -> str:
        """The name that it was given, or its participants."""
        return self.options.name or f"{self.pact.consumer} - {self.pact.provider}"

    @property
    def specification(self) -> Specification:
        """The version that the pact is written in."""
        return self.options.specification or specification.named(self.pact.specification)

    @property
    def matched(self) -> bool:
        """Whether all that was expected was received, and nothing else."""
        return self.play.matched

    def mismatches(self) -> list[dict[str, Json]]:
        """List why it is not `matched`, as the control API has it."""
        from pactmock.reports import json  # late: most servers are asked when all matched

        return list(map(json.mismatch, self.play.explanations()))

    async def expect(self, *interactions: Interaction, plugins: PluginsOfPact | None = None) -> None:
        """Expect more interactions, perhaps with other plugins; what was received stays.

        Raises:
            InvalidPact: when one of them cannot be played; then all is as it was.
            PluginError: when a plugin plays the pact, which then cannot be changed.
        """
        async with self._changing:
            await self._change(self.pact.interactions + interactions, plugins, anew=False)
        self.log.note(f"{len(interactions)} interaction(s) added")

    async def replace_interactions(self, *interactions: Interaction, plugins: PluginsOfPact | None = None) -> None:
        """Expect other interactions; what was received is forgotten, as it was held against the old ones.

        Raises:
            InvalidPact, PluginError: as above.
        """
        async with self._changing:
            await self._change(interactions, plugins, anew=True)
        self.log.note(f"the interactions were replaced by {len(interactions)}")

    async def _change(
        self, interactions: tuple[Interaction, ...], plugins: PluginsOfPact | None, *, anew: bool
    ) -> None:
        pact = replace(self.pact, interactions=interactions)
        bind = self._bind
        if plugins is not None:
            pact = replace(pact, metadata={**pact.metadata, "plugins": plugins.listed})
            bind = plugins.bind

        def prepare() -> Change:
            return self.play.prepare(bind(pact))

        change = await compiled(pact, prepare, self._shared.compiling, self)
        change(anew=anew)
        self._shared.changes += 1
        self.pact, self._bind = pact, bind

    def reset(self) -> None:
        """Forget what was received; what is expected stays.

        Raises:
            PluginError: when only a plugin knows what was received.
        """
        self.play.reset()
        self.log.note("what was received was forgotten")

    async def write_pact(
        self, directory: Path, *, overwrite: bool = False, refuse_replacements: bool = False
    ) -> Written:
        """Write the pact file, in a thread: it may have to wait for a lock. See `pactmock.pact.store.write`."""
        from pactmock.pact import store  # late, with locks and merging: many servers write nothing

        pact = self.pact
        write = partial(
            store.write,
            pact,
            directory,
            self.options.specification,
            overwrite=overwrite,
            refuse_replacements=refuse_replacements,
        )
        written = await self._shared.files.run(directory / store.file_name(pact), write)
        self.log.note(f"pact written to {written.path} ({written.interactions} interaction(s))")
        for replacement in written.replacements:
            self.log.note(f"replaced in {written.path}: {replacement}")
        return written

    def log_lines(self) -> list[str]:
        """Return the log: what happened to the server and what it was asked, by time."""
        return self.log.lines(self.journal)

    def __repr__(self) -> str:
        state = "running" if self.play.is_running else "stopped"
        return f"<MockServer {self.title!r} {state} on {self.url}, {self.journal!r}>"


def _new_id() -> str:
    """Make an id of eight characters, as the Rust client wants it, that cannot be taken for a port."""
    rest = "".join(secrets.choice(_ID_CHARACTERS) for _ in range(7))
    return secrets.choice(string.ascii_uppercase) + rest


_ID_CHARACTERS = string.ascii_uppercase + string.digits
