"""Advice on headers, and on the type that they give a body."""

from __future__ import annotations

from dataclasses import replace

from pactmock.matching.expectation import Expectation
from pactmock.matching.mismatch import BodyTypeMismatch
from pactmock.matching.result import RequestResult
from pactmock.pact.model import Request, part_content_type
from pactmock.pact.parts import content_type as types
from pactmock.pact.parts.content_type import ContentType


def boundary(request: Request, expectation: Expectation, result: RequestResult) -> str | None:
    """Recognise multipart bodies with boundaries of their own, as every client makes up one."""
    values = _types(request, expectation, result)
    wanted = _without("boundary", values[0]) if values else None
    if values is None or wanted is None or not wanted.is_multipart or wanted != _without("boundary", values[1]):
        return None
    pattern = rf"multipart/{wanted.sub};(\s*charset=[^;]*;)?\s*boundary=.*"
    return (
        "Every client makes up a boundary of its own: add a matching rule for the header Content-Type to the pact, the"
        f" regex `{pattern}`."
    )


def missing_header(_request: Request, expectation: Expectation, result: RequestResult) -> str | None:
    """Recognise a header that was not sent."""
    for name, found in result.headers.items():
        if any(item.mismatch == f"Expected a header '{name}' but was missing" for item in found):
            value = ", ".join(expectation.request.headers[name])
            return f"The request has no header {name}: set it{f', for example to `{value}`' if value else ''}."
    return None


def accept_of_the_client(request: Request, expectation: Expectation, result: RequestResult) -> str | None:
    """Recognise the `Accept` that clients send where nobody set one."""
    if request.headers.get("accept") != ("*/*",):
        return None
    name = next((name for name, found in result.headers.items() if found and name.lower() == "accept"), None)
    if name is None:
        return None
    wanted = ", ".join(expectation.request.headers[name])
    return (
        f"The client sent `Accept: */*`, as it does where nobody sets that header: set it, for example to `{wanted}`."
    )


def content_type(request: Request, _expectation: Expectation, result: RequestResult) -> str | None:
    """Recognise a body under another type, or a part of a multipart one."""
    found = next((item for item in result.body if isinstance(item, BodyTypeMismatch)), None)
    if found is None:
        return None
    own = part_content_type(request)
    if own.is_multipart and found.actual != str(own):
        return f"A part of the body was sent as {found.actual}: give it the Content-Type {found.expected}."
    return f"The body was sent as {found.actual}: set the header Content-Type to {found.expected}."


def charset(request: Request, expectation: Expectation, result: RequestResult) -> str | None:
    """Recognise types that are the same but for the charset."""
    values = _types(request, expectation, result)
    wanted = _without("charset", values[0]) if values else None
    if values is None or wanted is None or wanted != _without("charset", values[1]):
        return None
    return f"The Content-Types differ only in the charset: send {values[0]}."


def _types(request: Request, expectation: Expectation, result: RequestResult) -> tuple[str, str] | None:
    """Return the `Content-Type` that was expected, and the other one that came."""
    for name, found in result.headers.items():
        if found and name.lower() == "content-type":
            expected, actual = expectation.request.headers[name], request.headers.get("content-type", ())
            return (expected[0], actual[0]) if len(expected) == len(actual) == 1 else None
    return None


def _without(attribute: str, text: str) -> ContentType | None:
    parsed = types.parse(text)
    if parsed is None:
        return None
    return replace(parsed, attributes=tuple(item for item in parsed.attributes if item[0] != attribute))
