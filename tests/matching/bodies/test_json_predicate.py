"""The quick yes or no for JSON bodies says what the long comparison says."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pactmock.matching.bodies.json import compare, compile_predicate
from pactmock.matching.bodies.json_predicate import PredicateCompiler
from pactmock.matching.compiling import compile_category
from pactmock.pact import rule_categories

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
    fits = compile_predicate(expected, root, strict=strict)
    for received in (actual, expected):
        assert fits(received) is (compare(expected, received, root, strict=strict) == [])


VALUES: list[Any] = [None, True, False, 0, 1, 1.0, 2.5, "", "a", "1", "true", "2000-01-01", [], [1], {}, {"a": 1}]


@pytest.mark.parametrize(
    "kind", ["type", "equality", "integer", "decimal", "number", "boolean", "null", "notEmpty", "date"]
)
def test_it_agrees_on_every_pair_of_values_under_the_common_rules(kind: str) -> None:
    root = compile_category(rule_categories.from_json({"body": {"$": {"matchers": [{"match": kind}]}}}), "body")
    for expected in VALUES:
        fits = compile_predicate(expected, root, strict=True)
        for received in VALUES:
            assert fits(received) is (compare(expected, received, root, strict=True) == []), (expected, received)


@pytest.mark.parametrize("strict", [True, False])
def test_long_lists_of_like_items_share_one_function(strict: bool) -> None:
    """A body of half a megabyte must not become a megabyte of functions."""
    root = compile_category(rule_categories.from_json({"body": {"$": {"matchers": [{"match": "type"}]}}}), "body")
    compiler = PredicateCompiler(lambda *_: False, strict=strict)
    compiler.compile([{"id": number, "name": f"n{number}"} for number in range(1000)], root)
    assert len(compiler._shared) < 10
