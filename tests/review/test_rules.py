"""Rules that hold here and not in the provider's verification are warnings."""

from __future__ import annotations

from typing import Any

from pactmock import MockServer
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
