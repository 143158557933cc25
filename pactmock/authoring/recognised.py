"""Which of two things a document is: the content of a pact file, or a contract in consumer-test form.

Over HTTP its Content-Type may say so. Where nobody names a type, the two are told apart by what only one has.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pactmock.pact.json.values import Json

_ONLY_CONTRACTS = frozenset({"specification", "plugins"})
_MATCHER = "pact:matcher:type"


def is_contract(document: Json) -> bool:
    """Say whether a document is a contract.

    A contract names its participants by texts, or has its version and plugins at the top; only a pact has metadata.
    Interactions by themselves are of a contract when they have contents, flattened members or matchers.
    """
    if isinstance(document, dict):
        if isinstance(document.get("consumer"), str) or isinstance(document.get("provider"), str):
            return True
        if "metadata" in document:
            return False
        if _ONLY_CONTRACTS & document.keys():
            return True
    interactions = document.get("interactions") if isinstance(document, dict) else document
    return isinstance(interactions, list) and any(map(_is_of_contract, interactions))


def _is_of_contract(interaction: Json) -> bool:
    if not isinstance(interaction, dict):
        return False
    parts = (interaction.get("request"), interaction.get("response"))
    has_contents = any(isinstance(part, dict) and "contents" in part for part in parts)
    return "with" in interaction or (has_contents and "type" not in interaction) or _MATCHER in _names(interaction)


def _names(document: Json) -> Iterator[str]:
    """Yield the names of all members, at any depth."""
    left = [document]
    while left:
        item = left.pop()
        if isinstance(item, dict):
            yield from item
            left += item.values()
        elif isinstance(item, list):
            left += item
