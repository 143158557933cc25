"""The mock servers that a service has from its start: one for each pact that it was given, in a file or at a URL."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import PurePosixPath

from pactmock.errors import InvalidParameter, NameTaken, PactmockError
from pactmock.pact.value import value
from pactmock.reports.visible import visible
from pactmock.server.mock_server import MockServer
from pactmock.service.mock_service import MockService
from pactmock.service.names import LONGEST_NAME, can_be_name
from pactmock.service.posted import Posted
from pactmock.service.wanted import Wanted
from pactmock.sources.found import Problem

logger = logging.getLogger("pactmock.service")


@value
class Given:
    """A pact or a contract, and what it is known by: its path or URL."""

    name: str
    posted: Posted
    is_local: bool = True
    """Whether it is a file, which may change."""


class NotPlayed(InvalidParameter):
    """Some of what was given cannot be played; the sentence has a line for each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))


class Playlist:
    """What was given, and the mock servers that play it."""

    def __init__(self, service: MockService, wanted: Wanted, *, has_names: bool = False) -> None:
        """Begin with nothing; with `has_names`, a mock server has the name of its file, if that is free."""
        self._service = service
        self._wanted = wanted
        self._has_names = has_names
        self._given: dict[str, Given] = {}
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
        problems = [_refused(problem.name, problem.text) for problem in missing]
        for item in given:
            try:
                self._servers[item.name] = await self._created(item)
            except PactmockError as error:
                problems.append(_refused(item.name, error.message))
            self._given[item.name] = item
        if problems:
            raise NotPlayed(problems)

    async def change(self, given: Sequence[Given], missing: Sequence[Problem] = ()) -> None:
        """Play anew what says something else now, play what is new, and end what is gone; the log tells all of it.

        URLs stay. What cannot be read or played leaves everything as it is.
        """
        for problem in missing:
            logger.error("%s: %s", visible(_refused(problem.name, problem.text)), _GOES_ON)
        kept = {item.name for item in given} | {problem.name for problem in missing}
        for name in [name for name, item in self._given.items() if name not in kept and item.is_local]:
            del self._given[name]
            server = self._servers.pop(name, None)
            _tell("is gone", name, server)
            if server is not None and server in self._service.servers:
                await self._service.end(server)
        for item in given:
            if self._given.get(item.name) != item:
                await self._renew(item)

    async def _created(self, item: Given) -> MockServer:
        name = PurePosixPath(item.name.replace("\\", "/")).stem if self._has_names else None
        if name and can_be_name(name):
            with suppress(NameTaken):
                return await self._service.create(item.posted, replace(self._wanted, name=name[:LONGEST_NAME]))
        return await self._service.create(item.posted, self._wanted)

    async def _renew(self, item: Given) -> None:
        old, self._given[item.name] = self._servers.get(item.name), item
        try:
            if old is None or old not in self._service.servers:
                new = await self._created(item)
            else:
                new = await self._service.renew(old, item.posted, replace(self._wanted, name=old.options.name))
        except PactmockError as error:
            logger.error("%s: %s", visible(_refused(item.name, error.message)), _GOES_ON)  # noqa: TRY400
            return
        self._servers[item.name] = new
        _tell(f"{'has changed' if old else 'is new'}: mock server {new.id} plays it", item.name, old)


_GOES_ON = "what was played before goes on, if anything was"


def _refused(name: str, text: str) -> str:
    return f"{name} was refused: {text}"


def _tell(event: str, name: str, server: MockServer | None) -> None:
    """Tell the verdict on a mock server that ends: afterwards nobody can ask for it."""
    logger.info("%s %s%s", name, event, f"; {_verdict(server)} (mock server {server.id})" if server else "")


def _verdict(server: MockServer) -> str:
    if server.matched:
        return "all had matched until then"
    problems = len(server.mismatches()) + server.play.unlisted
    return f"until then there {'was 1 problem' if problems == 1 else f'were {problems:,} problems'}"
