"""The client that is awaited: `pactmock.AsyncClient`, with aiohttp, which is loaded at the first call."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any, TypeVar

from pactmock.client.address import Address
from pactmock.client.call import Call, Reply, Steps
from pactmock.client.calls import ServiceCalls
from pactmock.client.following import EventReader, following
from pactmock.client.mock_server import MockServerCalls
from pactmock.client.operation import Awaiting
from pactmock.client.posting import PactSource
from pactmock.client.scope import ScopeCalls, noted_on
from pactmock.errors import NotMatched, PactmockError

if TYPE_CHECKING:
    from typing import Unpack

    from aiohttp import ClientResponse, ClientTimeout

    from pactmock.client.documents import CreateOptions, Event, Server

T = TypeVar("T")


class AsyncRemoteMockServer(MockServerCalls, Awaiting):
    """A mock server that a service plays, each of its methods to be awaited. `AsyncClient` makes them.

    Raises:
        NoSuchMockServer: by all that is asked of it, when it is gone.
        ServiceUnreachable: when its service is.
    """

    def __init__(self, client: AsyncClient, key: str, description: Server) -> None:
        super().__init__(key, description)
        self._client = client

    async def perform(self, steps: Steps[T]) -> T:
        return await self._client.perform(steps)

    @asynccontextmanager
    async def events(self, after: str | None = None) -> AsyncIterator[AsyncIterator[Event]]:
        """Follow what happens to it until it ends, from the beginning of the block on, or behind an event by its id.

        Raises:
            NoSuchMockServer: when it is gone.
            LimitReached: when as many follow already as may.
        """
        async with _followed(self._client, ("mockserver", self._key), after) as events:
            yield events

    @asynccontextmanager
    async def scope(
        self, name: str | None = None, interactions: Sequence[str] | None = None
    ) -> AsyncIterator[AsyncRemoteScope]:
        """Begin a scope for a block: what is asked there has a verdict of its own, and is verified when it ends.

        It has a `name` of its own, where it is given none, and expects some `interactions` of the pact, by their keys
        or descriptions, or all. Its pact file is written as that of a mock server is.

        Raises:
            NotMatched: at the end of the block, with the report. Where that raises something itself, it is a note.
            InvalidParameter, NoSuchInteraction: for a name that cannot be one, or an interaction that there is not.
            LimitReached, NoScopes: when there is no place for it.
        """
        scope = await self.begin_scope(name, interactions)
        try:
            yield scope
            if not scope.has_ended:
                await scope.verify()
        except BaseException as error:
            with noted_on(error, scope):
                if not scope.has_ended:
                    if not isinstance(error, NotMatched):
                        error.add_note(await scope.report())
                    await scope.end()
            raise
        if not scope.has_ended:
            await scope.end()

    async def begin_scope(self, name: str | None = None, interactions: Sequence[str] | None = None) -> AsyncRemoteScope:
        """Begin a scope, which goes on until `end` is called; all else is as above."""
        description = await self.perform(self._begin_scope(name, interactions))
        return AsyncRemoteScope(self._client, description["id"], description)


class AsyncRemoteScope(ScopeCalls, AsyncRemoteMockServer):
    """A scope of a mock server, each of its methods to be awaited. `scope` of a mock server makes them."""


class AsyncClient(ServiceCalls[AsyncRemoteMockServer], Awaiting):
    """A service, for asynchronous code: what `Client` has, to be awaited.

    async with pactmock.AsyncClient("http://localhost:8080").mock_server("pacts/web-api.json") as server:
        await call_my_code(server.url)
        await server.verify()
    """

    def _mock_server(self, key: str, description: Server) -> AsyncRemoteMockServer:
        return AsyncRemoteMockServer(self, key, description)

    @asynccontextmanager
    async def mock_server(
        self, pact: PactSource, **options: Unpack[CreateOptions]
    ) -> AsyncIterator[AsyncRemoteMockServer]:
        """Start a mock server as `create` does, and end it with the block, unless that did it.

        What keeps it from ending is raised; where the block has raised something, it is a note on that.
        """
        server = await self.create(pact, **options)
        try:
            yield server
        except BaseException as error:
            try:
                if not server.has_ended:
                    await server.end()
            except PactmockError as lost:
                error.add_note(f"{server} was not ended: {lost}")
            raise
        if not server.has_ended:
            await server.end()

    @asynccontextmanager
    async def events(self, after: str | None = None) -> AsyncIterator[AsyncIterator[Event]]:
        """Follow what happens to all mock servers, from the beginning of the block on, or behind an event by its id.

        async with client.events() as events:
            async for event in events:
                print(event["event"], event.get("path"))

        They end when the service does.

        Raises:
            LimitReached: when as many follow already as may.
            ServiceUnreachable: when it does not answer, also in the block, where nothing comes of it any more.
        """
        async with _followed(self, (), after) as events:
            yield events

    async def perform(self, steps: Steps[T]) -> T:
        """Make the calls of an operation.

        Raises:
            PactmockError: that which the service answered.
            ServiceUnreachable: when it does not answer.
        """
        try:
            call = next(steps)
            while True:
                call = steps.send(await _sent(self.address, call, self.timeout + call.seconds))
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]


async def _sent(address: Address, call: Call, seconds: float) -> Reply:
    import aiohttp

    bounds = aiohttp.ClientTimeout(seconds)
    with _failing(address, seconds):
        async with _answered(address, call, bounds) as response:
            return await _reply(response)


@asynccontextmanager
async def _followed(
    client: AsyncClient, steps: tuple[str, ...], after: str | None
) -> AsyncIterator[AsyncIterator[Event]]:
    import aiohttp

    call = following(steps, after)
    address, seconds = client.address, client.timeout + call.seconds
    bounds = aiohttp.ClientTimeout(None, sock_connect=seconds, sock_read=seconds)
    async with AsyncExitStack() as stack:
        with _failing(address, seconds):
            response = await stack.enter_async_context(_answered(address, call, bounds))
            if response.status != 200:
                raise (await _reply(response)).error()
        yield _read(response, address, seconds)


async def _read(response: ClientResponse, address: Address, seconds: float) -> AsyncIterator[Event]:
    reader = EventReader()
    while True:
        with _failing(address, seconds):
            piece = await response.content.readany()
        if not piece:
            return
        for event in reader.feed(piece):
            yield event


@asynccontextmanager
async def _answered(address: Address, call: Call, bounds: ClientTimeout) -> AsyncIterator[ClientResponse]:
    """Make a call, on a connection that is closed with the block."""
    import aiohttp
    from yarl import URL

    from pactmock.client.once import Once

    url = URL(address.origin + address.target(call), encoded=True)
    options: dict[str, Any] = {"headers": address.headers(call), "allow_redirects": False}
    if call.body is not None:
        options["data"] = BytesIO(call.body)  # aiohttp warns of bytes where there are many
    cookies = aiohttp.DummyCookieJar()
    async with (
        aiohttp.ClientSession(connector=Once(), timeout=bounds, cookie_jar=cookies) as session,
        session.request(call.method, url, **options) as response,
    ):
        yield response


async def _reply(response: ClientResponse) -> Reply:
    return Reply(response.status, await response.read(), tuple(response.headers.items()))


@contextmanager
def _failing(address: Address, seconds: float) -> Iterator[None]:
    """Say in our words why there is no answer."""
    import aiohttp

    try:
        yield
    except TimeoutError:
        raise address.too_late(seconds) from None
    except (OSError, aiohttp.ClientError, UnicodeError) as error:
        raise address.unreachable(error) from None
