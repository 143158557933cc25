"""Two pacts of the same pair into one (reference/matching.md §1.12).

The newer test run is right: its interaction replaces the one of the same identity. Nothing else is lost, and what
was replaced by something different is reported, so that a caller may refuse instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from pactmock.errors import Conflict
from pactmock.pact import specification
from pactmock.pact.documents.writing import write_interaction
from pactmock.pact.json.values import Json, equal
from pactmock.pact.merging.identities import COMPARED, WAYS, Identities, Identity, identity, state_names
from pactmock.pact.merging.plugin_data import merge_plugins
from pactmock.pact.model import HttpInteraction, Interaction, Pact
from pactmock.pact.specification import Specification
from pactmock.pact.value import value


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


def merge(new: Pact, existing: Pact, identities: Identities | None = None) -> Merge:
    """Merge a pact into the one of the file.

    The higher version of the two is kept. What the new pact says again stays as it is in the file, and of metadata what
    it does not speak of. The order is that of the file when nothing is added; else all are sorted by description,
    states and type, as the reference does. `identities` are those of the file, where they are known.

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
    identities = identities or Identities(existing.interactions)
    partners, added = _pair(new.interactions, existing.interactions, identities)
    changed = {
        position: mine
        for position, mine in partners.items()
        if not _says_the_same(mine, existing.interactions[position], version)
    }
    interactions, kept = _merged(existing.interactions, changed, added, identities)
    replacements = tuple(
        found
        for position in sorted(partners)
        if (found := _difference(existing.interactions[position], partners[position])) is not None
    )
    metadata = _merged_metadata(new, existing)
    says_more = bool(changed or added) or version.name != existing.specification
    says_more = says_more or not equal(metadata, dict(existing.metadata))
    pact = replace(existing, interactions=interactions, metadata=metadata, specification=version.name)
    return Merge(pact, replacements, kept, says_more)


def _merged(
    existing: tuple[Interaction, ...],
    changed: Mapping[int, Interaction],
    added: Sequence[Interaction],
    identities: Identities,
) -> tuple[tuple[Interaction, ...], tuple[int | None, ...]]:
    """Return the interactions of a merge, and of each its position in the file where it stays as it is there."""
    if not changed and not added:
        return existing, tuple(range(len(existing)))
    merged = [
        (changed.get(position, theirs), None if position in changed else position)
        for position, theirs in enumerate(existing)
    ]
    if added:
        known = identities.of(identity)
        names = [
            identity(changed[position]) if position in changed else known[position] for position in range(len(merged))
        ]
        merged += [(item, None) for item in added]
        names += map(identity, added)
        order = sorted(range(len(merged)), key=lambda place: (names[place], merged[place][0].key or ""))
        merged = [merged[place] for place in order]
    interactions, kept = zip(*merged, strict=True)
    return interactions, kept


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


def _pair(
    new: Iterable[Interaction], existing: Sequence[Interaction], identities: Identities
) -> tuple[dict[int, Interaction], list[Interaction]]:
    """Find for each new interaction the position of the one of its identity; return what is left of the new ones too.

    What is the same in every respect that is compared goes together; then keys decide; without a key on one of the
    sides, description, states and type do.
    """
    left = list(new)
    partners: dict[int, Interaction] = {}
    for way in WAYS:
        waiting: dict[Identity, list[Interaction]] = {}
        for item in left:
            waiting.setdefault(way(item) or ("none", id(item)), []).append(item)
        known, places = identities.of(way), identities.places(way)
        for position in sorted({place for name in waiting for place in places.get(name, ())}):
            if position not in partners:
                candidates = waiting[known[position] or ()]
                mine = next((item for item in candidates if _may_be_same(item, existing[position])), None)
                if mine is not None:
                    candidates.remove(mine)
                    partners[position] = mine
        left = [item for items in waiting.values() for item in items]
        if not left:
            break
    return partners, left


def _may_be_same(mine: Interaction, theirs: Interaction) -> bool:
    return mine.key is None or theirs.key is None or mine.key == theirs.key


def _difference(existing: Interaction, new: Interaction) -> Replacement | None:
    if not isinstance(existing, HttpInteraction) or not isinstance(new, HttpInteraction):
        return None
    for field, value_of in COMPARED:
        theirs, mine = value_of(existing), value_of(new)
        if not equal(theirs, mine):
            return Replacement(new.description, state_names(new), field, theirs, mine)
    return None
