"""Requests match by route, headers, query and body as the Ruby service has them (reference/ruby-api.md §5)."""

from __future__ import annotations

from typing import Any

import pytest

from pactmock.ruby_api.differences import document_of
from pactmock.ruby_api.errors import RubyException
from pactmock.ruby_api.matching import candidate, has_route
from pactmock.ruby_api.versions import V3
from tests.ruby_api.given import JSON, each_like, interaction, like, received, term

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def differs(expected: dict[str, Any], *actual: Any, **members: Any) -> dict[str, Any]:
    """Say what differs between a request of an interaction and a received one."""
    compared = candidate(interaction(expected, **members), received(*actual))
    return {part: document_of(found) for part, found in compared.differences.parts.items()}


@pytest.mark.parametrize(
    ("path", "target", "fits"),
    [
        ("/x", "/x?a=1", True),
        ("/x", "/x/", False),
        ("/X", "/x", False),
        ("/a%20b", "/a%20b", True),
        ("/a b", "/a%20b", False),
        ("/x?a=1", "/x?a=1", False),
        ("", "/", False),
        (like("/x"), "/anything", True),
        (term("/x/1", r"x/\d"), "/y/x/22/z", True),
        (term("/x/1", r"x/\d"), "/y?x/1", False),
    ],
)
def test_a_path_is_compared_as_it_was_sent(path: Any, target: str, fits: bool) -> None:
    assert has_route(interaction({"path": path}).request, received(target)) is fits


def test_methods_are_the_same_in_any_case() -> None:
    expected = interaction({"method": "pOsT"}).request
    assert has_route(expected, received(method="POST"))
    assert not has_route(expected, received(method="GET"))


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("a=1&b=2", "b=2&a=1"),
        ({"a": "1", "b": ["1", "2"]}, "b=1&a=1&b=2"),
        ({"a": term("1", r"\d"), "b": like("x"), "c": each_like("y", 2)}, "a=x1&b=q&c=1&c=2&"),
        ({"f": {"a": "1", "b": {"c": "2"}}}, "f[a]=1&f%5Bb%5D[c]=2"),
        ({"ids[]": ["1", "2"]}, "ids[]=1&ids%5B%5D=2"),
        ("f[]=1", "f[]=1"),
        ("f[]=1", "f=1"),
        ("f[][a]=1&f[][b]=2", "f[][a]=1&f[][b]=2"),
        ({"f": "1", "a": "2"}, "f[]=1&a=2"),
        ({"a[": "1"}, "a[=1"),
        ({"a": ["1", "x[y]"]}, "a=1&a=x[y]"),
        ("[a]=1&b[c]d=2", "a=1&b[c][d]=2"),
        ("a=1;b=2", "a=1&b=2"),
        ("a=1&b=2", "a=1;b=2"),
        ("a=x%20y+z&u=%C3%A9", "a=x+y%20z&u=%c3%a9"),
        ("flag", "flag"),
        ({"flag": None}, "flag"),
        ({"flag": ""}, "flag="),
        ("", ""),
        ({}, ""),
        (term("a=1", r"a=\d"), "za=2"),
    ],
)
def test_queries_that_are_the_same(query: Any, text: str) -> None:
    assert differs({"query": query}, f"/x?{text}") == {}


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("a=1&b=2", "a=1", {"b": {"EXPECTED": ["2"], "ACTUAL": "<key not found>"}}),
        (
            "a=1&b=2",
            "a=1&b=3&c=4",
            {
                "b": [{"EXPECTED": "2", "ACTUAL": "3"}],
                "c": {"EXPECTED": "<key not to exist>", "ACTUAL": ["4"]},
            },
        ),
        (
            {"b": ["1", "2"]},
            "b=2&b=1",
            {"b": [{"EXPECTED": "1", "ACTUAL": "2"}, {"EXPECTED": "2", "ACTUAL": "1"}]},
        ),
        ({"a": 1}, "a=1", {"a": [{"EXPECTED": 1, "ACTUAL": "1"}]}),
        ("flag", "flag=", {"flag": [{"EXPECTED": "<item not to exist>", "ACTUAL": ""}]}),
        (
            {},
            "a[]=1&f[b]=2",
            {
                "a": {"EXPECTED": "<key not to exist>", "ACTUAL": ["1"]},
                "f[b]": {"EXPECTED": "<key not to exist>", "ACTUAL": ["2"]},
            },
        ),
        ({"a[]": "1", "f": "2"}, "a[]=1", {"f": {"EXPECTED": ["2"], "ACTUAL": "<key not found>"}}),
        (None, "a=1", {"EXPECTED": None, "ACTUAL": "a=1"}),
        (None, "", {"EXPECTED": None, "ACTUAL": ""}),
        (term("a=1", r"a=\d"), "b=2", {"EXPECTED_TO_MATCH": r"/a=\d/", "ACTUAL": "b=2"}),
        (
            "a=1&a=2&f[b]=1",
            "a=1&a=2&f[b]=1",
            {"a": [{"EXPECTED": "2", "ACTUAL": "1"}, {"EXPECTED": "<item not to exist>", "ACTUAL": "2"}]},
        ),
    ],
)
def test_queries_that_differ(query: Any, text: str, found: Any) -> None:
    assert differs({"query": query}, f"/x?{text}") == {"query": found}


@pytest.mark.parametrize("text", ["a=2&a[]=1", "a=1&a[b]=2", "a[]=1&a[b]=1"])
def test_a_parameter_that_is_two_things_is_an_error(text: str) -> None:
    with pytest.raises(RubyException, match="with brackets and otherwise"):
        differs({"query": {"a": "1"}}, f"/x?{text}")


def test_a_query_that_is_not_expected_is_fine() -> None:
    assert differs({}, "/x?a=1") == {}


def test_a_query_that_is_a_text_is_compared_as_one_in_version_3() -> None:
    compared = candidate(interaction({"query": "a=1&b=2"}, version=V3), received("/x?b=2&a=1"))
    assert not compared.is_match


@pytest.mark.parametrize(
    ("headers", "sent"),
    [
        ({"X-A": "1"}, {"x-a": "1", "X-B": "2"}),
        ({"X-A": term("1", "1")}, {"X-A": "213"}),
        (like({"X-A": "a"}), {"X-A": "b"}),
        ({"Version": "HTTP/1.1"}, {}),
        ({}, {"X-A": "1"}),
    ],
)
def test_headers_that_are_there(headers: Any, sent: dict[str, str]) -> None:
    assert differs({"headers": headers}, "/x", None, sent) == {}


@pytest.mark.parametrize(
    ("headers", "sent", "found"),
    [
        ({"X-A": "1"}, {}, {"X-A": {"EXPECTED": "1", "ACTUAL": "<key not found>"}}),
        ({"x-a": "1"}, {"X-A": "9"}, {"x-a": {"EXPECTED": "1", "ACTUAL": "9"}}),
        ({"X-A": "a,b"}, {"X-A": "a, b"}, {"X-A": {"EXPECTED": "a,b", "ACTUAL": "a, b"}}),
        ({"X-A": 1}, {"X-A": "1"}, {"X-A": {"EXPECTED": 1, "ACTUAL": "1"}}),
        ({"X-A": like(1)}, {"X-A": "1"}, {"X-A": {"EXPECTED_TYPE": "Integer", "ACTUAL_TYPE": "String"}}),
        ({"X_Y": "1"}, {"X-Y": "1"}, {"X_Y": {"EXPECTED": "1", "ACTUAL": "<key not found>"}}),
    ],
)
def test_headers_are_compared_to_the_letter(headers: Any, sent: dict[str, str], found: Any) -> None:
    assert differs({"headers": headers}, "/x", None, sent) == {"headers": found}


@pytest.mark.parametrize(
    ("body", "headers", "sent", "sent_headers"),
    [
        ({"a": 1}, JSON, '{"a": 1}', JSON),
        ({"a": 1}, {}, '{"a": 1}', JSON),
        (None, JSON, "null", JSON),
        (None, JSON, "", JSON),
        ('{"a":1}', {}, '{"a":1}', {}),
        ("<a/>", {"Content-Type": "application/xml"}, "<a/>", {"Content-Type": "application/xml"}),
        ("a=1&b=2", FORM, "b=2&a=1&", FORM),
        ("a&b=", FORM, "a=&b", FORM),
        ("f[a]=x+y&g[]=1", FORM, "g%5B%5D=1&f[a]=x%20y", FORM),
        ({"a": "1"}, {"Content-Type": term(FORM["Content-Type"], "form|json")}, '{"a": "1"}', JSON),
        ({"a": "1", "b": term("2", r"\d"), "d": ["1", "2"]}, FORM, "d=1&b=3&a=1&d=2", FORM),
        (term("hello", "^hel"), {"Content-Type": "text/plain"}, "help", {"Content-Type": "text/plain"}),
        ("größer", {"Content-Type": "text/plain"}, "größer", {"Content-Type": "text/plain"}),
        (
            "--AA\r\n\r\n1\r\n--AA--",
            {"Content-Type": term("multipart/form-data; boundary=AA", "multipart/form-data")},
            "--BB\r\n\r\n1\r\n--BB--",
            {"Content-Type": "multipart/form-data; boundary=BB"},
        ),
    ],
)
def test_bodies_that_are_the_same(body: Any, headers: Any, sent: str, sent_headers: dict[str, str]) -> None:
    assert differs({"body": body, "headers": headers}, "/x", sent, sent_headers) == {}


@pytest.mark.parametrize(
    ("body", "headers", "sent", "sent_headers"),
    [
        ({"a": 1}, {}, '{"a": 1}', {}),
        ('{"a":1}', JSON, '{"a":1}', JSON),
        ("", JSON, "", JSON),
        ({}, JSON, "", JSON),
        ("<a/>", {"Content-Type": "application/xml"}, "<a />", {"Content-Type": "application/xml"}),
        ("a=1&b=2", FORM, "a=1&b=2&c=3", FORM),
        ("f[]=1", FORM, "f=1", FORM),
        ({"f": ["1"]}, FORM, "f[]=1", FORM),
        ({"f": {"a": "1"}}, FORM, "f[a]=1", FORM),
        ({"a": each_like("1")}, FORM, "a=1", FORM),
        ("a=1;b=2", FORM, "a=1&b=2", FORM),
        ({"a": 1}, FORM, "a=1", FORM),
        ("a=1", FORM, "", FORM),
    ],
)
def test_bodies_that_differ(body: Any, headers: Any, sent: str, sent_headers: dict[str, str]) -> None:
    assert list(differs({"body": body, "headers": headers}, "/x", sent, sent_headers)) == ["body"]


def test_a_form_may_have_more_names_where_that_is_allowed() -> None:
    options = {"allow_unexpected_keys_in_body": True}
    assert differs({"body": "a=1", "headers": FORM, "options": options}, "/x", "a=1&b=2", FORM) == {}


def test_a_body_that_is_not_expected_is_fine() -> None:
    assert differs({}, "/x", {"a": 1}) == {}


def test_integers_of_any_length_are_compared_to_the_digit() -> None:
    expected = {"headers": JSON, "body": 12345678901234567890123}
    assert differs(expected, "/x", "12345678901234567890123", JSON) == {}
    assert differs(expected, "/x", "12345678901234567890124", JSON) != {}


def test_a_body_that_is_nested_deeper_than_ruby_reads_is_an_error() -> None:
    deep = "[" * 100 + "1" + "]" * 100
    assert differs({"body": like([])}, "/x", deep, JSON) != {}
    with pytest.raises(RubyException) as caught:
        differs({"body": {}}, "/x", f"[{deep}]", JSON)
    assert caught.value.ruby_class == "JSON::NestingError"


def test_a_body_that_should_be_json_and_is_not_is_no_mismatch_but_an_error() -> None:
    with pytest.raises(RubyException, match="says that it is JSON") as caught:
        differs({"body": {}}, "/x", "{", JSON)
    assert caught.value.ruby_class == "JSON::ParserError"
