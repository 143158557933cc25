"""Of interactions that a request meets alike, which one has it for its example: the one that answers.

The reference always lets the first of the pact answer, so that another whose example is the very request is never met
(reference/matching.md §11 row 76, N). Only interactions that ask for the same parts are alike: of others, the one that
asks for more was written for fewer requests, or for more, and nobody knows.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from pactmock.errors import NotJson
from pactmock.matching import budget
from pactmock.matching.budget import OutOfBudget
from pactmock.matching.verdict import Candidate
from pactmock.pact.json.values import Json, equal, parse
from pactmock.pact.model import Request


def nearest_example(matching: Sequence[Candidate], best: Candidate, request: Request) -> Candidate:
    """Return the one that differs least from its example, of those that rank and ask as the best one by pact order.

    Raises:
        OutOfBudget: when the budget says that running out is for the caller to deal with.
    """
    wanted = _asked_for(best)
    alike = {item.expectation.identity: item for item in reversed(matching) if _asked_for(item) == wanted}
    if len(alike) == 1 or not any(item.expectation.request.matching_rules for item in alike.values()):
        return best
    try:
        return min(alike.values(), key=lambda item: (_differences(item.expectation.request, request), item.rank))
    except OutOfBudget:
        if budget.current().gives_back:
            raise
        return best


def _asked_for(candidate: Candidate) -> Hashable:
    """Return how a candidate ranks but for the order in the pact, and which parts it asks for."""
    asked = candidate.expectation.request
    names = frozenset(asked.query or ()), frozenset(map(str.lower, asked.headers))
    return candidate.rank[:-1], *names, asked.body.state


def _differences(example: Request, request: Request) -> int:
    """Count the values in which a request is not the example."""
    query = request.query or {}
    return (
        (example.path != request.path)
        + sum(_values(values, query.get(name, ())) for name, values in (example.query or {}).items())
        + sum(_values(values, request.headers.get(name.lower(), ())) for name, values in example.headers.items())
        + _contents(example.body.content, request.body.content)
    )


def _values(example: Sequence[str | None], values: Sequence[str | None]) -> int:
    pairs = zip(example, values, strict=False)
    return sum((one or "") != (other or "") for one, other in pairs) + abs(len(example) - len(values))


def _contents(example: bytes, content: bytes) -> int:
    if not example or example == content:
        return 0
    budget.current().check_parsed(len(content))
    try:
        return _in_json(parse(example), parse(content))
    except NotJson:
        return 1


def _in_json(example: Json, value: Json) -> int:
    budget.spend()
    if isinstance(example, dict) and isinstance(value, dict):
        shared = example.keys() & value.keys()
        return sum(_in_json(example[name], value[name]) for name in shared) + len(example.keys() ^ value.keys())
    if isinstance(example, list) and isinstance(value, list):
        pairs = zip(example, value, strict=False)
        return sum(_in_json(one, other) for one, other in pairs) + abs(len(example) - len(value))
    return not equal(example, value)
