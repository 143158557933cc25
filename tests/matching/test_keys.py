"""What interactions are called, and which of them one request satisfies (reference/matching.md §6.4)."""

from __future__ import annotations

import time
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pactmock.matching.book import Book
from pactmock.pact.documents import reading
from pactmock.pact.matching_rules import RuleEntry
from pactmock.pact.model import Request
from tests.pacts import interaction, pact, rules


def _book(*items: dict[str, Any], version: str = "4.0") -> Book:
    return Book(reading.read_pact(pact(*items, version=version)).http_interactions)


def _keys(*items: dict[str, Any]) -> list[str]:
    return [item.key for item in _book(*items).expectations]


def test_the_key_of_a_pact_is_the_key() -> None:
    assert _keys(interaction() | {"key": "abc"}, interaction() | {"key": "d"}) == ["abc", "d"]


def test_without_one_it_is_a_hash_of_type_description_and_states_and_of_nothing_else() -> None:
    plain, other, states = interaction("a"), interaction("b"), {"providerStates": [{"name": "s", "params": {"n": 1}}]}
    answered_otherwise = interaction("a", {"path": "/x"}, body="y")
    keys = {_keys(item)[0] for item in (plain, other, plain | states)}
    assert len(keys) == 3
    assert _keys(answered_otherwise) == _keys(plain) == ["54a7c5488dea5c55"]  # it must never change: replicas share it


def test_equal_ones_are_numbered_in_the_order_of_the_pact() -> None:
    one = interaction() | {"key": "k"}
    assert _keys(one, one, one | {"key": "k-2"}, one) == ["k", "k-2", "k-2-2", "k-3"]


@given(st.lists(st.sampled_from(["", "a", "a-2", "a-2-2", "a-3", "b"])))
def test_no_two_keys_are_the_same_and_adding_interactions_changes_none(keys: list[str]) -> None:
    items = [interaction() | {"key": key} for key in keys]
    given_keys = _keys(*items)
    assert len(set(given_keys)) == len(keys)
    assert _keys(*items[:3]) == given_keys[:3]


_paths = st.sampled_from(["$.a", "$.b"])
_rules = st.sampled_from([[{"match": "type"}], [{"match": "type", "min": 1}], [{"match": "regex", "regex": "a"}]])
_requests = st.fixed_dictionaries(
    {},
    optional={
        "method": st.sampled_from(["PUT", "put"]),
        "query": st.sampled_from([{"a": ["1"], "b": ["2"]}, {"b": ["2"], "a": ["1"]}]),
        "headers": st.sampled_from([{"A": "1"}, {"a": "1"}]),
        "body": st.sampled_from(["", "a", {"a": 1}, '{"a":1}']),
        "matchingRules": st.dictionaries(_paths, _rules).map(lambda found: rules(**found)),
        "generators": st.sampled_from([{"path": {"type": "RandomInt"}}, {}]),
    },
)


def _are_same(one: Request, other: Request) -> bool:
    return (
        one.method.upper() == other.method.upper()
        and (one.path, one.query, one.query_text, one.headers)
        == (other.path, other.query, other.query_text, other.headers)
        and (one.body.state, one.body.content) == (other.body.state, other.body.content)
        and _by_path(one) == _by_path(other)
        and one.generators == other.generators
    )


def _by_path(request: Request) -> dict[str, dict[str, RuleEntry]]:
    return {name: {item.path.text: item for item in entries} for name, entries in request.matching_rules.items()}


@given(st.lists(_requests, max_size=5))
def test_the_identity_is_the_key_of_the_first_request_that_says_the_same(requests: list[dict[str, Any]]) -> None:
    """Comparing each with each is the definition."""
    expectations = _book(*(interaction(str(i), item) for i, item in enumerate(requests)), version="3.0.0").expectations
    for item in expectations:
        first = next(other for other in expectations if _are_same(other.request, item.request))
        assert item.identity == first.key


def test_many_interactions_of_one_path_are_told_apart_in_linear_time() -> None:
    """Comparing each with each took 13 seconds."""
    items = [interaction(str(i), {"matchingRules": rules(**{f"$.a{i}": {"match": "type"}})}) for i in range(20_000)]
    interactions = reading.read_pact(pact(*items)).http_interactions
    started = time.thread_time()
    Book(interactions)
    assert time.thread_time() - started < 8
