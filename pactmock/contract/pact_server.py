"""The mock server of a contract, while a `with` block of a test runs: `PactServer`."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, cast

from pactmock.contract.error import Mismatch, MismatchesError, Reason, Refused
from pactmock.contract.importing import importing
from pactmock.contract.mismatch import of_explanation
from pactmock.contract.pact_scope import PactScope
from pactmock.contract.reading import plugin_host, read
from pactmock.contract.url import URL
from pactmock.errors import PactmockError

if TYPE_CHECKING:
    from pactmock.client.blocking import Client
    from pactmock.client.documents import CreateOptions
    from pactmock.contract.blocks import Block
    from pactmock.contract.pact import Pact
    from pactmock.contract.remote import Played
    from pactmock.embedded import SyncMockServer
    from pactmock.pact.json.values import Json

logger = logging.getLogger(__name__)


class PactServer:
    """A mock server. `Pact.serve` makes one; it plays while its block runs, and can be entered again."""

    def __init__(  # noqa: PLR0913  what `Pact.serve` takes
        self,
        pact: Pact,
        host: str = "localhost",
        port: int = 0,
        transport: str = "http",
        transport_config: str | None = None,
        *,
        raises: bool = True,
        verbose: bool = True,
        service: str | Client | None = None,
    ) -> None:
        self._pact = pact
        self._host = host
        self._wanted_port = port
        self._transport = transport
        self._transport_config = transport_config
        self._raises = raises
        self._verbose = verbose
        self._service = service
        self._server: SyncMockServer | Played | None = None
        self._block: Block | None = None
        self._is_running = False

    @property
    def host(self) -> str:
        return self._host if self._service is None or not self._is_running else str(self.url.host)

    @property
    def transport(self) -> str:
        return self._transport

    @property
    def port(self) -> int | None:
        """The port; None outside the block."""
        return self._server.port if self._server is not None and self._is_running else None

    @property
    def url(self) -> URL:
        """Where to send requests, without a slash at the end."""
        if self._service is not None and self._is_running:
            return URL(self._found().url)
        host = f"[{self._host}]" if ":" in self._host else self._host
        return URL(f"{self._transport}://{host}:{self.port}")

    def __truediv__(self, name: str) -> URL:
        """Return an address on the server, as `server / "users"`."""
        return self.url / name

    @property
    def ca_pem(self) -> bytes | None:
        """The certificate to trust, where `transport` is `https`."""
        return self._found().ca_pem

    def _found(self) -> SyncMockServer | Played:
        """Return the server that was started last.

        Raises:
            Refused: when none ever was.
        """
        if self._server is None:
            raise Refused("The server is not running.")
        return self._server

    @property
    def matched(self) -> bool:
        """Whether by now all that was expected was received, and nothing else."""
        return self._found().matched

    @property
    def mismatches(self) -> list[Mismatch]:
        """What did not match by now: requests as they came, then those that never did. It stays after the block."""
        return [of_explanation(document) for document in self._found().mismatches]

    @property
    def report(self) -> str:
        """What did not match, as `pactmock verify` says it; empty when all did."""
        server = self._found()
        return "" if server.matched else server.report().partition("\n")[2].strip("\n")

    @property
    def logs(self) -> str:
        """What happened to the server and what it was asked, a line each."""
        return self._found().logs

    @contextmanager
    def scope(self, name: str | None = None, interactions: Sequence[str] | None = None) -> Iterator[PactScope]:
        """Tell what is asked in a block from all else, as where many tests share one server.

        It has a name of its own where it is given none, and expects some interactions, by their descriptions, or all.
        At its end, what did not match there is raised or logged, as at the end of the server's own block.

        Raises:
            Refused: when the server is not running.
            PactmockError: when it cannot be begun.
        """
        __tracebackhide__ = True
        server = self._found()
        if not self._is_running:
            raise Refused("The server is not running.")
        scope = PactScope(server.begin_scope(name, interactions))
        try:
            yield scope
        except BaseException as error:
            self._end_scope(scope, error)
            raise
        self._end_scope(scope, None)

    def _end_scope(self, scope: PactScope, error: BaseException | None) -> None:
        __tracebackhide__ = True
        try:
            found = scope.end()
        except PactmockError as lost:
            if error is None:
                raise
            error.add_note(f"Nobody knows what {scope} found: {lost}")
            return
        if found is not None and (self._raises or self._verbose):
            self._tell(error, found)

    def write_file(self, directory: Path | str | None = None, *, overwrite: bool = False) -> None:
        """Write the pact file, as `Pact.write_file` does, matched or not.

        Raises:
            Refused: outside the block.
        """
        self._found()
        self._pact.write_file(directory, overwrite=overwrite)

    def __enter__(self) -> PactServer:
        if self._is_running:
            raise Refused("This server is playing already: call serve() again for another one")
        with importing():
            if self._service is None:
                self._server, self._block = self._pact.begin_block(self._play_here)
            else:
                self._server, self._block = self._pact.begin_block(self._play_there)
        self._is_running = True
        return self

    def _play_here(self, contract: dict[str, Json]) -> SyncMockServer:
        from pactmock.embedded import SyncMockServer

        server = SyncMockServer(
            read(contract),
            host=self._host,
            port=self._wanted_port,
            tls=self._is_tls(),
            cors=self._has_cors(),
            plugin_host=plugin_host() if self._pact.plugins else None,
        )
        return server.__enter__()

    def _play_there(self, contract: dict[str, Json]) -> Played:
        from pactmock.contract.remote import Played

        options: CreateOptions = {"tls": self._is_tls(), "cors": self._has_cors(), "port": self._wanted_port}
        if self._host != "localhost":
            options["host"] = self._host
        return Played(cast("str | Client", self._service), contract, options)

    def _is_tls(self) -> bool:
        if self._transport not in {"http", "https"}:
            raise Refused(f"The transport {self._transport!r} cannot be served: use 'http' or 'https'")
        return self._transport == "https"

    def _has_cors(self) -> bool:
        if not self._transport_config:
            return False
        try:
            config = json.loads(self._transport_config)
        except ValueError as error:
            raise Refused(f"Invalid transport_config JSON: {error}") from None
        return isinstance(config, dict) and bool(config.get("corsPreflight"))

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        __tracebackhide__ = True
        server = self._found()
        self._is_running = False
        try:
            server.__exit__()
        except PactmockError as lost:
            unknown = f"Nobody knows what the mock server of {self._pact} found: {lost}"
            self._end_block(unknown)  # the test may expect what its client raised
            if error is None:
                raise
            error.add_note(unknown)
            return
        report = self.report
        self._end_block(report)
        if not server.matched and (self._raises or self._verbose):
            self._tell(error, MismatchesError(*self.mismatches, report=report))

    def _end_block(self, report: str) -> None:
        block, self._block = self._block, None
        if block is not None:
            self._pact.end_block(block, report)

    def _tell(self, error: BaseException | None, failure: MismatchesError) -> None:
        """Say what did not match: raise it, or add it to what the test raised, or log it."""
        __tracebackhide__ = True
        if not self._raises:
            logger.error("%s", failure)
        elif error is None:
            raise failure
        elif isinstance(error, AssertionError) and not isinstance(error, MismatchesError):
            # What the test asserts fails because of what did not match: the cause is told first.
            failure.add_note(f"In the block, the test failed too{_place_of(error)}: {_headline(error)}")
            raise failure from None
        else:
            error.add_note(Reason(f"The mock server of {self._pact} says why. {failure}"))

    def __str__(self) -> str:
        return str(self.url)

    def __repr__(self) -> str:
        return f"<PactServer: transport={self._transport}, host={self._host}, port={self.port}, pact={self._pact!r}>"


def _place_of(error: BaseException) -> str:
    """Name the line of the block in which something was raised."""
    traceback = error.__traceback__
    if traceback is None:
        return ""
    return f", in line {traceback.tb_lineno} of {Path(traceback.tb_frame.f_code.co_filename).name}"


def _headline(error: BaseException) -> str:
    lines = str(error).splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__


class AsyncPactServer:
    """The same for an `async with` block."""

    def __init__(self, server: PactServer) -> None:
        self._server = server

    async def __aenter__(self) -> PactServer:
        return await asyncio.to_thread(self._server.__enter__)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        __tracebackhide__ = True
        await asyncio.to_thread(self._server.__exit__, kind, error, traceback)

    def __repr__(self) -> str:
        return repr(self._server)
