"""Matchers out of rules beside examples, as files of version 2 have them (reference/ruby-api.md §3).

A list becomes an ArrayLike of its first item where it has a least number of items, and all in it go by type. Other
rules than these, and paths with wildcards elsewhere, are not known to the Ruby service, which says so in its log.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping

from pactmock.matching.texts.shortening import cut
from pactmock.pact.json.values import Json
from pactmock.ruby_api.errors import RubyException
from pactmock.ruby_api.tree.matchers import ArrayLike, SomethingLike, Tree
from pactmock.ruby_api.tree.parsing import term
from pactmock.ruby_api.tree.patterns import regexp

logger = logging.getLogger("pactmock.ruby_api")

_STEP = re.compile(r"\.(?P<name>[\w-]+|\*)|\['(?P<quoted>[^']*)'\]|\[(?P<index>\d+|\*)\]")

Place = tuple[str, ...]
"""The steps of a path, where an index is written as in the path: `body`, `l`, `[*]`, `k`."""


def with_rules(members: dict[str, Tree], rules: Json) -> dict[str, Tree]:
    """Put matchers in place of the examples for which there are rules.

    Raises:
        RubyError: when a rule does not fit its example.
    """
    if not isinstance(rules, dict) or not rules:
        return members
    places = {path: _place(path) for path in rules}
    rest = _Rules({place: rules[path] for path, place in places.items() if place and isinstance(rules[path], dict)})
    found = {name: rest.apply(item, (name,)) for name, item in members.items()}
    for path, place in places.items():
        if place not in rest.used:
            logger.warning("the matching rule of %s is ignored: the Ruby service knows no such", cut(path))
    return found


def _place(path: str) -> Place | None:
    """Read a path as `$.body.l[*].k`; None where it is another kind."""
    steps, position = [], 1
    while path.startswith("$") and position < len(path):
        found = _STEP.match(path, position)
        if found is None:
            return None
        index = found["index"]
        name = found["name"] if found["name"] is not None else found["quoted"]
        steps.append(f"[{index}]" if index is not None else name)
        position = found.end()
    return tuple(steps)


class _Rules:
    """The rules of a request or a response, by their places."""

    def __init__(self, placed: Mapping[Place, Json]) -> None:
        self._placed = placed
        self.used: set[Place] = set()

    def apply(self, tree: Tree, place: Place) -> Tree:
        """Return the tree of a place with what its rules make of it."""
        rule = self._placed.get(place, {})
        if isinstance(tree, list):
            least = self._least(rule, place)
            if least is not None and tree:
                return ArrayLike(self.apply(tree[0], (*place, "[*]")), least)
            return self._wrap(
                [self.apply(item, (*place, f"[{index}]")) for index, item in enumerate(tree)], rule, place
            )
        if isinstance(tree, dict):
            tree = {name: self.apply(item, (*place, name)) for name, item in tree.items()}
        return self._wrap(tree, rule, place)

    def _least(self, rule: Json, place: Place) -> int | None:
        """Return how many items a list has at the least, where all go by type."""
        least = rule.get("min")
        items = self._placed.get((*place, "[*]", "*"), {})
        if isinstance(least, bool) or not isinstance(least, int):
            return None
        if "type" not in (rule.get("match"), items.get("match")):
            return None
        self.used |= {place, (*place, "[*]", "*")}
        return max(0, least)

    def _wrap(self, tree: Tree, rule: Json, place: Place) -> Tree:
        if rule.get("match") == "type":
            self.used.add(place)
            return SomethingLike(tree)
        if rule.get("match") in (None, "regex") and isinstance(rule.get("regex"), str):
            self.used.add(place)
            if not isinstance(tree, str):
                raise RubyException(
                    "NoMethodError", f"the rule for {'.'.join(place)} is a pattern, and the example there is no text"
                )
            return term(tree, regexp(rule["regex"]))
        return tree
