"""Rules and generators of a part as a pact file has them, for what a matcher cannot say: `matchingRules`, `generators`.

They come on top of those of the matchers: rules of a path add up, of generators the one given here counts. Where a file
may hold anything, as others wrote it, a test is told what would be passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pactmock.authoring.members import Members
from pactmock.errors import InvalidRule, Steps, below
from pactmock.pact import generators
from pactmock.pact.generators import Generators
from pactmock.pact.json.values import Json, compact
from pactmock.pact.matching_rules import RuleEntry
from pactmock.pact.matching_rules import categories as rule_categories
from pactmock.pact.matching_rules.categories import MatchingRules

RULES = "matchingRules"
GENERATORS = "generators"

_WITHOUT_PATHS = frozenset({"path", "status"})
_CATEGORIES = frozenset({"path", "query", "header", "body", "status", "metadata"})


def add_rules(found: MatchingRules, part: Members) -> MatchingRules:
    """Add the rules that a part has in the form of a pact file, that of V2 with `$.body.a` or by category.

    Raises:
        InvalidRule: with the place of a category or a rule that is none.
    """
    member = part.get(RULES)
    if member is None:
        return found
    with below(*member.place):
        written = _mapping(member.value)
        if written and not min(written).startswith("$"):
            written = {name: _category(name, rules) for name, rules in written.items()}
        given = rule_categories.from_json(written, *member.place[len(part.place) :])
    joined = {name: _joined(found.get(name, ()), given.get(name, ())) for name in {**found, **given}}
    return {name: entries for name, entries in joined.items() if entries}


def _mapping(value: Json) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise InvalidRule(f"Rules are an object of categories, this is {compact(value)[:100]}")
    return value


def _category(name: str, rules: Json) -> Json:
    with below(name):
        _check_category(name)
        written = _mapping(rules)
        if name in _WITHOUT_PATHS:
            return _listed(_unwrapped(written))
        listed = {}
        for key, rule in written.items():
            with below(key):
                listed[key] = _listed(_mapping(rule))
        return listed


def _unwrapped(written: dict[str, Json]) -> dict[str, Json]:
    """Return what stands under an empty path, which the native library writes for what has no paths."""
    return _mapping(written[""]) if written.keys() == {""} else written


def _check_category(name: str) -> None:
    if name not in _CATEGORIES:
        raise InvalidRule(f"'{name}' is not a category: use one of {', '.join(sorted(_CATEGORIES))}")


def _listed(rule: Mapping[str, Json]) -> Json:
    """Return the list of rules that stands under a path, also where only one is written there."""
    if "matchers" in rule:
        return dict(rule)
    if "match" in rule:
        return {"combine": "AND", "matchers": [dict(rule)]}
    raise InvalidRule("Rules are written as 'matchers', a list of objects with 'match'")


def _joined(found: Iterable[RuleEntry], given: Iterable[RuleEntry]) -> tuple[RuleEntry, ...]:
    entries: dict[str, RuleEntry] = {}
    for entry in (*found, *given):
        present = entries.setdefault(entry.path.text, entry)
        if present is not entry:
            rules, places = (*present.rules, *entry.rules), (*_places(present), *_places(entry))
            entries[entry.path.text] = RuleEntry(entry.path, rules, entry.any_of, places)
    return tuple(entries.values())


def _places(entry: RuleEntry) -> tuple[Steps, ...]:
    return tuple(map(entry.place_of, range(len(entry.rules))))


def add_generators(found: Generators, part: Members) -> Generators:
    """Add the generators that a part has in the form of a pact file.

    Raises:
        InvalidRule: with the place of a category or a generator that is none.
    """
    member = part.get(GENERATORS)
    if member is None:
        return found
    with below(*member.place):
        given = generators.from_json({name: _made(name, item) for name, item in _mapping(member.value).items()})
    joined = {name: (*found.get(name, ()), *given.get(name, ())) for name in {**found, **given}}
    return {name: tuple({entry.path.text: entry for entry in entries}.values()) for name, entries in joined.items()}


def _made(name: str, items: Json) -> Json:
    with below(name):
        _check_category(name)
        written = _mapping(items)
        if name in _WITHOUT_PATHS:
            return _generator(_unwrapped(written))
        for key, item in written.items():
            with below(key):
                _generator(item)
        return written


def _generator(item: Json) -> Json:
    if generators.generator_from_json(item) is None:
        raise InvalidRule(f"A generator is an object with a 'type', this is {compact(item)[:100]}")
    return item
