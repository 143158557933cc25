"""The `matchingRules` of a request, a response or a message (reference/matching.md §1.9).

Files know two forms: flat with `$.body.a` keys (V2), and by category (V3 and later). Which one a file uses is seen
from its keys, not from its version. In memory there is only the second.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from pactmock.errors import InvalidRule, Steps
from pactmock.pact import path_expression
from pactmock.pact.json.values import Json, compact
from pactmock.pact.matching_rules import RuleEntry, read_rule
from pactmock.pact.matching_rules.entry import Entries, read_entries
from pactmock.pact.matching_rules.reading import is_any_of, read_rules
from pactmock.pact.path_expression import EVERYTHING, NAMED, ROOT, PathExpression

MatchingRules: TypeAlias = Mapping[str, tuple[RuleEntry, ...]]
"""Category name to its entries, in the order of the file, a path at most once."""

_CATEGORIES = frozenset({"method", "path", "header", "query", "body", "status", "contents", "metadata"})
_ALIASES = {"headers": "header"}
NAMES = _CATEGORIES.union(_ALIASES, ("content",))
"""What categories are called in files, in any case."""


def from_json(value: Json, *place: str | int, headers: Iterable[str] = (), query: Iterable[str] = ()) -> MatchingRules:
    """Read `matchingRules` of either form; anything but an object holds no rules.

    `place` is where they stand in their request, response or message; each rule remembers it. `headers` and `query` are
    the names beside them: in the flat form, a rule may be for one that reads as an expression.

    Raises:
        InvalidRule: where a rule or a path expression cannot be used.
    """
    if not isinstance(value, dict) or not value:
        return {}
    if min(value).startswith("$"):
        names = {"header": {name.lower() for name in headers}, "query": {name.lower() for name in query}}
        return _collect(_from_flat(value, place, names))
    return _collect(_from_categories(value, place))


def _collect(found: Iterator[tuple[str, Sequence[RuleEntry]]]) -> MatchingRules:
    categories: dict[str, list[Sequence[RuleEntry]]] = {}
    for name, entries in found:
        if entries:
            categories.setdefault(name, []).append(entries)
    return {name: Entries(lists[0] if len(lists) == 1 else _joined(lists)) for name, lists in categories.items()}


def _joined(lists: Iterable[Sequence[RuleEntry]]) -> Iterable[RuleEntry]:
    """Return the last entry of each path."""
    return {entry.path.text: entry for entries in lists for entry in entries}.values()


def _category(name: str) -> str:
    # A name that is not known means the body; the specification's own `content` works that way (§11 row 37, K).
    lowered = name.lower()
    known = _ALIASES.get(lowered, lowered)
    return known if known in _CATEGORIES else "body"


def _from_categories(value: Mapping[str, Json], place: Steps) -> Iterator[tuple[str, Sequence[RuleEntry]]]:
    for name, rules in sorted(value.items()):
        category = _category(name)
        try:
            yield category, _from_category(category, rules, (*place, name))
        except InvalidRule as error:
            error.below(name)
            raise


def _from_category(category: str, value: Json, place: Steps) -> Sequence[RuleEntry]:
    if not isinstance(value, dict):
        raise InvalidRule(f"Matching rule JSON {compact(value)} is not correctly formed")
    if "matchers" in value:
        rules = read_rules(value)
        return (RuleEntry(EVERYTHING, rules, is_any_of(value), (), place),) if rules else ()
    return read_entries(value, place, _path_of_name if category in NAMED else path_expression.parse)


def _path_of_name(name: str) -> PathExpression:
    return path_expression.of_name(name) if name else EVERYTHING


def _from_flat(
    value: Mapping[str, Json], place: Steps, names: Mapping[str, set[str]]
) -> Iterator[tuple[str, Sequence[RuleEntry]]]:
    for key, rule in value.items():
        try:
            category, path = _split_flat_key(key, names)
            yield category, (RuleEntry(path, (read_rule(rule),), False, ((*place, key),)),)
        except InvalidRule as error:
            error.below(key)
            raise


def _split_flat_key(key: str, names: Mapping[str, set[str]]) -> tuple[str, PathExpression]:
    if key.startswith("$.body"):
        return "body", path_expression.parse("$" + key.removeprefix("$.body"))
    # The reference parses the name once more as an expression: it fails on `Q[]`, takes `x.y` apart (§11 row 38, F).
    found = _FLAT_NAME.fullmatch(key)
    if found is not None and found[2].lower() in names[found[1]]:
        return found[1], path_expression.of_name(found[2])
    try:
        tokens = path_expression.parse(key).tokens
    except InvalidRule:
        if found is None:
            raise
        return found[1], path_expression.of_name(found[2])
    if not tokens or not isinstance(tokens[0], str):
        return "body", ROOT
    category = _category(tokens[0])
    if category == "path" or len(tokens) == 1:
        return category, EVERYTHING
    return category, path_expression.of_tokens(tokens[1:])


_FLAT_NAME = re.compile(r"\$\.(query|header)s?\.(.+)", re.DOTALL)


def to_categories(rules: MatchingRules) -> dict[str, Json]:
    """Write rules for V3 and V4; empty categories are left out."""
    written: dict[str, Json] = {}
    for name, entries in rules.items():
        if entries and name == "path":
            written[name] = entries[0].to_json()
        elif entries:
            written[name] = {path_expression.key_of(entry.path, name): entry.to_json() for entry in entries}
    return written


def to_flat(rules: MatchingRules) -> dict[str, Json]:
    """Write rules for V1 and V2: only the first rule of each path, as the form holds no more.

    Paths of bodies are spelled as they were, so that what was read is what is written.
    """
    flat: dict[str, Json] = {}
    for category, entries in rules.items():
        prefix = f"$.{_FLAT_NAMES.get(category, category)}"
        for entry in entries:
            if entry.rules:
                text = entry.path.text
                is_spelled = category == "body" and text.startswith("$")
                steps = text[1:] if is_spelled else "".join(map(path_expression.write_token, entry.path.tokens))
                flat[prefix + steps] = entry.rules[0].to_json()
    return flat


_FLAT_NAMES = {"header": "headers"}
