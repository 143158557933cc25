"""The copies that a replica has of the mock servers which all share: loaded when asked for, given up when idle.

Also what keeps them up to date while somebody follows events here: then this replica hears of all that others do.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from typing import Any

from pactmock.errors import NoSuchMockServer, PactmockError
from pactmock.pact.json.values import Json
from pactmock.server.records.events import SERVER_EXPIRED, SERVER_STARTED, SERVER_STOPPED
from pactmock.service.registry import Registry
from pactmock.service.store.fleet import Fleet
from pactmock.service.store.redis.changes import Changes
from pactmock.service.store.shared_server import SharedServer

_SWEEP_SECONDS = 10.0
_IDLE_SECONDS = 120.0
"""After which time without any request a replica gives up its copy of a mock server; it loads it again when asked."""


class Copies:
    """The one holder of copies; `make` makes one of the latest snapshot of a mock server."""

    def __init__(
        self,
        registry: Registry,
        fleet: Fleet,
        make: Callable[[str, Mapping[str, Json]], Awaitable[SharedServer]],
    ) -> None:
        self._registry = registry
        self._fleet = fleet
        self._make = make
        self.sweep_seconds = _SWEEP_SECONDS
        self.idle_seconds = _IDLE_SECONDS
        self._changes = Changes(fleet.url, lambda: registry.shared.events.is_followed, self._hear, self._load_all)
        self._heard: dict[str, bool] = {}
        """The mock servers that are looked at, and whether more has happened meanwhile."""
        self._loading: dict[str, asyncio.Task[SharedServer]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def open(self) -> None:
        """Begin to look after them."""
        self._begin(self._keep_sweeping())

    @property
    def all(self) -> list[SharedServer]:
        """Those that there are now."""
        return [server for server in self._registry.servers if isinstance(server, SharedServer)]

    def known(self, key: str) -> SharedServer | None:
        """Return the copy of the mock server with an id; None where there is none."""
        found = self._registry.known(key)
        return found if isinstance(found, SharedServer) and found.id == key else None

    async def find(self, key: str) -> SharedServer:
        """Return the copy of a mock server by its id or name, loaded if need be.

        Raises:
            NoSuchMockServer: when the store has none.
            StoreUnavailable: when nobody knows.
        """
        found = self.known(key) or await self._load(key)
        if found is None and (named := await self._fleet.id_of(key)) is not None:
            found = self.known(named) or await self._load(named)
        if found is None:
            raise NoSuchMockServer.of(key)
        return found

    async def _load(self, server: str) -> SharedServer | None:
        """Make a copy of what the store has; None where it has nothing."""
        task = self._loading.get(server)
        if task is None:
            state = await self._fleet.state_of(server)
            if state is None:
                return None
            task = self._loading.get(server) or asyncio.ensure_future(self._loaded(server, state))
            self._loading[server] = task
            task.add_done_callback(lambda _: self._loading.pop(server, None))
        return await asyncio.shield(task)

    async def _loaded(self, server: str, state: Mapping[str, Json]) -> SharedServer:
        made = await self._make(server, state)
        await made.ledger.catch_up()
        self.adopt(made)
        return made

    def adopt(self, server: SharedServer) -> None:
        """Have a copy; from now on it is told what happens to it."""
        server.ledger.is_told = True
        self._registry.adopt(server)

    async def drop(self, server: SharedServer) -> None:
        """Have a copy no more."""
        self._registry.release(server)
        await server.stop()
        await server.ledger.close()

    async def _keep_sweeping(self) -> None:
        while True:
            await asyncio.sleep(self.sweep_seconds)
            with suppress(PactmockError):  # where the store is away, /ready says so
                for server in self.all:
                    if not self._is_idle(server):
                        if await self._fleet.has(server.id):
                            continue
                        server.ledger.gone()
                    await self.drop(server)
                for key in self._fleet.troubles.servers:
                    if not await self._fleet.has(key):
                        self._fleet.troubles.forget(key)
                for lost in await self._fleet.forget_lost():
                    self._registry.shared.events.tell(SERVER_EXPIRED, lost.id, title=lost.name or lost.id)

    def _is_idle(self, server: SharedServer) -> bool:
        is_busy = server.ledger.is_working or server.play.is_deciding or server.play.is_delaying
        return not is_busy and time.monotonic() - server.ledger.used > self.idle_seconds

    # What happens on other replicas.

    async def follow(self) -> None:
        """Have what happens on other replicas told here, for somebody who is about to follow events."""
        await self._changes.follow()

    async def _load_all(self) -> None:
        """Know of all mock servers, so that what happens to them from now on is told here."""
        for key in await self._fleet.ids():
            with suppress(NoSuchMockServer):
                await (await self.find(key)).ledger.catch_up()

    def _hear(self, key: str) -> None:
        """Hear that something happened to a mock server; while that is looked at, more may."""
        is_looked_at = key in self._heard
        self._heard[key] = True
        if not is_looked_at:
            self._begin(self._look(key))

    async def _look(self, key: str) -> None:
        try:
            while self._heard[key]:
                self._heard[key] = False
                await self._catch_up(key)
        finally:
            del self._heard[key]

    async def _catch_up(self, key: str) -> None:
        known = self.known(key)
        try:
            server = known or await self.find(key)
            if known is None:
                server.tell_of_other(SERVER_STARTED, **server.described())
            await server.ledger.catch_up()
        except NoSuchMockServer:
            if known is not None:
                known.tell_of_other(SERVER_STOPPED, title=known.title)
                await self.drop(known)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        async def begun() -> None:
            with suppress(PactmockError):  # it is heard again when there is more
                await work

        task = asyncio.get_running_loop().create_task(begun())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Give up all of them."""
        await self._changes.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*map(self.drop, self.all))
