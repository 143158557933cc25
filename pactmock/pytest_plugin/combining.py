"""One contract of what many tests wrote: no interaction is lost, so none may have two meanings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from pactmock.errors import PactmockError, pointer_of
from pactmock.pact import specification
from pactmock.pact.documents import reading
from pactmock.pact.documents.writing import write_interaction
from pactmock.pact.json.values import Json, compact, equal, parse_document
from pactmock.pact.merging.identities import identity
from pactmock.pact.merging.merge import merge
from pactmock.pact.model import Interaction, Pact

_MEANING = specification.named("V4")  # which can say most
_NO_MEANING = frozenset({"comments"})


class TwoMeanings(PactmockError):
    """Two tests wrote interactions that a pact file cannot tell apart, and that are not the same."""

    code: ClassVar[str] = "two-meanings"
    status: ClassVar[int] = 409


def combine(written: Iterable[tuple[str, str]]) -> Pact:
    """Make one contract of those of many tests: pairs of a test's name and the content of its pact file.

    Raises:
        TwoMeanings: naming both tests, the interaction and the place.
    """
    whole: Pact | None = None
    found: dict[object, tuple[str, Interaction]] = {}
    for test, text in written:
        pact = reading.read_pact(parse_document(text))
        for interaction in pact.interactions:
            name = (interaction.key, *identity(interaction))
            first, same = found.setdefault(name, (test, interaction))
            _check_same(same, first, interaction, test)
        empty = replace(pact, interactions=())
        whole = empty if whole is None else merge(empty, whole).pact
    assert whole is not None, "a pair without a contract is not written"  # noqa: S101
    return replace(whole, interactions=tuple(interaction for _, interaction in found.values()))


def _check_same(mine: Interaction, test: str, theirs: Interaction, other: str) -> None:
    left, right = _meaning(mine), _meaning(theirs)
    if equal(left, right):
        return
    steps, here, there = _first_difference(left, right)
    states = ", ".join(f"'{state.name}'" for state in mine.provider_states)
    given = f" (given {states})" if states else ""
    raise TwoMeanings(
        f"'{mine.description}'{given} means two things: {pointer_of(steps)} is {_shown(here)} in {test} and"
        f" {_shown(there)} in {other}; give one of them another description, or another provider state"
    )


def _meaning(interaction: Interaction) -> Json:
    return {name: item for name, item in write_interaction(interaction, _MEANING).items() if name not in _NO_MEANING}


def _first_difference(left: Json, right: Json) -> tuple[tuple[str | int, ...], Json | None, Json | None]:
    """Return the way to the first place where two documents differ, with what each has there."""
    steps: list[str | int] = []
    while isinstance(left, dict) and isinstance(right, dict):
        a, b = left, right
        step = next(name for name in {**a, **b} if name not in a or name not in b or not equal(a[name], b[name]))
        steps.append(step)
        if step not in a or step not in b:
            return tuple(steps), a.get(step), b.get(step)
        left, right = a[step], b[step]
    return tuple(steps), left, right


def _shown(item: Json | None) -> str:
    text = compact(item)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


_LONGEST = 80
