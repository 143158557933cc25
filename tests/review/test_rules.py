"""Rules that hold here and not in the provider's verification are warnings."""

from __future__ import annotations

from typing import Any

import pytest

from pactmock import MockServer
from pactmock.errors import InvalidRule
from tests.pacts import interaction, pact, rules
from tests.verifying import always, does, verify


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


@pytest.mark.parametrize("category", ["path", "query", "header", "body", "method", "status", "metadata", "cookies"])
def test_a_rule_of_a_request_that_nothing_knows_is_refused_with_the_name_that_may_be_meant(category: str) -> None:
    """Also in categories that say nothing of a request: whoever wrote the rule believes that it holds."""
    entry = {"matchers": [{"match": "type"}, {"match": "regx", "regex": ".*"}]}
    by_name = {"query": "a", "header": "a", "metadata": "a", "body": "$", "cookies": "$"}
    entries = {by_name[category]: entry} if category in by_name else entry
    request = {"method": "POST", "query": {"a": ["b"]}, "headers": {"a": "b"}, "body": {"a": 1}}
    document = pact(interaction("a", request | {"matchingRules": {category: entries}}))
    with pytest.raises(InvalidRule, match=r"Nothing knows the matching rule 'regx': 'regex' may be meant") as caught:
        MockServer(document)
    where = f"/{by_name[category]}" if category in by_name else ""
    assert caught.value.pointer == f"/interactions/0/request/matchingRules/{category}{where}/matchers/1"


def test_in_v2_it_is_refused_in_any_category_too() -> None:
    request = {"matchingRules": {"$.status": {"match": "statuscode", "status": "success"}}}
    with pytest.raises(InvalidRule, match=r"'statuscode': 'statusCode' may be meant") as caught:
        MockServer(pact(interaction("a", request), version="2.0.0"))
    assert caught.value.pointer == "/interactions/0/request/matchingRules/$.status"


@pytest.mark.parametrize(
    ("version", "part", "category", "used"),
    [
        ("3.0.0", "request", "status", "body, header, path, query"),
        ("3.0.0", "request", "method", "body, header, path, query"),
        ("3.0.0", "response", "query", "body, header, status"),
        ("4.0", "response", "metadata", "body, header, status"),
    ],
)
def test_rules_that_say_nothing_of_their_part_are_a_warning(version: str, part: str, category: str, used: str) -> None:
    document = pact(interaction("a"), version=version)
    document["interactions"][0][part]["matchingRules"] = {category: {"$": {"matchers": [{"match": "type"}]}}}
    (warning,) = MockServer(document).warnings
    assert (warning.code, warning.pointer) == ("unread_rules", f"/interactions/0/{part}/matchingRules/{category}")
    assert warning.text == f"Nothing reads the matching rules of '{category}' here: use {used}"


async def test_the_verification_reads_no_rules_of_contents_either() -> None:
    contents = {"content": {"a": "b"}, "contentType": "application/json", "encoded": False}
    provider = always(body='{"a": "c"}', Content_Type="application/json")
    for category, codes in (("contents", ["unread_rules"]), ("content", []), ("body", [])):
        ruled = {category: {"$.a": {"combine": "AND", "matchers": [{"match": "type"}]}}}
        message = {"type": "Asynchronous/Messages", "description": "m", "contents": contents, "matchingRules": ruled}
        document = pact(version="4.0") | {"interactions": [message]}
        assert [item.code for item in MockServer(document).warnings] == codes
        assert bool(await verify(document, provider)) is not bool(codes)


@pytest.mark.parametrize("part", ["request", "response"])
async def test_a_rule_of_a_message_that_nothing_knows_is_a_warning_on_either_side(part: str) -> None:
    plain = {"contents": {"content": {"a": "b"}, "contentType": "application/json", "encoded": False}}
    ruled = plain | {"matchingRules": rules(**{"$.a": {"match": "regx", "regex": "."}})}
    asked, answered = (ruled, plain) if part == "request" else (plain, ruled)
    message = {"type": "Synchronous/Messages", "description": "a call", "request": asked, "response": [answered]}
    document = pact(version="4.0") | {"interactions": [message]}
    (warning,) = MockServer(document).warnings
    fails = ", so the provider's verification will fail" if part == "response" else ""
    assert warning.code == "unknown_rule"
    assert warning.text.startswith(f"Nothing knows the matching rule 'regx'{fails}: 'regex' may be meant")
    assert bool(await verify(document, does(document))) is (part == "request")
    place = "request" if part == "request" else "response/0"
    assert warning.pointer == f"/interactions/0/{place}/matchingRules/body/$.a/matchers/0"


def test_a_rule_inside_another_one_is_refused_where_that_one_stands() -> None:
    inside = {"match": "eachValue", "rules": [{"match": "nonsense"}]}
    document = pact(interaction("a", {"body": {"a": 1}, "matchingRules": rules(**{"$": inside})}), version="4.0")
    with pytest.raises(InvalidRule, match=r"'nonsense': use one of arrayContains, boolean, .*, or name the plugin"):
        MockServer(document)
