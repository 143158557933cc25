"""What tells the interactions of one pact apart, found once for a file that many pacts are merged into.

To merge is to look for what is the same, and of most files nearly all stays as it is from one merge to the next: so
what was found of an interaction is handed on (`Identities.after`), and looking for a few costs what there are of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from pactmock.pact.json.values import Json, compact
from pactmock.pact.model import HttpInteraction, Interaction

Identity: TypeAlias = tuple[object, ...]
Way: TypeAlias = Callable[[Interaction], "Identity | None"]


def everything(interaction: Interaction) -> Identity:
    """Return all that is compared, with the key: what is the same in it is the same interaction."""
    values = []
    if isinstance(interaction, HttpInteraction):
        values = [compact(value_of(interaction)) for _, value_of in COMPARED]
    return (interaction.key, *identity(interaction), *values)


def key(interaction: Interaction) -> Identity | None:
    """Return the key; without one, an interaction is told from others by something else."""
    return None if interaction.key is None else (interaction.key,)


def identity(interaction: Interaction) -> tuple[str, tuple[str, ...], str]:
    """Return what tells an interaction without a key from others: its description, states and type."""
    # States count also where the new interaction has none (reference/matching.md §11 row 5, F).
    return interaction.description, state_names(interaction), interaction.type


def state_names(interaction: Interaction) -> tuple[str, ...]:
    """Return the names of its provider states, in their order."""
    return tuple(state.name for state in interaction.provider_states)


WAYS: tuple[Way, ...] = (everything, key, identity)
"""How one is looked for, the surest way first."""

COMPARED: tuple[tuple[str, Callable[[HttpInteraction], Json]], ...] = (
    ("request method", lambda item: item.request.method),
    ("request path", lambda item: item.request.path),
    ("request query", lambda item: {k: list(v) for k, v in (item.request.query or {}).items()}),
    ("response status", lambda item: item.response.status),
)
"""What makes two interactions contradict each other; headers, bodies and rules may differ from run to run."""


class Identities:
    """The identities of the interactions of a pact, each way of them when it is first asked for."""

    __slots__ = ("_found", "_interactions", "_places")

    def __init__(
        self, interactions: Sequence[Interaction], found: Mapping[Way, list[Identity | None]] | None = None
    ) -> None:
        self._interactions = interactions
        self._found = dict(found or {})
        self._places: dict[Way, dict[Identity, list[int]]] = {}

    def of(self, way: Way) -> list[Identity | None]:
        """Return those of all interactions, in their order."""
        found = self._found.get(way)
        if found is None:
            found = self._found[way] = list(map(way, self._interactions))
        return found

    def places(self, way: Way) -> Mapping[Identity, Sequence[int]]:
        """Return where the interactions of each identity are."""
        places = self._places.get(way)
        if places is None:
            places = {}
            for position, found in enumerate(self.of(way)):
                if found is not None:
                    places.setdefault(found, []).append(position)
            self._places[way] = places
        return places

    def after(self, interactions: Sequence[Interaction], kept: Sequence[int | None]) -> Identities:
        """Return those of what became of this pact; `kept` is where each interaction is in it, None where it is new."""
        found: dict[Way, list[Identity | None]] = {}
        for way, known in self._found.items():
            found[way] = [
                way(item) if position is None else known[position]
                for item, position in zip(interactions, kept, strict=True)
            ]
        return Identities(interactions, found)
