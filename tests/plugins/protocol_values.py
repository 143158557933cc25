"""All that can be said in the plugin protocol, for laws: JSON, rules, generators, and the questions and answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from dataclasses import fields as fields_of
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from pactmock.generators.context import Mode
from pactmock.pact import matching_rules as kinds
from pactmock.pact import path_expression
from pactmock.pact.generators import Generator
from pactmock.pact.json.values import Json
from pactmock.pact.matching_rules import STATUS_CLASSES, MatchingRule, RuleEntry, Variant
from pactmock.plugins import (
    CatalogueEntry,
    CompareRequest,
    Configured,
    ConfiguredPart,
    ConfigureRequest,
    ContentMismatch,
    Contents,
    ContentTypeMismatch,
    EntryKind,
    GenerateFieldRequest,
    GenerateRequest,
    InteractionContents,
    MatchFieldRequest,
    MockServerDetails,
    MockServerResult,
    MockServerResults,
    PluginData,
    Side,
    StartMockServerRequest,
)
from pactmock.plugins.protocol import content_calls, field_calls, mock_server_calls
from pactmock.plugins.protocol.call import Call
from pactmock.plugins.protocol.init_calls import INIT_PLUGIN, Introduction, PluginOffer

EXACT = 2**53
texts = st.text(st.characters(codec="utf-8"), max_size=8)
names = st.text("abcXYZ-:$.1", min_size=1, max_size=6)
blobs = st.binary(max_size=8)
scalars = st.none() | st.booleans() | st.integers(-EXACT, EXACT) | st.floats(allow_nan=False, allow_infinity=False)


def _nested(inner: SearchStrategy[Json]) -> SearchStrategy[Json]:
    return st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3)


json_values: SearchStrategy[Json] = st.recursive(scalars | texts, _nested, max_leaves=6)
objects = st.dictionaries(texts, json_values, max_size=3)

# Rules and generators

_sizes = st.integers(0, 10**6)
_paths = st.sampled_from(("$", "$.a", "$.a.b", "$.a[0]", "$.a[*].c", "$['b c']")).map(path_expression.parse)
_attributes = st.dictionaries(names, json_values, max_size=3)


def _each(rules: SearchStrategy[MatchingRule], rule: type[kinds.Each]) -> SearchStrategy[MatchingRule]:
    inner = st.lists(rules, max_size=2).map(tuple)
    return st.builds(rule, inner, st.none() | texts, st.none() | st.dictionaries(names, json_values, min_size=1))


def _variants(rules: SearchStrategy[MatchingRule]) -> SearchStrategy[tuple[Variant, ...]]:
    entry = st.builds(RuleEntry, _paths, st.lists(rules, min_size=1, max_size=2).map(tuple), st.booleans())
    # A Struct has no order, so that of paths is not kept.
    entries = st.lists(entry, max_size=3, unique_by=lambda item: item.path.text).map(
        lambda found: tuple(sorted(found, key=lambda item: item.path.text))
    )
    return st.lists(st.builds(Variant, _sizes, entries, _attributes), max_size=2).map(tuple)


_plain_rules: dict[type[MatchingRule], SearchStrategy[MatchingRule]] = {
    **{rule: st.just(rule()) for rule in kinds.core_rules() if not fields_of(rule)},
    **{
        rule: st.builds(rule, texts)
        for rule in kinds.core_rules()
        if [item.type for item in fields_of(rule)] == ["str"]
    },
    kinds.MinType: st.builds(kinds.MinType, _sizes),
    kinds.MaxType: st.builds(kinds.MaxType, _sizes),
    kinds.MinMaxType: st.builds(kinds.MinMaxType, _sizes, _sizes),
    kinds.IgnoreOrder: st.builds(kinds.IgnoreOrder, st.none() | _sizes, st.none() | _sizes),
    kinds.StatusCode: st.builds(
        kinds.StatusCode, st.sampled_from(STATUS_CLASSES) | st.lists(st.integers(100, 599), max_size=3).map(tuple)
    ),
    kinds.Plugin: st.builds(kinds.Plugin, names.map("x{}".format), _attributes),
}
_simple = st.one_of(*_plain_rules.values())
rules_by_kind: dict[type[MatchingRule], SearchStrategy[MatchingRule]] = {
    **_plain_rules,
    kinds.ArrayContains: st.builds(kinds.ArrayContains, _variants(_simple)),
    kinds.EachKey: _each(_simple, kinds.EachKey),
    kinds.EachValue: _each(_simple, kinds.EachValue),
}
rules = st.one_of(*rules_by_kind.values())
generators = st.builds(Generator, names.map("x{}".format), _attributes) | st.builds(
    Generator, st.sampled_from(("RandomInt", "RandomString", "ProviderState", "Uuid", "Regex")), _attributes
)
path_rules = st.dictionaries(names, st.lists(rules, max_size=2).map(tuple), max_size=2)
path_generators = st.dictionaries(names, generators, max_size=2)

# Questions and answers

contents = st.builds(Contents, blobs, texts, st.sampled_from(("DEFAULT", "TEXT", "BINARY")))
data = st.builds(PluginData, objects, objects)
entries = st.lists(
    st.builds(CatalogueEntry, st.sampled_from(EntryKind), texts, st.dictionaries(texts, texts, max_size=2)), max_size=3
).map(tuple)
mismatches = st.lists(
    st.builds(ContentMismatch, texts, texts, st.none() | blobs, st.none() | blobs, texts, texts), max_size=3
).map(tuple)
parts = st.builds(
    ConfiguredPart,
    st.none() | contents,
    st.sampled_from(("", "request", "response")),
    path_rules,
    path_generators,
    objects,
    path_rules,
    path_generators,
    data,
    texts,
    st.sampled_from(("COMMON_MARK", "HTML")),
)
results = st.builds(
    MockServerResults,
    st.booleans(),
    st.lists(st.builds(MockServerResult, texts, texts, mismatches), max_size=2).map(tuple),
)
fields = json_values | blobs | st.integers(-(2**63), 2**63 - 1)
modes = st.none() | st.sampled_from(Mode)
_maybe_contents = st.none() | contents
_maybe_data = st.none() | data
_ports = st.integers(0, 65535)
_interactions = st.lists(st.builds(InteractionContents, texts, texts, texts, data), max_size=2).map(tuple)


def _same(value: Any) -> Any:
    return value


def _without_context(asked: Any) -> Any:
    return replace(asked, test_context={})


def _by_path(answer: Any) -> Any:
    """Sort mismatches as they come back: they travel in a map, by path."""
    return answer if isinstance(answer, ContentTypeMismatch) else tuple(sorted(answer, key=lambda item: item.path))


@dataclass(frozen=True)
class Case:
    """A call, what can be asked and answered, and what of that comes over in each version."""

    call: Call[Any, Any]
    questions: SearchStrategy[Any]
    answers: SearchStrategy[Any]
    in_v1: Callable[[Any], Any] = _same
    in_v2: Callable[[Any], Any] = _same
    answer_in_v1: Callable[[Any], Any] = _same
    comes_as: Callable[[Any], Any] = _same
    versions: tuple[int, ...] = (1, 2)

    @property
    def can_fail(self) -> bool:
        return self.call.answers_errors


CASES = (
    Case(
        INIT_PLUGIN,
        st.builds(Introduction, texts, texts, st.lists(texts, max_size=2).map(tuple), texts),
        st.builds(PluginOffer, entries, st.lists(texts, max_size=2).map(tuple)),
        in_v1=lambda asked: replace(asked, capabilities=(), instance=""),
        answer_in_v1=lambda answer: replace(answer, capabilities=()),
    ),
    Case(content_calls.UPDATE_CATALOGUE, entries, st.none()),
    Case(
        content_calls.CONFIGURE_INTERACTION,
        st.builds(ConfigureRequest, texts, objects, objects),
        st.builds(Configured, st.lists(parts, max_size=2).map(tuple), data),
        in_v1=_without_context,
    ),
    Case(
        content_calls.COMPARE_CONTENTS,
        st.builds(CompareRequest, _maybe_contents, _maybe_contents, path_rules, st.booleans(), _maybe_data, objects),
        mismatches | st.builds(ContentTypeMismatch, texts, texts),
        in_v1=_without_context,
        comes_as=_by_path,
    ),
    Case(
        content_calls.GENERATE_CONTENT,
        st.builds(GenerateRequest, contents, path_generators, _maybe_data, objects, modes, st.sampled_from(Side)),
        _maybe_contents,
    ),
    Case(
        field_calls.MATCH_FIELD,
        st.builds(MatchFieldRequest, texts, rules, fields, fields, texts, texts, _maybe_data, objects),
        mismatches,
        versions=(2,),
    ),
    Case(
        field_calls.GENERATE_FIELD,
        st.builds(GenerateFieldRequest, texts, generators, fields, texts, _maybe_data, objects, modes),
        fields,
        versions=(2,),
    ),
    Case(
        mock_server_calls.START_MOCK_SERVER,
        st.builds(StartMockServerRequest, texts, _ports, st.booleans(), texts, _interactions, objects),
        st.builds(MockServerDetails, texts, _ports, texts),
        in_v1=lambda asked: replace(asked, interactions=()),
        in_v2=lambda asked: replace(asked, pact=""),
    ),
    Case(mock_server_calls.GET_MOCK_SERVER_RESULTS, texts, results),
    Case(mock_server_calls.SHUTDOWN_MOCK_SERVER, texts, results),
)
