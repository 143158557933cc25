"""Two pacts of the same pair into one (reference/matching.md §1.12).

The newer test run is right: its interaction replaces the one of the same identity. Nothing else is lost, and what
was replaced by something different is reported, so that a caller may refuse instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeAlias

from pactmock.errors import Conflict
from pactmock.pact import specification
from pactmock.pact.json_value import Json, compact, equal
from pactmock.pact.model import HttpInteraction, Interaction, Pact
from pactmock.pact.plugin_data import merge_plugins
from pactmock.pact.specification import Specification
from pactmock.pact.value import value
from pactmock.pact.writing import write_interaction


@value
class Replacement:
    """An interaction of the file that says something else than the one that takes its place."""

    description: str
    provider_states: tuple[str, ...]
    field: str
    """The first part that differs: `request method`, `request path`, `request query` or `response status`."""
    existing: Json
    new: Json

    def __str__(self) -> str:
        states = f" (given {', '.join(self.provider_states)})" if self.provider_states else ""
        return f"'{self.description}'{states}: {self.field} was {self.existing!r} and is now {self.new!r}"

    def to_json(self) -> dict[str, Json]:
        return {
            "interaction": self.description,
            "providerStates": list(self.provider_states),
            "field": self.field,
            "existing": self.existing,
            "new": self.new,
        }


@value
class Merge:
    """What a merge made, in the version that it is to be written in, and what it replaced."""

    pact: Pact
    replacements: tuple[Replacement, ...]
    kept: tuple[int | None, ...]
    """For each interaction, its position in the file where it stays as it is there."""
    says_more: bool
    """Whether there is anything that the file does not say."""


def merge(new: Pact, existing: Pact) -> Merge:
    """Merge a pact into the one of the file.

    The higher version of the two is kept. What the new pact says again stays as it is in the file, and of metadata what
    it does not speak of. The order is that of the file when nothing is added; else all are sorted by description,
    states and type, as the reference does.

    Raises:
        Conflict: when the two are not of the same consumer and provider.
    """
    for role in ("consumer", "provider"):
        mine, theirs = getattr(new, role), getattr(existing, role)
        if mine != theirs:
            raise Conflict(
                f"Unable to merge pacts, as they have different consumers or providers: the {role} of the file is"
                f" '{theirs}', of this pact '{mine}'; write to another directory",
                field=role,
            )
    version = specification.highest(new.specification, existing.specification)
    pairs, added = _pair(new.interactions, existing.interactions)
    merged: list[tuple[Interaction, int | None]] = []
    for position, (theirs, mine) in enumerate(pairs):
        is_kept = mine is None or _says_the_same(mine, theirs, version)
        merged.append((theirs, position) if mine is None or is_kept else (mine, None))
    if added:
        merged += [(item, None) for item in added]
        merged.sort(key=lambda entry: (*identity(entry[0]), entry[0].key or ""))
    interactions, kept = zip(*merged, strict=True) if merged else ((), ())
    replacements = tuple(
        found for theirs, mine in pairs if mine is not None and (found := _difference(theirs, mine)) is not None
    )
    metadata = _merged_metadata(new, existing)
    says_more = None in kept or version.name != existing.specification or not equal(metadata, dict(existing.metadata))
    pact = replace(existing, interactions=interactions, metadata=metadata, specification=version.name)
    return Merge(pact, replacements, kept, says_more)


def _says_the_same(mine: Interaction, theirs: Interaction, version: Specification) -> bool:
    """Tell whether two interactions are written alike: whoever plays one over HTTP says so, and the file need not."""
    if isinstance(theirs, HttpInteraction) and theirs.transport is None:
        theirs = replace(theirs, transport=mine.transport)
    return equal(write_interaction(mine, version), write_interaction(theirs, version))


def _merged_metadata(new: Pact, existing: Pact) -> dict[str, Json]:
    said = {
        name: item for name, item in new.metadata.items() if name not in ("pactSpecification", "pact-specification")
    }
    # The plugins of the file stay, with what they keep: other interactions of the file need it.
    plugins = merge_plugins(_plugins_of(existing), _plugins_of(new))
    return {**existing.metadata, **said, **({"plugins": plugins} if plugins else {})}


def _plugins_of(pact: Pact) -> list[Json]:
    plugins = pact.metadata.get("plugins")
    return plugins if isinstance(plugins, list) else []


_Identity: TypeAlias = tuple[object, ...]
_Pairs: TypeAlias = list[tuple[Interaction, Interaction | None]]


def _pair(new: Iterable[Interaction], existing: Iterable[Interaction]) -> tuple[_Pairs, list[Interaction]]:
    """Pair each interaction of the file with the new one of its identity; return what is left of the new ones too.

    What is the same in every respect that is compared goes together; then keys decide; without a key on one of the
    sides, description, states and type do.
    """
    file, left = list(existing), list(new)
    partners: dict[int, Interaction] = {}
    for identity_of in (_everything, _key, identity):
        waiting: dict[_Identity, list[Interaction]] = {}
        for item in left:
            waiting.setdefault(identity_of(item), []).append(item)
        for position, theirs in enumerate(file):
            if position not in partners:
                candidates = waiting.get(identity_of(theirs), [])
                mine = next((item for item in candidates if _may_be_same(item, theirs)), None)
                if mine is not None:
                    candidates.remove(mine)
                    partners[position] = mine
        left = [item for items in waiting.values() for item in items]
    return [(theirs, partners.get(position)) for position, theirs in enumerate(file)], left


def _may_be_same(mine: Interaction, theirs: Interaction) -> bool:
    return mine.key is None or theirs.key is None or mine.key == theirs.key


def _everything(interaction: Interaction) -> _Identity:
    values = []
    if isinstance(interaction, HttpInteraction):
        values = [compact(value_of(interaction)) for _, value_of in _COMPARED]
    return (interaction.key, *identity(interaction), *values)


def _key(interaction: Interaction) -> _Identity:
    return (interaction.key,) if interaction.key is not None else ("no key", id(interaction))


def identity(interaction: Interaction) -> tuple[str, tuple[str, ...], str]:
    """Return what tells an interaction without a key from others: its description, states and type."""
    # States count also where the new interaction has none (§11 row 5, F).
    return interaction.description, _state_names(interaction), interaction.type


def _state_names(interaction: Interaction) -> tuple[str, ...]:
    return tuple(state.name for state in interaction.provider_states)


_COMPARED: tuple[tuple[str, Callable[[HttpInteraction], Json]], ...] = (
    ("request method", lambda item: item.request.method),
    ("request path", lambda item: item.request.path),
    ("request query", lambda item: {k: list(v) for k, v in (item.request.query or {}).items()}),
    ("response status", lambda item: item.response.status),
)
"""What makes two interactions contradict each other; headers, bodies and rules may differ from run to run."""


def _difference(existing: Interaction, new: Interaction) -> Replacement | None:
    if not isinstance(existing, HttpInteraction) or not isinstance(new, HttpInteraction):
        return None
    for field, value_of in _COMPARED:
        theirs, mine = value_of(existing), value_of(new)
        if not equal(theirs, mine):
            return Replacement(new.description, _state_names(new), field, theirs, mine)
    return None
