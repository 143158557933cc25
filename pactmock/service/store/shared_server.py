"""A mock server that several replicas have: each plays it, and what it says is what the ledger comes to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from pactmock.pact.json.values import Json
from pactmock.pact.model import Pact
from pactmock.pact.value import value
from pactmock.pact.warnings import PactWarning
from pactmock.plugins.binding.bound_pact import Bind
from pactmock.server.answers.decision import Decision, EditionId
from pactmock.server.mock_server import MockServer
from pactmock.server.options import MockServerOptions
from pactmock.server.plays.stage import Stage
from pactmock.server.present_pact import PresentPact
from pactmock.server.records.events import SERVER_STARTED, Hears
from pactmock.server.records.totals import Totals
from pactmock.server.scope import Scope
from pactmock.server.shared import Shared
from pactmock.service.store import written
from pactmock.service.store.given import Given
from pactmock.service.store.shared_play import SharedPlay
from pactmock.service.store.shared_scopes import USE

if TYPE_CHECKING:
    from pactmock.service.store.ledger import Ledger

GIVE, RESET, STATE, VERDICT = "give", "reset", "state", "verdict"
FAULT, ASKED, HANDED_OUT, SETTLED = "fault", "asked", "handed out", "settled"
BEGIN, END, TOLD = "begin scope", "end scope", "told"

Perform = Callable[[], Sequence[PactWarning]]


@value
class Begun:
    """What a mock server began with: its id, what it was given, as a pact too, and all else that does not change."""

    key: str
    given: Given
    pact: Pact
    bind: Bind
    described: Mapping[str, Json]


class SharedServer(MockServer):
    """One of all replicas, as this one has it."""

    play: SharedPlay
    has_port = False
    _present: PresentPact

    configuring = frozenset({GIVE, RESET, STATE, FAULT, USE, BEGIN, END})
    """Which entries change what is decided."""

    def __init__(
        self,
        begun: Begun,
        options: MockServerOptions,
        shared: Shared,
        ledger: Ledger,
        prepare: Callable[[SharedServer, Given], Awaitable[Perform]],
    ) -> None:
        """Compile the pact that it began with; `prepare` makes ready to play more.

        Raises:
            InvalidRule, InvalidPact, NoSuchState: when it cannot be played.
        """
        self.ledger = ledger
        super().__init__(begun.pact, options, begun.bind, shared, begun.key)
        self.given = [begun.given]
        self._described = begun.described
        self._prepare = prepare
        self._totals = shared.totals
        self._events = shared.events
        self.journal.totals = Totals()
        ledger.server = self

    def _play(self, pact: Pact, bind: Bind, stage: Stage) -> PresentPact:
        return PresentPact(pact, bind, stage, partial(SharedPlay, ledger=self.ledger))

    @property
    def url(self) -> str:
        """Where it is, on whichever replica."""
        return f"/m/{self.id}"

    def tell(self, name: str, **fields: Json) -> None:
        """Tell whoever listens what happened to it here, on all replicas."""
        super().tell(name, **fields)
        if name != SERVER_STARTED:  # which all see
            self.ledger.tell(name, fields)

    def tell_of_other(self, name: str, **fields: Json) -> None:
        """Tell whoever listens what happened to it on another replica."""
        with self.hearing(is_own=False):
            super().tell(name, **fields)

    async def stop(self, late: float = 0.0) -> None:  # noqa: ARG002  nobody is late where others go on
        """Play it here no more; that is told where it is ended for all."""
        await self.play.stop()

    async def prepare(self, given: Pact, plugins: object, *, anew: bool, strict: bool | None) -> Perform:
        """Make ready to play other interactions (`PresentPact.prepare`)."""
        return await self._present.prepare(given, plugins, anew=anew, strict=strict)  # type: ignore[arg-type]

    def note(self, decision: Decision, scope: str | None = None, *, is_late: bool) -> None:
        """Have the journal of this process note what the ledger has."""
        self._totals.replayed += 1
        place = None if scope is None else self.play.scopes.at_hand(scope)
        if place is not None:
            if decision.fault is not None and not is_late:
                place.take_fault(decision)
            place.record(decision)
        elif scope is not None:  # it has ended meanwhile
            self.play.note_of_scope(decision, scope, is_late=is_late)
        elif is_late:
            self.journal.note_late(decision)
        else:
            if decision.fault is not None and self.play.faults_if_any is not None:
                self.play.faults_if_any.take(decision)
            self.journal.note(decision)

    def refuse(
        self, received: float, status: int, reason: str, asked_for: tuple[str, str] | None, scope: str | None
    ) -> None:
        """Have the journal of this process note what never became a request."""
        place = None if scope is None else self.play.scopes.at_hand(scope)
        if place is not None:
            place.record_refusal(received, status, reason, asked_for)
        else:
            self.journal.refuse(received, status, reason, asked_for, scope)

    def disown(self, number: int, identity: str | None, served: str | None, scope: str | None) -> None:
        """Take back a request, by its number in the journal."""
        place = None if scope is None else self.play.scopes.at_hand(scope)
        entry = self.journal.entry(number)
        if place is not None and entry is not None:
            of_scope = next((each.number for each in place.journal.entries if each.event == entry.event), 0)
            place.journal.disown(of_scope, identity, served)
        self.journal.disown(number, identity, served)

    def count(self, decision: Decision) -> None:
        """Count a request that came to this replica."""
        self._totals.share(decision)

    def has_to_tell(self, decision: Decision) -> bool:
        """Whether somebody listens who hears of such a request."""
        needed = Hears.ALL_REQUESTS if decision.is_match else Hears.FAILURES
        return self._events.hears >= needed

    @contextmanager
    def hearing(self, *, is_own: bool, is_new: bool = True) -> Iterator[None]:
        """Tell of what happens now to those who are to hear of it: it may be of another process, or of long ago."""
        events = self._events
        events.is_elsewhere, events.is_muted = not is_own, not is_new
        try:
            yield
        finally:
            events.is_elsewhere = events.is_muted = False

    async def ready(self, op: str, entry: Mapping[str, Json]) -> Callable[[], object]:
        """Make ready what another replica has done; what is returned does it."""
        if op == GIVE:
            given = Given.read(entry["given"])
            return partial(self.take, given, await self._prepare(self, given))
        return partial(_OBEYED[op], self, entry)

    def place(self, entry: Mapping[str, Json]) -> MockServer:
        """Return what an entry is about: all of it, or a scope."""
        name = entry.get("scope")
        return self if name is None else Scope(self, self.scopes.find(name))

    def take(self, given: Given, perform: Perform) -> Sequence[PactWarning]:
        """Play what was made ready, and remember what was given."""
        self.given = [*(self.given[:1] if given.anew else self.given), given]
        return perform()

    def state(self) -> dict[str, Json]:
        """Return all that is true of it, as JSON."""
        edition, faults, messages = self.play.edition, self.play.faults_if_any, self.play.messages
        return {
            **self._described,
            "created": self.created,
            "given": [item.to_json() for item in self.given],
            "edition": list(edition.id),
            "state": edition.state,
            "journal": written.journal(self.journal.state()),
            **({"faults": written.faults(faults.state())} if faults is not None else {}),
            **({"scopes": self.play.scopes.state_as_json()} if self.play.has_scopes else {}),
            **({"messages": written.deliveries(messages.state())} if messages is not None else {}),
        }

    async def restore(self, state: Mapping[str, Json], *, is_same: bool) -> None:
        """Be as another replica was; where it `is_same`, what is played has not changed."""
        if not is_same:
            await self._restore_pact(list(map(Given.read, state["given"])))
            play = self.play
            play.choose_state(state["state"])
            play.edition.id = EditionId(*state["edition"])
        self.created = state["created"]
        self.journal.restore(written.read_journal(state["journal"]))
        if "faults" in state or self.play.faults_if_any is not None:
            self.play.faults.restore(written.read_faults(state.get("faults", _NO_FAULTS)))
        if "scopes" in state or self.play.has_scopes:
            self.play.scopes.restore(state.get("scopes", _NO_SCOPES))
        if "messages" in state:
            self.messages.restore(written.read_deliveries(state["messages"]))

    async def _restore_pact(self, given: Sequence[Given]) -> None:
        known = len(self.given)
        if given[:known] != self.given:  # something is in the place of what was there, or that was lost
            known = 1
            if not given[1:] or not given[1].anew:
                self.take(given[0], await self._prepare(self, replace(given[0], anew=True)))
                self.given = [given[0]]
        for item in given[known:]:
            self.take(item, await self._prepare(self, item))


_NO_FAULTS: Mapping[str, Json] = {"wanted": {}, "left": {}, "played": []}
_NO_SCOPES: Mapping[str, Json] = {"gone": {}, "all": []}


def _tell(server: SharedServer, entry: Mapping[str, Json]) -> None:
    if entry["by"] != server.ledger.replica:  # there it was told when it happened
        server.journal.tell(entry["event"], **entry["fields"])


def _begin_scope(server: SharedServer, entry: Mapping[str, Json]) -> None:
    server.play.scopes.end_for_room(entry.get("ends"))
    server.scopes.begin(entry["scope"], entry["interactions"])


def _end_scope(server: SharedServer, entry: Mapping[str, Json]) -> None:
    scope = server.place(entry)
    if isinstance(scope, Scope):
        scope.end()


_OBEYED: Mapping[str, Callable[[SharedServer, Mapping[str, Json]], object]] = {
    RESET: lambda server, entry: server.place(entry).reset(),
    STATE: lambda server, entry: server.place(entry).choose_state(entry["state"]),
    VERDICT: lambda server, entry: server.place(entry).journal.close_verdict(entry["at"]),
    FAULT: lambda server, entry: server.place(entry).put_fault(entry["key"], written.read_fault(entry["fault"])),
    ASKED: lambda server, _entry: server.messages.ask(),
    HANDED_OUT: lambda server, entry: server.messages.begin(entry["key"], None),
    SETTLED: lambda server, entry: server.messages.note_settled(entry["key"], written.read_explained(entry["failure"])),
    USE: lambda server, entry: server.play.scopes.obey(entry["scope"], entry["ends"]),
    BEGIN: _begin_scope,
    END: _end_scope,
    TOLD: _tell,
}
"""What entries of the ledger have a mock server do, but for what is given to it."""
