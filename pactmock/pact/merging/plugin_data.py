"""What plugins keep in a pact, put together: of two runs, of several interactions, of request and response.

The reference concatenates lists, so that a pact grows with every run; here a value that is there already is not added
again (reference/plugins.md §5.5, §10).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pactmock.pact.json.values import Json, equal
from pactmock.pact.model import Pact


def merge_data(kept: Json, added: Json) -> Json:
    """Merge two values: objects by member, lists by value; of anything else, what is added wins."""
    if isinstance(kept, dict) and isinstance(added, dict):
        return merge_members(kept, added)
    if isinstance(kept, list) and isinstance(added, list):
        return kept + [item for item in added if not any(equal(item, there) for there in kept)]
    return added


def merge_members(kept: Mapping[str, Json], added: Mapping[str, Json]) -> dict[str, Json]:
    """Merge two objects by member."""
    merged = {name: merge_data(kept[name], value) if name in kept else value for name, value in added.items()}
    return {**kept, **merged}


def merge_plugins(kept: Sequence[Json], added: Sequence[Json]) -> list[Json]:
    """Merge two lists of plugins as `metadata.plugins` has them: by name, with the version of what is added."""
    merged = {_name(item): item for item in kept}
    for item in added:
        name = _name(item)
        merged[name] = merge_data(merged[name], item) if name in merged else item
    return list(merged.values())


def with_plugins_of(pact: Pact, added: Pact) -> Pact | None:
    """Return more interactions of a pact with the plugins that it has then, None where they name none."""
    named = added.metadata.get("plugins")
    if not named:
        return None
    return replace(added, metadata={"plugins": merge_plugins(pact.metadata.get("plugins") or [], named)})


def _name(plugin: Json) -> str:
    return str(plugin.get("name")) if isinstance(plugin, dict) else str(plugin)
