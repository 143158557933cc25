"""What was found of a pact that is played over HTTP: how far what is expected was received, and what differs.

It is made of two things, an edition and a journal, whoever has them: a mock server, or one of its scopes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from pactmock.errors import InvalidParameter, NoSuchInteraction
from pactmock.matching.expectation import Expectation
from pactmock.matching.texts.shortening import cut
from pactmock.pact.model import Request
from pactmock.pact.warnings import PactWarning
from pactmock.reports.listed import ListedInteraction
from pactmock.server.deciding.door import DecidingDoor
from pactmock.server.deciding.edition import Edition
from pactmock.server.deciding.neighbours import Neighbours
from pactmock.server.records.journal import Journal

if TYPE_CHECKING:
    from pactmock.matching.explaining.explanation import Explanation
    from pactmock.server.plays.faults import Fault, Faults
    from pactmock.server.plays.message_play import MessagePlay

_MOST_MISSING = 1000
"""How many interactions that were never asked for are listed."""

_MOST_KEYS = 5
"""How many keys are listed to whoever names an interaction by a description that several have."""


class Findings(DecidingDoor):
    """What was found behind a door where requests are decided on."""

    transport = "http"
    edition: Edition
    messages: MessagePlay | None
    _journal: Journal
    _neighbours: Neighbours
    _faults: Faults | None = None

    @property
    def faults(self) -> Faults:
        """What becomes of answers on purpose."""
        if self._faults is None:
            from pactmock.server.plays.faults import Faults  # late: few tests want any

            self._faults = Faults()
        return self._faults

    @property
    def faults_if_any(self) -> Faults | None:
        """The same, None where nobody has wanted anything of it."""
        return self._faults

    def put_fault(self, key: str, fault: Fault) -> ListedInteraction:
        item = self._named(key)
        self.faults.put(item.key, fault)
        return self._listed(item)

    def keys_of(self, names: Iterable[str]) -> frozenset[str]:
        """Return the keys of interactions that are named by those, or by their descriptions.

        Raises:
            NoSuchInteraction, InvalidParameter: when there is none, or several have this description.
        """
        expected = self.edition.book.expectations
        keys = {each.key for each in expected}
        described: defaultdict[str, list[str]] = defaultdict(list)
        for each in expected:
            described[each.interaction.description].append(each.key)
        found: set[str] = set()
        for name in names:
            only = [name] if name in keys else described.get(name, ())
            found.add(only[0] if len(only) == 1 else self._named(name).key)
        return frozenset(found)

    def _named(self, key: str) -> Expectation:
        """Return the interaction of a key, or else the one of a description: it may have several, in other states."""
        expected = self.edition.book.expectations
        named = [each for each in expected if each.key == key]
        named = named or [each for each in expected if each.interaction.description == key]
        if not named:
            raise NoSuchInteraction(
                f"There is no interaction with the key or description '{key[:200]}': GET .../interactions lists them",
                key=key[:200],
            )
        keys = list(dict.fromkeys(each.key for each in named))
        if len(keys) > 1:
            raise InvalidParameter(
                f"There are {len(keys)} interactions with the description '{key[:200]}': say by its key which one is"
                f" meant, of {', '.join(keys[:_MOST_KEYS])}{', ...' if len(keys) > _MOST_KEYS else ''}",
                parameter="key",
            )
        return named[0]

    @property
    def played_faults(self) -> list[PactWarning]:
        return [] if self._faults is None else self._faults.warnings

    def end_delays(self) -> None:
        if self._faults is not None:
            self._faults.end()

    def _clear_faults(self) -> None:
        if self._faults is not None:
            self._faults.clear()

    def find(self, request: Request) -> Expectation | None:
        """Return the expectation that a request would meet. One that asks plugins would take its time: it says none."""
        return None if self.edition.asks_plugins else self.edition.book.find(request)

    async def explain(self, request: Request) -> Explanation:
        """Decide on a request that nobody sent; nothing is noted."""
        edition = self.edition
        budget = self._options.decisions.budget(len(request.body.content))
        workers = self._shared.asking if edition.asks_plugins else self._shared.deciding

        def decide() -> Explanation:
            from pactmock.matching.explaining.explain import explain

            with budget:
                return explain(edition.match(request), self._neighbours)

        return await workers.run(self._owner or self, decide)

    # What was found.

    @property
    def interactions(self) -> int:
        return len(self.edition.book.expectations)

    @property
    def is_complete(self) -> bool:
        if self.messages is not None and not self.messages.is_complete:
            return False
        return self.edition.expected.keys() <= self._journal.received.keys()

    @property
    def matched(self) -> bool:
        return not self.failed and self.is_complete

    @property
    def failed(self) -> int:
        return self._journal.failed + (self.messages.failed if self.messages is not None else 0)

    @property
    def missing(self) -> int:
        of_messages = self.messages.missing if self.messages is not None else 0
        return self._never_received + of_messages

    @property
    def _never_received(self) -> int:
        expected = self.edition.expected
        return max(0, self.interactions - sum(expected[name] for name in self._journal.received))

    def listed(self) -> list[ListedInteraction]:
        return list(map(self._listed, self.edition.book.expectations))

    def named(self, key: str) -> ListedInteraction:
        return self._listed(self._named(key))

    def _listed(self, item: Expectation) -> ListedInteraction:
        fault, left = self._faults.of(item.key) if self._faults is not None else (None, None)
        return ListedInteraction(
            item.name,
            item.request.method,
            cut(item.request.path),
            self.edition.counted(item) in self._journal.received,
            self._journal.served.get(item.key, 0),
            str(fault) if fault else None,
            left,
        )

    def explanations(self) -> list[Explanation]:
        """Explain what failed in the order it was received, then the interactions that were never asked for
        (reference/matching.md §6.4).

        Messages come last.
        """
        from pactmock.matching.explaining.explain import missing

        failed = [entry.explained for entry in self._journal.failures]
        missed = map(missing, islice(self._missing(), _MOST_MISSING))
        return [*failed, *missed, *(self.messages.explanations() if self.messages is not None else ())]

    @property
    def unlisted(self) -> int:
        of_messages = self.messages.unlisted if self.messages is not None else 0
        return self._journal.unlisted_failures + max(0, self._never_received - _MOST_MISSING) + of_messages

    def _missing(self) -> Iterator[Expectation]:
        received, edition = self._journal.received, self.edition
        return (item for item in edition.book.expectations if edition.counted(item) not in received)

    async def refresh(self) -> None:
        """Do nothing: what is noted is known."""

    async def wait(self, seconds: float) -> bool:
        await self._journal.until(lambda: self.is_complete or not self.is_running, seconds)
        return self.is_complete

    @property
    def state(self) -> str | None:
        return self.edition.state
