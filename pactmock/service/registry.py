"""The mock servers of one service: made, found by id, port or name, ended."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from pactmock.errors import InvalidParameter, LimitReached, NoSuchMockServer, PortUnavailable, Stopping
from pactmock.pact.model import Pact
from pactmock.plugins.binding.bound_pact import Bind, BoundPact
from pactmock.server.compiling import compiled
from pactmock.server.decision_times import DecisionTimes
from pactmock.server.mock_server import MockServer
from pactmock.server.options import LARGEST_PORT, MockServerOptions
from pactmock.server.plays.http_play import HttpPlay
from pactmock.server.records.events import SERVER_EXPIRED, Hears
from pactmock.server.records.totals import MOCK_SERVERS
from pactmock.server.shared import Shared
from pactmock.service.certificates import ServiceCertificates
from pactmock.service.names import Names, is_number
from pactmock.service.settings import ServiceSettings

if TYPE_CHECKING:
    from pactmock.plugins.installed.host import PluginHost
    from pactmock.server.wire.tls.certificates import CertificateAuthority

_REFRESH_SECONDS = 1.0


def too_many(most: int) -> LimitReached:
    """Return what is said where there are as many mock servers as there may be."""
    return LimitReached(
        f"There are {most} mock servers already: DELETE those that are no longer needed, or raise --max-mock-servers",
        limit=most,
    )


class Registry:
    """The one holder of running mock servers."""

    def __init__(self, settings: ServiceSettings) -> None:
        self.settings = settings
        self.abandoned = 0
        """How many servers were stopped because nobody touched them for their `ttl`."""
        self._servers: dict[str, MockServer] = {}
        self._by_port: dict[int, MockServer] = {}
        self._names = Names()
        self._starting = 0
        self._is_closed = False
        self.shared = Shared(settings.intake())
        self.shared.neighbours = self._servers.values
        self.shared.events.listen(self.shared.totals.hear, Hears.NO_REQUESTS)
        self._plugins: PluginHost | None = None
        self._making_plugins = threading.Lock()
        self.certificates = ServiceCertificates(settings.tls)
        self._reapers: dict[str, asyncio.TimerHandle] = {}
        self._stops: set[asyncio.Task[None]] = set()
        self._refreshing: dict[str, asyncio.Task[None]] = {}

    @property
    def plugins(self) -> PluginHost:
        """The plugins that pacts of this service name; none runs before the first one does."""
        with self._making_plugins:
            if self._plugins is None:
                from pactmock.plugins.installed.host import PluginHost  # late: few services run any

                self._plugins = PluginHost(self.settings.plugins)
                if self.shared.times is not None:
                    self._plugins.time_calls()
            return self._plugins

    @property
    def loaded_plugins(self) -> PluginHost | None:
        """What has the plugins; None as long as no pact named one."""
        return self._plugins

    def measure(self) -> None:
        """Measure from now on how long decisions and calls of plugins take."""
        with self._making_plugins:
            if self.shared.times is None:
                self.shared.times = DecisionTimes()
            if self._plugins is not None:
                self._plugins.time_calls()

    @property
    def authority(self) -> CertificateAuthority:
        """The certificate authority that signs what mock servers of this process show, unless that is their own."""
        return self.certificates.authority

    @property
    def servers(self) -> tuple[MockServer, ...]:
        """All running servers, oldest first."""
        return tuple(self._servers.values())

    def __len__(self) -> int:
        return len(self._servers)

    async def create(self, pact: Pact, options: MockServerOptions, instead_of: MockServer | None = None) -> MockServer:
        """Make and start a mock server; when that fails nothing is left of it.

        One that takes the place of another has its port. The other ends when all is ready but for the port.

        Raises:
            InvalidPact, InvalidRule: when the pact cannot be played.
            NoSuchPlugin, PluginError: when a plugin that it names is not there, or does not start.
            PortUnavailable: when it cannot listen.
            NameTaken: when another has its name.
            LimitReached: when there are too many servers already.
            Stopping: when the service has ended before that.
        """
        return await self._registered(options.name, partial(self._started, pact, options, instead_of), instead_of)

    async def take_in(self, make: Callable[[], MockServer], options: MockServerOptions) -> MockServer:
        """Start a mock server of another kind, which `make` makes; when that fails nothing is left of it.

        Raises:
            InvalidParameter, PortUnavailable, NameTaken, LimitReached, Stopping: as above.
        """

        async def started() -> MockServer:
            server = make()
            await server.start(self._ports(options.port))
            return server

        return await self._registered(options.name, started)

    async def _registered(
        self, name: str | None, start: Callable[[], Awaitable[MockServer]], instead_of: MockServer | None = None
    ) -> MockServer:
        if instead_of is None and len(self._servers) + self._starting >= self.settings.max_mock_servers:
            self.shared.totals.refused[MOCK_SERVERS] += 1
            raise too_many(self.settings.max_mock_servers)
        with self._names.reserved(name, instead_of):
            self._starting += 1
            try:
                server = await start()
            finally:
                self._starting -= 1
            if self._is_closed:  # whoever asked for it may be gone, and nobody would ever end it
                await server.stop()
                raise Stopping("The service has ended meanwhile: start it again, or call another one")
            self._servers[server.id] = server
            self._by_port[server.port] = server
            self._names.add(server)
        self.shared.changes += 1
        self._watch(server)
        return server

    async def _started(self, pact: Pact, options: MockServerOptions, instead_of: MockServer | None) -> MockServer:
        bind = await self.load_plugins(pact)
        make = partial(MockServer, pact, options, bind, self.shared)
        server = await compiled(pact, make, self.shared, self)
        if instead_of is None:
            await server.start(self._ports(options.port))
        else:
            await self.remove(instead_of)
            await server.start((instead_of.port, *self._ports(0)))
        return server

    async def refresh(self) -> None:
        """Bring up to date what plugins found, as far as they say it within a moment.

        One that does not answer must not hold up the list of all servers. Who asks for a single one waits for it.
        """
        for server in self.servers:
            if server.play.transport != HttpPlay.transport and server.id not in self._refreshing:
                task = asyncio.ensure_future(server.play.refresh())
                self._refreshing[server.id] = task
                task.add_done_callback(partial(self._has_refreshed, server.id))
        if self._refreshing:
            await asyncio.wait(self._refreshing.values(), timeout=_REFRESH_SECONDS)

    def _has_refreshed(self, key: str, _task: asyncio.Task[None]) -> None:
        self._refreshing.pop(key, None)

    async def load_plugins(self, pact: Pact) -> Bind:
        """Load the plugins that a pact names, to bind it to them: in a thread, as that may take seconds."""
        if not pact.metadata.get("plugins"):
            return BoundPact

        def load() -> Bind:
            from pactmock.plugins.binding.pact_plugins import plugins_for

            return plugins_for(pact, self.plugins)

        return await self.shared.asking.run(self, load)

    def _ports(self, port: int) -> Sequence[int]:
        ports, whole = self.settings.mock_ports, self.settings.port_range
        if port and whole and ports and port not in ports:
            raise InvalidParameter(
                f"Port {port} is not one of --port-range {whole[0]}-{whole[1]}: ask for one of these, or for none",
                parameter="port",
            )
        if port or ports is None:
            return (port,)
        unused = [candidate for candidate in ports if candidate not in self._by_port]
        if not unused:
            raise PortUnavailable(
                f"All ports from {ports[0]} to {ports[-1]} have a mock server already: DELETE those that are no longer"
                f" needed, or start the service with another {'--port-range' if whole else '--base-port'}"
            )
        return unused

    def known(self, key: str) -> MockServer | None:
        """Return a server by its id, port number or name; None where there is none."""
        found = self._servers.get(key) or self._names.find(key)
        return found or (self._by_port.get(int(key)) if is_number(key) and len(key) <= 5 else None)

    def adopt(self, server: MockServer) -> None:
        """Have a server that is reached by the gateway alone, and that somebody else began, who knows its name."""
        self._servers[server.id] = server
        self.shared.changes += 1

    def release(self, server: MockServer) -> None:
        """Have a server no more that somebody else ends."""
        self._servers.pop(server.id, None)
        self.shared.changes += 1

    def find(self, key: str) -> MockServer:
        """Find a server by its id, its port number or its name, and count that as a touch.

        Raises:
            NoSuchMockServer: with the advice to list them.
        """
        server = self.known(key)
        if server is None and is_number(key) and (len(key) > 5 or int(key) > LARGEST_PORT):
            raise NoSuchMockServer(
                f"{key[:20]} is not a port number: ports go up to {LARGEST_PORT}; GET / lists the mock servers"
            )
        if server is None:
            raise NoSuchMockServer.of(key)
        server.lease.touch()
        return server

    async def remove(self, server: MockServer) -> None:
        """Stop a server; its port is free when this returns."""
        self._servers.pop(server.id, None)
        self._names.remove(server)
        self.shared.changes += 1
        if self._by_port.get(server.port) is server:
            del self._by_port[server.port]
        reaper = self._reapers.pop(server.id, None)
        if reaper is not None:
            reaper.cancel()
        await server.stop()

    async def close(self) -> None:
        """Stop all servers, then all plugins. One that is being made is stopped as soon as it has started."""
        self._is_closed = True
        await asyncio.gather(*(self.remove(server) for server in self.servers), *self._stops)
        if self._plugins is not None:
            await asyncio.to_thread(self._plugins.close)  # a thread of its own: all others may wait for plugins
        self.shared.close()

    def _watch(self, server: MockServer) -> None:
        """Look at a server with a time to live again when that could be over."""
        left = server.lease.left
        if left is None or server.id not in self._servers:
            return
        if left > 0:
            self._reapers[server.id] = asyncio.get_running_loop().call_later(left, self._watch, server)
            return
        self.abandoned += 1
        server.tell(SERVER_EXPIRED, title=server.title, seconds=server.options.ttl)
        task = asyncio.get_running_loop().create_task(self.remove(server))
        self._stops.add(task)
        task.add_done_callback(self._stops.discard)

    def __repr__(self) -> str:
        return f"<Registry of {len(self)} mock servers>"
