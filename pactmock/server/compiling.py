"""Where a pact is compiled: on the loop when that takes no time, else in a thread."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator
from functools import partial
from typing import TypeVar

from pactmock.matching.budget import Budget, OutOfBudget
from pactmock.pact.matching_rules import ArrayContains, different_rules
from pactmock.pact.model import Pact, Request, Response
from pactmock.server.shared import Shared

T = TypeVar("T")
_SECONDS_ON_LOOP = 0.02

_MOST_INTERACTIONS = 50
_MOST_BYTES = 64 * 1024
_MOST_RULES = 200
_MOST_OF_PATTERNS = 1000
"""How long all patterns may be together, with what they repeat: compiling one cannot be cut short, and a thousand
characters take up to 40 milliseconds."""

_REPEAT = r"(\)?)\{(?:[0-9]*,)?([0-9]+)"


async def compiled(pact: Pact, make: Callable[[], T], shared: Shared, owner: Hashable) -> T:
    """Return what `make` makes of a pact; it may be begun twice.

    Raises:
        InvalidRule, InvalidPact: what `make` raises.
    """
    if not shared.known.once(pact, is_large, partial(is_large, pact)):
        try:
            with Budget(_SECONDS_ON_LOOP, tentative=True):
                return make()
        except OutOfBudget:
            pass  # it takes longer than others may wait for
    return await shared.compiling.run(owner, make)


def is_large(pact: Pact) -> bool:
    """Tell whether compiling a pact surely takes longer than others may wait for."""
    if len(pact.interactions) > _MOST_INTERACTIONS:
        return True
    rules = patterns = size = 0
    for part in _parts(pact):
        size += len(part.body.content)
        for entries in part.matching_rules.values():
            rules += sum([len(entry.rules) for entry in entries])
            for rule in different_rules(entries):
                if isinstance(rule, ArrayContains) and any(variant.generators for variant in rule.variants):
                    return True
                rules += sum(1 for _ in rule.inner)
                patterns += sum(map(_weight, rule.patterns))
        patterns += sum(map(_weight, _texts_of_generators(part)))
    return size > _MOST_BYTES or rules > _MOST_RULES or patterns > _MOST_OF_PATTERNS


def _parts(pact: Pact) -> Iterator[Request | Response]:
    for interaction in pact.http_interactions:
        yield interaction.request
        yield interaction.response


def _texts_of_generators(part: Request | Response) -> Iterator[str]:
    for entries in part.generators.values():
        for entry in entries:
            yield from (text for text in entry.generator.attributes.values() if isinstance(text, str))


def _weight(pattern: str) -> int:
    length, times = len(pattern), 1
    for group, number in re.findall(_REPEAT, pattern):
        count = int(number[:6])
        if group:
            times *= max(1, count)
        else:
            length += count
    return length * times
