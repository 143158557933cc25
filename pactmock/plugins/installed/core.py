"""The core as an owner of catalogue entries: what a plugin can have done by calling back (reference/plugins.md §4.5).

Rules and generators for single values only: those of collections belong to whoever walks through the collection.
"""

from __future__ import annotations

from collections.abc import Sequence

from pactmock.errors import InvalidPact, PluginError
from pactmock.generators import bodies as generating
from pactmock.generators.kinds import KINDS, KINDS_OF_V3, compile_generator
from pactmock.generators.maker import CannotGenerate, Entry
from pactmock.matching.bodies.body import body_rules, compile_body
from pactmock.matching.parts.part import ExpectedPart, Part
from pactmock.matching.values import scalars
from pactmock.pact import matching_rules as kinds
from pactmock.pact import path_expression
from pactmock.pact.json.values import Json
from pactmock.pact.matching_rules import RuleEntry
from pactmock.pact.parts import body as bodies
from pactmock.pact.parts import content_type as types
from pactmock.pact.parts.charset import charset_of
from pactmock.pact.parts.content_type import ContentType
from pactmock.plugins.installed.catalogue import CORE
from pactmock.plugins.protocol.contexts import context_of
from pactmock.plugins.protocol.plugin import Plugin
from pactmock.plugins.protocol.values import (
    CatalogueEntry,
    CompareRequest,
    Comparison,
    ContentMismatch,
    Contents,
    EntryKind,
    FieldValue,
    GenerateFieldRequest,
    GenerateRequest,
    MatchFieldRequest,
)

_JSON_TYPES = r"application/.*json;application/json-rpc;application/jsonrequest"
_CONTENT_MATCHERS = {
    "xml": "application/.*xml;text/xml",
    "json": _JSON_TYPES,
    "text": "text/plain",
    "form-urlencoded": "application/x-www-form-urlencoded",
    "multipart-form-data": "multipart/form-data;multipart/mixed",
}
_CONTENT_GENERATORS = {
    "json": _JSON_TYPES,
    "xml": "application/.*xml;text/xml",
    "form-urlencoded": "application/x-www-form-urlencoded",
}


class Core(Plugin):
    """The core, asked as if it were a plugin."""

    name = CORE
    version = "0"

    def catalogue(self) -> Sequence[CatalogueEntry]:
        def of_types(kind: EntryKind, table: dict[str, str]) -> list[CatalogueEntry]:
            return [CatalogueEntry(kind, key, {"content-types": value}) for key, value in table.items()]

        def of_version(kind: EntryKind, key: str, version: str) -> CatalogueEntry:
            return CatalogueEntry(kind, key, {"spec-version": version})

        interactions = ("request-response", "message", "synchronous-message")
        return (
            *of_types(EntryKind.CONTENT_MATCHER, _CONTENT_MATCHERS),
            *of_types(EntryKind.CONTENT_GENERATOR, _CONTENT_GENERATORS),
            *(CatalogueEntry(EntryKind.TRANSPORT, key) for key in ("http", "https")),
            *(CatalogueEntry(EntryKind.INTERACTION, key) for key in interactions),
            *(of_version(EntryKind.MATCHER, rule.key, rule.since) for rule in kinds.core_rules()),
            *(
                of_version(EntryKind.GENERATOR, key, "V3" if key in KINDS_OF_V3 else "V4")
                for key in (*KINDS, "ArrayContains")
            ),
        )

    def compare_contents(self, request: CompareRequest) -> Comparison:
        """Compare whole documents, as a mock server does; of the types, the expected one counts."""
        kind = (types.parse(request.expected.content_type) if request.expected else None) or types.UNKNOWN
        entries = tuple(RuleEntry(_path(path), rules) for path, rules in request.rules.items())
        rules = body_rules({"body": entries}, kind)
        expected = ExpectedPart(
            _body(request.expected, kind), kind, rules=rules, strict=not request.allow_unexpected_keys
        )
        found = compile_body(expected)(Part(_body(request.actual, kind), kind))
        return tuple(
            ContentMismatch(item.mismatch, getattr(item, "path", "$"), _bytes(item.expected), _bytes(item.actual))
            for item in found
        )

    def generate_content(self, request: GenerateRequest) -> Contents:
        """Generate in a JSON, XML or form document."""
        kind = types.parse(request.contents.content_type) or types.UNKNOWN
        entries = tuple(
            Entry(_path(path), compile_generator(generator), f"The body {path}")
            for path, generator in request.generators.items()
        )
        body = _body(request.contents, kind)
        made = generating.compile_body(body, kind, charset_of(kind), entries)(context_of(request))
        return Contents(made.content, request.contents.content_type, request.contents.hint)

    def match_field(self, request: MatchFieldRequest) -> Sequence[ContentMismatch]:
        """Hold a value against a rule of the core."""
        rule = request.rule
        if isinstance(rule, kinds.Plugin) or rule.is_of_collections:
            raise PluginError(
                f"The '{request.key}' matching rule applies to a collection as a whole, not to a single value, so it"
                " can not be applied through MatchField. Match the collection with a content matcher instead."
            )
        expected, actual = _json(request.expected), _json(request.actual)
        problem = scalars.compile_check(rule)(expected, actual, False)
        if problem is None:
            return ()
        return (ContentMismatch(problem, request.path, mismatch_type=request.mismatch_type),)

    def generate_field(self, request: GenerateFieldRequest) -> FieldValue:
        """Make a value; the example comes back where the generator is not for the mode that is asked for."""
        if request.generator.type not in KINDS:
            raise PluginError(
                f"The '{request.generator.type}' generator makes whole collections, not a single value: generate"
                " the collection with a content generator"
            )
        entry = Entry(path_expression.ROOT, compile_generator(request.generator), f"The value {request.path}")
        if request.mode is not None and not entry.applies(context_of(request)):
            return request.example
        try:
            return entry.maker.json(_json(request.example), context_of(request))
        except CannotGenerate as reason:
            raise PluginError(f"The '{request.generator.type}' generator makes nothing here: {reason}") from None


def _path(text: str) -> path_expression.PathExpression:
    try:
        return path_expression.parse(text)
    except InvalidPact as error:
        raise PluginError(error.message) from None


def _body(contents: Contents | None, kind: ContentType) -> bodies.Body:
    return bodies.MISSING if contents is None else bodies.present(contents.content, kind)


def _json(value: FieldValue) -> Json:
    return value.decode(errors="replace") if isinstance(value, bytes) else value


def _bytes(value: bytes | str | None) -> bytes | None:
    return value.encode() if isinstance(value, str) else value
