"""An example that does not pass its own rules is a warning: no provider can give what both say."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock import MockServer
from pactmock.matching import compare_request
from pactmock.pact.documents import reading
from tests.pacts import interaction, pact, rules
from tests.verifying import does, verify

JSON_TYPE = {"Content-Type": "application/json"}
DIGITS = {"match": "regex", "regex": r"\d+"}


def warnings(*interactions: Any, version: str = "3.0.0") -> list[tuple[str, str]]:
    found = MockServer(pact(*interactions, version=version)).warnings
    return [(item.code, item.pointer) for item in found]


def answer(example: Any, rule: Any, **more: Any) -> Any:
    return interaction("a", headers=JSON_TYPE, body={"id": example}, matchingRules=rules(**{"$.id": rule}), **more)


@pytest.mark.parametrize(
    ("example", "rule"),
    [
        ("abc", DIGITS),
        (1.5, {"match": "integer"}),
        ("x", {"match": "date", "date": "yyyy-MM-dd"}),
        ("a", {"match": "include", "value": "b"}),
    ],
)
async def test_an_example_of_a_response_that_breaks_its_rule_cannot_be_verified(example: Any, rule: Any) -> None:
    assert warnings(answer(example, rule)) == [("broken_example", "/interactions/0/response")]
    source = pact(answer(example, rule))
    assert not await verify(source, does(source))


def test_an_example_that_passes_is_no_warning() -> None:
    assert warnings(answer("12", DIGITS), answer([1], {"match": "type", "min": 1})) == []


@pytest.mark.parametrize(
    "request_",
    [
        {"path": "/x", "matchingRules": {"path": {"matchers": [{"match": "regex", "regex": r"/\d+"}]}}},
        {"query": {"q": ["a"]}, "matchingRules": {"query": {"q": {"matchers": [DIGITS]}}}},
        {"headers": {"X": "a"}, "matchingRules": {"header": {"X": {"matchers": [DIGITS]}}}},
        {"method": "POST", "headers": JSON_TYPE, "body": {"a": "b"}, "matchingRules": rules(**{"$.a": DIGITS})},
    ],
)
def test_each_part_of_a_request_is_looked_at(request_: Any) -> None:
    assert warnings(interaction("a", request_)) == [("broken_example", "/interactions/0/request")]


def test_it_says_what_differs_and_how_much_more() -> None:
    both = rules(**{"$.a": DIGITS, "$.b": DIGITS})
    (warning,) = MockServer(
        pact(interaction("a", headers=JSON_TYPE, body={"a": "x", "b": "y"}, matchingRules=both))
    ).warnings
    problem = r"The example does not pass its own rules, $.a -> Expected 'x' to match '\d+', and 1 more"
    assert warning.text == f"{problem}: mend one or the other"


def test_contents_and_metadata_of_messages_are_looked_at() -> None:
    contents = {"content": {"a": "x"}, "contentType": "application/json", "encoded": False}
    message = {"type": "Asynchronous/Messages", "description": "m", "contents": contents}
    body = message | {"matchingRules": {"body": {"$.a": {"matchers": [DIGITS]}}}}
    topic = message | {"metadata": {"topic": "x"}, "matchingRules": {"metadata": {"topic": {"matchers": [DIGITS]}}}}
    found = warnings(body, topic, version="4.0")
    assert [item for item in found if item[0] == "broken_example"] == [
        ("broken_example", "/interactions/0"),
        ("broken_example", "/interactions/1"),
    ]


@pytest.mark.parametrize("path", ["$.id", "$.*", "$"])
def test_where_a_generator_makes_the_value_the_example_may_be_anything(path: str) -> None:
    made = {"body": {path: {"type": "RandomInt", "min": 1, "max": 9}}}
    assert warnings(answer("some", {"match": "integer"}, generators=made)) == []


def test_a_generator_of_something_else_says_nothing_of_an_example() -> None:
    made = {"body": {"$.other": {"type": "RandomInt"}}}
    assert warnings(answer("some", {"match": "integer"}, generators=made)) == [
        ("broken_example", "/interactions/0/response")
    ]


def test_a_rule_of_a_response_that_cannot_be_used_is_a_warning() -> None:
    ((code, pointer),) = warnings(answer("a", {"match": "regex", "regex": "("}))
    assert (code, pointer) == ("broken_rule", "/interactions/0/response/matchingRules/body/$.id/matchers/0")


def test_looking_at_examples_takes_no_longer_than_it_is_worth() -> None:
    slow = {"match": "regex", "regex": "(a|aa)+$"}
    many = pact(*(answer("a" * 60 + "b", slow) | {"description": str(i)} for i in range(200)))
    read = reading.read_pact(many)
    began = time.process_time()
    assert MockServer(read).warnings == ()  # what is not decided in time is not warned of
    assert time.process_time() - began < 2


_DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.floats(0, 1) | st.sampled_from(["", "a"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab1"), inner, max_size=3),
    max_leaves=8,
)
_LIKE = st.lists(st.sampled_from([{"match": "type"}, {"match": "equality"}]), min_size=1, max_size=2)
_ENTRIES = st.fixed_dictionaries({"matchers": _LIKE, "combine": st.sampled_from(["AND", "OR"])})
_PATHS = st.sampled_from(["$", "$.a", "$[0]", "$[*]", "$.*", "$.a.b", "$.a[*]", "$.b[1].a", "$.*.a", "$['1']"])


@given(_DOCUMENTS, st.dictionaries(_PATHS, _ENTRIES, min_size=1, max_size=4))
def test_no_document_fails_by_rules_of_type_and_equality_that_is_held_against_itself(body: Any, entries: Any) -> None:
    """Which is why examples with no other rules are not compared."""
    posted = {"method": "POST", "headers": JSON_TYPE, "body": body, "matchingRules": {"body": entries}}
    (read,) = reading.read_pact(pact(interaction("a", posted))).http_interactions
    assert not compare_request(read.request, read.request)
