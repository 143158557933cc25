"""What one service expects, received and used: the state behind the calls (reference/ruby-api.md §2, §3).

It is plain state without I/O: who calls decides when. What is expected changes with every call; what was used stays
until the session is cleared, and is what the pact will have.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pactmock.matching.cost import MOST_REPEATED_IN_A_PACT
from pactmock.pact.value import value
from pactmock.ruby_api.errors import RubyError, RubyException
from pactmock.ruby_api.interaction import Interaction
from pactmock.ruby_api.rubyish import inspect
from pactmock.ruby_api.tree.patterns import patterns_in

_MOST_LISTED = 1000
"""How many requests that did not match are listed; more are counted."""


@value
class Expected:
    """An interaction that was registered: the same one may be registered twice, and is then expected twice."""

    number: int
    interaction: Interaction


@value
class Incorrect:
    """A request that had the route of some interactions and matched none, as a verification tells of it."""

    target: str
    parts: tuple[str, ...]
    """The parts that differ from one of them or another."""
    said: str
    """What differs from each of them."""


class Session:
    """One session."""

    def __init__(self) -> None:
        self._number = 0
        self.expected: tuple[Expected, ...] = ()
        self._repeats = 0
        """How many pieces the patterns of those have beyond what is written there."""
        self._used: dict[tuple[str, str], Interaction] = {}
        """What matched, one for each description and state, in the order of first use."""
        self.is_written = False
        """Whether the pact was written since the session began."""
        self.forget()

    def forget(self) -> None:
        """Forget what was received."""
        self._done: set[int] = set()
        """The numbers of those that matched, or that a request came near to."""
        self.incorrect: list[Incorrect] = []
        self.unexpected: list[str] = []
        self.unlisted = 0
        """How many requests did not match and are not listed."""

    # What is expected.

    def register(self, interaction: Interaction) -> None:
        """Expect an interaction too.

        Raises:
            RubyError: when another one was used under its description and state, in the words of the Ruby service.
        """
        used = self._used.get(interaction.name)
        if used is not None and (parts := list(used.differing_parts(interaction))):
            raise Conflicting(interaction, parts)
        self._count_repeats(interaction)
        self._number += 1
        self.expected = (*self.expected, Expected(self._number, replace(interaction, key=str(self._number))))

    def _count_repeats(self, interaction: Interaction) -> None:
        found = patterns_in([interaction.request.members, interaction.response])
        repeats = self._repeats + sum(max(0, item.pattern.size - len(item.source)) for item in found)
        if repeats > MOST_REPEATED_IN_A_PACT:
            raise RubyException(
                "RegexpError",
                f"the repeats of all patterns that are expected make more than {MOST_REPEATED_IN_A_PACT:,} pieces of"
                " them: repeat less, or in fewer patterns",
            )
        self._repeats = repeats

    def replace(self, interactions: Iterable[Interaction]) -> None:
        """Expect interactions in place of those that are there; what was received is forgotten.

        Raises:
            RubyError: as above; those before that one are expected then.
        """
        self.clear()
        for interaction in interactions:
            self.register(interaction)

    def clear(self) -> None:
        """Expect nothing any more, and forget what was received. What was used stays."""
        self.expected = ()
        self._repeats = 0
        self.forget()

    def begin(self) -> None:
        """Forget all."""
        self.clear()
        self._used = {}
        self.is_written = False

    # What is received.

    def match(self, expected: Expected) -> None:
        """Note a request that matched."""
        self._done.add(expected.number)
        self._used.setdefault(expected.interaction.name, expected.interaction)

    def mismatch(self, near: Iterable[Expected], incorrect: Incorrect) -> None:
        """Note a request that had the route of some interactions and matched none: none of them is missing."""
        self._done.update(expected.number for expected in near)
        if self._has_room:
            self.incorrect.append(incorrect)

    def miss(self, target: str) -> None:
        """Note a request whose route no interaction has."""
        if self._has_room:
            self.unexpected.append(target)

    @property
    def _has_room(self) -> bool:
        if len(self.incorrect) + len(self.unexpected) < _MOST_LISTED:
            return True
        self.unlisted += 1
        return False

    # What is found.

    @property
    def missing(self) -> list[Interaction]:
        """The interactions for which no request came, not even one that nearly matched."""
        return [item.interaction for item in self.expected if item.number not in self._done]

    def is_done(self, expected: Expected) -> bool:
        """Tell whether a request came for an interaction."""
        return expected.number in self._done

    @property
    def failed(self) -> int:
        """How many requests did not match."""
        return len(self.incorrect) + len(self.unexpected) + self.unlisted

    @property
    def matched(self) -> bool:
        return not self.failed and not self.missing

    @property
    def written(self) -> list[Interaction]:
        """What the pact is to have."""
        return [interaction for interaction in self._used.values() if interaction.is_written]

    def __repr__(self) -> str:
        return f"<Session {len(self.expected)} expected, {len(self._used)} used, {self.failed} failed>"


class Conflicting(RubyError):
    """Another interaction was used under the same description and state."""

    def __init__(self, interaction: Interaction, parts: Sequence[str]) -> None:
        *first, last = parts
        differing = f"{', '.join(first)} and {last}" if first else last
        super().__init__(
            f"An interaction with same description ({inspect(interaction.description)}) and provider state"
            f" ({inspect(interaction.provider_state)}) but a different {differing} has already been used. Please use a"
            " different description or provider state, or remove any random data in the interaction."
        )
