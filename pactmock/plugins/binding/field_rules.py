"""Rules and generators that plugins supply for single values, in the shapes of the core (reference/plugins.md §5.8).

A rule of a plugin is bound before the pact is compiled: it gets what applies it. The path that the plugin is told is
the one that the rule is written for, which may have wildcards, and not that of the single value.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from pactmock.errors import PactmockError
from pactmock.generators.context import GeneratorContext
from pactmock.generators.kinds import KINDS, Kind
from pactmock.generators.maker import CannotGenerate, Maker, maker
from pactmock.pact import matching_rules as rules
from pactmock.pact.generators import Generator
from pactmock.pact.json.values import Json
from pactmock.pact.matching_rules import MatchingRule, PluginCheck
from pactmock.pact.matching_rules.categories import MatchingRules
from pactmock.pact.model import (
    AsynchronousMessage,
    HttpInteraction,
    Interaction,
    MessageContents,
    Pact,
    Request,
    Response,
    SynchronousMessages,
)
from pactmock.pact.path_expression import PathExpression
from pactmock.plugins.installed.catalogue import Catalogue
from pactmock.plugins.protocol.plugin import Plugin
from pactmock.plugins.protocol.values import EntryKind, GenerateFieldRequest, MatchFieldRequest

Part = TypeVar("Part", Request, Response, MessageContents)


def bind_interaction(interaction: Interaction, catalogue: Catalogue, among: Collection[Plugin]) -> Interaction:
    """Return an interaction whose plugin rules can be applied; messages are not matched here."""

    def bind(rule: rules.Plugin, path: str, category: str) -> MatchingRule:
        found = catalogue.find(EntryKind.MATCHER, rule.name, among)
        return rule if found is None else replace(rule, apply=_check(found.owner, rule, path, category))

    if not isinstance(interaction, HttpInteraction):
        return interaction
    bound = _Changed(bind).categories(interaction.request.matching_rules)
    return replace(interaction, request=replace(interaction.request, matching_rules=bound))


def with_config_keys(pact: Pact, catalogue: Catalogue, among: Collection[Plugin]) -> Pact:
    """Put what configures a rule, `matching(NAME, CONFIG, EXAMPLE)`, under the name that the rule's plugin has for it.

    Who reads a definition does not know the plugin, and calls it `value`; the entry says another name in `config-key`.
    """

    def rename(rule: rules.Plugin, _path: str, _category: str) -> MatchingRule:
        found = catalogue.find(EntryKind.MATCHER, rule.name, among)
        key = found.entry.values.get("config-key", _CONFIG) if found else _CONFIG
        return replace(rule, values={key if name == _CONFIG else name: item for name, item in rule.values.items()})

    changed = _Changed(rename)
    return replace(pact, interactions=tuple(changed.interaction(item) for item in pact.interactions))


_CONFIG = "value"


class _Changed:
    """Changes the rules of plugins, wherever in other rules they stand."""

    def __init__(self, change: Callable[[rules.Plugin, str, str], MatchingRule]) -> None:
        self._change = change

    def interaction(self, interaction: Interaction) -> Interaction:
        if isinstance(interaction, AsynchronousMessage):
            return replace(interaction, message=self._part(interaction.message))
        if isinstance(interaction, SynchronousMessages):
            responses = tuple(map(self._part, interaction.responses))
            return replace(interaction, request=self._part(interaction.request), responses=responses)
        return replace(interaction, request=self._part(interaction.request), response=self._part(interaction.response))

    def _part(self, part: Part) -> Part:
        return replace(part, matching_rules=self.categories(part.matching_rules))

    def categories(self, matching_rules: MatchingRules) -> MatchingRules:
        return {
            category: tuple(entry.changed(partial(self._rule, category)) for entry in entries)
            for category, entries in matching_rules.items()
        }

    def _rule(self, category: str, rule: MatchingRule, path: PathExpression) -> MatchingRule:
        if isinstance(rule, rules.Plugin):
            return self._change(rule, path.text, category)
        return rule.with_inner(partial(self._rule, category), path)


def _check(plugin: Plugin, rule: rules.Plugin, path: str, category: str) -> PluginCheck:
    def check(expected: Any, actual: Any, _cascaded: bool) -> str | None:
        asked = MatchFieldRequest(rule.name, rule, expected, actual, path, category)
        try:
            found = plugin.match_field(asked)
        except PactmockError as error:
            return f"Could not apply the '{rule.name}' matching rule - {error.message}"
        return "; ".join(item.mismatch for item in found) if found else None

    return check


def generator_kinds(catalogue: Catalogue, among: Collection[Plugin]) -> Mapping[str, Kind]:
    """Return the kinds of generators that there are with some plugins; standard ones cannot be replaced."""
    of_plugins = {
        item.entry.key: _kind(item.owner, item.entry.key)
        for item in catalogue
        if item.entry.kind is EntryKind.GENERATOR and item.owner in among
    }
    return {**of_plugins, **KINDS}


def _kind(plugin: Plugin, key: str) -> Kind:
    def compile_kind(attributes: Mapping[str, Json]) -> Maker:
        generator = Generator(key, attributes)

        def make(example: Json, context: GeneratorContext) -> Json:
            asked = GenerateFieldRequest(key, generator, example, test_context=context.values, mode=context.mode)
            try:
                made = plugin.generate_field(asked)
            except PactmockError as error:  # the example stays
                raise CannotGenerate(f"the plugin {plugin} failed: {error}") from None
            return made.decode(errors="replace") if isinstance(made, bytes) else made

        return maker(make)

    return compile_kind
