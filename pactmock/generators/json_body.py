"""Generators in JSON documents (reference/matching.md §7.6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from pactmock.errors import InvalidRule, NotJson, TooLarge
from pactmock.generators.context import GeneratorContext
from pactmock.generators.maker import BodyMaker, CannotGenerate, Entry
from pactmock.matching import budget
from pactmock.pact.json.values import Json, compact_bytes, parse
from pactmock.pact.path_expression import Token, Wildcard


def compile_json(content: bytes, entries: tuple[Entry, ...]) -> BodyMaker:
    """Compile the generators of a JSON body.

    Raises:
        CannotGenerate: when the body is not JSON, or nested too deep; also what is returned raises it.
        InvalidRule: when the generators would make more than a response may hold of their values.
    """
    try:
        document = parse(content)
    except NotJson as error:
        raise CannotGenerate(error.message) from None
    _write(document)
    _check_size([document], entries)

    def make(context: GeneratorContext) -> bytes:
        holder = [parse(content)]
        return _write(holder[0]) if fill(holder, entries, context) else content

    return make


MOST_CHARACTERS = 4 * 1024 * 1024
"""How many characters the generators of one body may make in all."""

_LEAST_COUNTED = 16
"""What the shortest value is counted as, so that the number of values is bounded too."""


def _check_size(holder: list[Json], entries: Iterable[Entry]) -> None:
    total = 0
    for entry in entries:
        each = max(_LEAST_COUNTED, entry.maker.longest)
        places = islice(_places(holder, 0, entry.path.tokens), MOST_CHARACTERS // each + 1)
        total += each * sum(1 for _ in places)
        if total > MOST_CHARACTERS:
            raise InvalidRule(
                f"The generators of this body can make more than {MOST_CHARACTERS:,} characters, which is what pactmock"
                " makes for one body: let them make shorter values, or fewer"
            )


def _write(document: Json) -> bytes:
    try:
        return compact_bytes(document)
    except TooLarge as error:
        raise CannotGenerate(error.message) from None


def fill(holder: list[Json], entries: Iterable[Entry], context: GeneratorContext) -> bool:
    """Put generated values into the document that a list of one holds; tell whether there were any.

    Generators work in the order of the pact, each on what the ones before it left.
    """
    changed = False
    for entry in entries:
        if not entry.path.length:  # the empty expression means no place, not even the root
            continue
        for parent, key in list(_places(holder, 0, entry.path.tokens)):
            value = entry.json(parent[key], context)
            changed = changed or value is not parent[key]
            parent[key] = value
    return changed


def _places(parent: Any, key: str | int, tokens: tuple[Token, ...]) -> Iterator[tuple[Any, str | int]]:
    """Find the places that a path means in a document that is there; keys may hold any character (§11 row 44, F)."""
    if not tokens:
        yield parent, key
        return
    value = parent[key]
    spend = budget.current().spend
    for step in _steps(value, tokens[0]):
        spend()
        yield from _places(value, step, tokens[1:])


def _steps(value: Json, token: Token) -> Iterable[str | int]:
    if isinstance(value, dict):
        if token is Wildcard.ANY:
            return sorted(value)
        return (token,) if isinstance(token, str) and token in value else ()
    if isinstance(value, list):
        if token is Wildcard.ANY_INDEX:
            return range(len(value))
        return (token,) if isinstance(token, int) and token < len(value) else ()
    return ()
