"""JSON pointers (RFC 6901), built while reading, so that an error can say where in the file it is."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import NamedTuple


class Pointer(NamedTuple):
    """A place in a document: `Pointer() / "interactions" / 0` is `/interactions/0`.

    It is a chain of steps, written out only where an error names it: reading a pact makes many and needs few.
    """

    parent: Pointer | None = None
    step: str | int = ""

    def __truediv__(self, step: str | int) -> Pointer:
        return Pointer(self, step)

    def below(self, steps: Iterable[str | int]) -> Pointer:
        """Return the place that is some steps further down."""
        return reduce(Pointer, steps, self)

    @property
    def text(self) -> str:
        """The pointer as it is written; that of the whole document is empty."""
        if self.parent is None:
            return ""
        escaped = str(self.step).replace("~", "~0").replace("/", "~1")
        return f"{self.parent.text}/{escaped}"

    def __str__(self) -> str:
        return self.text
