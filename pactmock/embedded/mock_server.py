"""The mock server of an asynchronous program, on its own event loop: `pactmock.MockServer`."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal

from pactmock.embedded.plugins import EmbeddedPlugins
from pactmock.embedded.source import InteractionsSource, PactSource, load_interactions, load_pact
from pactmock.errors import InvalidParameter, NotRunning, WriteFailed
from pactmock.pact import specification
from pactmock.pact.json_value import Json
from pactmock.pact.warnings import PactWarning
from pactmock.server.host import canonical
from pactmock.server.mock_server import MockServer as _Server
from pactmock.server.options import LARGEST_PORT, LOOPBACK, MockServerOptions

if TYPE_CHECKING:
    from pathlib import Path

    from pactmock.plugins import Plugin
    from pactmock.plugins.installed.host import PluginHost
    from pactmock.reports.listed import ListedMessage
    from pactmock.server.records.deliveries import Delivery
    from pactmock.server.wire.tls import CertificateAuthority


class MockServer:
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
        tls: bool = False,
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
        self._authority = _authority() if tls else None
        self._has_started = False
        self._late = 0.0 if port else late
        options = MockServerOptions(
            host=canonical(host),
            port=port,
            cors_pre_flight=cors,
            authority=self._authority,
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
        """The certificate to trust, for a server with TLS."""
        return self._authority.ca_pem if self._authority else None

    @property
    def matched(self) -> bool:
        """Whether all that was expected was received, and nothing else."""
        return self._server.matched

    @property
    def mismatches(self) -> list[dict[str, Json]]:
        """What did not match, as the control API has it; empty when all did."""
        return self._server.mismatches()

    def report(self, format: str = "text") -> str:  # noqa: A002  as everywhere
        """Say what matched and what did not, in any format of docs/reports.md.

        The text has expected and actual side by side, the rule that decided, and some advice.

        Raises:
            InvalidParameter: naming the formats that are known.
        """
        from pactmock.reports.formats import named
        from pactmock.reports.report import Report

        return named(format).render(Report((self._server.report(),))).removesuffix("\n")

    @property
    def warnings(self) -> tuple[PactWarning, ...]:
        """What of the pact will disappoint somebody, although it is played; also the log says it."""
        return self._server.warnings

    async def wait(self, timeout: float = 5.0) -> bool:  # noqa: ASYNC109  a number is what callers have
        """Wait until a request was received for every interaction, or the time is up; tell which.

        Outside the block nothing comes, and it does not wait.
        """
        return await self._server.play.wait(timeout)

    def choose_state(self, state: str | None) -> None:
        """Have interactions that are given a provider state go first from now on; None for none.

        Raises:
            NoSuchState: when none is given it.
        """
        self._server.choose_state(state)

    def put_fault(
        self,
        interaction: str,
        *,
        delay: float | tuple[float, float] = 0.0,
        fault: str | None = None,
        times: int | None = None,
    ) -> None:
        """Have answers of an interaction, by its key or description, come later, or a fault instead of them.

        `delay` is in seconds, or the least and the most of it. `fault` is `CONNECTION_RESET_BY_PEER`, `EMPTY_RESPONSE`
        or `MALFORMED_RESPONSE_CHUNK`. That is for so many `times`, or all, until the next reset; without any of them
        the pact's answers are sent as they are.

        Raises:
            InvalidParameter: for what is none.
            NoSuchInteraction: when there is no such interaction.
        """
        from pactmock.server.plays.faults import Fault  # late: few tests want any

        self._server.put_fault(interaction, Fault.wanted(fault, delay, times))

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

    async def explain(self, request: Mapping[str, Any]) -> dict[str, Json]:
        """Say whether a request, as a pact file has it, would match, and if not, what came near; nothing is noted.

        The answer is that of `POST /mockserver/{id}/explain` (docs/control-api.md).
        """
        from pactmock.control.interactions import (  # late: its models take long to make
            ExplainBody,
            explained,
            requested,
        )

        wanted = requested(ExplainBody.model_validate(request), self._server.pact.specification)
        return explained(await self._server.play.explain(wanted))

    @property
    def requests(self) -> list[dict[str, Json]]:
        """What was received, oldest first, as `GET /mockserver/{id}/requests/{number}` has each."""
        from pactmock.control.journal_view import entry

        return list(map(entry, self._server.journal.entries))

    @property
    def logs(self) -> str:
        """What happened to it and what it was asked, a line each."""
        return "\n".join(self._server.log_lines())

    def reset(self) -> None:
        """Forget what was received; what is expected stays."""
        self._server.reset()

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

    async def write_pact(
        self,
        directory: Path | str = ".",
        *,
        overwrite: bool = False,
        on_conflict: Literal["replace", "refuse"] = "replace",
    ) -> Path:
        """Write the pact file, merged with one that is there, and return its path.

        With the `on_conflict` of "refuse", an interaction of the file that says something else is not replaced.

        Raises:
            WriteFailed: when not all matched, or the file cannot be written.
            Conflict: as above.
        """
        if not self._server.matched:
            count = len(self._server.mismatches())
            raise WriteFailed(
                f"The pact of {self._server.title} is not written, because {count} thing(s) did not match: `report()`"
                " says what"
            )
        from pathlib import Path

        written = await self._server.write_pact(
            Path(directory), overwrite=overwrite, refuse_replacements=on_conflict == "refuse"
        )
        return written.path

    def __repr__(self) -> str:
        return repr(self._server)


def _check_options(port: int, count: str) -> None:
    if isinstance(port, bool) or not isinstance(port, int) or not 0 <= port <= LARGEST_PORT:
        raise InvalidParameter(
            f"{port!r} is not a port: use a number from 0, for any that is free, to {LARGEST_PORT}", parameter="port"
        )
    if count not in _COUNTS:
        raise InvalidParameter(f"{count!r} cannot be counted: use {' or '.join(_COUNTS)}", parameter="count")


_COUNTS = ("request", "interaction")


def _authority() -> CertificateAuthority:
    from pactmock.server.wire.tls import CertificateAuthority  # late, as plugins: few servers have either

    return CertificateAuthority()


def _version(name: str | None) -> specification.Specification | None:
    return specification.named(name) if name else None
