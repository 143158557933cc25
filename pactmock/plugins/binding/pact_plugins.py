"""The plugins that one pact names, at work for its mock server (reference/plugins.md §5).

What they do reaches the mock server as values of the same shape as the core's own: the comparison of a body, the check
of a rule, a kind of generators. Only plugins that the pact names are asked, whatever else is loaded.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TypeVar

from pactmock.errors import NoSuchPlugin, PactmockError
from pactmock.generators.context import GeneratorContext
from pactmock.matching.mismatch import BodyMismatch
from pactmock.matching.parts.part import BodyCheck, BodyCompiler, BodyMismatches, ExpectedPart, Part
from pactmock.pact import matching_rules as rules
from pactmock.pact.generators import Generator
from pactmock.pact.json.values import Json
from pactmock.pact.model import (
    HttpInteraction,
    Interaction,
    MessageContents,
    Pact,
    Request,
    Response,
    body_of,
    content_type_of,
    message_parts,
)
from pactmock.pact.parts import body as bodies
from pactmock.pact.parts import content_type as types
from pactmock.pact.parts.body import Body
from pactmock.plugins.binding.bound_pact import Bind, BoundPact, MakeBody, Transport
from pactmock.plugins.binding.field_rules import bind_interaction, generator_kinds
from pactmock.plugins.binding.kept_data import NamedPlugin, data_of, plugins_of
from pactmock.plugins.installed.catalogue import Catalogue, Registered
from pactmock.plugins.installed.host import PluginHost
from pactmock.plugins.protocol.contexts import as_test_context
from pactmock.plugins.protocol.plugin import Plugin
from pactmock.plugins.protocol.values import (
    CompareRequest,
    Contents,
    ContentTypeMismatch,
    EntryKind,
    GenerateRequest,
    InteractionContents,
    PathGenerators,
    PluginData,
    Rules,
    Side,
)

K = TypeVar("K")
V = TypeVar("V")

logger = logging.getLogger("pactmock.plugins")


class PactPlugins:
    """The plugins of a pact, by their names in it, and the catalogue in which they are found."""

    def __init__(
        self,
        named: Mapping[Plugin, NamedPlugin],
        catalogue: Catalogue,
        missing: Mapping[str, NoSuchPlugin] = MappingProxyType({}),
    ) -> None:
        """`missing` are those that the pact names and that are not installed."""
        self._named = named
        self._catalogue = catalogue
        self._missing = missing
        self._context: dict[str, Json] = {"testRunId": str(uuid.uuid4())}

    def bind(self, pact: Pact) -> BoundPact:
        """Work out what these plugins add to a pact.

        Raises:
            NoSuchPlugin: when what would be played over HTTP needs one that is not installed, or all else does.
        """
        played = tuple(enumerate(pact.http_interactions))
        parts = [
            ((number, index), item, part)
            for number, item in enumerate(pact.messages)
            for index, part in enumerate(message_parts(item))
        ]
        transports = reversed(self._entries(EntryKind.TRANSPORT))  # of two of one name, the first counts
        if self._entries(EntryKind.MATCHER):
            ready = (bind_interaction(item, self._catalogue, self._named) for item in pact.interactions)
            pact = replace(pact, interactions=tuple(ready))
        bound = BoundPact(
            pact,
            asks_plugins=any(plugin.may_block for plugin in self._named),
            body_compilers=_found((index, self._compiler(item, item.request, Side.REQUEST)) for index, item in played),
            body_makers=_found((index, self._maker(item, item.response, Side.RESPONSE)) for index, item in played),
            contents_makers=_found(
                (place, self._maker(item, part, Side.RESPONSE if place[1] else Side.REQUEST))
                for place, item, part in parts
            ),
            contents_compilers=_found(
                (place, self._compiler(item, part, Side.RESPONSE)) for place, item, part in parts if place[1]
            ),
            generator_kinds=generator_kinds(self._catalogue, self._named),
            transports={item.entry.key: self._transport(item.owner, pact) for item in transports},
            missing=self._missing,
        )
        _refuse_what_is_missing(bound)
        return bound

    def _entries(self, kind: EntryKind) -> Sequence[Registered]:
        return [item for item in self._catalogue if item.owner in self._named and item.entry.kind is kind]

    def _transport(self, plugin: Plugin, pact: Pact) -> Transport:
        named = self._named[plugin]
        told = (
            InteractionContents(item.type, pact.consumer, pact.provider, data_of(named, item))
            for item in pact.interactions
        )
        return Transport(plugin, tuple(told))

    def _compiler(self, interaction: Interaction, part: Request | MessageContents, side: Side) -> BodyCompiler | None:
        plugin = self._owner(EntryKind.CONTENT_MATCHER, content_type_of(part))
        if plugin is None:
            return None
        data = data_of(self._named[plugin], interaction, side)
        body_rules = {entry.path.text: entry.rules for entry in part.matching_rules.get("body", ())}
        return _body_compiler(plugin, body_rules, data, self._context)

    def _maker(self, interaction: Interaction, part: Response | MessageContents, side: Side) -> MakeBody | None:
        body, content_type = body_of(part), content_type_of(part)
        generators = _generators(part) if body.is_present else {}
        # These are generated by the core, whoever else says that he does (§5.7).
        if not generators or content_type.is_json or content_type.is_xml or content_type.is_form:
            return None
        plugin = self._owner(EntryKind.CONTENT_GENERATOR, content_type)
        if plugin is None:
            return None
        request = GenerateRequest(
            Contents(body.content, str(content_type), body.hint or "DEFAULT"),
            generators,
            data_of(self._named[plugin], interaction, side),
            self._context,
            side=side,
        )
        return _body_maker(plugin, body, request)

    def _owner(self, kind: EntryKind, content_type: types.ContentType) -> Plugin | None:
        return self._catalogue.owner_of(kind, content_type, self._named)


def plugins_for(pact: Pact, host: PluginHost) -> Bind:
    """Load the plugins that a pact names, to bind it to them, as far as they are installed. Blocks while they start.

    Raises:
        PluginError: when one cannot be started.
        InvalidPact: when the pact does not name them properly.
    """
    named = plugins_of(pact)
    if not named:
        return BoundPact
    loaded: dict[Plugin, NamedPlugin] = {}
    missing: dict[str, NoSuchPlugin] = {}
    for item in named:
        try:
            loaded[host.load(item.name, item.version)] = item
        except NoSuchPlugin as error:
            missing[item.name] = error
    return PactPlugins(loaded, host.catalogue, missing).bind


def _found(pairs: Iterable[tuple[K, V | None]]) -> dict[K, V]:
    return {key: value for key, value in pairs if value is not None}


def _refuse_what_is_missing(bound: BoundPact) -> None:
    """Refuse a pact of which an interaction of HTTP needs a plugin that is not installed, or nothing can be played."""
    if not bound.missing:
        return
    lacking = [(item, bound.plugin_missing_for(item)) for item in bound.pact.interactions]
    for item, name in lacking:
        if name is not None and isinstance(item, HttpInteraction):
            raise bound.missing[name]
    if all(name is not None for _, name in lacking):
        raise next(iter(bound.missing.values()))


def _generators(part: Response | MessageContents) -> PathGenerators:
    """Collect the generators of a body, those inside of eachKey and eachValue rules too (§5.7)."""
    found = {entry.path.text: entry.generator for entry in part.generators.get("body", ())}
    for entry in part.matching_rules.get("body", ()):
        for rule in entry.rules:
            if isinstance(rule, rules.Each) and rule.generator is not None:
                attributes = {name: value for name, value in rule.generator.items() if name != "type"}
                found.setdefault(entry.path.text, Generator(str(rule.generator.get("type", "")), attributes))
    return found


def _body_compiler(plugin: Plugin, body_rules: Rules, data: PluginData, context: Mapping[str, Json]) -> BodyCompiler:
    def compile_body(expected: ExpectedPart) -> BodyCheck:
        asked = CompareRequest(_contents(expected), None, body_rules, not expected.strict, data, context)
        compare = plugin.comparison(asked)

        def check(actual: Part) -> BodyMismatches:
            try:
                found = compare(_contents(actual))
            except PactmockError as error:  # it could not be asked, or could not compare
                return [BodyMismatch("", expected.content, actual.content, error.message)]
            if isinstance(found, ContentTypeMismatch):
                text = f"Expected content type '{found.expected}' but got '{found.actual}'"
                return [BodyMismatch("", expected.content, actual.content, text)]
            return [BodyMismatch(item.path, item.expected, item.actual, item.mismatch) for item in found]

        return check

    return compile_body


def _contents(part: Part) -> Contents:
    return Contents(part.content, str(part.content_type))


def _body_maker(plugin: Plugin, body: Body, request: GenerateRequest) -> MakeBody:
    def make(context: GeneratorContext) -> Body:
        asked = replace(request, test_context={**request.test_context, **as_test_context(context)}, mode=context.mode)
        try:
            made = plugin.generate_content(asked)
        except PactmockError as error:  # the body of the pact is sent (§5.7)
            logger.warning("the plugin %s generated nothing, the body of the pact is sent: %s", plugin, error)
            return body
        if made is None:
            return bodies.EMPTY
        return bodies.present(made.content, types.parse(made.content_type) or body.content_type, body.hint)

    return make
