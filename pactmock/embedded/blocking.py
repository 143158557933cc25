"""The same mock server for a program that is not asynchronous: `pactmock.SyncMockServer`."""

from __future__ import annotations

import os
from collections.abc import Callable, Coroutine, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal, TypedDict, TypeVar, Unpack

from pactmock.embedded.mock_server import MockServer
from pactmock.embedded.source import InteractionsSource, PactSource
from pactmock.errors import NotRunning
from pactmock.pact.json_value import Json
from pactmock.pact.warnings import PactWarning
from pactmock.service.background import BACKGROUND

if TYPE_CHECKING:
    from pathlib import Path

    from pactmock.plugins import Plugin
    from pactmock.plugins.installed.host import PluginHost
    from pactmock.reports.listed import ListedMessage
    from pactmock.server.records.deliveries import Delivery

T = TypeVar("T")


class Options(TypedDict, total=False):
    """The options of `MockServer`, where they are said to be the same."""

    host: str
    port: int
    tls: bool
    cors: bool
    specification: str | None
    state: str | None
    count: Literal["request", "interaction"]
    messages: bool
    strict: bool
    plugins: Iterable[Plugin]
    plugin_host: PluginHost | None
    late: float


class SyncMockServer:
    """The same for code that is not asynchronous: it plays in a thread, which all of them share.

    with pactmock.SyncMockServer(pact) as server:
        requests.get(server.url + "/users/1")
        assert server.matched, server.report()
    """

    def __init__(self, pact: PactSource, **options: Unpack[Options]) -> None:
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

    def _run(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        self._check_process()
        return BACKGROUND.run(work())

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

    def report(self, format: str = "text") -> str:  # noqa: A002  as everywhere
        """Say what matched and what did not, in any format of docs/reports.md.

        Raises:
            InvalidParameter: naming the formats that are known.
        """
        return self._ask(lambda: self._server.report(format))

    def wait(self, timeout: float = 5.0) -> bool:
        """Wait until a request was received for every interaction, or the time is up; tell which.

        Outside the block nothing comes, and it does not wait.
        """
        return self._run(lambda: self._server.wait(timeout))

    def choose_state(self, state: str | None) -> None:
        """Have interactions that are given a provider state go first from now on; None for none.

        Raises:
            NoSuchState: when none is given it.
        """
        self._ask(lambda: self._server.choose_state(state))

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
        self._ask(lambda: self._server.put_fault(interaction, delay=delay, fault=fault, times=times))

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

    def explain(self, request: Mapping[str, Any]) -> dict[str, Json]:
        """Say whether a request, as a pact file has it, would match, and if not, what came near; nothing is noted.

        The answer is that of `POST /mockserver/{id}/explain` (docs/control-api.md).
        """
        return self._run(lambda: self._server.explain(request))

    @property
    def requests(self) -> list[dict[str, Json]]:
        """What was received, oldest first, as `GET /mockserver/{id}/requests/{number}` has each."""
        return self._ask(lambda: self._server.requests)

    @property
    def logs(self) -> str:
        """What happened to it and what it was asked, a line each."""
        return self._ask(lambda: self._server.logs)

    def reset(self) -> None:
        """Forget what was received; what is expected stays."""
        self._ask(self._server.reset)

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

    def write_pact(
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
        return self._run(lambda: self._server.write_pact(directory, overwrite=overwrite, on_conflict=on_conflict))

    def __repr__(self) -> str:
        return repr(self._server)
