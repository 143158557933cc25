"""Laws of contracts in Python: what is described is what is sent, and what is sent matches."""

from __future__ import annotations

import json
from typing import Any

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from pactmock.contract import Pact, match
from pactmock.contract.match import AbstractMatcher
from pactmock.contract.match.example import example
from pactmock.contract.match.matcher import MatchingRuleJSONEncoder

names = st.text(alphabet="abc_1-$ .é", min_size=1, max_size=4)
texts = st.text(alphabet="abc 1é\n", max_size=5)
scalars = st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from([0.5, 1.0, -2.25]) | texts


def matchers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        st.integers(-9, 9).map(match.int),
        texts.map(match.str),
        st.booleans().map(match.bool),
        st.builds(match.each_like, inner, min=st.integers(1, 3)),
        st.builds(match.like, inner),
        st.builds(match.array_containing, st.lists(st.integers(0, 9).map(match.int), min_size=1, max_size=3)),
    )


# A matcher in a list that is in another matcher holds for all items of it, so lists have only one kind of them here.
documents = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=1) | st.dictionaries(names, inner, max_size=3) | matchers(inner),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(documents.filter(lambda document: not isinstance(document, str)))
def test_what_is_described_is_sent_and_what_is_sent_matches(document: Any) -> None:
    pact = Pact("web", "users-api")
    (
        pact.upon_receiving("x")
        .with_request("POST", "/x")
        .with_body(document, "application/json")
        .will_respond_with(200)
        .with_body(document, "application/json")
    )
    wanted = example(document)
    with pact.serve() as server:
        answer = httpx.post(
            server / "x", content=json.dumps(wanted).encode(), headers={"Content-Type": "application/json"}
        )
    assert answer.json() == wanted


@given(matchers(scalars))
def test_a_matcher_is_a_rule_that_a_pact_file_can_have(matcher: AbstractMatcher[Any]) -> None:
    pact = Pact("web", "users-api")
    rules = {"body": {"$.a": matcher}}
    pact.upon_receiving("x").with_request("POST", "/x").with_body({"a": example(matcher)}).with_matching_rules(rules)
    (interaction,) = pact.to_pact().http_interactions
    (entry,) = interaction.request.matching_rules["body"]
    written = json.loads(json.dumps(matcher, cls=MatchingRuleJSONEncoder))["matchers"]
    assert [rule.to_json()["match"] for rule in entry.rules] == [rule["match"] for rule in written]
