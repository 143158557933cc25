"""Rules that hold here and not in the provider's verification are warnings."""

from __future__ import annotations

from typing import Any

import pytest

from pactmock import MockServer
from pactmock.errors import InvalidRule
from tests.pacts import interaction, pact, rules
from tests.verifying import always, verify


def answer(rule: dict[str, Any]) -> Any:
    """A pact whose response has an object of texts under a rule."""
    response: Any = {"headers": {"Content-Type": "application/json"}, "body": {"a": {"x": "1"}}}
    return pact(interaction("texts", **response, matchingRules=rules(**{"$.a": rule})))


async def test_row_10_each_value_without_rules_is_passed_by_no_scalar_in_the_verification() -> None:
    provider = always(body='{"a": {"x": "2", "y": "3"}}', Content_Type="application/json")
    empty = answer({"match": "eachValue", "rules": []})
    (warning,) = MockServer(empty).warnings
    assert warning.code == "empty_each_value"
    assert warning.pointer == "/interactions/0/response/matchingRules/body/$.a/matchers/0"
    assert not await verify(empty, provider)

    full = answer({"match": "eachValue", "rules": [{"match": "type"}]})
    assert MockServer(full).warnings == ()
    assert await verify(full, provider)


@pytest.mark.parametrize("category", ["path", "query", "header", "body"])
def test_a_rule_of_a_request_that_nothing_knows_is_refused_with_the_name_that_may_be_meant(category: str) -> None:
    entry = {"matchers": [{"match": "type"}, {"match": "regx", "regex": ".*"}]}
    entries = entry if category == "path" else {"$" if category == "body" else "a": entry}
    request = {"method": "POST", "query": {"a": ["b"]}, "headers": {"a": "b"}, "body": {"a": 1}}
    document = pact(interaction("a", request | {"matchingRules": {category: entries}}))
    with pytest.raises(InvalidRule, match=r"Nothing knows the matching rule 'regx': 'regex' may be meant") as caught:
        MockServer(document)
    where = {"path": "", "body": "/$"}.get(category, "/a")
    assert caught.value.pointer == f"/interactions/0/request/matchingRules/{category}{where}/matchers/1"


def test_a_rule_inside_another_one_is_refused_where_that_one_stands() -> None:
    inside = {"match": "eachValue", "rules": [{"match": "nonsense"}]}
    document = pact(interaction("a", {"body": {"a": 1}, "matchingRules": rules(**{"$": inside})}), version="4.0")
    with pytest.raises(InvalidRule, match=r"'nonsense': use one of arrayContains, boolean, .*, or name the plugin"):
        MockServer(document)
