"""The scopes of a mock server that several replicas have. One begins and ends for all of them, by the ledger.

Time passes differently on each replica, so it ends no scope: they go with their mock server, with their test, or
because one replica says that another needs the room.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pactmock.pact.json.values import Json
from pactmock.pact.model import Request
from pactmock.server.answers.decision import Decision, EditionId
from pactmock.server.deciding import scope_names
from pactmock.server.plays.scope_play import ScopePlay
from pactmock.server.plays.scopes import Scopes
from pactmock.server.wire.door import Owed
from pactmock.server.wire.incoming import Message
from pactmock.server.wire.refused import Refused
from pactmock.service.store import written
from pactmock.service.store.ledger import Moved
from pactmock.service.store.ledger_play import LedgerPlay

if TYPE_CHECKING:
    from pactmock.server.plays.faults import Fault, Faults
    from pactmock.server.plays.stage import Stage
    from pactmock.server.records.scope_journal import Together
    from pactmock.service.store.shared_play import SharedPlay

USE = "use scope"


class SharedScope(LedgerPlay, ScopePlay):
    """One scope of a mock server, as this replica has it."""

    _whole: SharedPlay

    def __init__(self, name: str, whole: SharedPlay, stage: Stage, together: Together) -> None:
        super().__init__(name, whole, stage, together)
        self.scope = name
        self.ledger = whole.ledger

    def play(self, request: Request, size: int, called_at: str | None = None) -> Owed:
        return self.play_here(request, size, called_at)

    def play_again(self, request: Request, size: int, called_at: str | None) -> Owed:
        return self._whole.play_in(self.name, request, size, called_at)

    def refuse(self, message: Message, refused: Refused) -> Owed:  # type: ignore[override]  # nobody else calls it
        return self.refuse_here(message, refused)

    def fault_for(self, decision: Decision) -> tuple[Fault | None, Faults | None]:
        for faults in (self._faults, self._whole.faults_if_any):
            if faults is not None and (fault := faults.for_(decision)) is not None:
                return fault, faults
        return None, None

    async def settle(self) -> None:
        await self._whole.settle()

    def state_as_json(self, listed: Mapping[int, int]) -> dict[str, Json]:
        """Write all that is true of it; `listed` has the numbers of entries in the mock server's journal, by events."""
        return {
            "name": self.name,
            "created": self.created,
            "keys": None if self.keys is None else sorted(self.keys),
            "edition": list(self.edition.id),
            **({"state": self._state} if self._has_state else {}),
            "since": self._since,
            "journal": written.journal(self.journal.state()),
            "of": [listed.get(entry.event) for entry in self.journal.entries],
            **({"faults": written.faults(self._faults.state())} if self._faults is not None else {}),
        }

    def restore(self, shape: Mapping[str, Json], events: Mapping[int, int]) -> None:
        """Be as another replica was; `events` are those of entries here, by their numbers in the server's journal."""
        self.created = shape["created"]
        self.keys = None if shape["keys"] is None else frozenset(shape["keys"])
        self._has_state, self._state = "state" in shape, shape.get("state")
        self._since = shape["since"]
        self._follow(EditionId(*shape["edition"]))
        self.journal.restore(written.read_journal(shape["journal"]), [events.get(number, 0) for number in shape["of"]])
        if "faults" in shape:
            self.faults.restore(written.read_faults(shape["faults"]))


class SharedScopes(Scopes):
    """The scopes of one mock server, the same on all replicas."""

    whole: SharedPlay
    _all: dict[str, SharedScope]  # type: ignore[assignment]  # none but these are made

    def at_hand(self, name: str) -> SharedScope | None:
        """Return the scope of a request, None for one that is not known here.

        Raises:
            InvalidParameter: when it cannot be the name of one.
        """
        return self._all.get(scope_names.checked(name))

    async def made_for_all(self, name: str) -> SharedScope:
        """Make a scope on all replicas, unless somebody else has.

        Raises:
            ScopeGone, LimitReached, NoScopes: as `use` does.
            NoSuchMockServer, StoreUnavailable: when it cannot be made known.
        """
        while True:
            async with self.whole.ledger.changing():
                if name in self._all:
                    return self._all[name]
                self._check_gone(name)
                self._check_requests()
                try:
                    await self.whole.ledger.change(USE, scope=name, ends=self.to_make_room())
                except Moved:
                    continue
                return self._all[name]

    def to_make_room(self) -> str | None:
        """Return the scope that has to end for another one, as one replica sees it, for all.

        Raises:
            LimitReached: when all were used a moment ago.
        """
        if len(self._all) < self._limits.most:
            return None
        return self._oldest().name

    def obey(self, name: str, ends: str | None) -> None:
        """Have a scope that somebody has used first."""
        self.end_for_room(ends)
        self.use(name)

    def end_for_room(self, name: str | None) -> None:
        """End a scope that one replica has found to be idle; None where there was room."""
        if name is not None and name in self._all:
            self.end(self._all[name], "was not used for a while, and made room for another")

    def _new(self, name: str) -> SharedScope:
        return SharedScope(name, self.whole, self._stage, self._together)

    def _has_expired(self, scope: ScopePlay) -> bool:  # noqa: ARG002
        return False

    def _make_room(self) -> None:
        """Leave that to the entry: replicas do not agree which one was idle."""

    def state_as_json(self) -> dict[str, Json]:
        """Write all that is true of them."""
        listed = {entry.event: entry.number for entry in self._stage.journal.entries}
        return {"gone": dict(self._gone), "all": [scope.state_as_json(listed) for scope in self._all.values()]}

    def restore(self, shape: Mapping[str, Json]) -> None:
        """Have those that another replica had."""
        for scope in tuple(self._all.values()):
            self.end(scope)
        self._gone = dict(shape["gone"])
        events = {entry.number: entry.event for entry in self._stage.journal.entries}
        for item in shape["all"]:
            scope = self._all[item["name"]] = self._new(item["name"])
            scope.restore(item, events)
