"""Generators of whole parts: where they apply, in which mode, and what happens when they fail."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock.errors import InvalidRule
from pactmock.generators.apply import (
    compile_contents,
    compile_request,
    compile_response,
    generate_contents,
    generate_request,
    generate_response,
)
from pactmock.generators.context import GeneratorContext, Mode, repeatable
from pactmock.pact import generators
from pactmock.pact.generators import Generators
from pactmock.pact.json.values import Json, parse
from pactmock.pact.model import MessageContents, Request, Response
from pactmock.pact.parts import body
from pactmock.pact.parts.content_type import JSON, TEXT

NOW = datetime(2000, 1, 1, tzinfo=UTC)
NINES: dict[str, Json] = {"type": "RandomInt", "min": 999, "max": 999}


def read(value: Json) -> Generators:
    return generators.from_json(value)


def state(expression: str) -> Json:
    return {"type": "ProviderState", "expression": expression}


def provider(**values: Json) -> GeneratorContext:
    return repeatable(1, NOW, mode=Mode.PROVIDER, values=values)


CONSUMER = repeatable(1, NOW, mock_server_url="http://mock")


def test_a_part_without_generators_is_the_very_same_object() -> None:
    for part, compiled in (
        (response := Response(body=body.present(b"{}")), compile_response(response)),
        (request := Request(), compile_request(request)),
        (message := MessageContents(), compile_contents(message)),
    ):
        assert compiled.apply(CONSUMER) is part


def test_a_part_whose_generators_are_for_another_mode_is_the_very_same_object() -> None:
    everywhere = {"status": state("id"), "header": {"A": state("id")}, "body": {"$": state("id")}}
    response = Response(body=body.present(b"{}", JSON), generators=read(everywhere))
    assert generate_response(response, CONSUMER) is response
    link = {"type": "MockServerURL", "example": "/a", "regex": "(.*)"}
    request = Request(generators=read({"path": link, "query": {"a": link}, "header": {"A": link}}))
    assert generate_request(request, provider()) is request


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ({"type": "RandomInt", "min": 201, "max": 201}, 201),
        ({"type": "Regex", "regex": "20[3]"}, 200),
        ({"type": "RandomDecimal", "digits": 4}, 200),
        (state("code"), 404),
        (state("text"), 405),
        (state("decimal"), 503),
        (state("word"), 200),
        (state("tiny"), 200),
        (state("huge"), 200),
        (state("list"), 200),
        (state("none"), 200),
    ],
)
def test_only_integers_and_provider_states_make_a_status_that_http_can_send(kind: Json, expected: int) -> None:
    context = provider(code=404, text="405", decimal=503.9, word="teapot", tiny=101, huge=1000, list=[], none=None)
    assert generate_response(Response(200, generators=read({"status": kind})), context).status == expected


def test_row_45_a_header_is_found_in_any_spelling_and_keeps_its_other_values() -> None:
    response = Response(
        headers={"Vary": ("Accept", "Origin"), "X-Id": ("1",)},
        generators=read({"header": {"vary": NINES, "x-id": NINES, "Location": NINES}}),
    )
    made = generate_response(response, CONSUMER).headers
    assert dict(made) == {"Vary": ("999", "Origin"), "X-Id": ("999",), "Location": ("999",)}


def test_a_header_never_gets_a_second_line(caplog: pytest.LogCaptureFixture) -> None:
    response = Response(headers={"A": ("1",)}, generators=read({"header": {"A": state("text")}}))
    assert generate_response(response, provider(text="a\r\nB: c")) is response
    assert "The header A keeps the value that the pact has: a header has only one line" in caplog.text


def test_row_28_method_generators_are_never_applied() -> None:
    request = Request("GET", generators=read({"method": {"type": "Regex", "regex": "PUT"}}))
    assert generate_request(request, provider()) is request


@pytest.mark.parametrize(
    ("value", "expected"),
    [("/users/7", "/users/7"), ("/a b/é", "/a%20b/%C3%A9"), ("/a%2Fb", "/a%2Fb"), ("/a?b#c", "/a%3Fb%23c")],
)
def test_a_path_is_encoded_where_it_must_be(value: str, expected: str) -> None:
    request = Request(path="/x", generators=read({"path": state("path")}))
    assert generate_request(request, provider(path=value)).path == expected


def test_each_value_of_a_parameter_is_made_by_itself_and_a_missing_one_is_added() -> None:
    uuid = {"type": "Uuid"}
    request = Request(
        query={"a": ("1", None), "b": ("2",)}, generators=read({"query": {"a": uuid, "q[]": NINES, "B": state("no")}})
    )
    query = generate_request(request, provider()).query
    assert query is not None
    first, second = query["a"]
    assert first != second
    assert all(value and re.fullmatch(r"[0-9a-f-]{36}", value) for value in (first, second))
    assert (query["b"], query["q[]"]) == (("2",), ("999",))
    assert list(query) == ["a", "b", "q[]"]


def test_a_request_without_a_query_gets_one() -> None:
    request = Request(generators=read({"query": {"a": NINES}}))
    assert generate_request(request, provider()).query == {"a": ("999",)}


def test_metadata_is_made_of_what_is_there_or_of_null() -> None:
    message = MessageContents(
        metadata={"id": "1", "n": 1, "kept": 2},
        generators=read({"metadata": {"id": NINES, "$.n": NINES, "new": NINES}}),
    )
    assert generate_contents(message, CONSUMER).metadata == {"id": "999", "n": 999, "kept": 2, "new": 999}


def test_contents_of_a_message_are_made() -> None:
    message = MessageContents(
        body.present(b'{"a":1}'), {"contentType": "application/json"}, {}, read({"body": {"$.a": NINES}})
    )
    assert generate_contents(message, CONSUMER).contents.content == b'{"a":999}'


def test_bodies_that_generators_do_not_know_stay(caplog: pytest.LogCaptureFixture) -> None:
    response = Response(body=body.present(b"abc", TEXT), generators=read({"body": {"$": NINES}}))
    assert generate_response(response, CONSUMER) is response
    assert "generators work in JSON, XML and forms, not in text/plain" in caplog.text


@pytest.mark.parametrize("absent", [body.MISSING, body.NULL, body.EMPTY])
def test_a_body_that_is_not_there_gets_nothing(absent: body.Body, caplog: pytest.LogCaptureFixture) -> None:
    response = Response(body=absent, generators=read({"body": {"$": NINES}}))
    assert generate_response(response, CONSUMER) is response
    assert not caplog.records


def test_a_generator_that_fails_leaves_its_value_and_a_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    response = Response(
        headers={"A": ("1",)},
        body=body.present(b'{"a":1,"b":2}', JSON),
        generators=read({"header": {"A": {"type": "Other"}}, "body": {"$.a": {"type": "Other"}, "$.b": NINES}}),
    )
    made = generate_response(response, CONSUMER)
    assert (made.headers["A"], made.body.content) == (("1",), b'{"a":1,"b":999}')
    assert [record.name for record in caplog.records] == ["pactmock.generators"] * 2
    assert "The body $.a keeps the value that the pact has: 'Other' is not a standard generator" in caplog.text


@pytest.mark.parametrize(
    ("value", "pointer"),
    [
        ({"status": {"type": "RandomInt", "min": 5, "max": 1}}, "/generators/status"),
        ({"header": {"X-A": {"type": "Regex", "regex": "("}}}, "/generators/header/X-A"),
        ({"body": {"$['a/b']": {"type": "Date", "format": "b"}}}, "/generators/body/$['a~1b']"),
        ({"body": {"$.a": {"type": "Time", "expression": "soon"}}}, "/generators/body/$.a"),
    ],
)
def test_what_can_never_work_is_refused_with_its_place(value: Json, pointer: str) -> None:
    with pytest.raises(InvalidRule) as caught:
        compile_response(Response(generators=read(value)))
    assert caught.value.pointer == pointer


KINDS: list[Json] = [
    {"type": "RandomInt"},
    {"type": "RandomDecimal"},
    {"type": "RandomHexadecimal"},
    {"type": "RandomString"},
    {"type": "RandomBoolean"},
    {"type": "Uuid"},
    {"type": "Regex", "regex": "[^a]{3}\\w+"},
    {"type": "Date"},
    {"type": "Time", "expression": "+ 1 hour"},
    {"type": "DateTime"},
    {"type": "MockServerURL", "example": "/a", "regex": "(.*)"},
    {"type": "Other"},
]


@given(
    st.dictionaries(st.sampled_from(["$.a", "$.b[*]", "$.c.d", "$"]), st.sampled_from(KINDS)),
    st.dictionaries(st.sampled_from(["A", "B"]), st.sampled_from(KINDS)),
    st.integers(0, 2**64),
)
def test_the_same_seed_and_clock_make_the_same_response(in_body: Json, headers: Json, seed: int) -> None:
    response = Response(
        headers={"A": ("x",)},
        body=body.present(b'{"a":1,"b":["x",null],"c":{"d":true}}', JSON),
        generators=read({"body": in_body, "header": headers}),
    )
    compiled = compile_response(response)
    made = [compiled.apply(repeatable(seed, NOW, mock_server_url="http://mock")) for _ in range(2)]
    assert made[0] == made[1]
    assert made[0].body.content_type == JSON
    parse(made[0].body.content)


def test_applying_leaves_the_compiled_part_as_it_was() -> None:
    response = Response(body=body.present(b'{"a":1}', JSON), generators=read({"body": {"$.a": {"type": "Uuid"}}}))
    compiled = compile_response(response)
    first, second = (compiled.apply(GeneratorContext()).body.content for _ in range(2))
    assert first != second
    assert compiled.part.body.content == b'{"a":1}'
