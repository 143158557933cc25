"""What an interaction is called, wherever something is said of it: in explanations, in the journal, in lists."""

from __future__ import annotations

from pactmock.matching.texts.shortening import VALUE, cut, fitted
from pactmock.pact.json.values import Json
from pactmock.pact.model import HttpInteraction, Interaction
from pactmock.pact.value import value

_STATES, _MARKUP = 3 * VALUE, 3 * VALUE


@value
class InteractionName:
    """An interaction for a reader and for a program.

    `index` is its position among the HTTP interactions of the pact, or among its messages. `provider_states` and
    `markup` are as a pact file has them, `markup` only where a plugin wrote some.
    """

    description: str
    key: str = ""
    index: int = 0
    provider_states: tuple[Json, ...] = ()
    markup: Json = None

    def __hash__(self) -> int:
        return hash((self.description, self.key, self.index))  # all else is JSON, which has none

    @classmethod
    def of(cls, interaction: Interaction, key: str, index: int) -> InteractionName:
        """Name an interaction of a pact, shortened."""
        states, markup = interaction.provider_states, interaction.markup
        return cls(
            cut(interaction.description),
            key,
            index,
            tuple(fitted([state.to_json() for state in states], _STATES)),
            {"markup": cut(markup.markup, _MARKUP), "markupType": cut(markup.kind)} if markup else None,
        )


def in_words(interaction: HttpInteraction) -> str:
    """Name an interaction inside a sentence: `'a request for a user' (given 'user 1 exists')`."""
    states = ", ".join(f"'{state.name}'" for state in interaction.provider_states)
    return f"'{interaction.description}'" + (f" (given {states})" if states else "")
