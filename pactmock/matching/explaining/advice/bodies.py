"""Advice on what is in a body."""

from __future__ import annotations

from urllib.parse import urlencode

from pactmock.errors import NotJson
from pactmock.matching.expectation import Expectation
from pactmock.matching.mismatch import BodyMismatch
from pactmock.matching.result import RequestResult
from pactmock.pact.json.values import Json, parse, to_text
from pactmock.pact.model import Request, part_content_type

_LOOKED_AT = 100
_LONGEST_NUMBER = 64
_LONGEST_FORM = 1000


def object_for_form(_request: Request, expectation: Expectation, result: RequestResult) -> str | None:
    """Recognise a pact that has JSON for the body of a form."""
    expected = expectation.request
    written = form_of(expected.body.content) if result.body and part_content_type(expected).is_form else None
    if written is None:
        return None
    return f"The body of the pact is JSON where its type is a form: write it as a text, such as `{written}`."


def form_of(content: bytes) -> str | None:
    """Write as a form what is JSON, or return None where it is none."""
    if content[:1] not in {b"{", b"["}:
        return None
    try:
        document = parse(content)
    except NotJson:
        return None
    if isinstance(document, dict) and document and len(content) <= _LONGEST_FORM:
        return urlencode({name: to_text(value) for name, value in document.items()})
    return "a=1&b=2"


def byte_order_mark(request: Request, expectation: Expectation, result: RequestResult) -> str | None:
    """Recognise JSON behind a mark that many editors and .NET put there."""
    if not part_content_type(expectation.request).is_json or not _body_mismatches(result):
        return None
    for mark, name in _MARKS.items():
        if request.body.content.startswith(mark):
            return f"The body begins with the byte order mark of {name}, and JSON is UTF-8 without one: send it so."
    return None


_MARKS = {b"\xef\xbb\xbf": "UTF-8", b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


def list_for_object(_request: Request, _expectation: Expectation, result: RequestResult) -> str | None:
    """Recognise a list, an object or a plain value where another of these was expected."""
    for item in _body_mismatches(result):
        if item.mismatch.startswith("Type mismatch: "):
            kinds = {"(Array) to": "a list", "(Object) to": "an object"}
            actual = next((kind for mark, kind in kinds.items() if mark in item.mismatch), "a plain value")
            expected = "a list" if item.mismatch.endswith("(Array)") else "an object"
            return f"{item.path} is {actual} where {expected} was expected."
    return None


def number_as_text(_request: Request, _expectation: Expectation, result: RequestResult) -> str | None:
    """Recognise a number in quotes, or one that should be in quotes."""
    for item in _body_mismatches(result):
        expected, actual = _value(item.expected), _value(item.actual)
        is_number = isinstance(actual, str) and actual[:1] in _BEGINNINGS and _is_number(_value(actual.encode()))
        if is_number and _is_number(expected):
            return f"{item.path} is a number inside a text: send {actual} without the quotes."
        if isinstance(expected, str) and _is_number(actual):
            return f'{item.path} is a number where a text was expected: send "{actual}" in quotes.'
    return None


def _body_mismatches(result: RequestResult) -> list[BodyMismatch]:
    return [item for item in result.body[:_LOOKED_AT] if isinstance(item, BodyMismatch)]


def _value(content: bytes | None) -> Json:
    if content is None or len(content) > _LONGEST_NUMBER or content[:1] in {b"[", b"{"}:
        return None
    try:
        return parse(content or b"null")
    except NotJson:
        return None


_BEGINNINGS = frozenset("-0123456789")


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
