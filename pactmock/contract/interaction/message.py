"""Messages: one that nobody answers, and one with the messages that answer it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from pactmock.contract.interaction.base import Interaction, Part, _parsed, metadata_value
from pactmock.contract.interaction.draft import Draft
from pactmock.pact.json.values import Json

if TYPE_CHECKING:
    from pactmock.contract.pact import Pact


class _MessageInteraction(Interaction):
    """What both kinds of messages have."""

    def _metadata(self, part: Part | None) -> list[Draft]:
        return [self._change(part)]

    def with_metadata(
        self, metadata: Mapping[str, Any] | None = None, part: Part | None = None, /, **kwargs: Any
    ) -> Self:
        """Set metadata, from a mapping, by keywords or both: JSON, with matchers in it; a text stays a text."""
        for draft in self._metadata(part):
            for name, value in {**(metadata or {}), **kwargs}.items():
                draft.metadata[name] = metadata_value(value)
        return self

    def set_metadata(
        self, metadata: Mapping[str, str | None] | None = None, part: Part | None = None, /, **kwargs: str | None
    ) -> Self:
        """Set metadata from texts, each of them read as JSON when it can be, also matchers; None takes one away."""
        for draft in self._metadata(part):
            for name, value in {**(metadata or {}), **kwargs}.items():
                if value is None:
                    draft.metadata.pop(name, None)
                else:
                    draft.metadata[name] = _parsed(value)
        return self


class AsyncMessageInteraction(_MessageInteraction):
    """A message that nobody answers."""

    type = "Asynchronous/Messages"

    def __init__(self, pact: Pact, description: str) -> None:
        super().__init__(pact, description)
        self._message = Draft()

    def _part(self, _part: Part | None) -> Draft:
        return self._message

    def _parts(self) -> dict[str, Json]:
        return {"message": self._message.to_json()}


class SyncMessageInteraction(_MessageInteraction):
    """A message, and the messages that answer it. What is said before `will_respond_with` is about the request."""

    type = "Synchronous/Messages"

    def __init__(self, pact: Pact, description: str) -> None:
        super().__init__(pact, description)
        self._request = Draft()
        self._responses: list[Draft] = []
        self._is_answering = False

    def _is_response(self, part: Part | None) -> bool:
        return self._is_answering if part is None else part == "Response"

    def _part(self, part: Part | None) -> Draft:
        """Return the request, or the last response that there is, or the first that is to come."""
        if not self._is_response(part):
            return self._request
        if not self._responses:
            self._responses.append(Draft())
        return self._responses[-1]

    def _metadata(self, part: Part | None) -> list[Draft]:
        draft = self._change(part)
        return self._responses if self._is_response(part) else [draft]

    def _for_body(self, part: Part | None) -> None:
        """Begin another response where the last one has its body."""
        if self._change(part).has_contents and self._is_response(part):
            self._responses.append(Draft())

    def with_body(self, body: Any = None, content_type: str | None = None, part: Part | None = None) -> Self:
        """Set the body of the request, or add a response with a body; see `Interaction.with_body`."""
        self._for_body(part)
        return super().with_body(body, content_type, part)

    def with_binary_body(self, body: bytes | None, content_type: str | None = None, part: Part | None = None) -> Self:
        """Set the body of the request to bytes, or add a response; see `Interaction.with_binary_body`."""
        self._for_body(part)
        return super().with_binary_body(body, content_type, part)

    def will_respond_with(self) -> Self:
        """Begin the responses: each body that follows is one more of them."""
        self._check_open()
        self._is_answering = True
        return self

    def _parts(self) -> dict[str, Json]:
        return {"request": self._request.to_json(), "response": [draft.to_json() for draft in self._responses]}
