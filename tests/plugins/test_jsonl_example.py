"""The plugin that authors copy does what a plugin has to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from examples.jsonl_plugin import jsonl_plugin
from pactmock.errors import PactmockError, PluginError
from pactmock.generators.context import Mode
from pactmock.pact import matching_rules as rules
from pactmock.plugins import (
    CompareRequest,
    ConfiguredPart,
    ConfigureRequest,
    ContentMismatch,
    Contents,
    GenerateRequest,
)

PLUGIN = jsonl_plugin.JsonlPlugin()
LINE = {"id": "matching(integer, 7)", "at": "matching(date, 'yyyy-MM-dd', '2000-01-31')", "kind": "login"}


def configure(line: Any = LINE) -> ConfiguredPart:
    (part,) = PLUGIN.configure_interaction(ConfigureRequest("application/x-ndjson", {"line": line})).parts
    return part


def compare(actual: bytes | None, *, allow_unexpected_keys: bool = False) -> list[ContentMismatch]:
    part = configure()
    received = None if actual is None else Contents(actual)
    return [*PLUGIN.compare_contents(CompareRequest(part.contents, received, part.rules, allow_unexpected_keys))]


def test_an_author_reads_it_in_one_sitting() -> None:
    assert len(Path(jsonl_plugin.__file__).read_text().splitlines()) < 100


def test_it_is_for_both_names_of_the_type() -> None:
    assert {entry.values["content-types"] for entry in PLUGIN.catalogue()} == {"application/x-ndjson;application/jsonl"}


def test_a_line_becomes_an_example_with_rules_under_the_paths_of_its_fields() -> None:
    part = configure()
    assert part.contents == Contents(b'{"at":"2000-01-31","id":7,"kind":"login"}\n', "application/x-ndjson")
    assert part.rules == {"$.id": (rules.Integer(),), "$.at": (rules.Date("yyyy-MM-dd"),)}
    assert [(path, generator.type) for path, generator in part.generators.items()] == [("$.at", "Date")]


@pytest.mark.parametrize("line", [None, "text", [1]])
def test_what_is_no_object_is_refused(line: object) -> None:
    with pytest.raises(PluginError, match="JSON Lines need a member 'line'"):
        configure(line)


@pytest.mark.parametrize("text", ["matching(", "matching($'id')"])
def test_a_definition_that_cannot_be_used_is_refused(text: str) -> None:
    with pytest.raises(PactmockError):
        configure({"id": text})


def test_lines_that_look_like_the_example_match() -> None:
    assert compare(b'{"id":1,"at":"2024-05-06","kind":"login"}\r\n\n{"kind":"login","id":2,"at":"2024-05-07"}') == []


def test_a_value_that_differs_is_told_with_its_line_and_its_field() -> None:
    found = compare(b'{"id":1,"at":"2024-05-06","kind":"login"}\n{"id":"2","at":"2024-05-06","kind":"x"}\n')
    assert [(m.path, m.mismatch, m.expected, m.actual) for m in found] == [
        ("line 2: $.id", "Expected '2' (String) to be an integer", b"7", b'"2"'),
        ("line 2: $.kind", "Expected 'x' (String) to be equal to 'login' (String)", b'"login"', b'"x"'),
    ]


def test_a_field_that_is_missing_is_told() -> None:
    assert [m.path for m in compare(b'{"at":"2024-05-06","kind":"login"}')] == ["line 1: $.id"]


def test_a_field_more_is_told_unless_it_is_allowed() -> None:
    line = b'{"id":1,"at":"2024-05-06","kind":"login","more":1}'
    assert [m.path for m in compare(line)] == ["line 1: $.more"]
    assert compare(line, allow_unexpected_keys=True) == []


@pytest.mark.parametrize("actual", [None, b"", b"\n"])
def test_no_line_at_all_is_told(actual: bytes | None) -> None:
    assert [m.mismatch for m in compare(actual)] == ["Expected 1 line(s), but got 0"]


@pytest.mark.parametrize("actual", [b"[1]\n", b"{\n"])
def test_what_is_no_json_object_is_an_error(actual: bytes) -> None:
    with pytest.raises(PactmockError, match="JSON"):
        compare(actual)


@pytest.mark.parametrize(("mode", "made"), [(Mode.PROVIDER, b'{"id":42}\n'), (Mode.CONSUMER, b'{"id":7}\n')])
def test_values_are_generated_for_the_side_that_knows_them(mode: Mode, made: bytes) -> None:
    part = configure({"id": "matching(integer, fromProviderState('user', 7))"})
    assert part.contents is not None
    request = GenerateRequest(part.contents, part.generators, test_context={"user": 42}, mode=mode)
    assert PLUGIN.generate_content(request).content == made


def test_a_value_that_cannot_be_generated_is_an_error() -> None:
    part = configure({"id": "matching(integer, fromProviderState('user', 7))"})
    assert part.contents is not None
    with pytest.raises(PluginError, match="The field 'id' cannot be generated: Value 'user' was not found"):
        PLUGIN.generate_content(GenerateRequest(part.contents, part.generators, mode=Mode.PROVIDER))
