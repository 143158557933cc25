"""What `Pact.interactions` shows of an interaction: its description, states and contents, as they will be written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Generic, NamedTuple, TypeVar, cast

from pactmock.contract.interaction.base import Interaction
from pactmock.pact import generators
from pactmock.pact import model as values
from pactmock.pact.json.values import Json
from pactmock.pact.matching_rules import categories as rule_categories
from pactmock.pact.model import MessageContents, ProviderState, Request, Response

V = TypeVar("V", bound=values.Interaction)


class MetadataPair(NamedTuple):
    """One key of metadata, and its value."""

    key: str
    value: Json


class ContentsView:
    """The contents of a part, the metadata of a message, and the rules and generators as a pact file has them."""

    def __init__(self, part: Request | Response | MessageContents) -> None:
        body = part.contents if isinstance(part, MessageContents) else part.body
        text = body.text()
        self.contents: str | bytes | None = (body.content if text is None else text) if body.is_present else None
        self.content_type = str(body.content_type) if body.content_type else None
        self.metadata: tuple[MetadataPair, ...] = (
            tuple(MetadataPair(key, value) for key, value in part.metadata.items())
            if isinstance(part, MessageContents)
            else ()
        )
        self.matching_rules: Mapping[str, Json] = rule_categories.to_categories(part.matching_rules)
        self.generators: Mapping[str, Json] = generators.to_json(part.generators)

    def __repr__(self) -> str:
        return f"<ContentsView {self.contents!r}>"


class InteractionView(Generic[V]):
    """What all interactions show."""

    def __init__(self, interaction: Interaction) -> None:
        self._interaction = interaction

    @property
    def _value(self) -> V:
        return cast("V", self._interaction.to_value())  # it was made as one

    @property
    def description(self) -> str:
        return self._interaction.description

    def provider_states(self) -> Iterator[ProviderState]:
        """Yield the provider states, with `name` and `params`."""
        yield from self._value.provider_states

    def as_synchronous_http(self) -> HttpView | None:
        """Return it when it is over HTTP."""
        return self if isinstance(self, HttpView) else None

    def as_asynchronous_message(self) -> AsyncMessageView | None:
        """Return it when it is a message that nobody answers."""
        return self if isinstance(self, AsyncMessageView) else None

    def as_synchronous_message(self) -> SyncMessageView | None:
        """Return it when it is a message that is answered."""
        return self if isinstance(self, SyncMessageView) else None

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.description!r}>"


class HttpView(InteractionView[values.HttpInteraction]):
    """A request and its response."""

    @property
    def request_contents(self) -> ContentsView:
        return ContentsView(self._value.request)

    @property
    def response_contents(self) -> ContentsView:
        return ContentsView(self._value.response)


class AsyncMessageView(InteractionView[values.AsynchronousMessage]):
    """A message that nobody answers."""

    @property
    def contents(self) -> ContentsView:
        return ContentsView(self._value.message)


class SyncMessageView(InteractionView[values.SynchronousMessages]):
    """A message, and those that answer it."""

    @property
    def request_contents(self) -> ContentsView:
        return ContentsView(self._value.request)

    @property
    def response_contents(self) -> tuple[ContentsView, ...]:
        return tuple(map(ContentsView, self._value.responses))


VIEWS: Mapping[str, type[InteractionView[Any]]] = {
    values.HttpInteraction.type: HttpView,
    values.AsynchronousMessage.type: AsyncMessageView,
    values.SynchronousMessages.type: SyncMessageView,
}
"""By the type of the interaction."""
