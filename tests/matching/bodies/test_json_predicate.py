"""The quick yes or no for JSON bodies says what the long comparison says, which may be asked to use it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pactmock.matching.bodies.json import compare, compile_body, predicate_compiler
from pactmock.matching.bodies.json_predicate import PredicateCompiler
from pactmock.matching.budget import Budget
from pactmock.matching.compiling import compile_category
from pactmock.matching.parts.part import ExpectedPart, Part
from pactmock.pact.matching_rules import categories as rule_categories
from pactmock.pact.parts import body as bodies
from pactmock.pact.parts import content_type as types

scalars = st.sampled_from([None, True, False, 0, 1, 1.0, 2.5, "", "a", "1", "true", "2000-01-01"])
documents = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "1"]), inner, max_size=3),
    max_leaves=8,
)
rules = st.sampled_from(
    [
        {"match": "type"},
        {"match": "type", "min": 1},
        {"match": "type", "max": 2},
        {"match": "type", "min": 1, "max": 2},
        {"match": "equality"},
        {"match": "regex", "regex": "[a-z]+|1"},
        {"match": "include", "value": "a"},
        {"match": "integer"},
        {"match": "decimal"},
        {"match": "number"},
        {"match": "boolean"},
        {"match": "null"},
        {"match": "notEmpty"},
        {"match": "values"},
        {"match": "date", "format": "yyyy-MM-dd"},
        {"match": "arrayContains", "variants": [{"index": 0, "rules": {"$": {"matchers": [{"match": "type"}]}}}]},
        {"match": "eachKey", "rules": [{"match": "regex", "regex": "[a-z]"}]},
        {"match": "eachValue", "rules": [{"match": "integer"}]},
        {"match": "unheard-of"},
    ]
)
paths = st.lists(st.sampled_from([".a", ".b", "[0]", "[1]", "[*]", ".*"]), max_size=3).map(
    lambda steps: "$" + "".join(steps)
)
rule_lists = st.fixed_dictionaries(
    {"matchers": st.lists(rules, min_size=1, max_size=2), "combine": st.sampled_from(["AND", "OR"])}
)
categories = st.dictionaries(paths, rule_lists, max_size=4)


@example(["a", "b"], "ab", {"$": {"matchers": [{"match": "type", "min": 1}]}}, True)
@example(["a", 1], {"a": 1}, {"$": {"matchers": [{"match": "type", "max": 2}]}}, True)
@given(documents, documents, categories, st.booleans())
def test_it_agrees_with_the_comparison(expected: Any, actual: Any, category: Any, strict: bool) -> None:
    root = compile_category(rule_categories.from_json({"body": category}), "body")
    fits = predicate_compiler(strict=strict).compile(expected, root)
    for received in (actual, expected):
        assert fits(received) is (compare(expected, received, root, strict=strict) == [])


long_documents = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=2).map(lambda items: items * 4)
        | st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2)
    ),
    max_leaves=6,
)


@st.composite
def altered(draw: st.DrawFn, document: Any) -> Any:
    """Draw a document that is like another but for a value here and there, or an item more or less."""
    if isinstance(document, list):
        items = [draw(altered(item)) for item in document]
        return draw(st.sampled_from([items, items[:-1], items + items[:1]]))
    if isinstance(document, dict):
        return {name: draw(altered(item)) for name, item in document.items()}
    return draw(st.sampled_from([document] * 8 + [None, "a", 3]))


@given(long_documents.flatmap(lambda each: st.tuples(st.just(each), altered(each))), categories, st.booleans())
def test_a_comparison_that_passes_over_items_that_fit_says_the_same(
    documents: tuple[Any, Any], category: Any, strict: bool
) -> None:
    expected, actual = documents
    root = compile_category(rule_categories.from_json({"body": category}), "body")
    compiler = predicate_compiler(strict=strict)
    compiler.compile(expected, root)
    assert compare(expected, actual, root, compiler.items_fit, strict=strict) == compare(
        expected, actual, root, strict=strict
    )


def test_an_item_that_takes_too_long_to_ask_hides_no_difference() -> None:
    """The pattern is what the predicate asks first, and the comparison last."""
    category = {"$[*].z": {"matchers": [{"match": "regex", "regex": "(a|aa)+"}]}}
    root = compile_category(rule_categories.from_json({"body": category}), "body")
    expected: list[Any] = [{"z": "a", "b": 1}] * 4
    actual: list[Any] = [{"z": "a", "b": 2}, {"z": "a" * 40 + "!", "b": 3}, *expected[2:]]
    check = compile_body(
        ExpectedPart(bodies.present(json.dumps(expected).encode()), types.JSON, rules=root, strict=True)
    )
    with Budget(0.3):
        found = check(Part(bodies.present(json.dumps(actual).encode()), types.JSON))
    assert [getattr(item, "path", "") for item in found[:2]] == ["$[0].b", "$[1].b"]
    assert found[-1].type == "UndecidedMismatch"


VALUES: list[Any] = [None, True, False, 0, 1, 1.0, 2.5, "", "a", "1", "true", "2000-01-01", [], [1], {}, {"a": 1}]


@pytest.mark.parametrize(
    "kind", ["type", "equality", "integer", "decimal", "number", "boolean", "null", "notEmpty", "date"]
)
def test_it_agrees_on_every_pair_of_values_under_the_common_rules(kind: str) -> None:
    root = compile_category(rule_categories.from_json({"body": {"$": {"matchers": [{"match": kind}]}}}), "body")
    for expected in VALUES:
        fits = predicate_compiler(strict=True).compile(expected, root)
        for received in VALUES:
            assert fits(received) is (compare(expected, received, root, strict=True) == []), (expected, received)


@pytest.mark.parametrize("strict", [True, False])
def test_long_lists_of_like_items_share_one_function(strict: bool) -> None:
    """A body of half a megabyte must not become a megabyte of functions."""
    root = compile_category(rule_categories.from_json({"body": {"$": {"matchers": [{"match": "type"}]}}}), "body")
    compiler = PredicateCompiler(lambda *_: False, strict=strict)
    compiler.compile([{"id": number, "name": f"n{number}"} for number in range(1000)], root)
    assert len(compiler._shared) < 10
