"""What type checkers see of a plugin's face: `make check` reads this module, and nothing runs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import assert_type

import pactmock
from pactmock.plugins import (
    CatalogueEntry,
    CompareRequest,
    Configured,
    ConfigureRequest,
    ContentMismatch,
    Contents,
    ContentTypeMismatch,
    Equality,
    GenerateRequest,
    Json,
    MatchingRule,
    Plugin,
    compile_json_check,
    compile_text_check,
    content_entries,
    parse_definition,
)


class Typed(Plugin):
    """Every method with the types that it is called with."""

    name = "typed"
    version = "1.0.0"

    def catalogue(self) -> Sequence[CatalogueEntry]:
        return content_entries("typed", "text/typed")

    def configure_interaction(self, request: ConfigureRequest) -> Configured:
        assert_type(request.content_type, str)
        definition = parse_definition("matching(integer, 7)")
        assert_type(definition.example, Json)
        return super().configure_interaction(request)

    def compare_contents(self, request: CompareRequest) -> ContentTypeMismatch | Sequence[ContentMismatch]:
        assert_type(request.expected, Contents | None)
        assert_type(request.rules, Mapping[str, tuple[MatchingRule, ...]])
        assert_type(request.allow_unexpected_keys, bool)
        assert_type(compile_json_check(Equality())(7, 8, False), str | None)
        assert_type(compile_text_check(Equality())("7", "8", False), str | None)
        return []

    def generate_content(self, request: GenerateRequest) -> Contents | None:
        assert_type(request.contents, Contents)
        return request.contents


class Wrong(Typed):
    """A mistake is found."""

    def catalogue(self) -> str:  # type: ignore[override]
        return "typed"


pactmock.MockServer("pact.json", plugins=[Typed()])
pactmock.MockServer("pact.json", plugins=[Typed])  # type: ignore[list-item]
