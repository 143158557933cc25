"""A pact with what its plugins add to it, worked out once, before any of it is played (reference/plugins.md §5, §6).

All of it has the shapes of the core, so whatever plays a pact need not know that there are plugins.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, TypeAlias

from pactmock.generators.context import GeneratorContext
from pactmock.matching.parts.part import BodyCompiler
from pactmock.pact.body import Body
from pactmock.pact.model import Pact
from pactmock.pact.value import value

if TYPE_CHECKING:
    from pactmock.generators.kinds import Kind
    from pactmock.plugins.protocol.plugin import Plugin
    from pactmock.plugins.protocol.values import InteractionContents

MakeBody: TypeAlias = Callable[[GeneratorContext], Body]
"""Generates the body of a response."""


@value
class Transport:
    """The plugin that plays the interactions of a transport, and what it is told of each interaction of the pact."""

    plugin: Plugin
    interactions: Sequence[InteractionContents]


@value
class BoundPact:
    """A pact that can be played. Interactions are counted as in `pact.http_interactions`, from 0."""

    pact: Pact
    """With the rules of plugins ready to be applied."""
    asks_plugins: bool = False
    """Whether comparing and answering may take its time."""
    body_compilers: Mapping[int, BodyCompiler] = field(default_factory=dict)
    """The comparisons of requests' bodies, of the interactions for which a plugin has them."""
    body_makers: Mapping[int, MakeBody] = field(default_factory=dict)
    """What generates the bodies of responses, of the interactions for which a plugin does."""
    generator_kinds: Mapping[str, Kind] | None = None
    """The types of generators, None where they are those of the core."""
    transports: Mapping[str, Transport] = field(default_factory=dict)
    """The transports of plugins by their names, as interactions have them."""


Bind: TypeAlias = Callable[[Pact], BoundPact]
"""Binds a pact to the plugins that it names; of one that names none it is `BoundPact` itself."""
