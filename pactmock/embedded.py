"""Mock servers inside a Python program, without the service: `pactmock.MockServer` and `pactmock.SyncMockServer`."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

from pactmock.errors import NotRunning, WriteFailed
from pactmock.pact import json_value, reading, specification
from pactmock.pact.json_value import Json
from pactmock.pact.model import Pact
from pactmock.pact.warnings import PactWarning
from pactmock.plugins.binding.bound_pact import BoundPact
from pactmock.server.host import canonical
from pactmock.server.mock_server import MockServer as _Server
from pactmock.server.options import LOOPBACK, MockServerOptions
from pactmock.service.background import BACKGROUND

if TYPE_CHECKING:
    from pathlib import Path

    from pactmock.plugins import Plugin
    from pactmock.plugins.binding.bound_pact import Bind
    from pactmock.plugins.installed.host import PluginHost
    from pactmock.server.wire.tls import CertificateAuthority

PactSource: TypeAlias = "Pact | Mapping[str, Any] | Path | str | bytes"
"""A pact: as a value, as the content of its file (parsed or not), or the path of the file."""

T = TypeVar("T")


def load_pact(source: PactSource) -> Pact:
    """Read a pact from where it is.

    A `str` is JSON when it starts with a brace, else a path.

    Raises:
        NotJson, InvalidPact: when it is not a pact.
        OSError: when the file cannot be read.
    """
    if isinstance(source, Pact):
        return source
    if isinstance(source, Mapping):
        return reading.read_pact(json_value.normalise(source))
    if not isinstance(source, bytes) and not (isinstance(source, str) and source.lstrip().startswith("{")):
        from pathlib import Path  # late, as here and there nobody needs it

        source = Path(source).read_bytes()
    return reading.read_pact(json_value.parse_document(source))


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
        strict: bool = False,
        plugins: Iterable[Plugin] = (),
        plugin_host: PluginHost | None = None,
    ) -> None:
        """Read and compile a pact.

        `port` 0 takes any that is free; `specification` is the version to write, by default that of the pact.
        Interactions that are given the provider state `state` go first. With the `count` of "interaction", each of them
        has to be served by a request of its own, also where several have the same. With `strict`, a pact with
        `warnings` is refused.
        `plugins` are plugins in Python that the pact can name besides those that are installed.

        A pact that names plugins has them started here, and ended with this server; that takes its time. Those of a
        `plugin_host` stay instead, for the next server.

        Raises:
            InvalidPact: with the JSON pointer of what cannot be played.
            NoSuchState: when no interaction is given the provider state.
            NoSuchPlugin, PluginError: when a plugin that the pact names is not installed, or does not start.
        """
        self._authority = _authority() if tls else None
        self._has_started = False
        options = MockServerOptions(
            host=canonical(host),
            port=port,
            cors_pre_flight=cors,
            authority=self._authority,
            specification=_version(specification),
            state=state,
            counts_interactions=count == "interaction",
            strict=strict,
        )
        loaded = load_pact(pact)
        self._plugins = None if plugin_host else _host(loaded, tuple(plugins))
        """What ends with this server."""
        running = plugin_host or self._plugins
        try:
            self._server = _Server(loaded, options, _plugins_for(loaded, running) if running else BoundPact)
        except BaseException:
            if self._plugins is not None:
                self._plugins.close()
            raise

    async def __aenter__(self) -> MockServer:
        if self._has_started:
            raise NotRunning(f"{self!r} plays once, and has: make another for another block")
        self._has_started = True
        await self._server.start()
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self._server.stop()
        if self._plugins is not None:
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

    def report(self) -> str:
        """Say what did not match as `pactmock verify` does: expected and actual side by side, the rule, some advice."""
        from pactmock.reports import text

        server = self._server
        return "\n".join(text.report(f"{server.title}:", server.play.explanations(), map(str, server.warnings)))

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

    def reset(self) -> None:
        """Forget what was received; what is expected stays."""
        self._server.reset()

    async def write_pact(self, directory: Path | str = ".", *, overwrite: bool = False) -> Path:
        """Write the pact file, merged with one that is there, and return its path.

        Raises:
            WriteFailed: when not all matched, or the file cannot be written.
        """
        if not self._server.matched:
            count = len(self._server.mismatches())
            raise WriteFailed(
                f"The pact of {self._server.title} is not written, because {count} thing(s) did not match: `report()`"
                " says what"
            )
        from pathlib import Path

        written = await self._server.write_pact(Path(directory), overwrite=overwrite)
        return written.path

    def __repr__(self) -> str:
        return repr(self._server)


def _authority() -> CertificateAuthority:
    from pactmock.server.wire.tls import CertificateAuthority  # late, as plugins: few servers have either

    return CertificateAuthority()


def _host(pact: Pact, plugins: tuple[Plugin, ...]) -> PluginHost | None:
    """Return what runs plugins, None where there are none to run."""
    if not plugins and not pact.metadata.get("plugins"):
        return None
    from pactmock.plugins.installed.host import PluginHost

    return PluginHost(plugins=plugins)


def _plugins_for(pact: Pact, host: PluginHost) -> Bind:
    from pactmock.plugins.binding.pact_plugins import plugins_for

    return plugins_for(pact, host)


def _version(name: str | None) -> specification.Specification | None:
    return specification.named(name) if name else None


class SyncMockServer:
    """The same for code that is not asynchronous: it plays in a thread, which all of them share.

    with pactmock.SyncMockServer(pact) as server:
        requests.get(server.url + "/users/1")
        assert server.matched, server.report()
    """

    def __init__(self, pact: PactSource, **options: Any) -> None:
        """Take what `MockServer` takes."""
        self._server = MockServer(pact, **options)
        self._process: int | None = None
        """The process in which it plays, while it does."""

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

    def _ask(self, question: Callable[[], T]) -> T:
        if self._process is None:
            return question()
        self._check_process()
        return BACKGROUND.ask(question)

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        self._check_process()
        return BACKGROUND.run(work)

    def _check_process(self) -> None:
        if self._process not in {None, os.getpid()}:
            raise NotRunning("This mock server plays in the process that this one was forked from: ask it there")

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
        """The certificate to trust, for a server with TLS."""
        return self._server.ca_pem

    @property
    def matched(self) -> bool:
        """Whether all that was expected was received, and nothing else."""
        return self._ask(lambda: self._server.matched)

    @property
    def mismatches(self) -> list[dict[str, Json]]:
        """What did not match, as the control API has it; empty when all did."""
        return self._ask(lambda: self._server.mismatches)

    @property
    def warnings(self) -> tuple[PactWarning, ...]:
        """What of the pact will disappoint somebody, although it is played; also the log says it."""
        return self._server.warnings

    def report(self) -> str:
        """Say what did not match as `pactmock verify` does: expected and actual side by side, the rule, some advice."""
        return self._ask(self._server.report)

    def wait(self, timeout: float = 5.0) -> bool:
        """Wait until a request was received for every interaction, or the time is up; tell which.

        Outside the block nothing comes, and it does not wait.
        """
        return self._run(self._server.wait(timeout))

    def choose_state(self, state: str | None) -> None:
        """Have interactions that are given a provider state go first from now on; None for none.

        Raises:
            NoSuchState: when none is given it.
        """
        self._ask(lambda: self._server.choose_state(state))

    def reset(self) -> None:
        """Forget what was received; what is expected stays."""
        self._ask(self._server.reset)

    def write_pact(self, directory: Path | str = ".", *, overwrite: bool = False) -> Path:
        """Write the pact file, merged with one that is there, and return its path.

        Raises:
            WriteFailed: when not all matched, or the file cannot be written.
        """
        return self._run(self._server.write_pact(directory, overwrite=overwrite))

    def __repr__(self) -> str:
        return repr(self._server)
