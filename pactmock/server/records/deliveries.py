"""What became of the messages that were handed out, in the present epoch: the journal of messages.

As in the journal of requests, what a verdict needs is kept apart from what is kept for reading.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pactmock.pact.json.values import Json
from pactmock.pact.model import MessageContents, message_content_type
from pactmock.pact.value import value
from pactmock.server.answers.message_script import Generated, ScriptedMessage

if TYPE_CHECKING:
    from pactmock.matching.explaining.explanation import Explanation

_MOST_OPEN = 10_000
"""How many deliveries are remembered, the latest; of an older one nobody can say any more that it was handled."""


@value
class Delivery:
    """A message that was handed out; `number` counts from 1 and goes on after a reset."""

    number: int
    message: ScriptedMessage
    generated: Generated

    @property
    def contents(self) -> bytes:
        """The contents with generated values in them, as bytes."""
        return self.generated.message.contents.content

    @property
    def metadata(self) -> Mapping[str, Json]:
        """The metadata, with `contentType` where there are contents."""
        return metadata_of(self.generated.message)


def metadata_of(message: MessageContents) -> dict[str, Json]:
    """Return the metadata of a message, which also name the type of its contents."""
    typed = {"contentType": str(message_content_type(message))} if message.contents.is_present else {}
    return {**typed, **message.metadata}


@value
class DeliveriesState:
    """All that is known of deliveries at some time, so that another replica can go on from there.

    `open` are the keys of messages by the numbers of their deliveries; the last three count deliveries by keys.
    """

    number: int
    open: Mapping[int, str]
    failures: tuple[Explanation, ...]
    failed: int
    is_asked: bool
    asked: Mapping[str, int]
    handled: Mapping[str, int]
    failures_of: Mapping[str, int]


class Deliveries:
    """The deliveries of one mock server."""

    def __init__(self, most_failures: int) -> None:
        self._most_failures = most_failures
        self._number = 0
        self.reset()

    def reset(self) -> None:
        """Forget what was handed out, so that nobody can say any more that it was handled."""
        self._known: dict[int, ScriptedMessage] = {}
        self._latest: dict[str, int] = {}
        self._failures: list[Explanation] = []
        self.failed = 0
        """How many deliveries failed, those that are no longer listed included."""
        self.is_asked = False
        """Whether anybody asked for a message, also for one that could not be made."""
        self.asked = Counter[str]()
        """How often each message was handed out, by its key."""
        self.handled = Counter[str]()
        """How often each was handled without an error."""
        self.failures_of = Counter[str]()
        """How often each was not."""

    def begin(self, message: ScriptedMessage, generated: Generated) -> Delivery:
        """Note that a message is handed out."""
        self._number += 1
        key = message.name.key
        self._known[self._number] = message
        self._latest[key] = self._number
        self.asked[key] += 1
        if len(self._known) > _MOST_OPEN:
            del self._known[next(iter(self._known))]
        return Delivery(self._number, message, generated)

    def find(self, key: str, number: int | None) -> ScriptedMessage | None:
        """Return what a delivery of this epoch handed out, by default the latest one of a message."""
        found = self._known.get(self._latest.get(key, 0) if number is None else number)
        return found if found is not None and found.name.key == key else None

    def settle(self, key: str, failure: Explanation | None) -> None:
        """Note that a message was handled, or why it was not."""
        if failure is None:
            self.handled[key] += 1
            return
        self.failures_of[key] += 1
        self.failed += 1
        if len(self._failures) < self._most_failures:
            self._failures.append(failure)

    @property
    def failures(self) -> tuple[Explanation, ...]:
        """Why deliveries failed, the first ones."""
        return tuple(self._failures)

    def state(self) -> DeliveriesState:
        """Return all that is known now."""
        return DeliveriesState(
            self._number,
            {number: message.name.key for number, message in self._known.items()},
            self.failures,
            self.failed,
            self.is_asked,
            dict(self.asked),
            dict(self.handled),
            dict(self.failures_of),
        )

    def restore(self, state: DeliveriesState, messages: Mapping[str, ScriptedMessage]) -> None:
        """Know what another knew, of messages by their keys."""
        self._number = state.number
        self.reset()
        self._known = {number: messages[key] for number, key in state.open.items() if key in messages}
        self._latest = {key: number for number, key in state.open.items()}
        self._failures, self.failed, self.is_asked = list(state.failures), state.failed, state.is_asked
        self.asked.update(state.asked)
        self.handled.update(state.handled)
        self.failures_of.update(state.failures_of)

    def has_settled(self, key: str) -> bool:
        """Whether it was told of a message that it was handled, or that it was not."""
        return key in self.handled or key in self.failures_of

    def __repr__(self) -> str:
        return f"<Deliveries: {self.asked.total()} handed out, {self.handled.total()} handled, {self.failed} failed>"
