"""The client that waits: `pactmock.Client`, with nothing but the standard library."""

from __future__ import annotations

import http.client
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING, TypeVar

from pactmock.client.address import Address
from pactmock.client.call import Call, Reply, Steps
from pactmock.client.calls import ServiceCalls
from pactmock.client.following import EventReader, following
from pactmock.client.mock_server import MockServerCalls
from pactmock.client.operation import Blocking
from pactmock.client.posting import PactSource
from pactmock.client.scope import ScopeCalls, noted_on
from pactmock.errors import NotMatched, PactmockError

if TYPE_CHECKING:
    from typing import Unpack

    from pactmock.client.documents import CreateOptions, Event, Server

T = TypeVar("T")


class RemoteMockServer(MockServerCalls, Blocking):
    """A mock server that a service plays. `Client` makes them.

    Raises:
        NoSuchMockServer: by all that is asked of it, when it is gone.
        ServiceUnreachable: when its service is.
    """

    def __init__(self, client: Client, key: str, description: Server) -> None:
        super().__init__(key, description)
        self._client = client

    def perform(self, steps: Steps[T]) -> T:
        return self._client.perform(steps)

    @contextmanager
    def events(self, after: str | None = None) -> Iterator[Iterator[Event]]:
        """Follow what happens to it until it ends, from the beginning of the block on, or behind an event by its id.

        Raises:
            NoSuchMockServer: when it is gone.
            LimitReached: when as many follow already as may.
        """
        with _followed(self._client, ("mockserver", self._key), after) as events:
            yield events

    @contextmanager
    def scope(self, name: str | None = None, interactions: Sequence[str] | None = None) -> Iterator[RemoteScope]:
        """Begin a scope for a block: what is asked there has a verdict of its own, and is verified when it ends.

        It has a `name` of its own, where it is given none, and expects some `interactions` of the pact, by their keys
        or descriptions, or all. Its pact file is written as that of a mock server is.

        Raises:
            NotMatched: at the end of the block, with the report. Where that raises something itself, it is a note.
            InvalidParameter, NoSuchInteraction: for a name that cannot be one, or an interaction that there is not.
            LimitReached, NoScopes: when there is no place for it.
        """
        scope = self.begin_scope(name, interactions)
        try:
            yield scope
            if not scope.has_ended:
                scope.verify()
        except BaseException as error:
            with noted_on(error, scope):
                if not scope.has_ended:
                    if not isinstance(error, NotMatched):
                        error.add_note(scope.report())
                    scope.end()
            raise
        if not scope.has_ended:
            scope.end()

    def begin_scope(self, name: str | None = None, interactions: Sequence[str] | None = None) -> RemoteScope:
        """Begin a scope, which goes on until `end` is called; all else is as above."""
        description = self.perform(self._begin_scope(name, interactions))
        return RemoteScope(self._client, description["id"], description)


class RemoteScope(ScopeCalls, RemoteMockServer):
    """A scope of a mock server. `scope` of a mock server makes them."""


class Client(ServiceCalls[RemoteMockServer], Blocking):
    """A service, for code that waits.

    with pactmock.Client("http://localhost:8080").mock_server("pacts/web-api.json") as server:
        call_my_code(server.url)
        server.verify()
    """

    def _mock_server(self, key: str, description: Server) -> RemoteMockServer:
        return RemoteMockServer(self, key, description)

    @contextmanager
    def mock_server(self, pact: PactSource, **options: Unpack[CreateOptions]) -> Iterator[RemoteMockServer]:
        """Start a mock server as `create` does, and end it with the block, unless that did it.

        What keeps it from ending is raised; where the block has raised something, it is a note on that.
        """
        server = self.create(pact, **options)
        try:
            yield server
        except BaseException as error:
            try:
                if not server.has_ended:
                    server.end()
            except PactmockError as lost:
                error.add_note(f"{server} was not ended: {lost}")
            raise
        if not server.has_ended:
            server.end()

    @contextmanager
    def events(self, after: str | None = None) -> Iterator[Iterator[Event]]:
        """Follow what happens to all mock servers, from the beginning of the block on, or behind an event by its id.

        with client.events() as events:
            for event in events:
                print(event["event"], event.get("path"))

        They end when the service does.

        Raises:
            LimitReached: when as many follow already as may.
            ServiceUnreachable: when it does not answer, also in the block, where nothing comes of it any more.
        """
        with _followed(self, (), after) as events:
            yield events

    def perform(self, steps: Steps[T]) -> T:
        """Make the calls of an operation.

        Raises:
            PactmockError: that which the service answered.
            ServiceUnreachable: when it does not answer.
        """
        try:
            call = next(steps)
            while True:
                call = steps.send(_sent(self.address, call, self.timeout + call.seconds))
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]


def _sent(address: Address, call: Call, seconds: float) -> Reply:
    with _failing(address, seconds), _answered(address, call, seconds) as response:
        return _reply(response)


@contextmanager
def _followed(client: Client, steps: tuple[str, ...], after: str | None) -> Iterator[Iterator[Event]]:
    call = following(steps, after)
    address, seconds = client.address, client.timeout + call.seconds
    with ExitStack() as stack:
        with _failing(address, seconds):
            response = stack.enter_context(_answered(address, call, seconds))
            if response.status != 200:
                raise _reply(response).error()
        yield _read(response, address, seconds)


def _read(response: http.client.HTTPResponse, address: Address, seconds: float) -> Iterator[Event]:
    reader = EventReader()
    while True:
        with _failing(address, seconds):
            piece = response.read1(_PIECE_BYTES)
        if not piece:
            return
        yield from reader.feed(piece)


_PIECE_BYTES = 64 * 1024


@contextmanager
def _answered(address: Address, call: Call, seconds: float) -> Iterator[http.client.HTTPResponse]:
    """Make a call, on a connection that is closed with the block."""
    kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    connection = kind(address.host, address.port, timeout=seconds)
    headers = {name: text.encode() for name, text in address.headers(call).items()}
    with closing(connection):
        connection.request(call.method, address.target(call), body=call.body, headers=headers)
        with connection.getresponse() as response:  # the connection lets go of one whose end is its own
            yield response


def _reply(response: http.client.HTTPResponse) -> Reply:
    return Reply(response.status, response.read(), tuple(response.getheaders()))


@contextmanager
def _failing(address: Address, seconds: float) -> Iterator[None]:
    """Say in our words why there is no answer."""
    try:
        yield
    except TimeoutError:
        raise address.too_late(seconds) from None
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        raise address.unreachable(error) from None
