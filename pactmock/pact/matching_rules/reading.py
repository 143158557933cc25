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
    name = _name_alone(value)
    if name is not None:
        return _named(name)[0]
    name = value["match"] if "match" in value else next((guess for guess in _GUESSES if guess in value), None)
    if name is None:
        raise InvalidRule("Matching rule missing 'match' field and unable to guess its type")
    if name == "":
        raise InvalidRule(_EMPTY)
    return create_rule(to_text(name), {key: item for key, item in value.items() if key != "match"})


_EMPTY = "Matching rule type can not be empty"


def read_rules(value: Json) -> tuple[MatchingRule, ...]:
    """Read the list of rules that an object has as its `matchers`; what has no such list has no rules (§1.9).

    Raises:
        InvalidRule: with the place of the rule at fault.
    """
    matchers = value.get("matchers") if isinstance(value, dict) else None
    if not isinstance(matchers, list):
        return ()
    rules: list[MatchingRule] = []
    try:
        name = _name_alone(matchers[0]) if len(matchers) == 1 else None
        if name is not None:
            return _named(name)
        for item in matchers:
            rules.append(read_rule(item))  # noqa: PERF401  how many there are says which of them an error is in
    except InvalidRule as error:
        error.below("matchers", len(rules))
        raise
    return tuple(rules)


def is_any_of(value: Json) -> bool:
    """Tell whether one of the rules of an object is enough."""
    return isinstance(value, dict) and "combine" in value and str(value["combine"]).upper() == "OR"


def is_one_name(value: Json) -> bool:
    """Tell whether the rules of an object are one that says nothing beside its name.

    Where another object is equal to such a one, its rules are the same; of numbers those can be equal that are not, as
    1 and true.
    """
    matchers = value.get("matchers") if isinstance(value, dict) and len(value) == 1 else None
    return isinstance(matchers, list) and len(matchers) == 1 and _name_alone(matchers[0]) is not None


def _name_alone(value: Json) -> str | None:
    """Return the name of a rule that says nothing else."""
    name = value.get("match") if isinstance(value, dict) and len(value) == 1 else None
    return name if isinstance(name, str) else None


@lru_cache(maxsize=1024)
def _named(name: str) -> tuple[MatchingRule]:
    """Make the rule that says nothing beside its name, and the list of it alone, once: a pact may have thousands.

    Raises:
        InvalidRule: where it has to say more.
    """
    if not name:
        raise InvalidRule(_EMPTY)
    return (create_rule(name, {}),)


_GUESSES = ("regex", "min", "max", "timestamp", "time", "date")


def create_rule(name: str, attributes: Attributes) -> MatchingRule:
    """Make the rule of a name, in any of its spellings; a name that is not known is a plugin's.

    Raises:
        InvalidRule: where an attribute is missing or of the wrong kind.
    """
    read = READERS.get(name)
    return Plugin(name, dict(attributes)) if read is None else read(name, attributes)
