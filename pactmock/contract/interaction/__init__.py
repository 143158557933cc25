"""The interactions of a contract, written one method after the other. `Pact.upon_receiving` makes them."""

from pactmock.contract.interaction.base import Interaction as Interaction
from pactmock.contract.interaction.http import HttpInteraction as HttpInteraction
from pactmock.contract.interaction.message import AsyncMessageInteraction as AsyncMessageInteraction
from pactmock.contract.interaction.message import SyncMessageInteraction as SyncMessageInteraction

__all__ = ["AsyncMessageInteraction", "HttpInteraction", "Interaction", "SyncMessageInteraction"]
