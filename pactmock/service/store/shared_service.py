"""The use cases of a service that is one of many replicas: every one of them gives the same answers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import fields
from functools import partial
from typing import TYPE_CHECKING, cast

from pactmock.errors import InvalidPact, InvalidParameter, NoSuchMockServer, StoreUnavailable
from pactmock.pact.json.values import Json
from pactmock.pact.model import Pact
from pactmock.server.compiling import compiled
from pactmock.server.deciding.scope_names import MARK
from pactmock.server.mock_server import MockServer, new_id
from pactmock.server.pact_writer import FileWriter
from pactmock.server.records.events import SERVER_STOPPED
from pactmock.server.scope import Scope
from pactmock.service.mock_service import MockService
from pactmock.service.names import Names
from pactmock.service.posted import Posted
from pactmock.service.settings import ServiceSettings
from pactmock.service.store import written
from pactmock.service.store.copies import Copies
from pactmock.service.store.fleet import Fleet
from pactmock.service.store.given import Given
from pactmock.service.store.ledger import Moved
from pactmock.service.store.ledger_play import LedgerPlay
from pactmock.service.store.pacts.redis_pacts import RedisPacts
from pactmock.service.store.redis.link import Damaged
from pactmock.service.store.shared_server import (
    ASKED,
    BEGIN,
    END,
    FAULT,
    GIVE,
    HANDED_OUT,
    RESET,
    SETTLED,
    STATE,
    VERDICT,
    Begun,
    Perform,
    SharedServer,
)
from pactmock.service.store.troubles import NotPlayable
from pactmock.service.wanted import Wanted

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pactmock.matching.explaining.explanation import Explanation
    from pactmock.pact.merging.combining import Written
    from pactmock.reports.listed import ListedInteraction
    from pactmock.server.plays.faults import Fault
    from pactmock.server.plays.message_play import Handled
    from pactmock.server.records.deliveries import Delivery
    from pactmock.service.store.ledger import Ledger
    from pactmock.service.store.shared_play import SharedPlay

_AT_ONCE = 32
"""How many mock servers are asked at once for a list of all."""


class SharedService(MockService):
    """The mock servers of all replicas, and those that only this one has."""

    def __init__(self, settings: ServiceSettings, url: str) -> None:
        """Take the URL of the store.

        Raises:
            InvalidParameter: when it cannot be one.
        """
        super().__init__(settings)
        self.fleet = Fleet(url, settings.store_seconds)
        files = FileWriter(self.registry.shared.files, durable=settings.durable) if settings.writes_files else None
        self.keep_pacts(RedisPacts(self.fleet.cold, self.registry.shared.files, files))
        self.copies = Copies(self.registry, self.fleet, self._copied)

    async def open(self) -> None:
        await self.fleet.join()
        self.copies.open()

    def check_ready(self) -> Sequence[str]:
        self.fleet.check()
        return tuple(self.fleet.troubles)

    # Finding.

    def at_hand(self, key: str) -> MockServer | None:
        found = self.registry.known(key)
        if isinstance(found, SharedServer) and key != found.id:
            return None  # names come and go, and only the store knows whose one is now
        return found

    async def _found(self, key: str) -> MockServer:
        found = self.registry.known(key)
        if found is not None and not isinstance(found, SharedServer):
            found.lease.touch()
            return found
        return await self.copies.find(key)

    async def _copied(self, key: str, state: Mapping[str, Json]) -> SharedServer:
        """Make what the store has of a mock server, as it began."""
        with self.fleet.troubles.with_what_others_made(key):
            made = await self._made(key, Given.read(state["given"][0]), Wanted(**state["wanted"]))
        made.created = state["created"]
        return made

    async def _made(self, key: str, given: Given, wanted: Wanted) -> SharedServer:
        pact = await self._reading.pact(given.posted)
        bind = await self.registry.load_plugins(pact)
        shared = self.registry.shared
        names = [item.name for item in fields(wanted) if item.name not in _NEVER_SHARED]
        make = partial(
            SharedServer,
            Begun(key, given, pact, bind, {"wanted": {name: getattr(wanted, name) for name in names}}),
            wanted.options(self.settings, self.registry.certificates),
            shared,
            self.fleet.ledger(key),
            self._prepared,
        )
        return await compiled(pact, make, shared, self)

    async def running(self) -> Sequence[MockServer]:
        local = [server for server in self.registry.servers if not isinstance(server, SharedServer)]
        turns = asyncio.Semaphore(_AT_ONCE)

        async def found(key: str) -> MockServer | None:
            async with turns:
                try:
                    server = await self.find(key)
                    await server.play.refresh()
                except (NoSuchMockServer, NotPlayable, Damaged):  # who asks for the latter alone is told why
                    return None
                return server

        shared = await asyncio.gather(*map(found, await self.fleet.ids()))
        return [*local, *(server for server in shared if server is not None)]

    # Changing.

    async def create(self, posted: Posted, wanted: Wanted, *, local: bool = False) -> MockServer:
        if local:
            # What is called as what all replicas have would not be found here.
            owner = await self.fleet.id_of(wanted.name) if wanted.name else None
            if wanted.name and owner is not None and await self.fleet.has(owner):
                raise Names.taken(wanted.name)
            return await super().create(posted, wanted)
        _refuse_what_is_local(wanted)
        Names.check(wanted.name)
        if wanted.name and self.registry.known(wanted.name) is not None:
            raise Names.taken(wanted.name)
        server = await self._made(new_id(), Given(posted), wanted)
        await self.fleet.create(server.id, server.state(), wanted.ttl, wanted.name, self.settings.max_mock_servers)
        self.copies.adopt(server)
        await server.start()
        return server

    async def add(self, server: MockServer, posted: Posted, *, strict: bool | None = None) -> None:
        if isinstance(server, SharedServer):
            await self._give(server, Given(posted), strict)
        else:
            await super().add(server, posted, strict=strict)

    async def replace(self, server: MockServer, posted: Posted, *, strict: bool | None = None) -> None:
        if isinstance(server, SharedServer):
            await self._give(server, Given(posted, anew=True), strict)
        else:
            await super().replace(server, posted, strict=strict)

    async def _give(self, server: SharedServer, given: Given, strict: bool | None) -> None:
        async def give() -> None:
            perform = await self._prepared(server, given, strict)

            await server.ledger.change(GIVE, partial(server.take, given, perform), given=given.to_json())

        await self._changed(server.ledger, give)

    async def _prepared(self, server: SharedServer, given: Given, strict: bool | None = False) -> Perform:
        """Make ready to play what was given; what others have played already is not refused any more."""
        pact: Pact = await self._reading.interactions(given.posted, server.pact)
        return await server.prepare(pact, await self._plugins_with(server, pact), anew=given.anew, strict=strict)

    async def reset(self, server: MockServer) -> None:
        ledger = _ledger(server)
        if ledger is None:
            await super().reset(server)
        else:
            await self._changed(ledger, partial(ledger.change, RESET, scope=server.scope_name))

    async def choose_state(self, server: MockServer, state: str | None) -> None:
        ledger = _ledger(server)
        if ledger is None:
            await super().choose_state(server, state)
            return

        async def choose() -> None:
            _played(server).edition.in_state(state)  # refused here, where it is asked for
            await ledger.change(STATE, state=state, scope=server.scope_name)

        await self._changed(ledger, choose)

    async def begin_scope(self, server: MockServer, name: str, interactions: Sequence[str] | None = None) -> Scope:
        ledger = _ledger(server)
        if ledger is None:
            return await super().begin_scope(server, name, interactions)

        async def begin() -> None:
            scopes = _played(server).scopes
            scopes.check(name, interactions)
            ends = None if scopes.at_hand(name) is not None else scopes.to_make_room()
            keys = None if interactions is None else list(interactions)
            await ledger.change(BEGIN, scope=name, interactions=keys, ends=ends)

        await self._changed(ledger, begin)
        return self.scope(server, name)

    async def _changed(self, ledger: Ledger, change: Callable[[], Awaitable[None]]) -> None:
        """Have a change made by all, as soon as nobody else makes one."""
        while True:
            try:
                async with ledger.changing():
                    return await change()
            except Moved:
                pass

    async def put_fault(self, server: MockServer, key: str, fault: Fault) -> ListedInteraction:
        ledger = _ledger(server)
        if ledger is None:
            return await super().put_fault(server, key, fault)

        async def put() -> None:
            server.play.named(key)  # refused here, where it is asked for
            await ledger.change(FAULT, key=key, fault=written.fault(fault), scope=server.scope_name)

        await self._changed(ledger, put)
        return server.play.named(key)

    async def hand_out(self, server: MockServer, key: str) -> Delivery:
        if not isinstance(server, SharedServer):
            return await super().hand_out(server, key)
        found: list[Delivery] = []
        async with server.ledger.changing():
            messages = server.messages
            try:
                generated = await messages.make(key)
            except InvalidPact:
                await server.ledger.add(ASKED)
                raise

            begin = lambda: found.append(messages.begin(key, generated))  # noqa: E731
            await server.ledger.add(HANDED_OUT, begin, key=key)
        if not found:  # another replica has made a snapshot of it just then
            raise StoreUnavailable("The message was handed out, and nobody knows by which number; ask for it again")
        return found[0]

    async def settle(self, server: MockServer, key: str, handled: Handled) -> Explanation | None:
        if not isinstance(server, SharedServer):
            return await super().settle(server, key, handled)
        async with server.ledger.changing():
            failure = await server.messages.judge(key, handled)
            await server.ledger.add(SETTLED, key=key, failure=written.explained(failure))
        return failure

    async def _close_verdict(self, server: MockServer) -> None:
        ledger = _ledger(server)
        if ledger is None:
            await super()._close_verdict(server)
        else:
            async with ledger.changing():
                await ledger.add(VERDICT, at=time.time(), scope=server.scope_name)

    async def end(self, server: MockServer) -> None:
        if isinstance(server, Scope) and (ledger := _ledger(server)) is not None:
            await self._changed(ledger, partial(ledger.change, END, scope=server.scope_name))
            return
        if not isinstance(server, SharedServer):
            await super().end(server)
            return
        was_there = await self.fleet.remove(server.id, server.options.name)
        gone = server.ledger.gone()
        await self.copies.drop(server)
        if not was_there:
            raise gone
        self.ended_unmatched += not server.play.matched
        server.tell(SERVER_STOPPED, title=server.title)

    async def end_called(self, key: str) -> None:
        """Stop a mock server also where this replica, or none, can read what the store has of it."""
        try:
            server = await self.find(key)
        except StoreUnavailable:
            ended = None if MARK in key else await self.fleet.remove_called(key)
            if ended is None:
                raise
            self.registry.shared.events.tell(SERVER_STOPPED, ended.id, title=ended.name or ended.id)
            return
        await self.end(server)

    async def write(
        self, server: MockServer, directory: str | None, *, overwrite: bool = False, refuse_replacements: bool = False
    ) -> Written:
        if directory is not None and not self.settings.writes_files:
            raise InvalidParameter(
                "Pacts are kept in the store here, and in no directory: leave 'directory' out, and GET /pacts, or start"
                " the replicas with --output",
                parameter="directory",
            )
        return await super().write(server, directory, overwrite=overwrite, refuse_replacements=refuse_replacements)

    async def follow_events(self) -> None:
        await self.copies.follow()

    async def close(self) -> None:
        await self.copies.close()
        await super().close()
        await self.fleet.leave()


def _ledger(server: MockServer) -> Ledger | None:
    """Return the ledger of a mock server, or of that of a scope; None for what only this replica has."""
    return server.play.ledger if isinstance(server.play, LedgerPlay) else None


def _played(server: MockServer) -> SharedPlay:
    return cast("SharedPlay", server.play)


_LOCAL_ONLY = {"port": "a port", "host": "a host", "tls": "TLS", "tls_names": "TLS", "tls_client_ca": "TLS"}


def _refuse_what_is_local(wanted: Wanted) -> None:
    for name, what in _LOCAL_ONLY.items():
        if getattr(wanted, name):
            raise InvalidParameter(
                f"A mock server that replicas share is called through their gateway and has no {name} of its own: leave"
                f" '{name}' out, or ask for ?local=true, which this replica alone plays with {what}",
                parameter=name,
            )


_NEVER_SHARED = frozenset({"tls_names", "tls_client_ca"})
"""What no shared mock server has, and replicas of an older release do not know."""
