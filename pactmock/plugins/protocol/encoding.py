"""What the messages of the plugin protocol share: bodies, rules, generators, kept data, mismatches.

Both interface versions declare these messages anew, with the same names and fields (reference/plugins.md §3.5), so a
function takes the generated module of the version, `Messages`, where it makes one of them.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from google.protobuf.struct_pb2 import Struct
from google.protobuf.wrappers_pb2 import BytesValue

from pactmock.errors import InvalidRule
from pactmock.pact.generators import Generator
from pactmock.pact.json.values import Json
from pactmock.pact.matching_rules import MatchingRule, MinMaxType, Type, create_rule
from pactmock.plugins.protocol.structs import from_struct, to_struct
from pactmock.plugins.protocol.values import (
    CatalogueEntry,
    ContentMismatch,
    Contents,
    EntryKind,
    PathGenerators,
    PluginData,
    Rules,
)

Messages: TypeAlias = Any
"""The module of an interface version: `proto.plugin_v1_pb2` or `proto.plugin_v2_pb2`."""

Message: TypeAlias = Any
"""A message of either version; both have the same fields under the same names."""

logger = logging.getLogger("pactmock.plugins")

_HINTS = ("DEFAULT", "TEXT", "BINARY")


def body_message(messages: Messages, contents: Contents) -> Message:
    """Make a Body with its content set, also where that is empty."""
    return messages.Body(
        contentType=contents.content_type,
        content=BytesValue(value=contents.content),
        contentTypeHint=_HINTS.index(contents.hint) if contents.hint in _HINTS else 0,
    )


def contents_of(holder: Message, field: str) -> Contents | None:
    """Return the contents in a field, or None where it is not set."""
    if not holder.HasField(field):
        return None
    body = getattr(holder, field)
    hint = _HINTS[body.contentTypeHint] if 0 <= body.contentTypeHint < len(_HINTS) else "DEFAULT"
    return Contents(body.content.value, body.contentType, hint)


_READ_AS = {MinMaxType.key: Type.key}
"""A name that hosts send and none of them reads, so it is read here and never sent (§3.7)."""


def rule_message(messages: Messages, rule: MatchingRule) -> Message:
    """Make the message of a rule. `values` is always set: plugins fail without it."""
    attributes = rule.to_json()
    written = attributes.pop("match")
    name = rule.key if rule.key in rule.names else written
    return messages.MatchingRule(type=name, values=to_struct(attributes))


def rule_of(message: Message) -> MatchingRule:
    """Read a rule; one whose name the core does not know is a plugin's.

    Raises:
        InvalidRule: when it has no name, or an attribute is missing.
    """
    if not message.type:
        raise InvalidRule("Matching rule type can not be empty")
    attributes = from_struct(message.values)
    return create_rule(_READ_AS.get(message.type, message.type), attributes)


def set_rules(messages: Messages, field: Message, rules: Rules) -> None:
    """Fill a map of paths to rules."""
    for path, items in rules.items():
        field[path].rule.extend(rule_message(messages, rule) for rule in items)


def rules_of(field: Mapping[str, Message]) -> Rules:
    """Read a map of paths to rules, sorted by path."""
    return {path: tuple(map(rule_of, field[path].rule)) for path in sorted(field)}


_RENAMED_ATTRIBUTES = {"RandomString": {"digits": "size"}, "ProviderState": {"data_type": "dataType"}}
"""Attributes that some hosts send under names which they do not read themselves."""


def set_generator(message: Message, generator: Generator) -> None:
    """Fill the message of a generator; `values` is always set."""
    message.type = generator.type
    message.values.CopyFrom(to_struct(generator.attributes))


def generator_of(message: Message) -> Generator:
    """Read a generator; some hosts repeat its type among the values, or have other names for them (§3.7)."""
    sent = from_struct(message.values)
    sent.pop("type", None)
    renamed = _RENAMED_ATTRIBUTES.get(message.type, {})
    return Generator(message.type, {renamed.get(name, name): value for name, value in sent.items()})


def set_generators(field: Message, generators: PathGenerators) -> None:
    """Fill a map of paths to generators."""
    for path, generator in generators.items():
        set_generator(field[path], generator)


def generators_of(field: Mapping[str, Message]) -> PathGenerators:
    """Read a map of paths to generators, sorted by path."""
    return {path: generator_of(field[path]) for path in sorted(field)}


def data_message(messages: Messages, data: PluginData) -> Message:
    """Make a PluginConfiguration with what there is to keep."""
    return messages.PluginConfiguration(
        interactionConfiguration=_struct_or_none(data.interaction), pactConfiguration=_struct_or_none(data.pact)
    )


def _struct_or_none(document: Mapping[str, Json]) -> Struct | None:
    return to_struct(document) if document else None


def data_of(message: Message) -> PluginData:
    """Read a PluginConfiguration."""
    return PluginData(from_struct(message.interactionConfiguration), from_struct(message.pactConfiguration))


def data_in(holder: Message) -> PluginData | None:
    """Return the PluginConfiguration of a request, or None where it is not set."""
    return data_of(holder.pluginConfiguration) if holder.HasField("pluginConfiguration") else None


def set_context(holder: Message, context: Mapping[str, Json]) -> None:
    """Set the test context, where the version has a place for it."""
    if context and "testContext" in holder.DESCRIPTOR.fields_by_name:
        holder.testContext.CopyFrom(to_struct(context))


def context_in(holder: Message) -> dict[str, Json]:
    """Return the test context, empty where the version has none."""
    return from_struct(holder.testContext) if "testContext" in holder.DESCRIPTOR.fields_by_name else {}


def mismatch_message(messages: Messages, mismatch: ContentMismatch) -> Message:
    """Make the message of a mismatch; a side that is not there is not set."""
    return messages.ContentMismatch(
        expected=None if mismatch.expected is None else BytesValue(value=mismatch.expected),
        actual=None if mismatch.actual is None else BytesValue(value=mismatch.actual),
        mismatch=mismatch.mismatch,
        path=mismatch.path,
        diff=mismatch.diff,
        mismatchType=mismatch.mismatch_type,
    )


def mismatch_of(message: Message) -> ContentMismatch:
    """Read a mismatch."""
    return ContentMismatch(
        message.mismatch,
        message.path,
        message.expected.value if message.HasField("expected") else None,
        message.actual.value if message.HasField("actual") else None,
        message.diff,
        message.mismatchType,
    )


_ENTRY_KINDS = (
    EntryKind.CONTENT_MATCHER,
    EntryKind.CONTENT_GENERATOR,
    EntryKind.TRANSPORT,
    EntryKind.MATCHER,
    EntryKind.INTERACTION,
    EntryKind.GENERATOR,
)
"""The kinds of entries by their numbers. V1 does not name the last one, but its number may be sent (§4.1)."""


def entry_messages(messages: Messages, entries: Iterable[CatalogueEntry]) -> list[Message]:
    """Make the messages of catalogue entries."""
    return [
        messages.CatalogueEntry(type=_ENTRY_KINDS.index(entry.kind), key=entry.key, values=entry.values)
        for entry in entries
    ]


def entries_of(messages: Iterable[Message]) -> tuple[CatalogueEntry, ...]:
    """Read catalogue entries; one of a kind that is not known here is passed over with a warning."""
    entries = []
    for message in messages:
        if 0 <= message.type < len(_ENTRY_KINDS):
            entries.append(CatalogueEntry(_ENTRY_KINDS[message.type], message.key, dict(message.values)))
        else:
            logger.warning("the catalogue entry '%s' is of kind %d, which is not known", message.key, message.type)
    return tuple(entries)
