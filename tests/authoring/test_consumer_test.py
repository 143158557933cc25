"""Contracts in the consumer-test form become pacts, or are refused with the place and what to do."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock.authoring.consumer_test import read_consumer_test, read_interactions
from pactmock.errors import InvalidPact, InvalidRule, TooLarge
from pactmock.pact.documents import reading, writing
from pactmock.pact.json.values import parse
from pactmock.pact.model import AsynchronousMessage, HttpInteraction, Pact, SynchronousMessages
from pactmock.pact.specification import V3, V4
from tests.authoring.matchers import generated, matcher, rules

ORDER = {
    "description": "an order",
    "providerStates": [{"name": "a shop", "params": {"open": True}}, "a customer"],
    "key": "order",
    "pending": True,
    "comments": {"text": ["as agreed"]},
    "request": {
        "method": "post",
        "path": matcher("regex", "/orders/1", regex=r"/orders/\d+"),
        "query": {"dry": "yes", "tag": [matcher("type", "a"), "b"]},
        "headers": {"Accept": "application/json, text/plain", "X-Key": matcher("matching(regex, '\\d+', '12')")},
        "contents": {"content-type": "application/json", "body": {"id": matcher("integer", 1)}},
    },
    "response": {
        "status": matcher("statusCode", 201, status="success"),
        "contents": {"body": {"id": generated("RandomInt", 7), "when": matcher("matching(date, 'yyyy', '2000')")}},
    },
}


def contract(*interactions: Any, **more: Any) -> dict[str, Any]:
    return {"consumer": "web", "provider": "shop", "interactions": list(interactions), **more}


def interaction(**more: Any) -> dict[str, Any]:
    return {"description": "d", **more}


TYPE = {"match": "type"}
WRITTEN = {
    "type": "Synchronous/HTTP",
    "description": "an order",
    "providerStates": [{"name": "a shop", "params": {"open": True}}, {"name": "a customer"}],
    "key": "order",
    "pending": True,
    "comments": {"text": ["as agreed"]},
    "request": {
        "method": "POST",
        "path": "/orders/1",
        "query": {"dry": ["yes"], "tag": ["a", "b"]},
        "headers": {
            "Accept": ["application/json", "text/plain"],
            "X-Key": ["12"],
            "Content-Type": ["application/json"],
        },
        "body": {"content": {"id": 1}, "contentType": "application/json", "encoded": False},
        "matchingRules": {
            "path": rules(p={"match": "regex", "regex": r"/orders/\d+"})["p"],
            "query": rules(tag=TYPE),
            "header": rules(**{"X-Key": {"match": "regex", "regex": r"\d+"}}),
            "body": rules(**{"$.id": {"match": "integer"}}),
        },
    },
    "response": {
        "status": 201,
        "headers": {"Content-Type": ["application/json"]},
        "body": {"content": {"id": 7, "when": "2000"}, "contentType": "application/json", "encoded": False},
        "matchingRules": {
            "status": rules(**{"$": {"match": "statusCode", "status": "success"}}),
            "body": rules(**{"$.id": TYPE, "$.when": {"match": "date", "format": "yyyy"}}),
        },
        "generators": {
            "body": {"$.id": {"type": "RandomInt", "min": 0, "max": 10}, "$.when": {"type": "Date", "format": "yyyy"}}
        },
    },
}


def test_an_interaction_becomes_what_a_pact_file_says() -> None:
    pact = read_consumer_test(contract(ORDER))
    assert (pact.consumer, pact.provider, pact.specification) == ("web", "shop", "V4")
    assert writing.to_json(pact, V4)["interactions"] == [WRITTEN]


def test_the_flattened_form_says_the_same() -> None:
    flattened = {
        f"{part}.{name}": value
        for part in ("request", "response")
        for name, value in ORDER[part].items()  # type: ignore[attr-defined]
    }
    shared = {name: value for name, value in ORDER.items() if name not in ("request", "response")}
    given = {**shared, "type": "core/interaction/http", "with": flattened}
    assert read_interactions([given]).interactions == read_interactions([ORDER]).interactions


def test_all_that_is_not_said_has_a_default() -> None:
    (found,) = read_interactions([interaction()]).interactions
    assert found == HttpInteraction("d")


def test_interactions_are_read_from_a_list_or_from_a_whole_contract() -> None:
    assert (
        read_interactions([ORDER, interaction()]).interactions
        == read_interactions(contract(ORDER, interaction())).interactions
    )
    assert read_interactions({"interactions": []}).interactions == ()


MESSAGE = {"contents": {"body": {"id": matcher("type", 1)}}, "metadata": {"topic": matcher("notEmpty('orders')")}}
MESSAGE_WRITTEN = {
    "contents": {"content": {"id": 1}, "contentType": "application/json", "encoded": False},
    "metadata": {"topic": "orders", "contentType": "application/json"},
    "matchingRules": {"body": rules(**{"$.id": TYPE}), "metadata": rules(topic={"match": "notEmpty"})},
}


@pytest.mark.parametrize(
    "given",
    [
        {"type": "core/interaction/message", "message": MESSAGE},
        {"type": "Asynchronous/Messages", "message": MESSAGE},
        {"type": "core/interaction/message", "with": {f"message.{name}": value for name, value in MESSAGE.items()}},
    ],
)
def test_a_message_has_contents_and_metadata(given: dict[str, Any]) -> None:
    (found,) = read_interactions([interaction(**given)]).interactions
    assert isinstance(found, AsynchronousMessage)
    (written,) = writing.to_json(Pact("c", "p", (found,)), V4)["interactions"]
    assert {name: written[name] for name in MESSAGE_WRITTEN} == MESSAGE_WRITTEN


@pytest.mark.parametrize(
    ("given", "answers"),
    [
        ({"request": MESSAGE, "response": [MESSAGE, MESSAGE]}, 2),
        ({"request": MESSAGE, "response": MESSAGE}, 1),
        ({"with": {"request.contents": MESSAGE["contents"], "response.metadata": {}}}, 1),
        ({}, 0),
    ],
)
def test_a_message_can_have_answers(given: dict[str, Any], answers: int) -> None:
    (found,) = read_interactions([interaction(type="core/interaction/synchronous-message", **given)]).interactions
    assert isinstance(found, SynchronousMessages)
    assert len(found.responses) == answers


def test_the_metadata_of_a_message_can_say_the_type_of_its_contents() -> None:
    given = {"contents": {"body": "1"}, "metadata": {"contentType": "text/csv"}}
    (found,) = read_interactions([interaction(type="core/interaction/message", message=given)]).interactions
    assert isinstance(found, AsynchronousMessage)
    assert str(found.message.contents.content_type) == "text/csv"
    assert found.message.metadata == {"contentType": "text/csv"}


@pytest.mark.parametrize("name", ["Content-Type", "content-type"])
def test_a_content_type_header_is_added_only_where_none_is_there_in_any_spelling(name: str) -> None:
    given = {"headers": {name: "text/csv"}, "contents": {"body": "a,b"}}
    (found,) = read_interactions([interaction(response=given)]).interactions
    assert isinstance(found, HttpInteraction)
    assert found.response.headers == {name: ("text/csv",)}
    assert str(found.response.body.content_type) == "text/csv"


@pytest.mark.parametrize("name", ["content-type", "contentType", "pact:content-type"])
def test_the_type_of_contents_has_the_names_that_are_in_use(name: str) -> None:
    contents = {name: "image/png", "body": "AAEC", "encoded": "base64"}
    (found,) = read_interactions([interaction(response={"contents": contents})]).interactions
    assert isinstance(found, HttpInteraction)
    assert (found.response.body.content, str(found.response.body.content_type)) == (b"\x00\x01\x02", "image/png")


@pytest.mark.parametrize(("given", "name"), [("V3", "V3"), ("3.0.0", "V3"), ("v2", "V2"), ("4", "V4"), (None, "V4")])
def test_the_specification_is_v4_unless_another_one_is_named(given: str | None, name: str) -> None:
    more = {"specification": given} if given else {}
    assert read_consumer_test(contract(**more)).specification == name


def test_participants_can_be_written_as_in_a_pact_file_and_the_list_of_plugins_can_be_empty() -> None:
    given = {"consumer": {"name": "web"}, "provider": {"name": "shop"}, "interactions": [], "plugins": []}
    assert read_consumer_test(given) == Pact("web", "shop", specification="V4")


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"consumr": "x"}, "has no member 'consumr': did you mean 'consumer'?", "/consumr"),
    ({"consumer": ""}, "has to be a text that is not empty", "/consumer"),
    ({"provider": {"nam": "x"}}, "'provider' has no member 'nam': did you mean 'name'?", "/provider/nam"),
    ({"provider": 5}, "has to be a text that is not empty, not 5", "/provider"),
    ({"specification": "V9"}, "'V9' is not a version of the Pact specification", "/specification"),
    ({"plugins": [{"name": "csv"}]}, "cannot be loaded here", "/plugins/0"),
    ({"plugins": {}}, "has to be a list", "/plugins"),
    ({"interactions": {}}, "has to be a list", "/interactions"),
    ({"interactions": [5]}, "has to be an object, not 5", "/interactions/0"),
    ({"interactions": [{}]}, "An interaction has no 'description'", "/interactions/0"),
]


@pytest.mark.parametrize(("more", "problem", "pointer"), REFUSED)
def test_a_contract_that_cannot_be_read_is_refused_with_the_place(
    more: dict[str, Any], problem: str, pointer: str
) -> None:
    with pytest.raises(InvalidPact) as caught:
        read_consumer_test(contract() | more)
    assert problem in caught.value.message
    assert caught.value.pointer == pointer


@pytest.mark.parametrize("missing", ["consumer", "provider", "interactions"])
def test_a_contract_names_its_participants_and_has_interactions(missing: str) -> None:
    given = contract()
    del given[missing]
    with pytest.raises(InvalidPact, match=f"A contract has no '{missing}'"):
        read_consumer_test(given)


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"description": 5}, "has to be a text", "/description"),
    ({"reqest": {}}, "did you mean 'request'?", "/reqest"),
    ({"message": {}}, "An interaction has no member 'message'", "/message"),
    ({"type": "core/interaction/htp"}, "use one of 'core/interaction/http'", "/type"),
    ({"providerState": "x"}, "did you mean 'providerStates'?", "/providerState"),
    ({"providerStates": "x"}, "has to be a list", "/providerStates"),
    ({"providerStates": [{"params": {}}]}, "A provider state has no 'name'", "/providerStates/0"),
    ({"providerStates": [{"name": "x", "params": []}]}, "has to be an object", "/providerStates/0/params"),
    ({"pending": "yes"}, "has to be true or false", "/pending"),
    ({"comments": "x"}, "has to be an object", "/comments"),
    ({"request": []}, "has to be an object", "/request"),
    ({"request": {"pth": "/"}}, "did you mean 'path'?", "/request/pth"),
    ({"request": {"body": 1}}, "A body is the 'body' of 'contents'", "/request/body"),
    ({"request": {"method": "A B"}}, "cannot be a method", "/request/method"),
    ({"request": {"method": matcher("type", "GET")}}, "has to be a text", "/request/method"),
    ({"request": {"path": "x"}}, "does not start with a slash", "/request/path"),
    ({"response": {"status": "abc"}}, "is not a status code", "/response/status"),
    ({"response": {"headers": []}}, "use an object of names", "/response/headers"),
    ({"response": {"contents": "x"}}, "has to be an object", "/response/contents"),
    ({"response": {"contents": {}}}, "'contents' has no 'body'", "/response/contents"),
    (
        {"response": {"contents": {"content-type": "text/csv", "column:1": "matching(type,'Name')"}}},
        "Others are for plugins: is the one of this type listed",
        "/response/contents/column:1",
    ),
    (
        {"response": {"contents": {"content-type": "csv", "body": "x"}}},
        "is not a content type",
        "/response/contents/content-type",
    ),
    (
        {"response": {"contents": {"body": "x", "encoded": "json"}}},
        "'encoded' is \"base64\" or false",
        "/response/contents/encoded",
    ),
    ({"with": {"reqest.path": "/"}}, "'with' has no member 'reqest.path'", "/with/reqest.path"),
    ({"with": {"request": {}}}, "'with' has no member 'request'", "/with/request"),
    ({"with": {"request.pth": "/"}}, "did you mean 'path'?", "/with/request.pth"),
    ({"with": {"request.path": "/"}, "request": {}}, "in one of the two forms", "/request"),
]


@pytest.mark.parametrize(("more", "problem", "pointer"), WRONG)
def test_an_interaction_that_cannot_be_read_is_refused_with_the_place(
    more: dict[str, Any], problem: str, pointer: str
) -> None:
    with pytest.raises(InvalidPact) as caught:
        read_interactions([interaction(), interaction() | more])
    assert problem in caught.value.message
    assert caught.value.pointer == f"/1{pointer}"


def test_a_matcher_that_cannot_be_read_is_an_invalid_rule_at_its_place() -> None:
    body = {"id": matcher("matching(integer, 'a')")}
    with pytest.raises(InvalidRule, match="Expected an integer") as caught:
        read_consumer_test(contract(ORDER, interaction(**{"with": {"response.contents": {"body": body}}})))
    assert caught.value.pointer == "/interactions/1/with/response.contents/body/id/pact:matcher:type"


def test_a_document_that_is_nested_too_deep_is_refused() -> None:
    body: Any = 1
    for _ in range(400):
        body = [body]
    with pytest.raises(TooLarge):
        read_consumer_test(contract(interaction(response={"contents": {"body": body}})))


plain = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-9, 9), st.text("ab é'", max_size=3)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(st.text("abc", min_size=1), inner, max_size=2)
    ),
    max_leaves=5,
)
value = st.one_of(st.sampled_from(["a", "b"]), st.just(matcher("type", "a")), st.just(generated("Uuid", "b")))
bodies = st.one_of(
    plain.map(lambda body: {"body": {"a": body, "b": matcher("type", body)}}),
    st.just({"content-type": "text/plain", "body": "hello"}),
    st.just(
        {"content-type": "application/xml", "body": {"root": {"name": "a", "attributes": {"b": matcher("type", 1)}}}}
    ),
    st.just({"content-type": "application/x-www-form-urlencoded", "body": {"a": matcher("type", "1")}}),
)
interactions = st.fixed_dictionaries(
    {
        "description": st.sampled_from(["one", "two"]),
        "request": st.fixed_dictionaries(
            {},
            optional={
                "path": st.sampled_from(["/", matcher("type", "/a")]),
                "query": st.dictionaries(
                    st.sampled_from(["q", "x[]"]), st.one_of(value, st.lists(st.just("a"), min_size=1))
                ),
                "headers": st.dictionaries(st.sampled_from(["X-A", "Accept"]), value),
                "contents": bodies,
            },
        ),
        "response": st.fixed_dictionaries({}, optional={"status": st.sampled_from([200, "404"]), "contents": bodies}),
    }
)


@given(st.lists(interactions, max_size=3))
def test_what_was_read_can_be_written_as_v3_and_v4_and_read_again(given_interactions: list[Any]) -> None:
    pact = read_consumer_test(contract(*given_interactions))
    for version in (V3, V4):
        written = writing.to_bytes(pact, version)
        assert writing.to_bytes(reading.read_pact(parse(written)), version) == written


def test_rules_and_generators_of_the_form_of_a_pact_file_come_on_top_of_those_of_matchers() -> None:
    response = {
        "status": 200,
        "contents": {"content-type": "application/json", "body": {"a": matcher("type", 1), "b": 2}},
        "matchingRules": {"body": {"$.a": {"match": "integer"}, "$.b": {"matchers": [{"match": "number"}]}}},
        "generators": {"body": {"$.b": {"type": "RandomInt", "min": 1, "max": 2}}},
    }
    document = {"consumer": "c", "provider": "p", "interactions": [{"description": "d", "response": response}]}
    (written,) = writing.to_json(read_consumer_test(document), V4)["interactions"]
    rules = written["response"]["matchingRules"]["body"]
    assert [rule["match"] for rule in rules["$.a"]["matchers"]] == ["type", "integer"]
    assert rules["$.b"]["matchers"] == [{"match": "number"}]
    assert written["response"]["generators"] == {"body": {"$.b": {"type": "RandomInt", "min": 1, "max": 2}}}


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        ({"matchingRules": {"bodi": {}}}, "/interactions/0/response/matchingRules/bodi"),
        ({"matchingRules": {"body": {"$.a": {"type": "integer"}}}}, "/interactions/0/response/matchingRules/body/$.a"),
        ({"matchingRules": {"body": {"$.a": {"match": "regex"}}}},
         "/interactions/0/response/matchingRules/body/$.a/matchers/0"),
        ({"generators": {"body": {"$.a": {}}}}, "/interactions/0/response/generators/body/$.a"),
        ({"generators": []}, "/interactions/0/response/generators"),
    ],
)  # fmt: skip
def test_what_a_pact_file_would_pass_over_is_refused_with_its_place(members: dict[str, Any], pointer: str) -> None:
    interaction = {"description": "d", "response": members}
    with pytest.raises(InvalidPact) as caught:
        read_consumer_test({"consumer": "c", "provider": "p", "interactions": [interaction]})
    assert caught.value.pointer == pointer


def test_metadata_of_a_contract_is_that_of_the_file() -> None:
    document = {"consumer": "c", "provider": "p", "metadata": {"build": {"commit": "a"}}, "interactions": []}
    assert read_consumer_test(document).metadata == {"build": {"commit": "a"}}
    with pytest.raises(InvalidPact) as caught:
        read_consumer_test({**document, "metadata": {"pactSpecification": {}}})
    assert caught.value.pointer == "/metadata"


def test_a_description_can_be_empty_as_in_a_pact_file() -> None:
    document = {"consumer": "c", "provider": "p", "interactions": [{"description": ""}]}
    assert read_consumer_test(document).interactions[0].description == ""
