"""The JSON of one matching rule into a value (reference/matching.md §3.1)."""

from __future__ import annotations

from functools import lru_cache

from pactmock.errors import InvalidRule
from pactmock.pact.json.values import Json, to_text
from pactmock.pact.matching_rules.plugin import Plugin
from pactmock.pact.matching_rules.rule import READERS, Attributes, MatchingRule


def read_rule(value: Json) -> MatchingRule:
    """Read one rule. Without `match`, the attributes tell which rule it is, as in V2.

    Raises:
        InvalidRule: with the reference's text.
    """
    if not isinstance(value, dict):
        raise InvalidRule("Matching rule JSON is not an Object")
    if len(value) == 1 and isinstance(value.get("match"), str):
        return _named(value["match"])
    name = value["match"] if "match" in value else next((guess for guess in _GUESSES if guess in value), None)
    if name is None:
        raise InvalidRule("Matching rule missing 'match' field and unable to guess its type")
    if name == "":
        raise InvalidRule(_EMPTY)
    return create_rule(to_text(name), {key: item for key, item in value.items() if key != "match"})


_EMPTY = "Matching rule type can not be empty"


@lru_cache(maxsize=1024)
def _named(name: str) -> MatchingRule:
    """Make the rule that says nothing beside its name, once: a pact may have thousands of them.

    Raises:
        InvalidRule: where it has to say more.
    """
    if not name:
        raise InvalidRule(_EMPTY)
    return create_rule(name, {})


_GUESSES = ("regex", "min", "max", "timestamp", "time", "date")


def create_rule(name: str, attributes: Attributes) -> MatchingRule:
    """Make the rule of a name, in any of its spellings; a name that is not known is a plugin's.

    Raises:
        InvalidRule: where an attribute is missing or of the wrong kind.
    """
    read = READERS.get(name)
    return Plugin(name, dict(attributes)) if read is None else read(name, attributes)
