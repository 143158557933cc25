"""Warnings: what of a pact will disappoint somebody, although it can be played.

Who reads a document says them with `warn`, where it is read; what can be seen of the values alone is found by
`pactmock.review`. They show wherever the verdict does, and with `strict` the first of them is a refusal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from itertools import islice

from pactmock.errors import Steps, pointer_of
from pactmock.pact.value import value

MOST_FOUND = 1000
"""How many are looked for in one pact, when it is read and when it is reviewed."""

MOST_LISTED = 100
"""How many are shown of one pact; another one says how many there are besides."""

_MOST_CHARACTERS = 2000
"""How long the text of one is, which may quote what it warns of."""


@value
class PactWarning:
    """One sentence that says what is wrong and what to do, a stable word, and the place in the posted document."""

    text: str
    code: str
    steps: Steps = ()

    @property
    def pointer(self) -> str:
        """The place as a JSON pointer, which is empty for the whole document."""
        return pointer_of(self.steps)

    def __str__(self) -> str:
        return f"{self.text} (at {self.pointer})" if self.steps else self.text


_collected: ContextVar[list[PactWarning] | None] = ContextVar("collected", default=None)


@contextmanager
def collected() -> Iterator[list[PactWarning]]:
    """Collect the warnings of all that is read in this block; they are complete when it ends."""
    found: list[PactWarning] = []
    before = _collected.set(found)
    try:
        yield found
    finally:
        _collected.reset(before)


def warn(text: str, code: str, *steps: str | int) -> None:
    """Warn of what is being read, at a place in the posted document; nobody hears it where nobody collects."""
    found = _collected.get()
    if found is not None and len(found) < MOST_FOUND:
        found.append(PactWarning(text, code, steps))


def is_collecting() -> bool:
    """Tell whether somebody wants more warnings: looking for them is in vain else."""
    found = _collected.get()
    return found is not None and len(found) < MOST_FOUND


def listed(found: Iterable[PactWarning]) -> tuple[PactWarning, ...]:
    """Return those that are shown."""
    rest = iter(found)
    shown = tuple(map(_shortened, islice(rest, MOST_LISTED)))
    more = sum(1 for _ in rest)
    if not more:
        return shown
    at_least = "" if len(shown) + more < MOST_FOUND else " at least"
    return (*shown, PactWarning(f"There are{at_least} {more:,} more warnings: mend these first", "more_warnings"))


def _shortened(warning: PactWarning) -> PactWarning:
    if len(warning.text) <= _MOST_CHARACTERS:
        return warning
    half = _MOST_CHARACTERS // 2
    return replace(warning, text=f"{warning.text[:half]} ... {warning.text[-half:]}")
