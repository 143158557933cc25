"""A pact of any version is read and written back without a loss."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock.errors import InvalidPact, WriteFailed
from pactmock.generators.apply import generate_contents
from pactmock.generators.context import GeneratorContext
from pactmock.pact import specification
from pactmock.pact.documents import reading, writing
from pactmock.pact.json import values as json_value
from pactmock.pact.model import AsynchronousMessage
from pactmock.pact.specification import Specification
from tests.json_documents import documents
from tests.pacts import interaction, pact
from tests.verifying import always, verify

V4_MIXED: dict[str, Any] = {
    "consumer": {"name": "web"},
    "provider": {"name": "api"},
    "interactions": [
        {
            "type": "Asynchronous/Messages",
            "description": "a message",
            "key": "m1",
            "pending": True,
            "comments": {"testname": "t", "text": ["why"], "references": {"jira": {"id": "A-1"}}},
            "contents": {"content": {"a": 1}, "contentType": "application/json", "encoded": False},
            "metadata": {"topic": "t", "n": 1},
            "matchingRules": {"body": {"$.a": {"combine": "AND", "matchers": [{"match": "integer"}]}}},
            "generators": {"body": {"$.a": {"type": "RandomInt", "min": 1, "max": 3}}},
        },
        {
            "type": "Synchronous/HTTP",
            "description": "a request",
            "pending": False,
            "pluginConfiguration": {"csv": {"columns": 3}},
            "interactionMarkup": {"markup": "# hi", "markupType": "COMMON_MARK"},
            "transport": "http",
            "providerStates": [{"name": "s", "params": {"n": None}}],
            "request": {
                "method": "POST",
                "path": "/a%2Fb",
                "query": {"q": ["1", None, ""]},
                "headers": {"Accept": ["a", "b"]},
                "body": {
                    "content": "AAEC",
                    "contentType": "image/png",
                    "encoded": "base64",
                    "contentTypeHint": "BINARY",
                },
            },
            "response": {"status": 204},
        },
        {
            "type": "Synchronous/Messages",
            "description": "a question",
            "pending": False,
            "request": {"contents": {"content": "ping", "contentType": "text/plain", "encoded": False}},
            "response": [{"contents": {"content": "pong", "contentType": "text/plain", "encoded": False}}],
        },
    ],
    "metadata": {
        "pactSpecification": {"version": "4.0"},
        "plugins": [{"name": "csv", "version": "0.0.6", "configuration": {"x": {}}}],
        "custom": {"nested": [1, 2.5, None]},
    },
}


def test_a_mixed_v4_pact_with_plugin_data_comments_and_unknown_metadata_is_kept_whole() -> None:
    written = writing.to_json(reading.read_pact(V4_MIXED), specification.V4)
    by_description = sorted(V4_MIXED["interactions"], key=lambda item: str(item["description"]))
    assert written == V4_MIXED | {"interactions": by_description}


@pytest.mark.parametrize("version", specification.ALL)
def test_reading_what_was_written_gives_the_same_bytes_again(version: Specification) -> None:
    source = pact(
        interaction(
            "a request",
            {
                "method": "put",
                "path": "/a",
                "query": "a=1&b=x+y&a=2&c",
                "headers": {"Accept": "a, b", "X-Day": "Mon, 1 Jan"},
                "body": {"n": 1.0, "big": 12345678901234567890, "s": "é"},
                "matchingRules": {"$.body.n": {"match": "decimal"}, "$.headers['X-Day']": {"regex": ".*"}},
            },
            body="plain",
            headers={"Content-Type": "text/plain"},
        )
        | {"providerState": "a state"},
        version="2.0.0",
    )
    first = writing.to_bytes(reading.read_pact(source), version)
    again = reading.read_pact(json_value.parse(first))
    assert again.specification == version.name
    assert writing.to_bytes(again, version) == first


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)
requests = st.fixed_dictionaries(
    {"method": st.sampled_from(["GET", "post"]), "path": texts},
    optional={
        "query": st.dictionaries(texts, st.lists(texts | st.none(), min_size=1, max_size=2), max_size=2),
        "headers": st.dictionaries(texts, texts, max_size=2),
        "body": documents,
    },
)


@given(requests, st.sampled_from([specification.V3, specification.V4]))
def test_read_of_write_is_the_identity_on_what_was_once_written(
    request: dict[str, Any], version: Specification
) -> None:
    source = pact(interaction("i", request), version=version.version)
    written = writing.to_bytes(reading.read_pact(source), version)
    assert writing.to_bytes(reading.read_pact(json_value.parse(written)), version) == written


def test_a_v3_message_pact_keeps_its_generators() -> None:
    """Row 36: the reference drops them."""
    message = {"description": "m", "contents": {"a": 1}, "generators": {"body": {"$.a": {"type": "RandomInt"}}}}
    source = {"consumer": {"name": "c"}, "provider": {"name": "p"}, "messages": [message]}
    written = writing.to_json(reading.read_pact(source), specification.V3)
    assert written["messages"][0]["generators"] == {"body": {"$.a": {"type": "RandomInt"}}}


def test_versions_without_generators_do_not_get_a_null() -> None:
    """Row 35: the reference writes `"generators": null` to V1 and V2."""
    source = pact(interaction("i", {"generators": {"path": {"type": "RandomInt"}}}))
    written = writing.to_json(reading.read_pact(source), specification.V2)
    assert "generators" not in written["interactions"][0]["request"]


def test_a_v2_query_is_encoded_whatever_it_holds() -> None:
    """Row 33: the reference leaves names as they are, breaks on non-ASCII and crashes on a tab."""
    source = pact(interaction("i", {"query": {"a b": ["€\t🙂"]}}))
    written = writing.to_json(reading.read_pact(source), specification.V2)
    query = written["interactions"][0]["request"]["query"]
    assert query == "a+b=%e2%82%ac%09%f0%9f%99%82"
    again = reading.read_request({"query": query}, specification.V2)
    assert again.query == {"a b": ("€\t🙂",)}


def test_other_items_in_a_query_list_are_their_own_text() -> None:
    """Row 34: the reference takes the JSON of the whole list for each."""
    assert reading.read_request({"query": {"q": [1, "x", True]}}, specification.V3).query == {"q": ("1", "x", "true")}


def test_v2_rules_of_names_that_are_no_expressions_are_read() -> None:
    """Row 38: the reference fails on `Q[]`, and takes `x.y` apart."""
    rules = {"$.query['Q[]']": {"match": "type"}, "$.headers['x.y']": {"match": "type"}}
    request = reading.read_request({"matchingRules": rules}, specification.V2)
    assert request.matching_rules["query"][0].path.tokens == ("Q[]",)
    assert request.matching_rules["header"][0].path.tokens == ("x.y",)


def test_a_null_body_of_v4_survives() -> None:
    """Row 31: the reference loses it when it writes, and reads a JSON null as no body."""
    for body in ({"content": None}, {"content": None, "contentType": "application/json", "encoded": False}):
        request = reading.read_request({"body": body}, specification.V4)
        assert writing.write_request(request, specification.V4)["body"] == body


@pytest.mark.parametrize(
    "content", [{"content": "null", "encoded": "json"}, {"content": "bnVsbA==", "encoded": "base64"}]
)
async def test_a_body_that_is_a_json_null_is_written_so_that_it_is_no_missing_one(content: Any) -> None:
    """Row 31: the reference writes it as one that is not there."""
    body = {"contentType": "application/json", **content}
    read = reading.read_pact(pact(interaction(body=body), version="4.0"))
    written = writing.to_json(read, specification.V4)
    assert written["interactions"][0]["response"]["body"] == {**body, "content": "null", "encoded": "json"}
    assert await verify(written, always(body="null", Content_Type="application/json"))
    assert not await verify(written, always())


@pytest.mark.parametrize(
    ("values", "content"),
    [(["application/json", "text/plain"], b'"NaN"'), (["text/plain", "application/json"], b"NaN")],
)
def test_the_first_content_type_says_how_a_text_is_read(values: list[str], content: bytes) -> None:
    """reference/matching.md §1.6, where the header is there more than once."""
    request = reading.read_request({"headers": {"Content-Type": values}, "body": "NaN"}, specification.V3)
    assert request.body.content == content


def test_an_untyped_response_body_is_written_with_the_type_that_it_has() -> None:
    """Row 61: the reference writes `*/*`."""
    response = reading.read_response({"body": {"a": 1}}, specification.V3)
    assert writing.write_response(response, specification.V4)["body"]["contentType"] == "application/json"


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        ([], ""),
        ({"interactions": {}}, "/interactions"),
        ({"interactions": [1]}, "/interactions/0"),
        ({"interactions": [interaction(status=99)]}, "/interactions/0/response/status"),
        # Row 60: the reference refuses it too, and says that the interaction is passed over.
        (pact({"type": "Nope", "description": "x"}, version="4.0"), "/interactions/0/type"),
        (
            pact(interaction("x", {"matchingRules": {"body": {"$.a/b": {"matchers": [{"match": "type"}]}}}})),
            "/interactions/0/request/matchingRules/body/$.a~1b",
        ),
        (
            pact(interaction("x", {"matchingRules": {"body": {"$.a": {"matchers": [{"match": "regex"}]}}}})),
            "/interactions/0/request/matchingRules/body/$.a/matchers/0",
        ),
    ],
)
def test_what_cannot_be_read_is_pointed_at(document: Any, pointer: str) -> None:
    with pytest.raises(InvalidPact) as caught:
        reading.read_pact(document)
    assert caught.value.pointer == pointer
    assert pointer in str(caught.value)


@pytest.mark.parametrize(
    ("version", "message"),
    [
        (specification.V3, "A Pact with Synchronous/Messages interactions can't be downgraded to V3: write it as V4"),
        (specification.V2, "A Pact with Synchronous/Messages interactions can't be downgraded to V2: write it as V4"),
    ],
)
def test_what_a_version_cannot_hold_is_refused(version: Specification, message: str) -> None:
    with pytest.raises(WriteFailed, match=message):
        writing.to_json(reading.read_pact(V4_MIXED), version)


@pytest.mark.parametrize("path", ["$.body", "$.body.data.created-at", "$.body['data']['pb:self']", "$.body.a[*].b[0]"])
def test_the_path_of_a_v2_rule_is_written_as_it_was_spelled(path: str) -> None:
    source = pact(interaction("a", matchingRules={path: {"match": "type"}}, body={}), version="2.0.0")
    written = writing.to_json(reading.read_pact(source), specification.V2)
    assert written["interactions"][0]["response"]["matchingRules"] == {path: {"match": "type"}}


@pytest.mark.parametrize("category", ["content", "body"])
def test_rules_and_generators_of_a_message_stay_under_the_name_that_its_file_has_for_its_contents(
    category: str,
) -> None:
    """Row 75: the reference loses generators under `content`, and writes rules under `body`."""
    contents = {
        "contents": {"content": {"a": "1"}, "contentType": "application/json", "encoded": False},
        "matchingRules": {category: {"$.a": {"combine": "AND", "matchers": [{"match": "type"}]}}},
        "generators": {category: {"$.a": {"type": "Uuid"}}},
    }
    message = {"type": "Asynchronous/Messages", "description": "m", "pending": False, **contents}
    both = {"type": "Synchronous/Messages", "description": "n", "pending": False, "request": contents}
    source = pact(message, both | {"response": [contents]}, version="4.0")
    read = reading.read_pact(source)
    assert writing.to_json(read, specification.V4) == source
    assert isinstance(read.interactions[0], AsynchronousMessage)
    made = generate_contents(read.interactions[0].message, GeneratorContext())
    assert json_value.parse(made.contents.content) != {"a": "1"}


def test_a_body_that_is_to_be_empty_is_no_json_null_when_it_is_read_again() -> None:
    """Row 31: what stands under a JSON type in an object is a JSON null there."""
    headers = {"Content-Type": ["application/json"]}
    request = reading.read_request({"headers": headers, "body": None}, specification.V4)
    assert writing.write_request(request, specification.V4)["body"] is None


@pytest.mark.parametrize("content", ["5520", "hell", "hello", "not base64!"])
def test_a_text_under_a_binary_type_is_read_as_it_was_written(content: str) -> None:
    """Row 79: what could be base64 by chance would be taken for it (reference/matching.md §1.6)."""
    headers = {"Content-Type": "image/png"}
    body = {"content": content, "contentType": "image/png", "encoded": False}
    written = writing.write_request(
        reading.read_request({"headers": headers, "body": body}, specification.V4), specification.V3
    )
    assert reading.read_request(written, specification.V3).body.content == content.encode()


def test_a_query_of_nothing_is_not_written() -> None:
    request = reading.read_request({"query": "="}, specification.V2)
    assert "query" not in writing.write_request(request, specification.V2)
