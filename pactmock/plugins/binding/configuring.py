"""Plugins at work on a contract in consumer-test form: they make contents, and what they want kept is gathered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from pactmock.authoring.contents import Contents
from pactmock.authoring.integration_json import Processed
from pactmock.authoring.plugin_contents import LoadPlugins, MadeContents, PluginPart, PluginRequest
from pactmock.errors import InvalidPact, InvalidRule, PactmockError, PluginError, below
from pactmock.pact import path_expression
from pactmock.pact.generators import GeneratorEntry
from pactmock.pact.json.values import Json
from pactmock.pact.matching_rules import RuleEntry
from pactmock.pact.merging.plugin_data import merge_members
from pactmock.pact.model import InteractionMarkup, Pact
from pactmock.pact.parts import body as bodies
from pactmock.pact.parts import content_type as types
from pactmock.pact.parts.body import Body
from pactmock.pact.parts.content_type import ContentType
from pactmock.pact.path_expression import PathExpression
from pactmock.plugins.binding.field_rules import with_config_keys
from pactmock.plugins.binding.kept_data import NamedPlugin, plugins_of
from pactmock.plugins.installed.host import PluginHost
from pactmock.plugins.protocol.plugin import Plugin
from pactmock.plugins.protocol.values import (
    Configured,
    ConfiguredPart,
    ConfigureRequest,
    EntryKind,
    PathGenerators,
    Rules,
)
from pactmock.plugins.protocol.values import Contents as PluginContents


def loader(host: PluginHost, known: Sequence[NamedPlugin] = ()) -> LoadPlugins:
    """Make what loads the plugins of a contract; `known` are those that its mock server has already."""

    def load(requests: Sequence[PluginRequest]) -> HostedContents:
        return HostedContents(host, [*(PluginRequest(item.name, item.version, ()) for item in known), *requests])

    return load


def finish(pact: Pact, host: PluginHost) -> Pact:
    """Return a pact that was read from a contract with what only the plugins that it names know."""
    named = {item.name for item in plugins_of(pact)}
    return with_config_keys(pact, host.catalogue, [plugin for plugin in host.plugins if plugin.name in named])


class HostedContents:
    """The plugins of one contract, which configure its contents."""

    def __init__(self, host: PluginHost, requests: Sequence[PluginRequest]) -> None:
        """Load the plugins.

        Raises:
            NoSuchPlugin, PluginError: with the place in the contract.
        """
        self._kept: dict[Plugin, dict[str, Json]] = {}
        for request in requests:
            with below(*request.place):
                self._kept[host.load(request.name, request.version)] = {}
        self._catalogue = host.catalogue

    def own(self, content_type: ContentType) -> bool:
        """Tell whether contents of a type are made by one of these plugins."""
        return self._owner(content_type) is not None

    def _owner(self, content_type: ContentType) -> Plugin | None:
        return self._catalogue.owner_of(EntryKind.CONTENT_MATCHER, content_type, self._kept)

    def configure(self, content_type: ContentType, config: Mapping[str, Json]) -> MadeContents:
        """Have contents made by the plugin of their type.

        Raises:
            PluginError: with the plugin's words.
            InvalidPact: when what comes back cannot stand in a pact.
        """
        plugin = self._owner(content_type)
        assert plugin is not None  # noqa: S101  asked with `own` before
        made = _configure(plugin, ConfigureRequest(str(content_type), config))
        for data in (made.data, *(part.data for part in made.parts)):
            self._kept[plugin] = merge_members(self._kept[plugin], data.pact)
        try:
            parts = tuple(map(_part, made.parts))
        except InvalidRule as error:
            problem = f"The plugin {plugin} made something that cannot stand in a pact: {error.message}"
            raise InvalidPact(problem) from None
        return MadeContents(plugin.name, parts, made.data.interaction)

    def kept(self) -> list[Json]:
        """Return `metadata.plugins`, with the versions that are loaded."""
        return [NamedPlugin(plugin.name, plugin.version, kept).to_json() for plugin, kept in self._kept.items()]


def _configure(plugin: Plugin, request: ConfigureRequest) -> Configured:
    try:
        return plugin.configure_interaction(request)
    except PactmockError as error:
        raise PluginError(
            f"The plugin {plugin} could not configure these contents: {error.message}", plugin=plugin.name
        ) from None


def _part(part: ConfiguredPart) -> PluginPart:
    return PluginPart(
        Contents(_body(part.contents), _entries(part.rules), _generators(part.generators)),
        part.part_name,
        Processed(
            dict(part.metadata),
            _entries(part.metadata_rules, path_expression.of_name),
            _generators(part.metadata_generators, path_expression.of_name),
        ),
        part.data.interaction,
        InteractionMarkup(part.markup, part.markup_kind) if part.markup else None,
    )


def _body(contents: PluginContents | None) -> Body:
    if contents is None:
        return bodies.MISSING
    hint = None if contents.hint == "DEFAULT" else contents.hint
    return bodies.present(contents.content, types.parse(contents.content_type), hint)


_Parse = Callable[[str], PathExpression]


def _entries(rules: Rules, parse: _Parse = path_expression.parse) -> tuple[RuleEntry, ...]:
    return tuple(RuleEntry(parse(path), items) for path, items in rules.items() if items)


def _generators(generators: PathGenerators, parse: _Parse = path_expression.parse) -> tuple[GeneratorEntry, ...]:
    return tuple(GeneratorEntry(parse(path), generator) for path, generator in generators.items())
