"""The mock server of an asynchronous program, on its own event loop: `pactmock.MockServer`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Literal

from pactmock.embedded.asked import Asked
from pactmock.embedded.plugins import EmbeddedPlugins
from pactmock.embedded.source import InteractionsSource, PactSource, load_interactions, load_pact
from pactmock.embedded.tls import Tls, spoken
from pactmock.errors import InvalidParameter, NotRunning
from pactmock.pact import specification
from pactmock.pact.json.values import Json
from pactmock.server.host import canonical
from pactmock.server.mock_server import MockServer as _Server
from pactmock.server.options import LARGEST_PORT, LOOPBACK, MockServerOptions

if TYPE_CHECKING:
    from pactmock.embedded.scope import EmbeddedScope
    from pactmock.plugins import Plugin
    from pactmock.plugins.installed.host import PluginHost
    from pactmock.reports.listed import ListedMessage
    from pactmock.server.records.deliveries import Delivery


class MockServer(Asked):
    """A mock server on the running event loop.

    async with pactmock.MockServer("pacts/web-api.json") as server:
        await call_my_code(server.url)
        assert server.matched, server.report()
        await server.write_pact("pacts")

    It plays while its block runs, once. What it found can be asked for afterwards too.
    """

    def __init__(  # noqa: PLR0913  options, by their names
        self,
        pact: PactSource,
        *,
        host: str = LOOPBACK,
        port: int = 0,
        tls: bool | Tls = False,
        cors: bool = False,
        specification: str | None = None,
        state: str | None = None,
        count: Literal["request", "interaction"] = "request",
        messages: bool = False,
        strict: bool = False,
        plugins: Iterable[Plugin] = (),
        plugin_host: PluginHost | None = None,
        late: float = 0.05,
    ) -> None:
        """Read and compile a pact.

        `port` 0 takes any that is free; `specification` is the version to write, by default that of the pact.
        `tls` has it speak TLS: with a certificate that whoever trusts `ca_pem` trusts, or as a `pactmock.Tls` says.
        Interactions that are given the provider state `state` go first. With the `count` of "interaction", each of them
        has to be served by a request of its own, also where several have the same. With `messages`, all messages of the
        pact have to be handled, also where it has HTTP interactions and no message is handed out. With `strict`, a pact
        with `warnings` is refused.
        `plugins` are plugins in Python that the pact can name besides those that are installed.

        When its block has ended, it goes on for `late` seconds to refuse what comes, and to note it: a test ended
        before its client did. That is a warning, here and in the log, and changes no verdict. With a `port` of one's
        own it ends at once, so that the next one can have it, and on a loop of uvloop.

        A pact that names plugins has them started here, and ended with this server; that takes its time. Those of a
        `plugin_host` stay instead, for the next server.

        Raises:
            InvalidParameter: for an option whose value cannot be used.
            InvalidPact: with the JSON pointer of what cannot be played.
            NoSuchState: when no interaction is given the provider state.
            NoSuchPlugin, PluginError: when a plugin that the pact names is not installed, or does not start.
        """
        _check_options(port, count)
        spoken_tls, self._authority = spoken(tls)
        self._has_started = False
        self._late = 0.0 if port else late
        options = MockServerOptions(
            host=canonical(host),
            port=port,
            cors_pre_flight=cors,
            tls=spoken_tls,
            specification=_version(specification),
            state=state,
            counts_interactions=count == "interaction",
            counts_messages=messages,
            strict=strict,
        )
        self._plugins = EmbeddedPlugins(plugins, plugin_host)
        try:
            loaded = load_pact(pact, self._plugins.host)
            self._server = _Server(loaded, options, self._plugins.bind_for(loaded))
        except BaseException:
            self._plugins.close()
            raise

    async def __aenter__(self) -> MockServer:
        if self._has_started:
            raise NotRunning(f"{self!r} plays once, and has: make another for another block")
        self._has_started = True
        await self._server.start()
        return self

    async def __aexit__(self, *_exc: object) -> None:
        # Another loop than asyncio's, as uvloop's, may wait for ever when it is closed while something listens.
        stays = isinstance(asyncio.get_running_loop(), asyncio.BaseEventLoop)
        await self._server.stop(self._late if stays else 0.0)
        if self._plugins.have_to_end:
            await asyncio.to_thread(self._plugins.close)

    @property
    def url(self) -> str:
        """Where to send requests, without a slash at the end.

        Raises:
            NotRunning: before the block, when the system is to choose the port.
        """
        self._check_address()
        return self._server.url

    @property
    def port(self) -> int:
        """The port, as in `url`."""
        self._check_address()
        return self._server.port

    def _check_address(self) -> None:
        if not self._server.port:
            raise NotRunning("This mock server has no port yet: ask for it inside its `with` block, or choose one")

    @property
    def ca_pem(self) -> bytes | None:
        """The certificate to trust, for a server with TLS whose certificate is not its own."""
        return self._authority.ca_pem if self._authority else None

    @asynccontextmanager
    async def scope(
        self, name: str | None = None, interactions: Iterable[str] | None = None
    ) -> AsyncIterator[EmbeddedScope]:
        """Begin a scope for a block: its requests have a verdict of their own, and it is verified when the block ends.

        Requests belong to it by its `headers`. It has a name of its own, where it is given none, and expects some
        `interactions` of the pact, by their keys or descriptions, or all.

        Raises:
            NotMatched: at the end of the block, with the report. Where that raises something itself, it is a note.
            InvalidParameter, NoSuchInteraction: for a name that cannot be one, or an interaction that there is not.
            LimitReached, NoScopes: when there is no place for it.
        """
        from pactmock.embedded.scope import leaving  # late: few servers have any

        scope = self.begin_scope(name, interactions)
        try:
            with leaving(scope):
                yield scope
                await scope.verify()
        finally:
            scope.end()

    def begin_scope(self, name: str | None = None, interactions: Iterable[str] | None = None) -> EmbeddedScope:
        """Begin a scope that nobody verifies and ends but who asks for it; all else is as above."""
        from pactmock.embedded.scope import EmbeddedScope

        return EmbeddedScope.begun(self._server, name, interactions)

    async def expect(self, interactions: InteractionsSource, *, strict: bool | None = None) -> None:
        """Expect more interactions; what was received stays.

        With `strict`, what would be a warning is refused; by default that is as the mock server was made.

        Raises:
            NotJson, InvalidPact, PluginError: when they cannot be read or played; then all is as it was.
        """
        given = load_interactions(interactions, self._server.pact, self._plugins.host)
        await self._server.expect(given, self._plugins.with_more(self._server.pact, given), strict=strict)

    async def replace(self, interactions: InteractionsSource, *, strict: bool | None = None) -> None:
        """Expect other interactions; what was received is forgotten.

        Raises:
            NotJson, InvalidPact, PluginError: as above.
        """
        given = load_interactions(interactions, self._server.pact, self._plugins.host)
        await self._server.replace_interactions(given, self._plugins.with_more(self._server.pact, given), strict=strict)

    @property
    def messages(self) -> list[ListedMessage]:
        """The messages of the pact, and what became of them."""
        messages = self._server.play.messages
        return [] if messages is None else messages.listed()

    async def hand_out(self, key: str) -> Delivery:
        """Make a message for the code under test, by its key: `contents`, `metadata`, with generated values.

        From the first one on, all messages of the pact have to be handled; what comes of it, `settle` takes.

        Raises:
            NoSuchMessage: when there is none with this key.
            InvalidPact: when it cannot be made, with the JSON pointer of what stands against that.
        """
        return await self._server.messages.hand_out(key)

    async def settle(
        self, delivery: Delivery, *, error: BaseException | str | None = None, replies: Iterable[Json] = ()
    ) -> bool:
        """Say that a message was handled, or what the error was; return whether that is a match.

        `replies` to a synchronous message are compared: contents, or `{"contents", "metadata"}` (docs/control-api.md).

        Raises:
            NotHandedOut: when it was not handed out since the last reset.
            InvalidParameter: for a reply to a message that nobody answers.
        """
        from pactmock.server.answers.message_script import Reply
        from pactmock.server.plays.message_play import Handled

        text = repr(error) if isinstance(error, BaseException) else error
        handled = Handled(text, tuple(map(Reply.read, replies)), delivery.number)
        return await self._server.messages.settle(delivery.message.name.key, handled) is None


def _check_options(port: int, count: str) -> None:
    if isinstance(port, bool) or not isinstance(port, int) or not 0 <= port <= LARGEST_PORT:
        raise InvalidParameter(
            f"{port!r} is not a port: use a number from 0, for any that is free, to {LARGEST_PORT}", parameter="port"
        )
    if count not in _COUNTS:
        raise InvalidParameter(f"{count!r} cannot be counted: use {' or '.join(_COUNTS)}", parameter="count")


_COUNTS = ("request", "interaction")


def _version(name: str | None) -> specification.Specification | None:
    return specification.named(name) if name else None
