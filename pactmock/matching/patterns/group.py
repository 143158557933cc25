"""One group of a pattern while the pattern is rewritten: its pieces, how much they make, and what they call.

What a pattern may cost is found here, from the inside out, before anything is compiled.
"""

from __future__ import annotations

from dataclasses import dataclass, field


class NotAPatternError(ValueError):
    """A text that Oniguruma does not take; its words say why."""


MOST_REPEATED = 50_000
"""How many pieces a pattern may have when all that must be repeated is written out, as the package compiles it.

A million take a second and up to 700 MB.
"""


@dataclass
class Group:
    """A group on its way: how it begins, and its pieces so far."""

    opener: str = ""
    is_implicit: bool = False
    """Whether `(?i)` opened it: it holds all that follows in the group around it, other alternatives too."""
    is_extended: bool = False
    """Whether blanks and comments in it say nothing."""
    name: str = ""
    """What it is called by, its number where it has no name; empty where it cannot be called."""
    pieces: list[str] = field(default_factory=list)
    can_repeat: bool | None = None
    """Whether the last piece can be repeated; None where there is nothing to repeat."""
    is_repeated: bool = False

    size: int = 0
    """How many pieces it has when all that must be repeated is written out."""
    last_size: int = 0

    needs: frozenset[str] = frozenset()
    """The groups that this alternative cannot do without, and those without which it did before its last piece."""
    needed_before: frozenset[str] = frozenset()
    needed_otherwise: frozenset[str] | None = None
    """What all alternatives before this one need; None when this is the first."""

    def add(self, piece: str, *, can_repeat: bool = True, size: int = 1, needs: frozenset[str] = frozenset()) -> None:
        self.needed_before = self.needs
        self.needs |= needs
        self.pieces.append(piece)
        self.size += size
        self.last_size = size
        self.can_repeat = can_repeat
        self.is_repeated = False

    @property
    def needed(self) -> frozenset[str]:
        """The groups that no alternative can do without."""
        return self.needs if self.needed_otherwise is None else self.needs & self.needed_otherwise

    def alternate(self) -> None:
        self.needed_otherwise, self.needs = self.needed, frozenset()
        self.pieces.append("|")
        self.can_repeat = None

    def repeat(self, suffix: str, times: int, *, then_maybe: bool = False) -> None:
        """Repeat the last piece, `times` at the least; what is repeated already is repeated as a whole."""
        if self.can_repeat is None:
            raise NotAPatternError("target of repeat operator is not specified")
        if not self.can_repeat:
            raise NotAPatternError("target of repeat operator is invalid")
        if suffix.startswith(("?", "*", "{0", "{,")):
            self.needs = self.needed_before
        self.size += self.last_size * (times - 1)
        self.last_size *= times
        if self.size > MOST_REPEATED:
            raise NotAPatternError(f"its repeats make more than {MOST_REPEATED:,} pieces of it: repeat less")
        piece = self.pieces.pop()
        repeated = f"(?:{piece}){suffix}" if self.is_repeated else piece + suffix
        self.pieces.append(f"(?:{repeated})?" if then_maybe else repeated)
        self.is_repeated = True

    @property
    def text(self) -> str:
        return self.opener + "".join(self.pieces) + (")" if self.opener else "")
