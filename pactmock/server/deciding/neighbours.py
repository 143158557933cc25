"""Whether a request was meant for another mock server of this process: a hint for who took the wrong port."""

from __future__ import annotations

from pactmock.matching import budget
from pactmock.matching.budget import Budget
from pactmock.matching.interaction_name import in_words
from pactmock.pact.model import Request
from pactmock.pact.value import value
from pactmock.server.address import Address
from pactmock.server.shared import Shared


@value
class Neighbours:
    """The other mock servers, as the one at an address sees them."""

    address: Address
    shared: Shared

    @property
    def state(self) -> int:
        """A number that is another one when what the others expect may have changed."""
        return self.shared.changes

    def __call__(self, request: Request) -> str | None:
        """Say which of them has an interaction that a request matches, if a few milliseconds are enough to find it.

        Raises:
            OutOfBudget: when the budget of the request is tentative, so that it is for its owner to say where to go on.
        """
        given = budget.current()
        with Budget(min(_SECONDS, given.left), tentative=given.tentative) as share:
            for other in self.shared.neighbours():
                found = None if other.address is self.address else other.play.find(request)
                if found is not None:
                    place = f"on port {other.address.port}" if other.has_port else f"at {other.url}"
                    return f"The mock server of {other.title} {place} has {in_words(found.interaction)}, which matches"
                if share.left <= 0:
                    break
        return None


_SECONDS = 0.005
"""CPU time for all neighbours together: there may be thousands of them."""
