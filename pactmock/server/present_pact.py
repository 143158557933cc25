"""What a mock server plays at present: its pact, the plugins that it is bound to, and what is warned of.

All of that changes at once, or not at all.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import chain, islice
from typing import NamedTuple, Protocol

from pactmock.errors import Warned
from pactmock.pact import specification
from pactmock.pact.json.values import Json
from pactmock.pact.model import Pact
from pactmock.pact.specification import Specification
from pactmock.pact.warnings import MOST_FOUND, PactWarning, listed
from pactmock.plugins.binding.bound_pact import Bind, BoundPact
from pactmock.review import review
from pactmock.server.compiling import compiled
from pactmock.server.plays.choosing import play_for
from pactmock.server.plays.play import Change, Play
from pactmock.server.plays.stage import Stage


class PluginsOfPact(NamedTuple):
    """The plugins of a pact: as its metadata lists them, and what binds it to them."""

    listed: list[Json]
    bind: Bind


class Present(Protocol):
    """What is played at present."""

    @property
    def pact(self) -> Pact: ...

    @property
    def play(self) -> Play: ...

    @property
    def specification(self) -> Specification:
        """The version that the pact is written in."""

    @property
    def warnings(self) -> Sequence[PactWarning]:
        """What of the pact will disappoint somebody, although it is played."""

    async def change(
        self, given: Pact, plugins: PluginsOfPact | None, *, anew: bool, strict: bool | None
    ) -> Sequence[PactWarning]:
        """Play the interactions of another pact too, or `anew` in place of those that are there."""


class PresentPact:
    """The pact that is played on a stage, and its play."""

    def __init__(
        self, pact: Pact, bind: Bind, stage: Stage, make_play: Callable[[BoundPact, Stage], Play] = play_for
    ) -> None:
        """Compile a pact, bound to the plugins that it names.

        Raises:
            InvalidPact: with the JSON pointer of what cannot be played, or with `strict` of what is warned of.
            NoSuchState: when no interaction is given the provider state that is to be chosen.
        """
        self.pact = pact
        self._bind = bind
        self._options = stage.options
        self._shared = stage.shared
        self._changing = asyncio.Lock()
        bound = bind(pact)
        self.play = make_play(bound, stage)
        if self._options.state is not None:
            self.play.choose_state(self._options.state)
        reviewed = "warnings", self.specification.name, self._options.counts_interactions
        self._warnings = self._shared.known.once(pact, reviewed, lambda: self._review(bound, pact.warnings))
        if self._options.strict:
            _refuse(self._warnings)

    @property
    def specification(self) -> Specification:
        """The version that the pact is written in."""
        return self._options.specification or specification.named(self.pact.specification)

    @property
    def warnings(self) -> Sequence[PactWarning]:
        """What of the pact will disappoint somebody, although it is played; of many the first hundred."""
        return listed(self._warnings)

    async def change(
        self, given: Pact, plugins: PluginsOfPact | None, *, anew: bool, strict: bool | None
    ) -> Sequence[PactWarning]:
        """Play the interactions of another pact too, or `anew` in place of those that are there.

        Returns:
            What is warned of that was given.

        Raises:
            InvalidPact: when one of them cannot be played, or with `strict` is warned of; then all is as it was.
            PluginError: when a plugin plays the pact, which then cannot be changed.
        """
        async with self._changing:
            perform = await self.prepare(given, plugins, anew=anew, strict=strict)
            return perform()

    async def prepare(
        self, given: Pact, plugins: PluginsOfPact | None, *, anew: bool, strict: bool | None
    ) -> Callable[[], Sequence[PactWarning]]:
        """Make a change ready, as `change` does; it is made when what is returned is called, if nothing changed since.

        Raises:
            InvalidPact, PluginError: as above.
        """
        kept = () if anew else self.pact.interactions
        pact = replace(self.pact, interactions=kept + given.interactions)
        bind = self._bind
        if plugins is not None:
            pact = replace(pact, metadata={**pact.metadata, "plugins": plugins.listed})
            bind = plugins.bind

        def prepare() -> tuple[Change, tuple[PactWarning, ...]]:
            bound = bind(pact)
            return self.play.prepare(bound), self._review(bound, given.warnings, first=len(kept))

        change, found = await compiled(pact, prepare, self._shared, self)
        if self._options.strict if strict is None else strict:
            _refuse(found)

        def perform() -> Sequence[PactWarning]:
            change(anew=anew)
            self._shared.changes += 1
            self.pact, self._bind = pact, bind
            self._warnings = found if anew else (self._warnings + found)[:MOST_FOUND]
            return listed(found)

        return perform

    def _review(self, bound: BoundPact, said: Sequence[PactWarning], first: int = 0) -> tuple[PactWarning, ...]:
        """Return what the readers of a document said, and what is seen of the interactions from the `first` one on."""
        found = review(bound, self.specification, first, counts_interactions=self._options.counts_interactions)
        return tuple(islice(chain(said, found), MOST_FOUND))


def _refuse(warnings: Sequence[PactWarning]) -> None:
    """Refuse what is warned of.

    Raises:
        Warned: with the first warning, and how many others there are.
    """
    if warnings:
        first, *others = warnings
        raise Warned(first.text, first.code, len(others)).below(*first.steps)
