"""One sentence of advice, where the cause of a mismatch can be recognised.

What people get wrong, to judge by the questions that users of Pact ask most, is the same few things: a slash too many,
the wrong method, a header that nobody set, a number in quotes. Each has a function here that knows it when it sees it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias
from urllib.parse import unquote

from pactmock.errors import NotJson
from pactmock.matching.expectation import Expectation
from pactmock.matching.mismatch import BodyMismatch, BodyTypeMismatch
from pactmock.matching.result import RequestResult
from pactmock.pact import content_type
from pactmock.pact.content_type import ContentType
from pactmock.pact.json_value import Json, parse
from pactmock.pact.model import Request

Advisor: TypeAlias = Callable[[Request, Expectation, RequestResult], str | None]
"""Looks at a request and an expectation that it did not match; returns a sentence, or None when it knows no cause."""


def advise(request: Request, expectation: Expectation, result: RequestResult) -> str | None:
    """Return the advice of the first who knows the cause."""
    return next(filter(None, (advisor(request, expectation, result) for advisor in _ADVISORS)), None)


def _query_in_the_path(request: Request, expectation: Expectation, result: RequestResult) -> str | None:
    if not result.path:
        return None
    path, mark, _ = unquote(request.path).partition("?")
    if mark and path == unquote(expectation.request.path):
        return "The query was sent as part of the path: the `?` must not be encoded."
    return None


def _slash_at_the_end(request: Request, expectation: Expectation, result: RequestResult) -> str | None:
    expected, actual = expectation.request.path, request.path
    if not result.path or expected == actual or expected.rstrip("/") != actual.rstrip("/"):
        return None
    return f"The paths differ only in the slash at the end: send {expected}."


def _spelling_of_the_path(request: Request, expectation: Expectation, result: RequestResult) -> str | None:
    expected, actual = expectation.request.path, request.path
    if not result.path:
        return None
    if expected.lower() == actual.lower():
        return f"The paths differ only in upper and lower case: send {expected}."
    if unquote(expected) == unquote(actual):
        return f"The paths differ only in what is percent-encoded: send {expected}."
    return None


def _method(request: Request, expectation: Expectation, result: RequestResult) -> str | None:
    if result.method is None or result.path:
        return None
    return f"The path is the expected one: send it with {expectation.request.method} instead of {request.method}."


def _missing_header(_request: Request, expectation: Expectation, result: RequestResult) -> str | None:
    for name, found in result.headers.items():
        if any(item.mismatch == f"Expected a header '{name}' but was missing" for item in found):
            value = ", ".join(expectation.request.headers[name])
            return f"The request has no header {name}: set it, for example to `{value}`."
    return None


def _content_type(_request: Request, _expectation: Expectation, result: RequestResult) -> str | None:
    found = next((item for item in result.body if isinstance(item, BodyTypeMismatch)), None)
    if found is None:
        return None
    return f"The body was sent as {found.actual}: set the header Content-Type to {found.expected}."


def _charset(request: Request, expectation: Expectation, result: RequestResult) -> str | None:
    for name, found in result.headers.items():
        if not found or name.lower() != "content-type":
            continue
        expected, actual = expectation.request.headers[name], request.headers.get("content-type", ())
        wanted = _without_charset(expected[0]) if len(expected) == len(actual) == 1 else None
        if wanted is not None and wanted == _without_charset(actual[0]):
            return f"The Content-Types differ only in the charset: send {expected[0]}."
    return None


def _without_charset(text: str) -> ContentType | None:
    parsed = content_type.parse(text)
    if parsed is None:
        return None
    return replace(parsed, attributes=tuple(item for item in parsed.attributes if item[0] != "charset"))


def _list_for_object(_request: Request, _expectation: Expectation, result: RequestResult) -> str | None:
    for item in _body_mismatches(result):
        if item.mismatch.startswith("Type mismatch: "):
            kinds = {"(Array) to": "a list", "(Object) to": "an object"}
            actual = next((kind for mark, kind in kinds.items() if mark in item.mismatch), "a plain value")
            expected = "a list" if item.mismatch.endswith("(Array)") else "an object"
            return f"{item.path} is {actual} where {expected} was expected."
    return None


def _number_as_text(_request: Request, _expectation: Expectation, result: RequestResult) -> str | None:
    for item in _body_mismatches(result):
        expected, actual = _value(item.expected), _value(item.actual)
        is_number = isinstance(actual, str) and actual[:1] in _BEGINNINGS and _is_number(_value(actual.encode()))
        if is_number and _is_number(expected):
            return f"{item.path} is a number inside a text: send {actual} without the quotes."
        if isinstance(expected, str) and _is_number(actual):
            return f'{item.path} is a number where a text was expected: send "{actual}" in quotes.'
    return None


def _spelling_of_a_parameter(_request: Request, _expectation: Expectation, result: RequestResult) -> str | None:
    found = [(name, item.mismatch, item.actual) for name, items in result.query.items() for item in items]
    received = (name for name, text, _ in found if text.startswith("Unexpected query parameter"))
    by_spelling = {name.lower(): name for name in received}
    for name in sorted({name for name, text, actual in found if text.endswith("but was missing") and not actual}):
        other = by_spelling.get(name.lower(), by_spelling.get(f"{name.lower()}[]"))
        if other is not None:
            return f"The query parameter was sent as `{other}`: it is expected as `{name}`."
    return None


_LOOKED_AT = 100
_LONGEST_NUMBER = 64


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


_ADVISORS: tuple[Advisor, ...] = (
    _query_in_the_path,
    _slash_at_the_end,
    _spelling_of_the_path,
    _method,
    _missing_header,
    _content_type,
    _charset,
    _spelling_of_a_parameter,
    _list_for_object,
    _number_as_text,
)
