"""The rule `ignore-order` of pact-jvm: lists whose items may come in any order."""

from __future__ import annotations

import random
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock.matching.bodies import json
from pactmock.matching.budget import Budget, OutOfBudget
from pactmock.matching.compiling import compile_category
from pactmock.matching.parts.pairing import unpaired
from pactmock.pact.matching_rules import IgnoreOrder, read_rule
from pactmock.pact.matching_rules.categories import from_json

ANY_ORDER = {"match": "ignore-order"}


def texts(expected: Any, actual: Any, **rules: Any) -> list[str]:
    entries = {path: {"matchers": [rule]} for path, rule in ({"$": ANY_ORDER} | rules).items()}
    place = compile_category(from_json({"body": entries}), "body")
    return [item.mismatch for item in json.compare(expected, actual, place, strict=True)]


@given(st.lists(st.integers(-9, 9) | st.text() | st.dictionaries(st.text(), st.booleans()), max_size=8), st.randoms())
def test_a_list_is_met_in_any_order(items: list[Any], dice: random.Random) -> None:
    assert texts(items, dice.sample(items, len(items))) == []


def test_each_item_has_a_counterpart_of_its_own() -> None:
    assert texts([1, 1, 2], [2, 1, 1]) == []
    assert texts([1, 1, 2], [2, 2, 1]) == ["Expected 1 at any place of the list, but no item of its own fits it"]
    assert texts([{"a": 1}, "x"], ["x", {"a": 2}]) == [
        'Expected {"a":1} at any place of the list, but no item of its own fits it'
    ]


@pytest.mark.parametrize("order", list(permutations(["a1", "b2", 3])))
def test_items_are_compared_by_their_rules(order: tuple[Any, ...]) -> None:
    rules = {"$[0]": {"match": "regex", "regex": r"[ab]\d"}, "$[1]": {"match": "regex", "regex": r"a\d"}}
    assert texts(["b1", "a1", 3], list(order), **rules) == []


def test_an_item_hands_on_its_counterpart_to_one_that_fits_no_other() -> None:
    patterns = enumerate(["[abc]", "[ab]", "a"])
    letters = {f"$[{index}]": {"match": "regex", "regex": pattern} for index, pattern in patterns}
    assert texts(["c", "b", "a"], ["a", "b", "c"], **letters) == []
    assert len(texts(["c", "b", "a"], ["a", "b", "b"], **letters)) == 0
    assert len(texts(["c", "b", "a"], ["b", "b", "b"], **letters)) == 1


@pytest.mark.parametrize(
    ("rule", "count", "text"),
    [
        ({}, 1, "Expected 2 item(s) but received 1"),
        ({}, 3, "Expected 2 item(s) but received 3"),
        ({"min": 1}, 3, None),
        ({"min": 4}, 3, "Expected [1, 2, 3] (size 3) to have minimum size of 4"),
        ({"max": 2}, 3, "Expected [1, 2, 3] (size 3) to have maximum size of 2"),
        ({"min": 2, "max": 3}, 3, None),
    ],
)
def test_the_length_is_that_of_the_example_or_within_bounds(rule: dict[str, int], count: int, text: str | None) -> None:
    found = texts([1, 2], list(range(1, count + 1)), **{"$": ANY_ORDER | rule})
    assert [item for item in found if "no item of its own" not in item] == ([text] if text else [])


def test_an_empty_list_is_met_by_an_empty_one_alone() -> None:
    assert texts([], []) == []
    assert texts([], [1]) == ["Expected 0 item(s) but received 1"]


def test_lists_inside_keep_their_order() -> None:
    assert texts([[1, 2], [3]], [[3], [1, 2]]) == []
    assert len(texts([[1, 2], [3]], [[3], [2, 1]])) == 1
    assert texts({"a": [1, 2]}, {"a": [2, 1]}, **{"$.a": ANY_ORDER}) == []


def test_a_list_that_is_no_list_is_a_mismatch() -> None:
    assert texts([1], {"a": 1}) != []


def test_values_of_queries_have_no_order_either() -> None:
    from tests.matching.test_examples import answering, met

    rule = {"query": {"tag": {"matchers": [ANY_ORDER]}}}
    book = answering({"path": "/", "query": {"tag": ["red", "blue"]}, "matchingRules": rule})
    assert met(book, "GET", "/?tag=blue&tag=red") == "0"


@pytest.mark.parametrize("form", [ANY_ORDER, ANY_ORDER | {"min": 1}, ANY_ORDER | {"min": 0, "max": 3}])
def test_it_is_written_as_it_was_read(form: dict[str, Any]) -> None:
    rule = read_rule(form)
    assert isinstance(rule, IgnoreOrder)
    assert rule.to_json() == form


def test_a_wrong_bound_is_no_bound() -> None:
    assert read_rule(ANY_ORDER | {"min": "x"}) == IgnoreOrder()


@given(st.lists(st.sets(st.integers(0, 5)), max_size=6))
def test_as_many_items_as_possible_are_paired(fitting: list[set[int]]) -> None:
    orders = permutations(range(6), len(fitting))
    most = max(sum(other in fits for fits, other in zip(fitting, order, strict=True)) for order in orders)
    left = unpaired(len(fitting), 6, lambda item, other: other in fitting[item])
    assert len(fitting) - len(left) == most


def test_a_long_list_is_given_up_within_the_budget() -> None:
    lists = [[{"a": number, "b": number + shift} for number in range(3000)] for shift in (0, 1)]
    with Budget(0.5), pytest.raises(OutOfBudget):
        texts(*lists)
