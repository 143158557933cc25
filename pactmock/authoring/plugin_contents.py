"""Contents whose type belongs to a plugin: what a test wrote goes to the plugin, and parts of an interaction come back.

How plugins are found and asked is not known here: `ContentsPlugins` is what this floor needs of them
(reference/plugins.md §5.2 to §5.4).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import NamedTuple, Protocol, TypeAlias

from pactmock.authoring.contents import Contents
from pactmock.authoring.integration_json import Processed
from pactmock.errors import InvalidPact, Steps
from pactmock.pact.json.values import Json
from pactmock.pact.merging.plugin_data import merge_members
from pactmock.pact.model import InteractionMarkup
from pactmock.pact.parts.content_type import ContentType
from pactmock.pact.value import value


class PluginRequest(NamedTuple):
    """A plugin that a contract asks for, and where it does."""

    name: str
    version: str | None
    place: Steps


@value
class PluginPart:
    """One part that a plugin made. `name` is `request`, `response`, or empty for the part that was asked for."""

    contents: Contents
    name: str = ""
    metadata: Processed = field(default_factory=lambda: Processed({}))
    data: Mapping[str, Json] = field(default_factory=dict)
    markup: InteractionMarkup | None = None


@value
class MadeContents:
    """All that a plugin made of one `contents`; `data` is kept for all of its parts."""

    plugin: str
    parts: tuple[PluginPart, ...]
    data: Mapping[str, Json] = field(default_factory=dict)


class ContentsPlugins(Protocol):
    """The plugins of a contract."""

    def own(self, content_type: ContentType) -> bool:
        """Tell whether contents of a type are made by one of them."""

    def configure(self, content_type: ContentType, config: Mapping[str, Json]) -> MadeContents:
        """Have contents made.

        Raises:
            PluginError, InvalidPact: when that cannot be done.
        """

    def kept(self) -> list[Json]:
        """Return what `metadata.plugins` of the pact has to say by now."""


LoadPlugins: TypeAlias = Callable[[Sequence[PluginRequest]], ContentsPlugins]


class _NoPlugins:
    """A contract without plugins."""

    def own(self, _content_type: ContentType) -> bool:
        return False

    def configure(self, content_type: ContentType, _config: Mapping[str, Json]) -> MadeContents:
        raise InvalidPact(f"No plugin makes contents of type {content_type}")

    def kept(self) -> list[Json]:
        return []


def no_plugins(requests: Sequence[PluginRequest]) -> ContentsPlugins:
    """Load no plugins, as where there is no host for them.

    Raises:
        InvalidPact: when the contract asks for one.
    """
    for request in requests:
        raise InvalidPact(f"The plugin '{request.name}' cannot be loaded here: post the contract to a service").below(
            *request.place
        )
    return _NoPlugins()


class MadeParts:
    """What plugins made for one interaction, sorted into its parts.

    `by_part` says that what is kept for an interaction is kept for each part of it, as of HTTP interactions.
    """

    def __init__(self, *, by_part: bool, repeated: str | None = None) -> None:
        self._by_part = by_part
        self._repeated = repeated
        self._parts: dict[str, list[tuple[PluginPart, Steps | None]]] = {}
        self._own: set[str] = set()
        self._markup: list[InteractionMarkup] = []
        self.configuration: dict[str, Json] = {}

    def add(self, made: MadeContents, name: str | None, place: Steps) -> None:
        """Sort in what was made of the `contents` at a place, those of one part or with no name, of an interaction.

        Raises:
            InvalidPact: for parts of which nobody says where they belong.
        """
        if name is not None:
            self._own.add(name)
            if name != self._repeated:
                self._parts.pop(name, None)
        for part in _for_one_part(made.parts, name):
            target = part.name or name
            if target is None:
                raise InvalidPact(
                    f"The plugin '{made.plugin}' does not say which part of the interaction this is: put the contents"
                    " into one"
                )
            if target == name or target not in self._own:
                self._sort_in(made, part, target, place if target == name else None)

    def _sort_in(self, made: MadeContents, part: PluginPart, target: str, own: Steps | None) -> None:
        parts = self._parts.setdefault(target, [])
        if not parts or target == self._repeated:
            parts.append((part, own))
        data = merge_members(made.data, part.data)
        if data:
            kept: dict[str, Json] = {made.plugin: {target: data} if self._by_part else data}
            self.configuration = merge_members(self.configuration, kept)
        if part.markup and part.markup not in self._markup:
            self._markup.append(part.markup)

    def part(self, name: str) -> PluginPart | None:
        """Return what was made for a part that cannot be repeated."""
        return next((part for part, _ in self._parts.get(name, ())), None)

    def parts_of(self, name: str, contents: Steps | None) -> tuple[PluginPart, ...]:
        """Return what was made for a repeated part of its own contents at a place, or of no own ones."""
        return tuple(part for part, own in self._parts.get(name, ()) if own == contents)

    @property
    def markup(self) -> InteractionMarkup | None:
        """All markup, joined by line ends as the reference does."""
        if not self._markup:
            return None
        return InteractionMarkup("\n".join(item.markup for item in self._markup), self._markup[0].kind)


def _for_one_part(parts: Sequence[PluginPart], name: str | None) -> Sequence[PluginPart]:
    """Leave out parts without a name where one has the very name that was asked for (§5.4)."""
    if name is not None and any(part.name == name for part in parts):
        return [part for part in parts if part.name]
    return parts
