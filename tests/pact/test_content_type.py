"""Content types are parsed, written and guessed as in reference/matching.md §4.1 and §4.2."""

from __future__ import annotations

import pytest

from pactmock.pact.parts.content_type import parse, sniff_start, sniff_text, sniff_whole


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("application/json", "application/json"),
        ("Application/JSON; Charset=UTF-8", "application/json;charset=utf-8"),
        ('multipart/form-data; boundary="a;b\\"c"; x=Y', 'multipart/form-data;boundary=a;b"c;x=Y'),
        ("application/hal+json;q=1 ;a=2", "application/hal+json;a=2;q=1"),
        ("text/plain;", "text/plain"),
        ("*/*", "*/*"),
        (" text/html ", "text/html"),
    ],
)
def test_a_type_is_written_in_one_form(text: str, written: str) -> None:
    assert str(parse(text)) == written


@pytest.mark.parametrize(
    "text", ["", "text", "text/", "/plain", "a b/c", "text/plain;x", "text/plain x", "é/x", "a/b;c=d, e"]
)
def test_what_is_no_type_is_none(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("application/json", {"is_json", "is_text"}),
        ("application/json-patch", {"is_json", "is_text"}),
        ("application/hal+json", {"is_json", "is_text"}),
        ("application/graphql", {"is_text"}),
        ("text/xml", {"is_xml", "is_text"}),
        ("application/soap+xml", {"is_xml", "is_text"}),
        ("application/x-www-form-urlencoded", {"is_form", "is_text"}),
        ("text/csv", {"is_text"}),
        ("image/svg+xml", {"is_binary"}),
        ("application/javascript", {"is_binary"}),
        ("multipart/form-data", {"is_multipart", "is_binary"}),
        ("*/*", {"is_unknown", "is_binary"}),
    ],
)
def test_a_type_is_of_these_kinds(text: str, kinds: set[str]) -> None:
    parsed = parse(text)
    names = ("is_json", "is_xml", "is_form", "is_multipart", "is_text", "is_binary", "is_unknown")
    assert {name for name in names if getattr(parsed, name)} == kinds


@pytest.mark.parametrize(
    ("text", "guess"),
    [
        ('<?xml version="1.0"?><a/>', "application/xml"),
        ("<a/>", "application/xml"),
        ("<!doctype html><p>", "text/html"),
        ("<html>", "text/html"),
        ('{"a":1}', "application/json"),
        ("{}", "application/json"),
        ("[1]", "application/json"),
        ("100 dollars", "application/json"),
        ("true", "application/json"),
        ('"text', "application/json"),
        ("{a}", "text/plain"),
        ("{\x1e}", "text/plain"),
        ("hello", "text/plain"),
        ("", "text/plain"),
    ],
)
def test_a_text_is_guessed_by_its_start(text: str, guess: str) -> None:
    assert str(sniff_text(text)) == guess


def test_bytes_that_are_no_text_are_unknown_on_the_wire_and_text_in_a_file() -> None:
    assert sniff_start(b"\x89PNG\xff") is None
    assert str(sniff_whole(b"\x89PNG\xff")) == "text/plain"
