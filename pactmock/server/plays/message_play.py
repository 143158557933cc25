"""The messages of a pact, played: handed out when a test asks for them, and held to account for what became of them.

A message counts as a request does, in a pact that has nothing else, once a test asked for one, or where that is wanted.
In all other pacts they are tested elsewhere, and the verdict says how many were not tested here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from pactmock.errors import InvalidPact, InvalidParameter, NoSuchMessage, NotHandedOut
from pactmock.matching.budget import OutOfBudget
from pactmock.matching.texts.shortening import cut
from pactmock.pact.model import SynchronousMessages
from pactmock.pact.value import value
from pactmock.reports.listed import ListedMessage
from pactmock.server.answers.message_script import Generated, MessageScript, Reply, ScriptedMessage
from pactmock.server.records.deliveries import Deliveries, DeliveriesState, Delivery
from pactmock.server.records.events import MESSAGE_HANDLED

if TYPE_CHECKING:
    from pactmock.matching.explaining.explanation import Explanation
    from pactmock.plugins.binding.bound_pact import BoundPact
    from pactmock.server.plays.stage import Stage

T = TypeVar("T")
_MOST_MISSING = 1000
"""How many messages that were never handled are listed."""

_PLUGIN_SECONDS = 600.0
"""How long a message may wait for plugins, whose calls have times of their own."""


@value
class Handled:
    """What a test says of a message that it was handed: an error of the code under test, or its replies.

    `delivery` is the number of the delivery, by default the latest one of the message.
    """

    error: str | None = None
    replies: tuple[Reply, ...] = ()
    delivery: int | None = None


class MessagePlay:
    """The messages of one mock server."""

    def __init__(self, bound: BoundPact, stage: Stage) -> None:
        self._stage = stage
        self._script = self.prepare(bound)
        self._deliveries = Deliveries(stage.options.journal.failures)
        self._epoch = 0

    def prepare(self, bound: BoundPact) -> MessageScript:
        """Make another pact's messages ready, in any thread."""
        return MessageScript(bound, self._stage.options.seed)

    def change(self, script: MessageScript, *, anew: bool) -> None:
        """Play what was prepared; anew, what was handed out is forgotten."""
        self._script = script
        if anew:
            self.reset()

    def reset(self) -> None:
        """Forget what was handed out, and what became of it; what comes of it later counts for nothing."""
        self._epoch += 1
        self._deliveries.reset()

    def __len__(self) -> int:
        return len(self._script.messages)

    @property
    def counts(self) -> bool:
        """Whether messages have to be handled."""
        return self._stage.options.counts_messages or self._script.is_alone or self._deliveries.is_asked

    @property
    def not_tested(self) -> int:
        """How many messages do not count: nobody asks for them here."""
        return 0 if self.counts else len(self)

    @property
    def failed(self) -> int:
        """How many deliveries failed."""
        return self._deliveries.failed

    @property
    def missing(self) -> int:
        """How many messages that count were never settled."""
        return sum(1 for _ in self._missing()) if self.counts else 0

    @property
    def is_complete(self) -> bool:
        """Whether it was told of each message that counts what became of it."""
        return not self.counts or next(self._missing(), None) is None

    def _missing(self) -> Iterator[ScriptedMessage]:
        settled = self._deliveries.has_settled
        return (message for key, message in self._script.messages.items() if not settled(key))

    def explanations(self) -> list[Explanation]:
        """Explain what failed in the order in which it was told, then the messages that were never handled."""
        if not self.counts:
            return []
        from pactmock.matching.explaining.messages import missing  # late: many servers explain nothing

        never = islice(self._missing(), _MOST_MISSING)
        return [*self._deliveries.failures, *(missing(item.name, item.interaction) for item in never)]

    @property
    def unlisted(self) -> int:
        """How many more explanations there are."""
        return self.failed - len(self._deliveries.failures) + max(0, self.missing - _MOST_MISSING)

    def listed(self) -> list[ListedMessage]:
        """List the messages in their order in the pact."""
        noted = self._deliveries
        return [
            ListedMessage(
                item.name, item.interaction.type, noted.asked[key], noted.handled[key], noted.failures_of[key]
            )
            for key, item in self._script.messages.items()
        ]

    async def hand_out(self, key: str) -> Delivery:
        """Make a message, with the values that generators make now.

        Raises:
            NoSuchMessage: when there is none with this key.
            InvalidPact: when it cannot be made, with the JSON pointer of what stands against that.
        """
        while True:
            epoch = self._epoch
            generated = await self.make(key)
            if epoch == self._epoch:
                return self.begin(key, generated)
            # else it is what was expected before

    async def make(self, key: str) -> Generated:
        """Make a message that somebody asks for, without handing it out.

        Raises:
            NoSuchMessage, InvalidPact: as above.
        """
        message, context = self._find(key), self._script.context(self._stage.address.url_for(None))
        self.ask()
        return await self._run(message, lambda: message.generate(context))

    def ask(self) -> None:
        """Have messages count from now on, as somebody asks for one."""
        self._deliveries.is_asked = True

    def begin(self, key: str, generated: Generated | None) -> Delivery:
        """Note that a message is handed out; None where it was made elsewhere."""
        message = self._find(key)
        self.ask()
        delivery = self._deliveries.begin(message, generated or Generated(message.parts[0]))
        self._note(message, f"was handed out (delivery {delivery.number})")
        return delivery

    def _find(self, key: str) -> ScriptedMessage:
        found = self._script.messages.get(key)
        if found is None:
            raise NoSuchMessage(
                f"This mock server has no message with the key '{key[:100]}': GET .../messages lists those that it has",
                key=key[:100],
            )
        return found

    async def settle(self, key: str, handled: Handled) -> Explanation | None:
        """Note what became of a message that was handed out; return what is wrong with that, if anything is.

        Raises:
            NoSuchMessage: when there is none with this key.
            NotHandedOut: when it was not handed out since the last reset.
            InvalidParameter: for a reply to a message that nobody answers.
            InvalidPact: when the expected reply cannot be compared with.
        """
        epoch = self._epoch
        failure = await self.judge(key, handled)
        if epoch != self._epoch:
            raise _not_handed_out(key)
        self.note_settled(key, failure)
        return failure

    async def judge(self, key: str, handled: Handled) -> Explanation | None:
        """Return what is wrong with how a message was handled, without noting it.

        Raises:
            NoSuchMessage, NotHandedOut, InvalidParameter, InvalidPact: as above.
        """
        self._find(key)
        message = self._deliveries.find(key, handled.delivery)
        if message is None:
            raise _not_handed_out(key)
        if handled.replies and not isinstance(message.interaction, SynchronousMessages):
            raise InvalidParameter(
                f"The message '{message.name.description}' is not answered: leave the reply out", parameter="reply"
            )
        return await self._failure(message, handled)

    def note_settled(self, key: str, failure: Explanation | None) -> None:
        """Note what became of a message."""
        message = self._find(key)
        self._deliveries.settle(key, failure)
        self._note(message, "was handled" if failure is None else f"was not handled: {_reason(failure)}")
        self._stage.journal.tell(
            MESSAGE_HANDLED,
            key=key,
            description=message.name.description,
            error=None if failure is None else _reason(failure),
        )
        self._stage.journal.notify()

    def state(self) -> DeliveriesState:
        """Return what became of the messages."""
        return self._deliveries.state()

    def restore(self, state: DeliveriesState) -> None:
        """Take over what became of the messages elsewhere, as its `state` said it."""
        self._deliveries.restore(state, self._script.messages)

    async def _failure(self, message: ScriptedMessage, handled: Handled) -> Explanation | None:
        if handled.error is None and not handled.replies:
            return None
        from pactmock.matching.explaining import messages as explaining

        if handled.error is not None:
            return explaining.failed(message.name, message.interaction, handled.error)
        size = sum(len(reply.content) for reply in handled.replies)
        found = await self._run(message, lambda: message.compare(handled.replies), size)
        found = list(map(self._stage.options.secrets.metadata, found))
        return explaining.mismatch(message.name, message.interaction, found) if found else None

    async def _run(self, message: ScriptedMessage, work: Callable[[], T], size: int = 0) -> T:
        """Do in a thread what may take its time, within the budget of a request as large; `size` comes on top."""
        asks_plugins, shared = self._script.asks_plugins, self._stage.shared
        budget = self._stage.options.decisions.budget(message.size + size)
        if asks_plugins:
            budget.wall_seconds = _PLUGIN_SECONDS

        def run() -> T:
            with budget:
                return work()

        try:
            return await (shared.asking if asks_plugins else shared.deciding).run(self, run)
        except OutOfBudget as error:
            raise InvalidPact(f"This message cannot be made or compared in time: {error.reason}").below(
                *message.parts[0].place
            ) from None

    def _note(self, message: ScriptedMessage, what: str) -> None:
        self._stage.lease.touch()
        self._stage.log.note(f"the message '{message.name.description}' {what}")

    def __repr__(self) -> str:
        return f"<MessagePlay of {self._script!r}, {self._deliveries!r}>"


def _not_handed_out(key: str) -> NotHandedOut:
    return NotHandedOut(
        f"The message '{key[:100]}' was not handed out in this delivery since what was received was last forgotten:"
        " POST .../messages/{key} hands it out",
        key=key[:100],
    )


def _reason(failure: Explanation) -> str:
    return failure.error or cut("; ".join(item.mismatch for item in failure.differences))
