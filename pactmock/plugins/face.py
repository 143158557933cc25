"""What an author's plugin imports, in one place: `pactmock.plugins` has all of it, and what it has stays there.

It is loaded when the first of these names is asked for, as the house itself needs few of them.
"""

from __future__ import annotations

from pactmock.authoring.definition import is_definition, parse_definition
from pactmock.authoring.expression import Definition
from pactmock.authoring.references import Reference
from pactmock.authoring.references import resolve as resolve_reference
from pactmock.errors import InvalidRule, NotJson, PactmockError, PluginError
from pactmock.generators.context import GeneratorContext, Mode
from pactmock.generators.kinds import compile_generator
from pactmock.generators.maker import CannotGenerate, Maker
from pactmock.matching.budget import spend
from pactmock.matching.values.scalars import ScalarCheck as JsonCheck
from pactmock.matching.values.scalars import compile_check as compile_json_check
from pactmock.matching.values.strings import StringCheck as TextCheck
from pactmock.matching.values.strings import compile_check as compile_text_check
from pactmock.pact.generators import Generator
from pactmock.pact.json.values import Json
from pactmock.pact.json.values import compact as json_text
from pactmock.pact.json.values import compact_bytes as json_bytes
from pactmock.pact.json.values import parse as parse_json
from pactmock.pact.matching_rules import Equality, MatchingRule
from pactmock.plugins.protocol.contexts import context_of
from pactmock.plugins.protocol.plugin import Plugin
from pactmock.plugins.protocol.values import (
    CatalogueEntry,
    Compare,
    CompareRequest,
    Comparison,
    Configured,
    ConfiguredPart,
    ConfigureRequest,
    ContentMismatch,
    Contents,
    ContentTypeMismatch,
    EntryKind,
    FieldValue,
    GenerateFieldRequest,
    GenerateRequest,
    InteractionContents,
    MatchFieldRequest,
    MockServerDetails,
    MockServerResult,
    MockServerResults,
    PathGenerators,
    PluginData,
    Rules,
    Side,
    StartMockServerRequest,
    content_entries,
)

__all__ = [
    "CannotGenerate",
    "CatalogueEntry",
    "Compare",
    "CompareRequest",
    "Comparison",
    "ConfigureRequest",
    "Configured",
    "ConfiguredPart",
    "ContentMismatch",
    "ContentTypeMismatch",
    "Contents",
    "Definition",
    "EntryKind",
    "Equality",
    "FieldValue",
    "GenerateFieldRequest",
    "GenerateRequest",
    "Generator",
    "GeneratorContext",
    "InteractionContents",
    "InvalidRule",
    "Json",
    "JsonCheck",
    "Maker",
    "MatchFieldRequest",
    "MatchingRule",
    "MockServerDetails",
    "MockServerResult",
    "MockServerResults",
    "Mode",
    "NotJson",
    "PactmockError",
    "PathGenerators",
    "Plugin",
    "PluginData",
    "PluginError",
    "Reference",
    "Rules",
    "Side",
    "StartMockServerRequest",
    "TextCheck",
    "compile_generator",
    "compile_json_check",
    "compile_text_check",
    "content_entries",
    "context_of",
    "is_definition",
    "json_bytes",
    "json_text",
    "parse_definition",
    "parse_json",
    "resolve_reference",
    "serve",
    "spend",
]


def serve(plugin: Plugin) -> None:
    """Serve a plugin to the Pact framework that started this process, until that ends (`plugins.authors.sdk`)."""
    from pactmock.plugins.authors.sdk import serve  # late: it loads gRPC, and plugins in the service need none

    serve(plugin)
