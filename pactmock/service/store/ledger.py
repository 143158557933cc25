"""The ledger of a mock server: everything that happened to it, in one order, which is the same for all replicas.

A replica plays a mock server as if it were alone. What its state depends on goes through the ledger first: a request
with what was decided on it, other interactions, a reset, a verdict. Whoever wants to know how things stand applies what
was added since it last looked, and then is where every other replica is. So there is one verdict, and nothing that
reads it has to know that there are many of us.

How decisions are noted there before they are answered is in `notes.py`. Every now and then somebody replaces entries by
a snapshot.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

from pactmock.errors import NoSuchMockServer, PactmockError, StoreUnavailable
from pactmock.pact.json.values import Json, in_order
from pactmock.pact.value import value
from pactmock.service.store import written
from pactmock.service.store.formats import Formats
from pactmock.service.store.marks import Marks
from pactmock.service.store.notes import Notes
from pactmock.service.store.redis import scripts
from pactmock.service.store.redis.keys import ServerKeys
from pactmock.service.store.redis.link import Script
from pactmock.service.store.redis.links import AnyLink
from pactmock.service.store.troubles import Troubles

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pactmock.service.store.shared_server import SharedServer

logger = logging.getLogger("pactmock.store")

_APPEND, _READ, _CHECKPOINT = map(Script.of, (scripts.APPEND, scripts.READ, scripts.CHECKPOINT))

_MOST_READ = 500
"""How many entries are read at once."""

_NO_MARK = "0"
"""That of the time before the first entry."""

_BEFORE_ALL = -1
"""Where a replica is that knows nothing, not even how a mock server began."""

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

    `patience` is for how many seconds another replica may keep others waiting for whether it answered, and `marking`
    numbers the entries of this one.
    """

    replica: str
    hot: AnyLink
    cold: AnyLink
    formats: Formats
    troubles: Troubles
    patience: float
    bounds: Bounds
    marking: Iterator[int]


class Ledger:
    """What this replica knows of one mock server, and how far."""

    def __init__(self, server: str, means: Means) -> None:
        """Begin at the beginning."""
        self.server: SharedServer
        self.at = 0
        """The number of the latest entry that was applied."""
        self.mark = _NO_MARK
        """Its mark, which no other entry has: with another one the store has another history than this replica."""
        self.config = _NO_MARK
        """The mark of the latest one which changed what is played."""
        self.used = time.monotonic()
        self.is_told = False
        """Whether events are made of what is read; of what happened before this replica knew of it, none are."""
        self.keys = ServerKeys.of(server)
        self._key = server
        self.replica = means.replica
        """The name of this one."""
        self._cold = means.cold
        self._formats = means.formats
        self._troubles = means.troubles
        self._patience = means.patience
        self._bounds = means.bounds
        self._marking = means.marking
        self._lock = asyncio.Lock()
        self._marks = Marks()
        self._pending: set[str] = set()
        """The marks of requests of which it was not known that they were answered, when it was last read."""
        self._behind: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_catching_up = False
        self._is_gone = False
        self.notes = Notes(self, means)
        """How this replica notes what it decides."""

    # Adding what happens.

    def tell(self, event: str, fields: Mapping[str, Json]) -> None:
        """Have those who follow events on other replicas hear of one that happened here, as far as that can be had."""
        content = self.written({"op": "told", "event": event, "fields": dict(fields)})
        told = self._cold.run(_APPEND, self.keys.all, "", 0, self.new_mark(), "", content)
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
        entry, mark = self.written({"op": op, **fields}), self.new_mark()
        added = await self._cold.run(_APPEND, self.keys.all, config, int(is_config), mark, "", entry)
        if added[0] == scripts.MOVED:
            raise Moved
        if added[0] < 0:
            raise self.gone()
        self.look_at_added(len(entry), added)
        await self._catch_up({mark: apply})

    def new_mark(self) -> str:
        """Return a mark for an entry, which no other has."""
        return f"{self.replica}.{next(self._marking)}"

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
        await self.notes.confirming.confirm()
        await self.catch_up()
        loop = asyncio.get_running_loop()
        awaited, until, pause = set(self._pending), loop.time() + self._patience, 0.003
        while awaited:
            if loop.time() > until:
                for mark in awaited:
                    await self.notes.disowning.disown(mark)
            else:
                await asyncio.sleep(pause)
                pause = min(2 * pause, 0.05)
            await self.catch_up()
            awaited &= self._pending

    def catch_up_soon(self) -> None:
        """Catch up when there is time: somebody listens."""
        if not self._is_catching_up:
            self._is_catching_up = True
            self.start(self._catch_up_for_listeners())

    async def _catch_up_for_listeners(self) -> None:
        try:
            with suppress(PactmockError):
                await self.catch_up()
        finally:
            self._is_catching_up = False

    async def _catch_up(self, own: Mapping[str, Apply | None] | None = None) -> None:
        """Apply what was added; `own` are entries of this process, by their marks, with what does them.

        Raises:
            PactmockError: for an entry of its own that cannot be done, as what it is about has gone meanwhile.
            NoSuchMockServer, StoreUnavailable: as `catch_up` does.
        """
        self.used = time.monotonic()
        last, own, refused = None, own or {}, None
        while last is None or self.at < last:
            before = self.at
            found = await self._cold.run(_READ, self.keys.all, self.at, _MOST_READ, 1, self.mark)
            if found == [scripts.GONE]:
                raise self.gone()
            if found == [scripts.OTHER]:  # it lost what it had acknowledged: begin anew with what it has
                self.at, self.config, last, own = _BEFORE_ALL, "?", None, {}
                continue
            known, snapshot, entries, latest, pending = found
            last = int(latest)
            if snapshot is not None:
                with self._troubles.with_what_others_made(self._key):
                    await self._restore(known, self._formats.read_text(snapshot))
            for content, marked in entries:
                mark = marked.decode()
                error = await self._apply(self.at + 1, mark, content, own.get(mark))
                refused = error if mark in own else refused
            if self.at == before < last:
                raise StoreUnavailable(f"The store has lost entries of the mock server {self._key}: end it")
        self._pending = {mark.decode() for mark in pending[::2]}
        if refused is not None:
            raise refused

    async def _restore(self, number: int, state: Mapping[str, Json]) -> None:
        config = state.get("config", _NO_MARK)  # one that nobody has changed says none
        await self.server.restore(state, is_same=self.config == config)
        self.config, self.at, self.mark = config, number, state.get("mark", _NO_MARK)
        self._marks = Marks.read(state.get("marks", [[0, 0]]))

    async def _apply(self, number: int, mark: str, content: bytes, own: Apply | None) -> PactmockError | None:
        """Have the mock server of this process do what an entry says; return why no replica can, if none can.

        Raises:
            NotPlayable: when this replica cannot; then it is tried again whenever somebody asks.
        """
        with self._troubles.with_what_others_made(self._key):
            entry = self._formats.read_text(content)
            refused = await self._obey(entry, own)
        if entry["op"] not in _NOTED:
            self._marks.add(number)
        self.has_applied(number, mark, changes=entry["op"] in self.server.configuring or "changes" in entry)
        return refused

    def is_next(self, number: int, before: str) -> bool:
        """Whether an entry is the one after those that were applied, and nobody applies any just now.

        `before` is the mark of the entry before it.
        """
        return self.at == number - 1 and self.mark == before and not self._lock.locked()

    def has_applied(self, number: int, mark: str, *, changes: bool) -> None:
        """Go on after an entry; `changes` is whether it has changed what is played."""
        self.at, self.mark = number, mark
        if changes:
            self.config = mark

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
                self.server.disown(self._marks.in_journal(of, self.server.journal.number + 1), identity, served, scope)
            elif do is not None:
                try:
                    do()
                except PactmockError as error:
                    return error
        return None

    # Snapshots.

    def look_at_added(self, added: int, said: list[int]) -> None:
        """Look at what `APPEND` has said of an entry that is no request."""
        if said[0] > 0:
            self.look_at_size(added, said[1], said[2])

    def look_at_size(self, added: int, entries: int, size: int) -> None:
        """Look whether a ledger of so many entries and bytes, the last of which were `added`, is too long by now."""
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
            marks: dict[str, Json] = {"mark": self.mark, "config": self.config, "marks": self._marks.to_json()}
            state = self.written({**self.server.state(), **marks})
            await self._cold.run(_CHECKPOINT, self.keys.all, self.at, state, size, self.mark)

    def written(self, entry: dict[str, Json]) -> bytes:
        """Return an entry, or a snapshot, as the store has those of this replica."""
        return in_order(self._formats.write(entry | {"by": self.replica}))

    def gone(self) -> NoSuchMockServer:
        """Return what is said of a mock server that was ended, of which nothing else is said any more."""
        self._troubles.forget(self._key)
        self._is_gone = True
        return NoSuchMockServer.of(self._key)

    def ended(self) -> PactmockError:
        """Return what is said of a request that was under way when this replica gave up the mock server."""
        return self.gone() if self._is_gone else StoreUnavailable("The service ends; try again in a moment")

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Have work done in the background, as long as this replica plays the mock server."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @property
    def is_working(self) -> bool:
        """Whether something is done here that is not done yet."""
        return bool(self._tasks) or self._lock.locked()

    async def close(self) -> None:
        """Tell what is to be told yet."""
        await self.notes.confirming.close()
        for task in (*self._tasks, *((self._behind,) if self._behind else ())):
            task.cancel()

    def __repr__(self) -> str:
        return f"<Ledger of {self._key} at {self.at}>"


class Moved(Exception):
    """Something else is played by now than what a change was made for."""
