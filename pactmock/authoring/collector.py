"""Gathers the rules and generators that are found while a document is walked, path by path.

Several finds at one path add up to one list of rules; of generators the last one counts (reference/matching.md §10.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self, TypeVar

from pactmock.errors import InvalidRule, PactmockError, Steps
from pactmock.pact.generators import Generator, GeneratorEntry
from pactmock.pact.json.values import to_index
from pactmock.pact.matching_rules import MatchingRule, RuleEntry
from pactmock.pact.path_expression import PathExpression, Token, remember, write_token

_LARGEST_INDEX = 2**64 - 1
_MOST_DIGITS = len(str(_LARGEST_INDEX))


def child(path: PathExpression, token: Token) -> PathExpression:
    """Return the path of a step below a path."""
    return PathExpression(path.text + write_token(token), (*path.tokens, token))


def step_of_key(name: str) -> Token:
    """Return the step to an object's member; a name of digits is written as an index, as in the reference (§2.2)."""
    index = to_index(name) if len(name) <= _MOST_DIGITS else None
    return name if index is None or index > _LARGEST_INDEX else index


class Collector:
    """What was found so far in one category of a part.

    `where` is the place that is being read, from where the part stands: whoever walks goes down with `below`, or adds a
    step and takes it away again. Rules that are found remember it. Used in a `with` statement, an error that comes out
    gets it as its place.
    """

    def __init__(self, *where: str | int) -> None:
        self.where = list(where)
        self._paths: dict[str, PathExpression] = {}
        self._rules: dict[str, list[tuple[MatchingRule, Steps]]] = {}
        self._generators: dict[str, GeneratorEntry] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: TracebackType | None) -> None:
        if isinstance(error, PactmockError):
            error.below(*self.where)

    @contextmanager
    def below(self, *steps: str | int) -> Iterator[None]:
        """Read what stands some steps further down. After an error `where` stays what it was when it happened."""
        depth = len(self.where)
        self.where += steps
        yield
        del self.where[depth:]

    def add(self, path: PathExpression, rules: Iterable[MatchingRule], generator: Generator | None) -> None:
        """Add what one matcher, which stands where the walk is, says for a path.

        Raises:
            InvalidRule: for a path that goes through a member with an empty name; no expression can say it.
        """
        if "" in path.tokens:
            raise InvalidRule(
                "There can be no matcher under an empty name, as no path expression can say it: name the member"
            )
        place = tuple(self.where)
        remember(path)
        self._paths[path.text] = path
        self._rules.setdefault(path.text, []).extend((rule, place) for rule in rules)
        if generator is not None:
            self._generators[path.text] = GeneratorEntry(path, generator)

    def move_rules(self, old: PathExpression, new: PathExpression) -> None:
        """Put the rules of a path, if there are any, under another one."""
        rules = self._rules.pop(old.text, None)
        if rules is not None:
            self._paths[new.text] = new
            self._rules[new.text] = rules

    def rules(self) -> tuple[RuleEntry, ...]:
        """Return the rules in the order in which their paths were found."""
        return tuple(
            RuleEntry(self._paths[text], tuple(rule for rule, _ in found), False, tuple(place for _, place in found))
            for text, found in self._rules.items()
            if found
        )

    def generators(self) -> tuple[GeneratorEntry, ...]:
        """Return the generators in the order in which their paths were found."""
        return tuple(self._generators.values())


Entry = TypeVar("Entry", RuleEntry, GeneratorEntry)


def general_last(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Order entries of headers or query parameters so that the one of a whole name comes after those of its values.

    A pact file keeps only one entry a name, the last one (§11 row 41): so it is the one that says most.
    """
    return tuple(sorted(entries, key=lambda entry: _generality(entry.path)))


def _generality(path: PathExpression) -> tuple[str, int, int]:
    name, *steps = path.tokens
    first = steps[0] if steps else 0
    return str(name), -len(steps), -first if isinstance(first, int) else 1
