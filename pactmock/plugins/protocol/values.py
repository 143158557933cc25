"""What plugins are asked and what they answer: the messages of the plugin protocol as values, free of their encoding.

Matching rules and generators are those of `pactmock.pact`, so that a plugin has their attributes under their names and
can apply them. Paths are texts: what they mean is up to the plugin (reference/plugins.md §3.3).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from enum import Enum
from typing import TypeAlias

from pactmock.generators.context import Mode
from pactmock.pact.generators import Generator
from pactmock.pact.json.values import Json
from pactmock.pact.matching_rules import MatchingRule
from pactmock.pact.value import value


class EntryKind(Enum):
    """What an entry of the catalogue is; the value is its name in keys."""

    CONTENT_MATCHER = "content-matcher"
    CONTENT_GENERATOR = "content-generator"
    TRANSPORT = "transport"
    MATCHER = "matcher"
    INTERACTION = "interaction"
    GENERATOR = "generator"


@value
class CatalogueEntry:
    """One thing that a plugin, or the core, can do. `key` is the bare key, such as `csv`.

    Content entries have `content-types` among their `values`: patterns, separated by semicolons.
    """

    kind: EntryKind
    key: str
    values: Mapping[str, str] = field(default_factory=dict)


def content_entries(key: str, *content_types: str) -> tuple[CatalogueEntry, CatalogueEntry]:
    """Make the two entries of a plugin that matches and generates bodies of some types.

    A type is a regular expression over `type/subtype`, so a `+` in it is written as `\\+`.
    """
    values = {"content-types": ";".join(content_types)}
    return (
        CatalogueEntry(EntryKind.CONTENT_MATCHER, key, values),
        CatalogueEntry(EntryKind.CONTENT_GENERATOR, key, values),
    )


@value
class Contents:
    """A body: its bytes with their type. `hint` tells how a pact file is to hold them: DEFAULT, TEXT or BINARY."""

    content: bytes = b""
    content_type: str = ""
    hint: str = "DEFAULT"


Rules: TypeAlias = Mapping[str, tuple[MatchingRule, ...]]
"""The rules of each path; all of them have to pass."""

PathGenerators: TypeAlias = Mapping[str, Generator]
"""The generator of each path."""


@value
class PluginData:
    """What a plugin wants to be kept in the pact file: with the interaction, and once for the whole pact."""

    interaction: Mapping[str, Json] = field(default_factory=dict)
    pact: Mapping[str, Json] = field(default_factory=dict)


@value
class ConfigureRequest:
    """Contents as a test author wrote them, to be made into a body with rules and generators."""

    content_type: str
    config: Mapping[str, Json]
    test_context: Mapping[str, Json] = field(default_factory=dict)


@value
class ConfiguredPart:
    """One part of an interaction: `part_name` is `request`, `response`, or empty for the part that was asked for.

    `contents` is None where the part has no body.
    """

    contents: Contents | None
    part_name: str = ""
    rules: Rules = field(default_factory=dict)
    generators: PathGenerators = field(default_factory=dict)
    metadata: Mapping[str, Json] = field(default_factory=dict)
    metadata_rules: Rules = field(default_factory=dict)
    metadata_generators: PathGenerators = field(default_factory=dict)
    data: PluginData = field(default_factory=PluginData)
    markup: str = ""
    markup_kind: str = "COMMON_MARK"


@value
class Configured:
    """What came of a `ConfigureRequest`; `data` is shared by all parts."""

    parts: Sequence[ConfiguredPart]
    data: PluginData = field(default_factory=PluginData)


@value
class CompareRequest:
    """Two bodies to be compared; None stands for one that is not there.

    `allow_unexpected_keys` is False for a request that a mock server received: what the pact does not name is then a
    mismatch. `data` is None where the pact does not name the plugin.
    """

    expected: Contents | None
    actual: Contents | None
    rules: Rules = field(default_factory=dict)
    allow_unexpected_keys: bool = False
    data: PluginData | None = None
    test_context: Mapping[str, Json] = field(default_factory=dict)


@value
class ContentMismatch:
    """One thing that differs. `path` says where, in words of the plugin."""

    mismatch: str
    path: str = ""
    expected: bytes | None = None
    actual: bytes | None = None
    diff: str = ""
    mismatch_type: str = ""


@value
class ContentTypeMismatch:
    """The body is of another type than the one that can be compared with it."""

    expected: str
    actual: str


Comparison: TypeAlias = ContentTypeMismatch | Sequence[ContentMismatch]
"""The result of comparing bodies; no mismatches means that they match."""


Compare: TypeAlias = Callable[[Contents | None], Comparison]
"""Compares bodies with the one that it was made for."""


class Side(Enum):
    """The part of an interaction that contents are for."""

    REQUEST = "request"
    RESPONSE = "response"


@value
class GenerateRequest:
    """A body in which values are to be generated. `mode` is None where the caller does not say it.

    A mock server has itself in `test_context`, as `mockServer` with `url`, `href` and `port`.
    """

    contents: Contents
    generators: PathGenerators = field(default_factory=dict)
    data: PluginData | None = None
    test_context: Mapping[str, Json] = field(default_factory=dict)
    mode: Mode | None = None
    side: Side = Side.REQUEST


FieldValue: TypeAlias = Json | bytes
"""A single value, as rules and generators of plugins see it."""


@value
class MatchFieldRequest:
    """A value to be held against a rule of a plugin. `mismatch_type` is the part: body, header, query, path, …"""

    key: str
    rule: MatchingRule
    expected: FieldValue
    actual: FieldValue
    path: str = ""
    mismatch_type: str = "body"
    data: PluginData | None = None
    test_context: Mapping[str, Json] = field(default_factory=dict)


@value
class GenerateFieldRequest:
    """An example to be replaced by what a generator of a plugin makes."""

    key: str
    generator: Generator
    example: FieldValue
    path: str = ""
    data: PluginData | None = None
    test_context: Mapping[str, Json] = field(default_factory=dict)
    mode: Mode | None = None


@value
class InteractionContents:
    """All that a transport plugin of interface V2 is told of an interaction."""

    type: str
    consumer: str
    provider: str
    data: PluginData = field(default_factory=PluginData)


@value
class StartMockServerRequest:
    """A mock server to be started by a transport plugin. An empty `host` leaves it to the plugin, port 0 too.

    `pact` is the whole pact as V4 JSON text, for plugins of interface V1; `interactions` is what those of V2 get.
    """

    host: str = ""
    port: int = 0
    tls: bool = False
    pact: str = ""
    interactions: Sequence[InteractionContents] = ()
    test_context: Mapping[str, Json] = field(default_factory=dict)


@value
class MockServerDetails:
    """A mock server that a plugin started: the key it goes by, its port, and its URL."""

    key: str
    port: int
    address: str


@value
class MockServerResult:
    """What a plugin's mock server found wrong with one method or path."""

    path: str
    error: str = ""
    mismatches: Sequence[ContentMismatch] = ()


@value
class MockServerResults:
    """All that a plugin's mock server found; `ok` says that everything expected came, and matched."""

    ok: bool
    results: Sequence[MockServerResult] = ()
