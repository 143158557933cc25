"""The ledger of a mock server: everything that happened to it, in one order, which is the same for all replicas.

A replica plays a mock server as if it were alone. What its state depends on goes through the ledger first: a request
with what was decided on it, other interactions, a reset, a verdict. Whoever wants to know how things stand applies what
was added since it last looked, and then is where every other replica is. So there is one verdict, and nothing that
reads it has to know that there are many of us.

The store checks of a request only that what it was decided against is still played. When it is not, the replica catches
up and decides again. Every now and then somebody replaces the entries by a snapshot.
"""

from __future__ import annotations

import asyncio
import logging
import time
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from pactmock.errors import NoSuchMockServer, PactmockError, StoreUnavailable
from pactmock.pact.json.values import Json, compact, in_order
from pactmock.pact.value import value
from pactmock.server.answers.answer import Answer
from pactmock.server.answers.decision import Decision
from pactmock.service.store import written
from pactmock.service.store.answering import not_noted
from pactmock.service.store.confirming import Confirming
from pactmock.service.store.formats import Formats
from pactmock.service.store.redis import scripts
from pactmock.service.store.redis.keys import ServerKeys
from pactmock.service.store.redis.link import Script
from pactmock.service.store.redis.links import AnyLink
from pactmock.service.store.troubles import Troubles

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pactmock.server.wire.door import Owed
    from pactmock.service.store.noting import Noting
    from pactmock.service.store.shared_server import SharedServer

logger = logging.getLogger("pactmock.store")

_APPEND, _READ, _DISOWN, _CHECKPOINT = map(
    Script.of, (scripts.APPEND, scripts.READ, scripts.DISOWN, scripts.CHECKPOINT)
)

_MOST_READ = 500
"""How many entries are read at once."""

_MOST_MARKS = 2000
"""How many entries that are no requests are remembered, so that one which is pending yet is found behind them."""

_AGAIN_SECONDS = 0.1

_NOTED = frozenset({"note", "refuse"})
_RECORDED = _NOTED | {"disown"}

Apply = Callable[[], object]
"""Does what an entry says."""


@value
class Bounds:
    """How many entries, or bytes of them, stand behind a snapshot before another one is made."""

    entries: int = 2000
    bytes: int = 8 * 1024 * 1024

    def is_reached(self, added: int, entries: int, size: int) -> bool:
        """Whether an entry of so many bytes made a ledger too long: of all replicas one sees that.

        Where that one fails, whoever adds a quarter of the entries more, or fills as many bytes again, tries.
        """
        is_long = entries >= self.entries and entries % (self.entries // 4 or 1) == 0
        return is_long or size // self.bytes > (size - added) // self.bytes


@value
class Means:
    """What the ledgers of a replica share: its name, the way for requests, and that for all else.

    `patience` is for how many seconds another replica may keep others waiting for whether it answered.
    """

    replica: str
    hot: AnyLink
    cold: AnyLink
    formats: Formats
    troubles: Troubles
    patience: float
    bounds: Bounds


@value
class _Note:
    """A decision on its way into the ledger; see `Ledger.note`."""

    decision: Decision
    place: Noting
    again: Callable[[], Owed]
    is_sure: bool
    changes: bool
    answered: asyncio.Future[Answer]

    def settle(self, answer: Answer) -> None:
        """Send an answer, if its connection is still there."""
        _settle(self.answered, answer)

    def fail(self, error: Exception) -> None:
        """Have whoever waits for an answer see to what is to be done instead."""
        if not self.answered.done():
            self.answered.set_exception(error)


class Ledger:
    """What this replica knows of one mock server, and how far."""

    def __init__(
        self,
        server: str,
        means: Means,
    ) -> None:
        """Begin at the beginning."""
        self.server: SharedServer
        self.at = 0
        """The number of the latest entry that was applied."""
        self.config = "0"
        """That of the latest one which changed what is played."""
        self.used = time.monotonic()
        self.is_told = False
        """Whether events are made of what is read; of what happened before this replica knew of it, none are."""
        self.keys = ServerKeys.of(server)
        self._key = server
        self.replica = means.replica
        """The name of this one."""
        self._hot, self._cold = means.hot, means.cold
        self._formats = means.formats
        self._troubles = means.troubles
        self._patience = means.patience
        self._bounds = means.bounds
        self._lock = asyncio.Lock()
        self._marks: list[tuple[int, int]] = [(0, 0)]
        """From which entry on how many entries were no requests, so that those have other numbers in the journal."""
        self._runs: int | None = None
        """Which run of the store it was last read from (`Link.runs`)."""
        self._pending: set[str] = set()
        """The tokens of requests of which it was not known that they were answered, when it was last read."""
        self._confirming = Confirming(means.replica, self.keys, means.hot, self._start)
        self._disowned: deque[str] = deque()
        """Tokens of requests that were answered with 503 and may have been noted, which nobody has been told yet."""
        self._behind: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_catching_up = False

    # Noting what happens.

    def note(
        self,
        decision: Decision,
        place: Noting,
        again: Callable[[], Owed],
        *,
        is_sure: bool = False,
        changes: bool = False,
    ) -> asyncio.Future[Answer]:
        """Note a decision that was made in a place, and return its answer when that is done.

        `again` decides once more, where something else is played by now. A decision is *sure* if what it was made
        against was played when the request was there already: in another epoch it is late, and not made again.
        One that *changes* what is played is made again whenever that has changed.
        """
        answered: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._note(_Note(decision, place, again, is_sure, changes, answered))
        return answered

    def _note(self, noting: _Note) -> None:
        decision = noting.decision
        is_late = self._is_late(noting)
        if not (is_late or self._holds(noting)):
            self._start(self._note_again(noting))
            return
        entry: dict[str, Json] = {"op": "note", "decision": written.decision(written.bounded(decision))}
        if is_late:
            entry["late"] = True
        if noting.changes:
            entry["changes"] = True
        if noting.place.scope is not None:
            entry["scope"] = noting.place.scope
        content, token, confirmed = self._written(entry), self._confirming.token(), self._confirming.take()
        served = decision.interaction.key if decision.is_match and decision.interaction is not None else None
        known = compact([*((None, None) if is_late else (decision.identity, served)), noting.place.scope])[1:-1]
        config = "" if is_late else self.config
        self.used = time.monotonic()
        noted = self._hot.run(_APPEND, self.keys.all, config, int(noting.changes), token, known, content, *confirmed)
        noted.add_done_callback(partial(self._noted, noting, len(content), token, confirmed))

    def _noted(
        self, noting: _Note, added: int, token: str, confirmed: list[str], noted: asyncio.Future[list[int]]
    ) -> None:
        error = noted.exception()
        if error is not None:
            self._confirming.give_back(confirmed)
            if not isinstance(error, StoreUnavailable) or error.maybe:
                self._disown_soon(token)
            noting.settle(not_noted(error))
            return
        number, *size = noted.result()
        if number == scripts.MOVED:
            self._start(self._note_again(noting))
        elif number == scripts.VOID:
            noting.settle(not_noted(StoreUnavailable("The store was told that this request is not answered")))
        elif number < 0:
            noting.settle(not_noted(self.gone()))
        else:
            noting.settle(noting.decision.answer)
            self._confirming.answer(token)
            self._has_noted(noting, number)
            self._look_at_size(added, *size)

    def _has_noted(self, noting: _Note, number: int) -> None:
        """Know of it here too, where nothing is missing in between; else that can wait until somebody asks."""
        self.server.count(noting.decision)
        if self.at == number - 1 and not self._lock.locked():
            self.server.note(written.bounded(noting.decision), noting.place.scope, is_late=self._is_late(noting))
            self.at = number
            self.config = str(number) if noting.changes else self.config
        elif self.server.has_to_tell(noting.decision):
            self.catch_up_soon()

    def _is_late(self, noting: _Note) -> bool:
        return noting.is_sure and noting.decision.edition.epoch != noting.place.edition.id.epoch

    def _holds(self, noting: _Note) -> bool:
        """Whether a decision is still good: one that took its time, and is sure, also in a later edition of its epoch.

        Any other is made again at once, as its request may have come after what has changed.
        """
        decision, now = noting.decision, noting.place.edition.id
        if not noting.place.is_there:
            return False
        return decision.edition == now or (noting.is_sure and decision.is_match and decision.edition.epoch == now.epoch)

    async def _note_again(self, noting: _Note) -> None:
        """Note a decision when something else is played by now: as it is where that holds, else a new one."""
        try:
            await self.catch_up()
            if noting.is_sure and (self._is_late(noting) or self._holds(noting)):
                self._note(noting)
                return
            owed = noting.again()
            noting.settle(owed if isinstance(owed, Answer) else await owed)
        except asyncio.CancelledError:
            noting.settle(not_noted(StoreUnavailable("The service ends; try again in a moment")))
            raise
        except PactmockError as error:
            noting.settle(not_noted(error))
        except Exception as error:  # noqa: BLE001  such as the end of a connection that is wanted
            noting.fail(error)

    def refuse(
        self,
        received: float,
        status: int,
        reason: str,
        asked_for: tuple[str, str] | None,
        answer: Answer,
        scope: str | None = None,
    ) -> asyncio.Future[Answer]:
        """Note what never became a request, and return its answer when that is done."""
        entry = {
            "op": "refuse",
            "received": received,
            "status": status,
            "reason": reason,
            "asked": asked_for,
            **({} if scope is None else {"scope": scope}),
        }
        answered: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()

        def told(noted: asyncio.Future[list[int]]) -> None:
            error = noted.exception()
            if error is None:
                self._look_at_added(len(content), noted.result())
            _settle(answered, answer if error is None else not_noted(error))

        content = self._written(entry)
        self._hot.run(_APPEND, self.keys.all, "", 0, "", "", content).add_done_callback(told)
        return answered

    def tell(self, event: str, fields: Mapping[str, Json]) -> None:
        """Have those who follow events on other replicas hear of one that happened here, as far as that can be had."""
        content = self._written({"op": "told", "event": event, "fields": dict(fields)})
        told = self._cold.run(_APPEND, self.keys.all, "", 0, "", "", content)
        told.add_done_callback(lambda done: done.exception())

    @asynccontextmanager
    async def changing(self) -> AsyncIterator[None]:
        """Keep others of this process from applying entries, with all that are there applied."""
        async with self._lock:
            await self._catch_up()
            yield

    async def change(self, op: str, apply: Apply | None = None, **fields: Json) -> None:
        """Add an entry that changes what is played, within `changing`; `apply` does what it says, where that is known.

        Raises:
            Moved: when something else is played by now: catch up, look whether it is still wanted, and try again.
            NoSuchMockServer: when it was ended.
            StoreUnavailable: when it is not known that it was added.
        """
        await self._add(op, self.config, is_config=True, apply=apply, **fields)

    async def add(self, op: str, apply: Apply | None = None, **fields: Json) -> None:
        """Add any other entry, within `changing`.

        Raises:
            NoSuchMockServer, StoreUnavailable: as above.
        """
        await self._add(op, "", is_config=False, apply=apply, **fields)

    async def _add(self, op: str, config: str, *, is_config: bool, apply: Apply | None, **fields: Json) -> None:
        entry = self._written({"op": op, **fields})
        added = await self._cold.run(_APPEND, self.keys.all, config, int(is_config), "", "", entry)
        if added[0] == scripts.MOVED:
            raise Moved
        if added[0] < 0:
            raise self.gone()
        self._look_at_added(len(entry), added)
        await self._catch_up({added[0]: apply})

    # Knowing what happened.

    async def catch_up(self) -> None:
        """Apply what was added since it was last looked.

        Raises:
            NoSuchMockServer: when it was ended.
            StoreUnavailable: when nobody knows.
        """
        async with self._lock:
            await self._catch_up()

    async def settle(self) -> None:
        """Catch up, and wait until it is known of all requests that are there whether they were answered.

        One of which nobody says so is taken back: its replica is gone, or has told its sender that it was not noted.

        Raises:
            NoSuchMockServer, StoreUnavailable: as above.
        """
        await self._confirming.confirm()
        await self.catch_up()
        loop = asyncio.get_running_loop()
        awaited, until, pause = set(self._pending), loop.time() + self._patience, 0.003
        while awaited:
            if loop.time() > until:
                for token in awaited:
                    await self._disown(token)
            else:
                await asyncio.sleep(pause)
                pause = min(2 * pause, 0.05)
            await self.catch_up()
            awaited &= self._pending

    def catch_up_soon(self) -> None:
        """Catch up when there is time: somebody listens."""
        if not self._is_catching_up:
            self._is_catching_up = True
            self._start(self._catch_up_for_listeners())

    async def _catch_up_for_listeners(self) -> None:
        try:
            with suppress(PactmockError):
                await self.catch_up()
        finally:
            self._is_catching_up = False

    async def _catch_up(self, own: Mapping[int, Apply | None] | None = None) -> None:
        """Apply what was added; `own` are entries of this process, by their numbers, with what does them.

        Raises:
            PactmockError: for an entry of its own that cannot be done, as what it is about has gone meanwhile.
            NoSuchMockServer, StoreUnavailable: as `catch_up` does.
        """
        self.used = time.monotonic()
        last, own, refused = None, own or {}, None
        while last is None or self.at < last:
            before = self.at
            found = await self._cold.run(_READ, self.keys.all, self.at, _MOST_READ, 1)
            if found[0] == scripts.GONE:
                raise self.gone()
            known, snapshot, entries, latest, pending = found
            if self._is_of_another(int(latest)):
                last, own = None, {}
                continue
            last = int(latest)
            if snapshot is not None:
                with self._troubles.with_what_others_made(self._key):
                    await self._restore(known, self._formats.read_text(snapshot))
            for content in entries:
                number = self.at + 1
                error = await self._apply(number, content, own.get(number))
                refused = error if number in own else refused
            if self.at == before < last:
                raise StoreUnavailable(f"The store has lost entries of the mock server {self._key}: end it")
        self._pending = {token.decode() for token in pending[::2]}
        if refused is not None:
            raise refused

    def _is_of_another(self, latest: int) -> bool:
        """Whether the store may have lost what it had acknowledged; then begin anew with what it has."""
        if self._runs is None:
            self._runs = self._cold.runs
        if self._runs == self._cold.runs and latest >= self.at:
            return False
        self._runs = self._cold.runs
        self.at, self.config = -1, "?"
        return True

    async def _restore(self, number: int, state: Mapping[str, Json]) -> None:
        config = state.get("config", "0")  # one that nobody has changed says none
        await self.server.restore(state, is_same=self.config == config)
        self.config, self.at = config, number
        self._marks = [(mark[0], mark[1]) for mark in state.get("marks", [[0, 0]])]

    async def _apply(self, number: int, content: bytes, own: Apply | None) -> PactmockError | None:
        """Have the mock server of this process do what an entry says; return why no replica can, if none can.

        Raises:
            NotPlayable: when this replica cannot; then it is tried again whenever somebody asks.
        """
        with self._troubles.with_what_others_made(self._key):
            entry = self._formats.read_text(content)
            refused = await self._obey(entry, own)
        if entry["op"] not in _NOTED:
            self._marks.append((number, self._marks[-1][1] + 1))
            del self._marks[:-_MOST_MARKS]
        if entry["op"] in self.server.configuring or "changes" in entry:
            self.config = str(number)
        self.at = number
        return refused

    async def _obey(self, entry: Mapping[str, Json], own: Apply | None) -> PactmockError | None:
        """Do what an entry says; return why that cannot be done.

        What it is about may have gone between the look of its replica and itself, such as a scope. As all replicas are
        in the same place then, none of them can do it, and all go on.
        """
        op = entry["op"]
        do = own
        if do is None and op not in _RECORDED:
            do = await self.server.ready(op, entry)
        with self.server.hearing(is_own=entry["by"] == self.replica, is_new=self.is_told):
            if op == "note":
                made, is_late = written.read_decision(entry["decision"]), entry.get("late", False)
                self.server.note(made, entry.get("scope"), is_late=is_late)
            elif op == "refuse":
                asked = entry["asked"]
                said = entry["received"], entry["status"], entry["reason"], (asked[0], asked[1]) if asked else None
                self.server.refuse(*said, entry.get("scope"))
            elif op == "disown":
                of, identity, served, scope = entry["of"]
                self.server.disown(self._number_in_journal(of), identity, served, scope)
            elif do is not None:
                try:
                    do()
                except PactmockError as error:
                    return error
        return None

    def _number_in_journal(self, number: int) -> int:
        """Return the number that an entry has in the journal; one that none has where nobody knows it any more."""
        place = bisect_right(self._marks, (number, float("inf"))) - 1
        return number - self._marks[place][1] if place >= 0 else self.server.journal.number + 1

    # Taking back what was perhaps not answered.

    async def _disown(self, token: str) -> None:
        start = self._written({"op": "disown"})[:-1] + b',"of":'
        await self._cold.run(_DISOWN, self.keys.all, token, start, "}")

    def _disown_soon(self, token: str) -> None:
        """Take back what may have been noted, as soon as there is a store again."""
        self._disowned.append(token)
        if len(self._disowned) == 1:
            self._start(self._disown_all())

    async def _disown_all(self) -> None:
        while self._disowned:
            try:
                await self._disown(self._disowned[0])
                self._disowned.popleft()
            except StoreUnavailable:
                await asyncio.sleep(_AGAIN_SECONDS)

    # Snapshots.

    def _look_at_added(self, added: int, said: list[int]) -> None:
        """Look at what `APPEND` has said of an entry that is no request."""
        number, *size = said
        if number > 0:
            self._look_at_size(added, *size)

    def _look_at_size(self, added: int, entries: int, size: int) -> None:
        if self._behind is None and self._bounds.is_reached(added, entries, size):
            self._behind = asyncio.get_running_loop().create_task(self._make_snapshot(size))
            self._behind.add_done_callback(self._has_made_snapshot)

    def _has_made_snapshot(self, task: asyncio.Task[None]) -> None:
        self._behind = None
        if not task.cancelled() and task.exception() is not None:
            logger.debug("no snapshot was made: %s", task.exception())

    async def _make_snapshot(self, size: int) -> None:
        """Replace entries by what they come to."""
        async with self._lock:
            await self._catch_up()
            state = {**self.server.state(), "config": self.config, "marks": list(map(list, self._marks))}
            await self._cold.run(_CHECKPOINT, self.keys.all, self.at, self._written(state), size)

    def _written(self, entry: dict[str, Json]) -> bytes:
        return in_order(self._formats.write(entry | {"by": self.replica}))

    def gone(self) -> NoSuchMockServer:
        """Return what is said of a mock server that was ended, of which nothing else is said any more."""
        self._troubles.forget(self._key)
        return NoSuchMockServer.of(self._key)

    def _start(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Tell what is to be told yet."""
        await self._confirming.close()
        for task in (*self._tasks, *((self._behind,) if self._behind else ())):
            task.cancel()

    def __repr__(self) -> str:
        return f"<Ledger of {self._key} at {self.at}>"


class Moved(Exception):
    """Something else is played by now than what a change was made for."""


def _settle(answered: asyncio.Future[Answer], answer: Answer) -> None:
    if not answered.done():
        answered.set_result(answer)
