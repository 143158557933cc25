"""The `generators` of a request, a response or a message, as they stand in a file (reference/matching.md §1.10)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from pactmock.errors import below
from pactmock.pact import path_expression
from pactmock.pact.json.values import Json
from pactmock.pact.path_expression import EVERYTHING, NAMED, PathExpression
from pactmock.pact.value import value


@value
class Generator:
    """What makes a value when a response is sent: its type and the attributes of that type."""

    type: str
    attributes: Mapping[str, Json]

    def to_json(self) -> dict[str, Json]:
        return {"type": self.type, **self.attributes}


@value
class GeneratorEntry:
    """The generator of one path, or of a whole part when the path is empty."""

    path: PathExpression
    generator: Generator


Generators: TypeAlias = Mapping[str, tuple[GeneratorEntry, ...]]
"""Category name to its entries, in the order of the file."""

_SINGLE = frozenset({"method", "path", "status"})
CATEGORIES = _SINGLE | NAMED | {"body", "metadata"}
_NONE: Mapping[str, str] = {}


def from_json(value: Json, aliases: Mapping[str, str] = _NONE) -> Generators:
    """Read `generators`; categories that are not known and entries without a type are passed over, as in §1.10.

    `aliases` are other names of categories.

    Raises:
        InvalidRule: where a path expression cannot be parsed.
    """
    if not isinstance(value, dict):
        return {}
    read: dict[str, tuple[GeneratorEntry, ...]] = {}
    for name, item in value.items():
        category = aliases.get(name, name)
        if category in CATEGORIES and isinstance(item, dict):
            with below(name):
                read[category] = read.get(category, ()) + _category_from_json(category, item)
    return {name: entries for name, entries in read.items() if entries}


def _category_from_json(category: str, value: dict[str, Json]) -> tuple[GeneratorEntry, ...]:
    if category in _SINGLE:
        generator = generator_from_json(value)
        return (GeneratorEntry(EVERYTHING, generator),) if generator else ()
    entries = []
    for key, item in value.items():
        generator = generator_from_json(item)
        if generator is not None:
            with below(key):
                path = path_expression.of_name(key) if category in NAMED else path_expression.parse(key)
                entries.append(GeneratorEntry(path, generator))
    return tuple(entries)


def generator_from_json(value: Json) -> Generator | None:
    """Read one generator, or None when it has no type."""
    kind = value.get("type") if isinstance(value, dict) else None
    if not isinstance(kind, str) or not kind:
        return None
    return Generator(kind, {name: item for name, item in value.items() if name != "type"})


def to_json(generators: Generators) -> dict[str, Json]:
    """Write generators for V3 and V4."""
    written: dict[str, Json] = {}
    for name, entries in generators.items():
        if entries and name in _SINGLE:
            written[name] = entries[0].generator.to_json()
        elif entries:
            written[name] = {path_expression.key_of(entry.path, name): entry.generator.to_json() for entry in entries}
    return written
