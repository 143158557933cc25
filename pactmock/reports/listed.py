"""What a mock server has to be asked for, and how far it was: its interactions, and its messages."""

from __future__ import annotations

from pactmock.matching.interaction_name import InteractionName
from pactmock.pact.value import value


@value
class ListedInteraction:
    """An interaction, and how far it was asked for; None where only a plugin knows."""

    name: InteractionName
    method: str | None = None
    path: str | None = None
    received: bool | None = None
    """Whether a request for it was received, matching or not."""
    served: int | None = None
    """How many requests it was the answer to."""
    fault: str | None = None
    """What becomes of its answers on purpose: a delay, or what comes instead of them."""
    fault_left: int | None = None
    """For how many requests more, None for all."""


@value
class ListedMessage:
    """A message, and how often it was handed out, handled without an error, and not."""

    name: InteractionName
    type: str
    asked: int
    handled: int
    failed: int
