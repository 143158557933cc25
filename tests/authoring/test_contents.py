"""How a value becomes a body of a type (reference/matching.md §10.2)."""

from __future__ import annotations

from typing import Any

import pytest

from pactmock.authoring.collector import Collector
from pactmock.authoring.contents import read_base64, read_contents
from pactmock.errors import InvalidPact
from pactmock.pact.parts import content_type as types
from pactmock.pact.parts.body import BodyState
from tests.authoring.matchers import matcher

BODIES: list[tuple[Any, str | None, bytes, str]] = [
    ({"b": 1, "a": matcher("type", "x")}, None, b'{"a":"x","b":1}', "application/json"),
    ([1.0, True], "application/json", b"[1.0,true]", "application/json"),
    ({"a": 1}, "application/hal+json; charset=UTF-8", b'{"a":1}', "application/hal+json;charset=utf-8"),
    (5, None, b"5", "application/json"),
    ("a", "application/json", b'"a"', "application/json"),
    ('{"a":1}', "application/json", rb'"{\"a\":1}"', "application/json"),
    (None, "application/json", b"null", "application/json"),
    (matcher("type", ""), "application/json", b'""', "application/json"),
    ({"root": {"name": "a"}}, "text/xml", b"<?xml version='1.0'?><a/>", "text/xml"),
    ("<a/>", "application/xml", b"<a/>", "application/xml"),
    ({"a": matcher("type", "1")}, "application/x-www-form-urlencoded", b"a=1", "application/x-www-form-urlencoded"),
    ("a=1", "application/x-www-form-urlencoded", b"a=1", "application/x-www-form-urlencoded"),
    ('{"a":1}', "text/plain", b'{"a":1}', "text/plain"),
    ("a,b", "text/csv", b"a,b", "text/csv"),
    ("hello", None, b"hello", "text/plain"),
    ("<a/>", None, b"<a/>", "application/xml"),
    ('{"pact:matcher:type": "type", "value": 1}', None, b"1", "application/json"),
    ('{"a": ', None, b'{"a": ', "text/plain"),
]


@pytest.mark.parametrize(("value", "declared", "content", "content_type"), BODIES)
def test_a_value_is_this_body(value: Any, declared: str | None, content: bytes, content_type: str) -> None:
    found = read_contents(value, types.parse(declared) if declared else None, Collector())
    assert (found.body.content, str(found.body.content_type)) == (content, content_type)
    assert bool(found.rules) is ("pact:matcher:type" in str(value))


@pytest.mark.parametrize("declared", [None, types.JSON, types.TEXT])
def test_an_empty_text_is_an_empty_body_of_any_type(declared: types.ContentType | None) -> None:
    assert read_contents("", declared, Collector()).body.state is BodyState.EMPTY


def test_null_is_a_null_body_of_any_type_but_json() -> None:
    assert read_contents(None, None, Collector()).body.state is BodyState.NULL
    assert read_contents(None, types.TEXT, Collector()).body.state is BodyState.NULL


def test_bytes_are_given_in_base64() -> None:
    image = types.parse("image/png")
    assert read_base64("AAEC", image).body.content == b"\x00\x01\x02"
    assert read_base64("AAEC", None).body.content_type == types.OCTET_STREAM


@pytest.mark.parametrize("value", ["A", "é", 5, None])
def test_what_is_no_base64_is_refused(value: Any) -> None:
    with pytest.raises(InvalidPact, match="This is not base64"):
        read_base64(value, None)


@pytest.mark.parametrize(("value", "declared"), [({"a": 1}, "text/csv"), (5, "text/plain"), ([1], "application/xml")])
def test_types_without_a_description_take_only_a_text(value: Any, declared: str) -> None:
    expected = pytest.raises(InvalidPact, match=f"A body of type {declared} is a text")
    with expected as caught, Collector("body") as collector:
        read_contents(value, types.parse(declared), collector)
    assert caught.value.pointer == "/body"
