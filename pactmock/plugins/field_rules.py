"""Rules and generators that plugins supply for single values, in the shapes of the core (reference/plugins.md §5.8).

A rule of a plugin is bound before the pact is compiled: it gets what applies it. The path that the plugin is told is
the one that the rule is written for, which may have wildcards, and not that of the single value.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from pactmock.errors import PactmockError
from pactmock.generators.context import GeneratorContext
from pactmock.generators.kinds import KINDS, Kind
from pactmock.generators.maker import CannotGenerate, Maker, maker
from pactmock.pact import matching_rules as rules
from pactmock.pact.generators import Generator
from pactmock.pact.json_value import Json
from pactmock.pact.matching_rules import MatchingRule, PluginCheck, RuleEntry
from pactmock.pact.model import HttpInteraction, Interaction
from pactmock.pact.rule_categories import MatchingRules
from pactmock.plugins.catalogue import Catalogue
from pactmock.plugins.plugin import Plugin
from pactmock.plugins.values import EntryKind, GenerateFieldRequest, MatchFieldRequest


def bind_interaction(interaction: Interaction, catalogue: Catalogue, among: Collection[Plugin]) -> Interaction:
    """Return an interaction whose plugin rules can be applied; messages are not matched here."""
    if not isinstance(interaction, HttpInteraction):
        return interaction
    bound = _Binder(catalogue, among).categories(interaction.request.matching_rules)
    return replace(interaction, request=replace(interaction.request, matching_rules=bound))


class _Binder:
    """Gives the rules of some plugins what applies them, wherever in other rules they stand."""

    def __init__(self, catalogue: Catalogue, among: Collection[Plugin]) -> None:
        self._catalogue = catalogue
        self._among = among

    def categories(self, matching_rules: MatchingRules) -> MatchingRules:
        return {
            category: tuple(self._entry(entry, category) for entry in entries)
            for category, entries in matching_rules.items()
        }

    def _entry(self, entry: RuleEntry, category: str) -> RuleEntry:
        bound = tuple(self._rule(rule, entry.path.text, category) for rule in entry.rules)
        return replace(entry, rules=bound)

    def _rule(self, rule: MatchingRule, path: str, category: str) -> MatchingRule:
        if isinstance(rule, rules.Plugin):
            found = self._catalogue.find(EntryKind.MATCHER, rule.name, self._among)
            return rule if found is None else replace(rule, apply=_check(found.owner, rule, path, category))
        if isinstance(rule, rules.Each):
            return replace(rule, rules=tuple(self._rule(inner, path, category) for inner in rule.rules))
        if isinstance(rule, rules.ArrayContains):
            return replace(rule, variants=tuple(self._variant(variant, category) for variant in rule.variants))
        return rule

    def _variant(self, variant: rules.Variant, category: str) -> rules.Variant:
        return replace(variant, rules=tuple(self._entry(entry, category) for entry in variant.rules))


def _check(plugin: Plugin, rule: rules.Plugin, path: str, category: str) -> PluginCheck:
    def check(expected: Any, actual: Any, _cascaded: bool) -> str | None:
        asked = MatchFieldRequest(rule.name, rule, expected, actual, path, category)
        try:
            found = plugin.match_field(asked)
        except PactmockError as error:
            return f"Could not apply the '{rule.name}' matching rule - {error.message}"
        except Exception as error:  # noqa: BLE001  a plugin in Python may raise anything
            return f"Could not apply the '{rule.name}' matching rule - the plugin {plugin} raised {error!r}"
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
            except Exception as error:  # noqa: BLE001  whatever it is, the example stays
                raise CannotGenerate(f"the plugin {plugin} failed: {error}") from None
            return made.decode(errors="replace") if isinstance(made, bytes) else made

        return maker(make)

    return compile_kind
