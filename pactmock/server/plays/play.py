"""How the pact of a mock server is played: over HTTP, or by the mock server of a plugin's transport."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from pactmock.matching.expectation import Expectation
from pactmock.pact.model import Request
from pactmock.plugins.binding.bound_pact import BoundPact
from pactmock.reports.listed import ListedInteraction

if TYPE_CHECKING:
    from pactmock.matching.explaining.explanation import Explanation
    from pactmock.pact.warnings import PactWarning
    from pactmock.server.plays.faults import Fault
    from pactmock.server.plays.message_play import MessagePlay


class Change(Protocol):
    """Plays what was prepared: as a new epoch, or with what was received as another edition."""

    def __call__(self, *, anew: bool) -> None: ...


class Play(Protocol):
    """What a mock server asks of what plays its pact."""

    @property
    def transport(self) -> str:
        """What speaks to it: `http`, or the name of a plugin's transport."""

    @property
    def is_running(self) -> bool:
        """Whether it listens."""

    @property
    def interactions(self) -> int:
        """How many interactions are played over HTTP or by a plugin."""

    @property
    def messages(self) -> MessagePlay | None:
        """The messages of the pact, which are handed out here; None where there are none, or a plugin plays them."""

    @property
    def is_complete(self) -> bool:
        """Whether a request was received for every interaction, matching or not, and messages that count handled."""

    @property
    def matched(self) -> bool:
        """Whether all that was expected was received, and nothing else."""

    @property
    def failed(self) -> int:
        """How many requests and messages failed."""

    @property
    def missing(self) -> int:
        """How many interactions, and messages that count, are still to come."""

    def listed(self) -> Sequence[ListedInteraction]:
        """List the interactions in their order in the pact, with what is known of requests for them."""

    def named(self, key: str) -> ListedInteraction:
        """Find an interaction by its key, or its description where that is of no other one.

        Raises:
            NoSuchInteraction: when there is none.
            InvalidParameter: when there are several with this description.
        """

    def explanations(self) -> list[Explanation]:
        """Explain why it is not `matched`: the first failures, and the first interactions that were never asked for."""

    @property
    def unlisted(self) -> int:
        """How many more there are."""

    async def start(self, ports: Sequence[int]) -> None:
        """Start to listen on the first of some ports that is free."""

    def stay(self, seconds: float) -> None:
        """Refuse, when it stops, what comes within so many seconds, and note it as late."""

    async def stop(self) -> None:
        """Stop to listen; the port is free when this returns."""

    async def refresh(self) -> None:
        """Bring up to date what is known of requests that others received."""

    async def settle(self) -> None:
        """Wait until what was sent before is known, decided on: for a verdict."""

    async def wait(self, seconds: float) -> bool:
        """Wait until it is complete, or the time is up, or it is stopped; tell whether it is complete."""

    def prepare(self, bound: BoundPact) -> Change:
        """Compile another pact, in any thread; what is returned has it played from then on.

        Raises:
            InvalidPact: when it cannot be played; then all is as it was.
            PluginError: when it cannot be changed.
        """

    def find(self, request: Request) -> Expectation | None:
        """Return the expectation that a request would meet, where that can be said at once."""

    async def explain(self, request: Request) -> Explanation:
        """Decide on a request that nobody sent; nothing is noted.

        Raises:
            PluginError: when only a plugin could.
        """

    @property
    def state(self) -> str | None:
        """The provider state that was chosen."""

    def choose_state(self, state: str | None) -> None:
        """Have interactions that are given a provider state go first from now on; None for none.

        Raises:
            NoSuchState: when none is given it.
            PluginError: when a plugin plays the pact.
        """

    @property
    def played_faults(self) -> Sequence[PactWarning]:
        """Say which faults were played, of which the pact says nothing."""

    def put_fault(self, key: str, fault: Fault) -> ListedInteraction:
        """Have answers of an interaction, by its key or description, come later, or something else instead of them.

        Raises:
            NoSuchInteraction: when there is none.
            PluginError: when a plugin plays the pact.
        """

    def end_delays(self) -> None:
        """Send what is kept back, and keep nothing back any more: all ends."""

    def reset(self) -> None:
        """Forget what was received, and begin a new epoch with what is expected now.

        Raises:
            PluginError: when only a plugin knows what was received.
        """
