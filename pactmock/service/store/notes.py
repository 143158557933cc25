"""What a replica notes in the ledger of a mock server before it answers: what it decided, and what it refused.

The store checks of a request only that what it was decided against is still played. When it is not, the replica catches
up and decides again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from pactmock.errors import PactmockError, StoreUnavailable
from pactmock.pact.json.values import Json, compact
from pactmock.pact.value import value
from pactmock.server.answers.answer import Answer
from pactmock.server.answers.decision import Decision
from pactmock.service.store import written
from pactmock.service.store.answering import not_noted
from pactmock.service.store.confirming import Confirming
from pactmock.service.store.disowning import Disowning
from pactmock.service.store.redis import scripts
from pactmock.service.store.redis.link import Script

if TYPE_CHECKING:
    from pactmock.server.wire.door import Owed
    from pactmock.service.store.ledger import Ledger, Means
    from pactmock.service.store.ledger_play import LedgerPlay

_APPEND = Script.of(scripts.APPEND)


@value
class _Note:
    """A decision on its way into the ledger; see `Notes.note`."""

    decision: Decision
    place: LedgerPlay
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


class Notes:
    """What this replica adds to a ledger of requests that came to it."""

    def __init__(self, ledger: Ledger, means: Means) -> None:
        self._ledger = ledger
        self._hot = means.hot
        self.confirming = Confirming(ledger.keys, means.hot, ledger.start)
        """Tells which of them were answered."""
        self.disowning = Disowning(ledger, means.cold)
        """Takes back those of which nobody says so."""

    def note(
        self,
        decision: Decision,
        place: LedgerPlay,
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
            self._ledger.start(self._note_again(noting))
            return
        entry: dict[str, Json] = {"op": "note", "decision": written.decision(written.bounded(decision))}
        if is_late:
            entry["late"] = True
        if noting.changes:
            entry["changes"] = True
        if noting.place.scope is not None:
            entry["scope"] = noting.place.scope
        content, mark, confirmed = self._ledger.written(entry), self._ledger.new_mark(), self.confirming.take()
        served = decision.interaction.key if decision.is_match and decision.interaction is not None else None
        known = compact([*((None, None) if is_late else (decision.identity, served)), noting.place.scope])[1:-1]
        config = "" if is_late else self._ledger.config
        self._ledger.used = time.monotonic()
        noted = self._hot.run(
            _APPEND, self._ledger.keys.all, config, int(noting.changes), mark, known, content, *confirmed
        )
        noted.add_done_callback(partial(self._noted, noting, len(content), mark, confirmed))

    def _noted(
        self, noting: _Note, added: int, mark: str, confirmed: list[str], noted: asyncio.Future[list[Any]]
    ) -> None:
        error = noted.exception()
        if error is not None:
            self.confirming.give_back(confirmed)
            if not isinstance(error, StoreUnavailable) or error.maybe:
                self.disowning.disown_soon(mark)
            noting.settle(not_noted(error))
            return
        number, *rest = noted.result()
        if number == scripts.MOVED:
            self._ledger.start(self._note_again(noting))
        elif number == scripts.VOID:
            noting.settle(not_noted(StoreUnavailable("The store was told that this request is not answered")))
        elif number < 0:
            noting.settle(not_noted(self._ledger.gone()))
        else:
            noting.settle(noting.decision.answer)
            self.confirming.answer(mark)
            entries, size, before = rest
            self._has_noted(noting, number, mark, before.decode())
            self._ledger.look_at_size(added, entries, size)

    def _has_noted(self, noting: _Note, number: int, mark: str, before: str) -> None:
        """Know of it here too, where nothing is missing in between; else that can wait until somebody asks."""
        server = self._ledger.server
        server.count(noting.decision)
        if self._ledger.is_next(number, before):
            server.note(written.bounded(noting.decision), noting.place.scope, is_late=self._is_late(noting))
            self._ledger.has_applied(number, mark, changes=noting.changes)
        elif server.has_to_tell(noting.decision):
            self._ledger.catch_up_soon()

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
            await self._ledger.catch_up()
            if noting.is_sure and (self._is_late(noting) or self._holds(noting)):
                self._note(noting)
                return
            owed = noting.again()
            noting.settle(owed if isinstance(owed, Answer) else await owed)
        except asyncio.CancelledError:
            noting.settle(not_noted(self._ledger.ended()))
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
                self._ledger.look_at_added(len(content), noted.result())
            _settle(answered, answer if error is None else not_noted(error))

        content = self._ledger.written(entry)
        self._hot.run(_APPEND, self._ledger.keys.all, "", 0, self._ledger.new_mark(), "", content).add_done_callback(
            told
        )
        return answered


def _settle(answered: asyncio.Future[Answer], answer: Answer) -> None:
    if not answered.done():
        answered.set_result(answer)
