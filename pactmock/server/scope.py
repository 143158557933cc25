"""A scope of a mock server, asked just as a mock server is: whatever is done with one can be done with the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

from pactmock.pact.json.values import Json
from pactmock.pact.model import Pact
from pactmock.pact.specification import Specification
from pactmock.pact.warnings import PactWarning
from pactmock.server.deciding.scope_names import MARK
from pactmock.server.mock_server import MockServer

if TYPE_CHECKING:
    from pactmock.server.plays.play import Play
    from pactmock.server.plays.scope_play import ScopePlay
    from pactmock.server.present_pact import PluginsOfPact, Present


class Scope(MockServer):
    """What can be asked of one scope. It is made when somebody asks: all that it knows is in the play of the scope.

    Its id and its name are what stands in the path of its requests, `{id}~{scope}`.
    """

    def __init__(self, server: MockServer, play: ScopePlay) -> None:  # what is made anew is only the view of it
        self._server = server
        self._scope = play
        self.id = f"{server.id}{MARK}{play.name}"
        self.options = replace(server.options, name=f"{server.options.name or server.id}{MARK}{play.name}")
        self.created = play.created
        self._shared = server._shared
        self.journal = play.journal
        self.lease = play.lease
        self.log = play.log
        self.address = server.address
        self.has_port = server.has_port
        self.play: Play = play
        self._present = _PresentPart(server._present, play)

    @property
    def scope_name(self) -> str:
        return self._scope.name

    @property
    def not_tested(self) -> int:
        """How many messages its mock server has: those are handed out there."""
        messages = self._server.play.messages
        return 0 if messages is None else len(messages)

    @property
    def written_pact(self) -> Pact:
        """The part that it expects; where that is all, the pact as its mock server has it."""
        pact, keys = self.pact, self._scope.keys
        if keys is None:
            return pact
        every = pact.http_interactions
        part = [every[each.index] for each in self._scope.edition.book.expectations]
        return replace(pact, interactions=tuple(part))

    def tell(self, name: str, **fields: Json) -> None:
        self.journal.tell(name, **fields)

    def end(self) -> None:
        """Forget it, with what it received; its mock server still lists that."""
        self._server.scopes.end(self._scope)

    def __repr__(self) -> str:
        return f"<Scope {self.id}, {self.journal!r}>"


class _PresentPart:
    """What is played at present, as a scope has it: all but the play is that of its mock server."""

    def __init__(self, whole: Present, play: ScopePlay) -> None:
        self._whole = whole
        self.play = play

    @property
    def pact(self) -> Pact:
        return self._whole.pact

    @property
    def specification(self) -> Specification:
        return self._whole.specification

    @property
    def warnings(self) -> Sequence[PactWarning]:
        return self._whole.warnings

    async def change(
        self,
        given: Pact,  # noqa: ARG002
        plugins: PluginsOfPact | None,  # noqa: ARG002
        *,
        anew: bool,  # noqa: ARG002
        strict: bool | None,  # noqa: ARG002
    ) -> NoReturn:
        raise self.play.no_change()
