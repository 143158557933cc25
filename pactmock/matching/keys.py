"""What an interaction is known by: a key that is the same on every replica and after a restart, and never an index.

The identity says which interactions one request satisfies (reference/matching.md §6.4): those that have the request
of the first one, to the last rule.
"""

from __future__ import annotations

from collections.abc import Hashable
from hashlib import sha256

from pactmock.pact.json.values import compact
from pactmock.pact.model import Interaction, Request

_HASHED_DIGITS = 16
_LONGEST = 100


class Keys:
    """Gives the interactions of a pact, in their order, keys of which no two are the same."""

    def __init__(self) -> None:
        self._given: dict[str, int] = {}
        """Key to the number of the last one that was asked for under that name."""

    def key_of(self, interaction: Interaction) -> str:
        """Return the key of the pact, else a hash; `-2`, `-3` ... are added where it is taken.

        A key of the pact that is very long, with which explanations would be, is hashed.
        """
        name = interaction.key or _hash(interaction)
        name = key = name if len(name) <= _LONGEST else _digest(name)
        number = self._given.get(name, 1)
        while key in self._given:
            number += 1
            key = f"{name}-{number}"
        self._given[name] = number
        self._given[key] = self._given.get(key, 1)
        return key


def _hash(interaction: Interaction) -> str:
    # Not written as JSON where that says no more: a large pact has many interactions, and few states.
    states = compact([state.to_json() for state in interaction.provider_states]) if interaction.provider_states else ""
    return _digest(f"{interaction.type}\0{interaction.description}\0{states}")


def _digest(text: str) -> str:
    return sha256(text.encode(errors="surrogatepass")).hexdigest()[:_HASHED_DIGITS]


class _First:
    """The first request of its kind, with the key of its interaction, and whether another came."""

    __slots__ = ("is_alone", "key", "request")

    def __init__(self, request: Request, key: str) -> None:
        self.request = request
        self.key = key
        self.is_alone = True


class Identities:
    """Finds the first of the requests that say the same, whatever type their bodies have.

    It looks closer only at those that have others beside them: at the same method and path, then with the same content.
    """

    def __init__(self) -> None:
        self._by_target: dict[Hashable, _First] = {}
        self._by_content: dict[Hashable, _First] = {}
        self._by_rules: dict[Hashable, str] = {}

    def identity_of(self, request: Request, key: str) -> str:
        """Return the key of the first request that is the same as this one, whose own key is `key`."""
        own = _First(request, key)
        target = request.method.upper(), request.path
        first = self._by_target.setdefault(target, own)
        if first is own:
            return key
        if first.is_alone:
            first.is_alone = False
            self._by_content[target, _content(first.request)] = _First(first.request, first.key)
        content = target, _content(request)
        alike = self._by_content.setdefault(content, own)
        if alike is own:
            return key
        if alike.is_alone:
            alike.is_alone = False
            self._by_rules[content, _rules_in_words(alike.request)] = alike.key
        return self._by_rules.setdefault((content, _rules_in_words(request)), key)


def _content(request: Request) -> Hashable:
    """Return what query, headers and body say, the body by its bytes alone."""
    return (
        request.body.content,
        request.body.state,
        request.query_text,
        None if request.query is None else frozenset(request.query.items()),
        frozenset(request.headers.items()),
    )


def _rules_in_words(request: Request) -> str:
    """Write rules and generators, whose order does not count, so that equal ones are equal texts."""
    rules = {
        name: {
            entry.path.text: [entry.any_of, [[type(rule).__name__, rule.to_json()] for rule in entry.rules]]
            for entry in entries
        }
        for name, entries in request.matching_rules.items()
    }
    generators = {
        name: {entry.path.text: entry.generator.to_json() for entry in entries}
        for name, entries in request.generators.items()
    }
    return compact({"rules": rules, "generators": generators})
