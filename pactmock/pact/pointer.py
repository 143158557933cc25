"""JSON pointers (RFC 6901), built while reading, so that an error can say where in the file it is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pointer:
    """A place in a document: `Pointer() / "interactions" / 0` is `/interactions/0`."""

    text: str = ""

    def __truediv__(self, step: str | int) -> Pointer:
        return Pointer(f"{self.text}/{str(step).replace('~', '~0').replace('/', '~1')}")

    def __str__(self) -> str:
        return self.text
