"""What a program asks that is not asynchronous, of what plays in a thread: a mock server, or one of its scopes."""

from __future__ import annotations

import os
from collections.abc import Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from pactmock.embedded.asked import Asked
from pactmock.embedded.background import BACKGROUND
from pactmock.errors import NotRunning
from pactmock.pact.json.values import Json
from pactmock.pact.warnings import PactWarning

if TYPE_CHECKING:
    from pathlib import Path

T = TypeVar("T")
AskedT = TypeVar("AskedT", bound=Asked)


class BlockingAsked(Generic[AskedT]):
    """What can be asked, where it plays."""

    _server: AskedT
    _process: int | None = None
    """The process in which it plays, while it does."""

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
