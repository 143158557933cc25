"""The same mock server for a program that is not asynchronous: `pactmock.SyncMockServer`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal, TypedDict, TypeVar, Unpack

from pactmock.embedded.background import BACKGROUND
from pactmock.embedded.blocking_asked import BlockingAsked
from pactmock.embedded.mock_server import MockServer
from pactmock.embedded.source import InteractionsSource, PactSource
from pactmock.pact.json.values import Json

if TYPE_CHECKING:
    from pactmock.embedded.scope import SyncScope
    from pactmock.embedded.tls import Tls
    from pactmock.plugins import Plugin
    from pactmock.plugins.installed.host import PluginHost
    from pactmock.reports.listed import ListedMessage
    from pactmock.server.records.deliveries import Delivery

T = TypeVar("T")


class Options(TypedDict, total=False):
    """The options of `MockServer`, where they are said to be the same."""

    host: str
    port: int
    tls: bool | Tls
    cors: bool
    specification: str | None
    state: str | None
    count: Literal["request", "interaction"]
    messages: bool
    strict: bool
    plugins: Iterable[Plugin]
    plugin_host: PluginHost | None
    late: float


class SyncMockServer(BlockingAsked[MockServer]):
    """The same for code that is not asynchronous: it plays in a thread, which all of them share.

    with pactmock.SyncMockServer(pact) as server:
        requests.get(server.url + "/users/1")
        assert server.matched, server.report()
    """

    def __init__(self, pact: PactSource, **options: Unpack[Options]) -> None:
        """Take what `MockServer` takes."""
        self._server = MockServer(pact, **options)

    def __enter__(self) -> SyncMockServer:
        BACKGROUND.__enter__()
        try:
            BACKGROUND.run(self._server.__aenter__())
        except BaseException:
            BACKGROUND.__exit__()
            raise
        self._process = os.getpid()
        return self

    def __exit__(self, *_exc: object) -> None:
        process, self._process = self._process, None
        if process != os.getpid():  # a fork leaves the block of its parent: the server is not its own
            return
        try:
            BACKGROUND.run(self._server.__aexit__())
        finally:
            BACKGROUND.__exit__()

    @property
    def url(self) -> str:
        """Where to send requests, without a slash at the end.

        Raises:
            NotRunning: before the block, when the system is to choose the port.
        """
        return self._server.url

    @property
    def port(self) -> int:
        """The port, as in `url`."""
        return self._server.port

    @property
    def ca_pem(self) -> bytes | None:
        """The certificate to trust, for a server with TLS whose certificate is not its own."""
        return self._server.ca_pem

    @contextmanager
    def scope(self, name: str | None = None, interactions: Iterable[str] | None = None) -> Iterator[SyncScope]:
        """Begin a scope for a block, which is verified when it ends; see `MockServer.scope`.

        Raises:
            NotMatched: at the end of the block, with the report. Where that raises something itself, it is a note.
            InvalidParameter, NoSuchInteraction, LimitReached, NoScopes: when it cannot be begun.
        """
        from pactmock.embedded.scope import leaving  # late: few servers have any

        scope = self.begin_scope(name, interactions)
        try:
            with leaving(scope):
                yield scope
                scope.verify()
        finally:
            scope.end()

    def begin_scope(self, name: str | None = None, interactions: Iterable[str] | None = None) -> SyncScope:
        """Begin a scope that nobody verifies and ends but who asks for it; see `MockServer.begin_scope`."""
        from pactmock.embedded.scope import SyncScope

        return SyncScope(self, self._ask(lambda: self._server.begin_scope(name, interactions)))

    def expect(self, interactions: InteractionsSource, *, strict: bool | None = None) -> None:
        """Expect more interactions; what was received stays.

        With `strict`, what would be a warning is refused; by default that is as the mock server was made.

        Raises:
            NotJson, InvalidPact, PluginError: when they cannot be read or played; then all is as it was.
        """
        self._run(lambda: self._server.expect(interactions, strict=strict))

    def replace(self, interactions: InteractionsSource, *, strict: bool | None = None) -> None:
        """Expect other interactions; what was received is forgotten.

        Raises:
            NotJson, InvalidPact, PluginError: as above.
        """
        self._run(lambda: self._server.replace(interactions, strict=strict))

    @property
    def messages(self) -> list[ListedMessage]:
        """The messages of the pact, and what became of them."""
        return self._ask(lambda: self._server.messages)

    def hand_out(self, key: str) -> Delivery:
        """Make a message for the code under test; see `MockServer.hand_out`."""
        return self._run(lambda: self._server.hand_out(key))

    def settle(
        self, delivery: Delivery, *, error: BaseException | str | None = None, replies: Iterable[Json] = ()
    ) -> bool:
        """Say that a message was handled, or what the error was; see `MockServer.settle`."""
        return self._run(lambda: self._server.settle(delivery, error=error, replies=replies))
