"""The calls that drive a service, and what they do to its session (reference/ruby-api.md §1, §3, §7, §8)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from pactmock.errors import PactmockError
from pactmock.matching.budget import Budget, OutOfBudget
from pactmock.matching.cost import compiling_budget
from pactmock.matching.texts.shortening import cut
from pactmock.pact.json.values import Json
from pactmock.pact.model import Request
from pactmock.reports.visible import visible
from pactmock.ruby_api import queries, reading
from pactmock.ruby_api.errors import RubyError, RubyException
from pactmock.ruby_api.serving import answering
from pactmock.ruby_api.session import Conflicting
from pactmock.ruby_api.verification import MATCHED, verification
from pactmock.ruby_api.versions import named
from pactmock.server.answers.answer import Answer

if TYPE_CHECKING:
    from pactmock.ruby_api.serving.play import RubyPlay

logger = logging.getLogger("pactmock.ruby_api")
T = TypeVar("T")

_READ_AT_ONCE, _SECONDS_AT_ONCE = 8 * 1024, 0.01
"""Up to how many bytes are read where they arrive, and how long: others wait for that."""


class Administration:
    """Does what clients ask of a service, one call after the other."""

    def __init__(self, play: RubyPlay) -> None:
        self._play = play
        self._version = named(play.settings.version)
        self._calling = asyncio.Lock()

    def call_for(self, request: Request) -> Callable[[], Awaitable[Answer]] | None:
        """Return what a request asks for, None where it is no call; one slash at the end of a path is allowed."""
        path = request.path.removesuffix("/") if len(request.path) > 1 else request.path
        call = _CALLS.get((request.method, path or "/"))
        return None if call is None else partial(self._answer, call, request)

    async def _answer(self, call: _Call, request: Request) -> Answer:
        async with self._calling:
            try:
                return await call(self, request)
            except PactmockError as error:
                return answering.failure(error)
            except OutOfBudget as error:
                return answering.failure(RubyException("Timeout::Error", error.reason))

    async def _read(self, request: Request, read: Callable[[Json], T]) -> T:
        """Read the body of a call; in a thread where it is large, or takes long."""
        content = request.body.content

        def work(given: Budget) -> T:
            with given:
                return read(reading.read_body(content))

        if len(content) <= _READ_AT_ONCE:
            with suppress(OutOfBudget):
                return work(Budget(_SECONDS_AT_ONCE, tentative=True))
        return await self._play.compile(partial(work, compiling_budget()))

    # The calls.

    async def running(self, request: Request) -> Answer:  # noqa: ARG002
        return answering.text("Mock service running\n")

    async def register(self, request: Request) -> Answer:
        interaction = await self._read(request, partial(reading.read_interaction, version=self._version))
        self._play.session.register(interaction)
        self._play.expect(anew=False)
        logger.info("Registered expected interaction %s", visible(cut(interaction.target)))
        return answering.text("Registered interactions\n")

    async def replace(self, request: Request) -> Answer:
        interactions = await self._read(request, partial(reading.read_interactions, version=self._version))
        try:
            self._play.session.replace(interactions)
        finally:
            self._play.expect(anew=True)
        logger.info("Registered %d expected interactions in place of all others", len(interactions))
        return answering.text("Registered interactions\n")

    async def clear(self, request: Request) -> Answer:
        self._play.session.clear()
        self._play.expect(anew=True)
        logger.info("Cleared interactions%s", _example(request))
        return answering.text("Cleared interactions\n")

    async def begin(self, request: Request) -> Answer:  # noqa: ARG002
        self._play.session.begin()
        self._play.expect(anew=True)
        logger.info("Cleared session")
        return answering.text("Cleared session\n")

    async def verify(self, request: Request) -> Answer:
        await self._play.settle()
        session = self._play.session
        self._play.give_verdict()
        if session.matched:
            logger.info("Verifying - interactions matched%s", _example(request))
            return answering.text(MATCHED)
        logger.warning("Verifying - actual interactions do not match expected interactions%s", _example(request))
        return answering.text(verification(session, self._play.settings.log), 500)

    async def missing(self, request: Request) -> Answer:  # noqa: ARG002
        await self._play.settle()
        return answering.document({"size": len(self._play.session.missing)})

    async def log(self, request: Request) -> Answer:
        for text in queries.flat(request.query_text or "").get("msg", ()):
            logger.info("%s", visible(cut(text or "")))
        return answering.text("")

    async def write(self, request: Request) -> Answer:
        self._play.session.is_written = True
        writing = self._play.settings.writing(await self._read(request, _members))
        try:
            return answering.document(await self._play.write(writing), pretty=True)
        except Conflicting as error:
            raise RubyError(error.message) from None  # of files, it is told as JSON


def _members(document: Json) -> dict[str, Json]:
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise RubyException("NoMethodError", "the body has to be an object, or left out")
    return document


def _example(request: Request) -> str:
    """Name the test that a client says it is in, for the log."""
    named = queries.flat(request.query_text or "").get("example_description")
    return f' for example "{visible(cut(named[0] or ""))}"' if named else ""


_Call = Callable[[Administration, Request], Awaitable[Answer]]

_CALLS: dict[tuple[str, str], _Call] = {
    ("GET", "/"): Administration.running,
    ("POST", "/interactions"): Administration.register,
    ("PUT", "/interactions"): Administration.replace,
    ("DELETE", "/interactions"): Administration.clear,
    ("GET", "/interactions/verification"): Administration.verify,
    ("GET", "/interactions/missing"): Administration.missing,
    ("POST", "/pact"): Administration.write,
    ("DELETE", "/session"): Administration.begin,
    ("GET", "/log"): Administration.log,
}
