"""Bodies are told apart by their state and type, and texts and bytes are compared as the reference compares them."""

from __future__ import annotations

from typing import Any

import pytest

from pactmock.matching.bodies.body import compile_body
from pactmock.matching.compiling import compile_category
from pactmock.matching.mismatch import BodyMismatch
from pactmock.matching.parts.part import BodyCheck, ExpectedPart, Part
from pactmock.pact.matching_rules.categories import from_json
from pactmock.pact.parts import body as bodies
from pactmock.pact.parts import content_type as types
from pactmock.pact.parts.body import Body
from pactmock.pact.parts.content_type import ContentType

REGEX = {"match": "regex", "regex": "a+"}
FORM_DATA = ContentType("multipart", "form-data")
PDF = {"match": "contentType", "value": "application/pdf"}


def checked(expected: Body, content_type: ContentType, rule: dict[str, Any] | None = None) -> BodyCheck:
    categories = {"body": {"$": {"matchers": [rule]}}} if rule else {}
    rules = compile_category(from_json(categories), "body")
    return compile_body(ExpectedPart(expected, content_type, rules=rules))


def texts(check: BodyCheck, actual: Body, content_type: ContentType) -> list[str]:
    return [item.mismatch for item in check(Part(actual, content_type)) if isinstance(item, BodyMismatch)]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xc3(", "invalid utf-8 sequence of 1 bytes from index 0"),
        (b"a\xf0\x9f(", "invalid utf-8 sequence of 2 bytes from index 1"),
        (b"ab\xe2\x82", "incomplete utf-8 byte sequence from index 2"),
    ],
)
def test_bytes_that_are_no_text_are_refused_by_rules_for_texts(content: bytes, reason: str) -> None:
    actual = bodies.present(content)
    binary = checked(bodies.present(b"aa"), types.OCTET_STREAM, REGEX)
    assert texts(binary, actual, types.OCTET_STREAM) == [
        f"Could not convert actual bytes into a UTF-8 string - {reason}"
    ]
    plain = checked(bodies.present(b"aa"), types.TEXT, REGEX)
    assert texts(plain, actual, types.TEXT) == [
        f"Could not parse actual value as UTF-8 text: {reason}",
        "Expected '' to match 'a+'",
    ]


def test_a_plain_text_stays_a_text_under_a_rule_for_its_type() -> None:
    check = checked(bodies.present(b"a"), types.TEXT, PDF)
    assert texts(check, bodies.present(b"\xff"), types.TEXT)[0].startswith("Could not parse actual value as UTF-8 text")
    other = checked(bodies.present(b"a"), ContentType("text", "csv"), PDF)
    assert texts(other, bodies.present(b"%PDF-1.7\n\xff"), ContentType("text", "csv")) == []


@pytest.mark.parametrize(("content_type", "content"), [(types.JSON, b"[1"), (types.XML, b"<a"), (FORM_DATA, b"x")])
def test_a_body_that_cannot_be_read_does_not_even_match_itself(content_type: ContentType, content: bytes) -> None:
    body = bodies.present(content)
    found = texts(checked(body, content_type), body, content_type)
    assert [text.partition(" body")[0] for text in found] == [
        "Failed to parse the expected",
        "Failed to parse the actual",
    ]


@pytest.mark.parametrize("actual", [bodies.MISSING, bodies.EMPTY, bodies.present(b"null")])
@pytest.mark.parametrize("body", [{"content": None}, {"content": None, "contentType": "application/json"}])
def test_a_null_of_the_file_means_no_body_or_a_null(body: dict[str, Any], actual: Body) -> None:
    """Row 31: the reference refuses the JSON null."""
    assert texts(checked(bodies.from_v4(body, types.JSON), types.JSON), actual, types.JSON) == []


def test_an_empty_body_is_not_a_null() -> None:
    check = checked(bodies.EMPTY, types.UNKNOWN)
    assert texts(check, bodies.present(b"null", types.JSON), types.JSON) == [
        "Expected empty body but received Present(4 bytes, application/json)"
    ]


def test_a_base64_text_of_the_file_is_shown_without_a_type() -> None:
    check = checked(bodies.from_v3("wyg=", ContentType("application", "zip")), ContentType("application", "zip"))
    assert texts(check, bodies.EMPTY, types.UNKNOWN) == ["Expected body Present(2 bytes) but was empty"]
