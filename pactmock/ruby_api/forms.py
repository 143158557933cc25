"""Forms as bodies: names to lists of values, read as Ruby reads what browsers send (reference/ruby-api.md §5).

They are no queries: a name without `=` has an empty value, `;` separates nothing, and brackets say nothing.
"""

from __future__ import annotations

from pactmock.matching import budget
from pactmock.pact.json.values import Json
from pactmock.pact.parts.query_string import decode
from pactmock.ruby_api.queries import encode
from pactmock.ruby_api.tree.matchers import Tree


def of_text(text: str) -> dict[str, list[str]]:
    """Read a form."""
    found: dict[str, list[str]] = {}
    pieces = text.rstrip("&").split("&") if text else []
    for piece in pieces:
        budget.spend()
        name, _, given = piece.partition("=")
        found.setdefault(decode(name), []).append(decode(given))
    return found


def of_object(expected: dict[str, Tree]) -> dict[str, Tree]:
    """Read what is expected as an object: each name has a list; an object in it is one that nothing fits."""
    return {name: _listed(item) for name, item in expected.items()}


def to_text(values: dict[str, Json]) -> str:
    """Write a form: names and values encoded."""
    return "&".join(f"{encode(name)}={encode(item)}" for name, items in values.items() for item in items)


def _listed(item: Tree) -> Tree:
    if isinstance(item, dict):
        return [[key, inner] for key, inner in item.items()]
    if isinstance(item, list):
        return item
    return [] if item is None else [item]
