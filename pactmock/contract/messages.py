"""The messages of a contract, and how a test hands them to its code: what `Pact` can do besides HTTP."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, overload

from pactmock.contract.error import InteractionVerificationError, PactVerificationError, Refused
from pactmock.contract.interaction import AsyncMessageInteraction, Interaction, SyncMessageInteraction

if TYPE_CHECKING:
    from pactmock.contract.message import AsyncHandler, Handler, Message, MessageInteraction


class Messages(ABC):
    """A contract that has messages."""

    @property
    @abstractmethod
    def kept(self) -> list[Interaction]:
        """The interactions, without those that were written again."""

    def message(self, description: str) -> Message:
        """Hand out a message in a `with` block: its `contents` and `metadata`, and `reply` for what answers it.

        At the end of the block, replies are compared with those that are expected.

        Raises:
            Refused: when there is no message of this description.
        """
        from pactmock.contract.message import Message

        found = [item for item in self._messages("Async", "Sync") if item.description == description]
        if not found:
            raise Refused(f"{self} has no message '{description}'")
        return Message(found[-1])

    def _messages(self, *kinds: str) -> list[MessageInteraction]:
        wanted = tuple(_KINDS[kind] for kind in kinds)
        return [item for item in self.kept if isinstance(item, wanted)]

    def _of_kind(self, kind: str) -> list[MessageInteraction]:
        if kind in {"HTTP", "All"}:
            raise TypeError(f"Unknown message type: {kind}")
        if kind not in _KINDS:
            raise ValueError(f"Unknown interaction kind: {kind}")
        return self._messages(kind)

    @overload
    def verify(self, handler: Handler, kind: Literal["Async", "Sync"], *, raises: Literal[True] = True) -> None: ...
    @overload
    def verify(
        self, handler: Handler, kind: Literal["Async", "Sync"], *, raises: Literal[False]
    ) -> list[InteractionVerificationError]: ...
    def verify(
        self, handler: Handler, kind: Literal["Async", "Sync"], *, raises: bool = True
    ) -> list[InteractionVerificationError] | None:
        """Call `handler(body, metadata)` for each message of a kind, in the order in which they were written.

        The body is a text, bytes where its type is binary, None where there is none; generators have made their values.
        For a `Sync` message it is the request, and a text, bytes, an object or a list that the handler returns is its
        reply, which is compared; all else that it returns says nothing. What has to be awaited is. What it raises is
        told by message: raised, or returned without `raises`.

        Raises:
            PactVerificationError: when the handler raised for a message, or a reply did not match.
            TypeError, ValueError: for another kind.
        """
        from pactmock.contract.message import verify

        return _told([error for item in self._of_kind(kind) if (error := verify(item, handler))], raises=raises)

    @overload
    async def verify_async(
        self, handler: AsyncHandler, kind: Literal["Async", "Sync"], *, raises: Literal[True] = True
    ) -> None: ...
    @overload
    async def verify_async(
        self, handler: AsyncHandler, kind: Literal["Async", "Sync"], *, raises: Literal[False]
    ) -> list[InteractionVerificationError]: ...
    async def verify_async(
        self, handler: AsyncHandler, kind: Literal["Async", "Sync"], *, raises: bool = True
    ) -> list[InteractionVerificationError] | None:
        """Do as `verify` does with a handler that is awaited on the running loop."""
        from pactmock.contract.message import verify_async

        found = [await verify_async(item, handler) for item in self._of_kind(kind)]
        return _told([error for error in found if error], raises=raises)


def _told(errors: list[InteractionVerificationError], *, raises: bool) -> list[InteractionVerificationError] | None:
    __tracebackhide__ = True
    if not raises:
        return errors
    if errors:
        raise PactVerificationError(errors)
    return None


_KINDS: Mapping[str, type[AsyncMessageInteraction | SyncMessageInteraction]] = {
    "Async": AsyncMessageInteraction,
    "Sync": SyncMessageInteraction,
}
