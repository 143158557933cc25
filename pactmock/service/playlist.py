"""The mock servers that a service has from its start: one for each pact that it was given, in a file or at a URL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pactmock.errors import InvalidParameter, PactmockError
from pactmock.pact.value import value
from pactmock.server.mock_server import MockServer
from pactmock.service.mock_service import MockService, Wanted
from pactmock.service.posted import Posted
from pactmock.sources.found import Problem


@value
class Given:
    """A pact or a contract, and what it is known by: its path or URL."""

    name: str
    posted: Posted


class NotPlayed(InvalidParameter):
    """Some of what was given cannot be played; the sentence has a line for each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))


class Playlist:
    """What was given, and the mock servers that play it."""

    def __init__(self, service: MockService, wanted: Wanted) -> None:
        self._service = service
        self._wanted = wanted
        self._servers: dict[str, MockServer] = {}

    @property
    def servers(self) -> Mapping[str, MockServer]:
        """The mock servers by what they play, in the order in which it was given; some may have ended since."""
        return self._servers

    async def play(self, given: Sequence[Given], missing: Sequence[Problem] = ()) -> None:
        """Make a mock server for each; `missing` says why others cannot be had.

        Raises:
            NotPlayed: when that cannot be done for all of them, after it was tried with all.
        """
        problems = [f"{problem.name} was refused: {problem.text}" for problem in missing]
        for item in given:
            try:
                self._servers[item.name] = await self._service.create(item.posted, self._wanted)
            except PactmockError as error:
                problems.append(f"{item.name} was refused: {error.message}")
        if problems:
            raise NotPlayed(problems)
