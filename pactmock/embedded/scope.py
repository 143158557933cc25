"""A scope of a mock server inside a Python program: one test among many on one mock server."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager
from secrets import token_hex
from typing import TYPE_CHECKING, Any, TypeVar

from pactmock.embedded.asked import Asked
from pactmock.embedded.blocking_asked import BlockingAsked
from pactmock.errors import NotMatched
from pactmock.server.deciding.scope_names import HEADER
from pactmock.server.mock_server import MockServer
from pactmock.server.scope import Scope

if TYPE_CHECKING:
    from pactmock.embedded.blocking import SyncMockServer

T = TypeVar("T")


class EmbeddedScope(Asked):
    """A scope. What it found can be asked for after its end too."""

    _server: Scope

    def __init__(self, scope: Scope) -> None:
        self._server = scope

    @classmethod
    def begun(cls, server: MockServer, name: str | None, interactions: Iterable[str] | None) -> EmbeddedScope:
        """Begin a scope of a mock server, under a name of its own where it is given none."""
        name = f"scope-{token_hex(6)}" if name is None else name
        return cls(Scope(server, server.scopes.begin(name, interactions)))

    @property
    def name(self) -> str:
        """What it is called on its mock server."""
        return self._server.scope_name

    @property
    def url(self) -> str:
        """Where requests are sent, with its `headers`: that of the mock server."""
        return self._server.url

    @property
    def headers(self) -> dict[str, str]:
        """The header by which its requests are told apart: each has to have it."""
        return {HEADER: self.name}

    async def verify(self) -> None:
        """Make sure that all matched; what comes after that, comes late. Nothing is written.

        Raises:
            NotMatched: with the report, when something did not.
        """
        server = self._server
        await server.play.settle()
        mismatches = server.mismatches()
        server.give_verdict(matched=server.matched, mismatches=len(mismatches) + server.play.unlisted)
        if not server.matched:
            raise NotMatched(self.report(), mismatches, list(map(str, self.warnings)))
        server.journal.close_verdict()

    async def keep(self) -> None:
        """End it when what was sent is decided on; what it found stays."""
        await self._server.play.settle()
        self.end()

    def end(self) -> None:
        """Free its name: what still comes in it belongs to another scope."""
        self._server.end()


class SyncScope(BlockingAsked[EmbeddedScope]):
    """The same for code that is not asynchronous."""

    def __init__(self, owner: SyncMockServer, scope: EmbeddedScope) -> None:
        self._owner = owner
        self._server = scope

    def _ask(self, question: Callable[[], T]) -> T:
        return self._owner._ask(question)

    def _run(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        return self._owner._run(work)

    @property
    def name(self) -> str:
        """What it is called on its mock server."""
        return self._server.name

    @property
    def url(self) -> str:
        """Where requests are sent, with its `headers`: that of the mock server."""
        return self._server.url

    @property
    def headers(self) -> dict[str, str]:
        """The header by which its requests are told apart: each has to have it."""
        return self._server.headers

    def keep(self) -> None:
        """End it when what was sent is decided on; what it found stays."""
        self._run(self._server.keep)

    def verify(self) -> None:
        """Make sure that all matched; see `EmbeddedScope.verify`."""
        self._run(self._server.verify)

    def end(self) -> None:
        """Free its name: what still comes in it belongs to another scope."""
        self._ask(self._server.end)


@contextmanager
def leaving(scope: EmbeddedScope | SyncScope) -> Iterator[None]:
    """Have what a block raises say what did not match in its scope, if that is not just what it says."""
    try:
        yield
    except NotMatched:
        raise
    except BaseException as error:
        if not scope.matched:
            error.add_note(scope.report())
        raise
