"""A pact with what its plugins add to it, worked out once, before any of it is played (reference/plugins.md §5, §6).

All of it has the shapes of the core, so whatever plays a pact need not know that there are plugins.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, TypeAlias

from pactmock.matching.parts.part import BodyCompiler
from pactmock.pact.model import HttpInteraction, Interaction, Pact, Request, Response, part_content_type
from pactmock.pact.parts.body import Body
from pactmock.pact.value import value

if TYPE_CHECKING:
    from pactmock.errors import NoSuchPlugin
    from pactmock.generators.context import GeneratorContext
    from pactmock.generators.kinds import Kind
    from pactmock.plugins.protocol.plugin import Plugin
    from pactmock.plugins.protocol.values import InteractionContents

HTTP = frozenset({None, "http", "https"})
"""The transports that need no plugin."""

MakeBody: TypeAlias = "Callable[[GeneratorContext], Body]"
"""Generates the body of a response, or the contents of a message."""

MessagePart: TypeAlias = tuple[int, int]
"""The number of a message as in `pact.messages`, and of a part of it: 0 for itself, 1 and more for its answers."""


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
    contents_makers: Mapping[MessagePart, MakeBody] = field(default_factory=dict)
    """What generates the contents of messages, where a plugin does."""
    contents_compilers: Mapping[MessagePart, BodyCompiler] = field(default_factory=dict)
    """The comparisons of what answers messages, where a plugin has them."""
    generator_kinds: Mapping[str, Kind] | None = None
    """The types of generators, None where they are those of the core."""
    transports: Mapping[str, Transport] = field(default_factory=dict)
    """The transports of plugins by their names, as interactions have them."""
    missing: Mapping[str, NoSuchPlugin] = field(default_factory=dict)
    """The plugins that the pact names and that are not installed, by their names, with what there is to say of them."""

    def plugin_missing_for(self, interaction: Interaction) -> str | None:
        """Return the name of the missing plugin without which an interaction cannot be played, if there is one.

        It keeps something for the interaction, has its transport, or knows a body that the core does not.
        """
        if not self.missing:
            return None
        kept = next((name for name in self.missing if name in interaction.plugin_configuration), None)
        return kept or (next(iter(self.missing)) if self._is_foreign(interaction) else None)

    def _is_foreign(self, interaction: Interaction) -> bool:
        if not isinstance(interaction, HttpInteraction):
            return interaction.transport not in (None, *self.transports)
        request, response = interaction.request, interaction.response
        generates = "body" in response.generators and not _is_of_core(response)
        return interaction.transport not in HTTP or generates or not _is_of_core(request)


def _is_of_core(part: Request | Response) -> bool:
    """Tell whether a body is compared and generated without plugins; whatever else comes could be of one of them."""
    kind = part_content_type(part)
    known = kind.is_json or kind.is_xml or kind.is_form or kind.is_multipart or kind.is_unknown
    return known or not part.body.is_present or kind.main in _MEDIA or (kind.main, kind.sub) in _PLAIN


_MEDIA = frozenset({"image", "audio", "video"})
_PLAIN = frozenset({("text", "plain"), ("text", "html")})

Bind: TypeAlias = Callable[[Pact], BoundPact]
"""Binds a pact to the plugins that it names; of one that names none it is `BoundPact` itself."""
