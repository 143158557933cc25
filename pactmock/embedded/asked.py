"""What a Python program asks of what plays in it: a mock server, or one of its scopes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from pactmock.errors import WriteFailed
from pactmock.pact.json.values import Json
from pactmock.pact.warnings import PactWarning
from pactmock.server.mock_server import MockServer as _Server

if TYPE_CHECKING:
    from pathlib import Path


class Asked:
    """What can be asked, and what is done with the answers."""

    _server: _Server

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
